"""URLs of what happens during a stay."""

from django.urls import path

from beneficiaries.views import follow_ups
from beneficiaries.views import stays as views

urlpatterns = [
    path(
        "inscriptions/<int:pk>/accueillir/",
        views.EnrolmentWelcome.as_view(),
        name="enrolment_welcome",
    ),
    path(
        "inscriptions/<int:enrolment>/accompagnement/",
        views.LevelChangeCreate.as_view(),
        name="level_change_create",
    ),
    path(
        "changements-d-accompagnement/<int:pk>/annuler/",
        views.level_change_undo,
        name="level_change_undo",
    ),
    path(
        "inscriptions/<int:enrolment>/mettre-en-pause/",
        views.SuspensionCreate.as_view(),
        name="suspension_create",
    ),
    path("pauses/<int:pk>/modifier/", views.SuspensionUpdate.as_view(), name="suspension_update"),
    path(
        "pauses/<int:pk>/supprimer/",
        views.SuspensionDelete.as_view(),
        name="suspension_delete",
    ),
    path("pauses/<int:pk>/reprendre/", views.suspension_resume, name="suspension_resume"),
    path("pauses/<int:pk>/annuler/", views.suspension_undo, name="suspension_undo"),
    path(
        "actions/<int:programme>/nouvelles-a-six-mois/",
        follow_ups.FollowUpList.as_view(),
        name="follow_up_list",
    ),
    path(
        "inscriptions/<int:enrolment>/nouvelles-a-six-mois/",
        follow_ups.FollowUpUpdate.as_view(),
        name="follow_up_update",
    ),
    path(
        "nouvelles-a-six-mois/<int:pk>/supprimer/",
        follow_ups.FollowUpDelete.as_view(),
        name="follow_up_delete",
    ),
]
