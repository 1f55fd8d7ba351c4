"""URLs of pathways: barriers, objectives, steps."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import barriers, objectives
from beneficiaries.views import pathways as views
from beneficiaries.views import pathways_many as many

register_converters()

urlpatterns = [
    path(
        "personnes/<int:person>/freins/<int:kind>/nouveau/",
        barriers.BarrierCreate.as_view(),
        name="barrier_create",
    ),
    path(
        "personnes/<int:person>/freins/<int:kind>/reperer/",
        barriers.barrier_identify,
        name="barrier_identify",
    ),
    path("freins/<int:pk>/modifier/", barriers.BarrierUpdate.as_view(), name="barrier_update"),
    path("freins/<int:pk>/supprimer/", barriers.BarrierDelete.as_view(), name="barrier_delete"),
    path("freins/<int:pk>/annuler/", barriers.barrier_undo, name="barrier_undo"),
    path("freins/<int:pk>/<slug:gesture>/", barriers.barrier_tap, name="barrier_tap"),
    path(
        "personnes/<int:person>/objectifs/nouveau/",
        objectives.ObjectiveCreate.as_view(),
        name="objective_create",
    ),
    path(
        "objectifs-du-parcours/<int:pk>/modifier/",
        objectives.ObjectiveUpdate.as_view(),
        name="objective_update",
    ),
    path(
        "objectifs-du-parcours/<int:pk>/supprimer/",
        objectives.ObjectiveDelete.as_view(),
        name="objective_delete",
    ),
    path(
        "objectifs-du-parcours/<int:pk>/annuler/",
        objectives.objective_undo,
        name="objective_undo",
    ),
    path(
        "objectifs-du-parcours/<int:pk>/<slug:gesture>/",
        objectives.objective_tap,
        name="objective_tap",
    ),
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
