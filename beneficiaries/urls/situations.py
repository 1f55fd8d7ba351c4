"""URLs of situations."""

from django.urls import path

from beneficiaries.views import situations as views

urlpatterns = [
    path("personnes/<int:pk>/situation/", views.PersonSituation.as_view(), name="person_situation"),
    path(
        "personnes/<int:parent>/situations/nouvelle/",
        views.SituationCreate.as_view(),
        name="situation_create",
    ),
    path(
        "inscriptions/<int:enrolment>/situation-a-la-sortie/",
        views.SituationExit.as_view(),
        name="situation_exit",
    ),
    path(
        "situations/<int:pk>/completer/",
        views.SituationComplete.as_view(),
        name="situation_complete",
    ),
    path("situations/<int:pk>/modifier/", views.SituationUpdate.as_view(), name="situation_update"),
    path(
        "situations/<int:pk>/supprimer/", views.SituationDelete.as_view(), name="situation_delete"
    ),
]
