"""URLs of the steps of pathways."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import pathways as views
from beneficiaries.views import pathways_many as many

register_converters()

urlpatterns = [
    path(
        "personnes/<int:person>/demarches/nouvelle/",
        views.StepCreate.as_view(),
        name="step_create",
    ),
    path("demarches/<int:pk>/modifier/", views.StepUpdate.as_view(), name="step_update"),
    path("demarches/<int:pk>/supprimer/", views.StepDelete.as_view(), name="step_delete"),
    path("demarches/<int:pk>/engager/", views.step_start, name="step_start"),
    path("demarches/<int:pk>/aboutir/", views.step_finish, name="step_finish"),
    path("demarches/<int:pk>/annuler/", views.step_undo, name="step_undo"),
    path(
        "actions/<int:programme>/demarches/plusieurs/",
        many.StepCreateMany.as_view(),
        name="step_create_many",
    ),
    path(
        "actions/<int:programme>/demarches/plusieurs/annuler/",
        many.step_undo_many,
        name="step_undo_many",
    ),
    path(
        "actions/<int:programme>/<period:period>/demarches/",
        views.StepList.as_view(),
        name="step_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/demarches/export/<slug:kind>/",
        views.step_export,
        name="step_export",
    ),
]
