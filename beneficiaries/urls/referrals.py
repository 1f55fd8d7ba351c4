"""URLs of referrals and their answers, and of the waiting list they feed."""

from django.urls import path

from beneficiaries.views import referrals as views
from beneficiaries.views import waiting_lists

urlpatterns = [
    path(
        "inscriptions/<int:enrolment>/fiche-de-liaison/",
        views.ReferralUpdate.as_view(),
        name="referral_update",
    ),
    path(
        "fiches-de-liaison/<int:pk>/supprimer/",
        views.ReferralDelete.as_view(),
        name="referral_delete",
    ),
    path(
        "inscriptions/<int:enrolment>/reponses/<slug:kind>/",
        views.AnswerCreate.as_view(),
        name="answer_create",
    ),
    path(
        "inscriptions/<int:enrolment>/reponses/<slug:kind>/aujourd-hui/",
        views.answer_today,
        name="answer_today",
    ),
    path("reponses/<int:pk>/annuler/", views.answer_undo, name="answer_undo"),
    path("reponses/<int:pk>/lettre.pdf", views.answer_letter_pdf, name="answer_letter"),
    path(
        "actions/<int:programme>/liste-attente/",
        waiting_lists.WaitingList.as_view(),
        name="waiting_list",
    ),
    path(
        "actions/<int:programme>/liste-attente/export/<slug:kind>/",
        waiting_lists.waiting_list_export,
        name="waiting_list_export",
    ),
]
