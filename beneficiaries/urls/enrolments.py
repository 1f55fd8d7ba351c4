"""URLs of enrolments."""

from django.urls import path

from beneficiaries.views import enrolments as views

urlpatterns = [
    path(
        "personnes/<int:pk>/inscriptions/",
        views.PersonEnrolments.as_view(),
        name="person_enrolments",
    ),
    path(
        "personnes/<int:parent>/inscriptions/nouvelle/",
        views.EnrolmentCreate.as_view(),
        name="enrolment_create",
    ),
    path(
        "inscriptions/<int:pk>/modifier/", views.EnrolmentUpdate.as_view(), name="enrolment_update"
    ),
    path(
        "inscriptions/<int:pk>/supprimer/", views.EnrolmentDelete.as_view(), name="enrolment_delete"
    ),
    path("inscriptions/<int:pk>/sortie/", views.EnrolmentExit.as_view(), name="enrolment_exit"),
    path("inscriptions/<int:pk>/annuler-sortie/", views.enrolment_reopen, name="enrolment_reopen"),
]
