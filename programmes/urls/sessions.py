"""URLs of sessions and of their workshops."""

from django.urls import path

from programmes.views import cancellations, plannings, sessions, workshops

urlpatterns = [
    path(
        "actions/<int:programme>/seances/ajouter/",
        sessions.SessionCreate.as_view(),
        name="session_create",
    ),
    path(
        "actions/<int:programme>/<period:period>/seances/",
        sessions.SessionList.as_view(),
        name="session_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/seances/mois/",
        plannings.SessionMonth.as_view(),
        name="session_month",
    ),
    path(
        "actions/<int:programme>/<period:period>/seances/semaine/",
        plannings.SessionWeek.as_view(),
        name="session_week",
    ),
    path("seances/<int:pk>/", sessions.SessionDetail.as_view(), name="session_detail"),
    path("seances/<int:pk>/modifier/", sessions.SessionUpdate.as_view(), name="session_update"),
    path("seances/<int:pk>/annuler/", cancellations.SessionCancel.as_view(), name="session_cancel"),
    path("seances/<int:pk>/retablir/", cancellations.session_restore, name="session_restore"),
    path("seances/<int:pk>/supprimer/", sessions.SessionDelete.as_view(), name="session_delete"),
    path(
        "seances/<int:parent>/ateliers/ajouter/",
        workshops.WorkshopCreate.as_view(),
        name="workshop_create",
    ),
    path("ateliers/<int:pk>/modifier/", workshops.WorkshopUpdate.as_view(), name="workshop_update"),
    path(
        "ateliers/<int:pk>/supprimer/", workshops.WorkshopDelete.as_view(), name="workshop_delete"
    ),
]
