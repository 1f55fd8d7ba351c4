"""URLs of editions and their objectives."""

from django.urls import path

from programmes.views import editions as views
from programmes.views import objectives

urlpatterns = [
    path("editions/<int:pk>/", views.EditionDetail.as_view(), name="edition_detail"),
    path("editions/<int:pk>/modifier/", views.EditionUpdate.as_view(), name="edition_update"),
    path("editions/<int:pk>/supprimer/", views.EditionDelete.as_view(), name="edition_delete"),
    path(
        "editions/<int:parent>/objectifs/nouveau/",
        objectives.ObjectiveCreate.as_view(),
        name="objective_create",
    ),
    path(
        "objectifs/<int:parent>/revoir/",
        objectives.ObjectiveRevise.as_view(),
        name="objective_revise",
    ),
    path(
        "objectifs/enonces/<int:pk>/corriger/",
        objectives.ObjectiveCorrect.as_view(),
        name="objective_correct",
    ),
    path(
        "objectifs/<int:pk>/supprimer/",
        objectives.ObjectiveDelete.as_view(),
        name="objective_delete",
    ),
]
