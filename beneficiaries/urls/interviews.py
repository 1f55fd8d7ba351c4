"""URLs of interviews, of their drafts and of their documents, and of appointments."""

from django.urls import path

from beneficiaries.views import appointments, drafts
from beneficiaries.views import interviews as views

urlpatterns = [
    path(
        "personnes/<int:person>/entretiens/nouveau/",
        views.InterviewCreate.as_view(),
        name="interview_create",
    ),
    path(
        "personnes/<int:person>/entretiens/brouillon/",
        drafts.interview_draft,
        name="interview_draft",
    ),
    path("entretiens/<int:pk>/", views.InterviewDetail.as_view(), name="interview_detail"),
    path("entretiens/<int:pk>/modifier/", views.InterviewUpdate.as_view(), name="interview_update"),
    path("entretiens/<int:pk>/tenu/", views.InterviewHold.as_view(), name="interview_hold"),
    path(
        "entretiens/<int:pk>/brouillon/",
        drafts.interview_draft_over,
        name="interview_draft_over",
    ),
    path(
        "entretiens/<int:pk>/supprimer/", views.InterviewDelete.as_view(), name="interview_delete"
    ),
    path(
        "entretiens/<int:interview>/documents/nouveau/",
        views.DocumentCreate.as_view(),
        name="interview_document_create",
    ),
    path(
        "documents-d-entretien/<int:pk>/",
        views.document_download,
        name="interview_document_download",
    ),
    path(
        "documents-d-entretien/<int:pk>/supprimer/",
        views.DocumentDelete.as_view(),
        name="interview_document_delete",
    ),
    path(
        "personnes/<int:person>/rendez-vous/nouveau/",
        appointments.AppointmentCreate.as_view(),
        name="appointment_create",
    ),
    path(
        "rendez-vous/<int:pk>/modifier/",
        appointments.AppointmentUpdate.as_view(),
        name="appointment_update",
    ),
    path(
        "entretiens/<int:pk>/pas-venu/", appointments.appointment_missed, name="appointment_missed"
    ),
    path(
        "entretiens/<int:pk>/annuler/",
        appointments.appointment_cancel,
        name="appointment_cancel",
    ),
    path("entretiens/<int:pk>/retablir/", appointments.appointment_undo, name="appointment_undo"),
]
