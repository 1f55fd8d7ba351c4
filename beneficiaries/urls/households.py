"""URLs of households."""

from django.urls import path

from beneficiaries.views import households as views

urlpatterns = [
    path(
        "personnes/<int:parent>/foyer/ajouter/",
        views.MemberCreate.as_view(),
        name="household_member_create",
    ),
    path(
        "personnes/<int:parent>/foyer/<int:pk>/modifier/",
        views.MemberUpdate.as_view(),
        name="household_member_update",
    ),
    path(
        "personnes/<int:parent>/foyer/<int:pk>/depart/",
        views.MemberLeave.as_view(),
        name="household_member_leave",
    ),
    path(
        "personnes/<int:parent>/foyer/<int:pk>/retirer/",
        views.MemberDelete.as_view(),
        name="household_member_delete",
    ),
]
