"""URLs of outcomes, of their proofs and of their survey."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import outcomes as views

register_converters()

urlpatterns = [
    path(
        "personnes/<int:person>/orientations/nouvelle/",
        views.OutcomeCreate.as_view(),
        name="outcome_create",
    ),
    path("orientations/<int:pk>/modifier/", views.OutcomeUpdate.as_view(), name="outcome_update"),
    path("orientations/<int:pk>/supprimer/", views.OutcomeDelete.as_view(), name="outcome_delete"),
    path(
        "orientations/<int:outcome>/justificatifs/nouveau/",
        views.ProofCreate.as_view(),
        name="proof_create",
    ),
    path("justificatifs/<int:pk>/", views.proof_download, name="proof_download"),
    path("justificatifs/<int:pk>/supprimer/", views.ProofDelete.as_view(), name="proof_delete"),
    path(
        "actions/<int:programme>/<period:period>/orientations/",
        views.OutcomeList.as_view(),
        name="outcome_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/orientations/export/<slug:kind>/",
        views.outcome_export,
        name="outcome_export",
    ),
    path(
        "editions/<int:edition>/releve-des-orientations/",
        views.SurveyUpdate.as_view(),
        name="survey_update",
    ),
]
