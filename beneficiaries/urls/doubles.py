"""URLs of doubles: files of one name."""

from django.urls import path

from beneficiaries.views import doubles as views

urlpatterns = [
    path("personnes/doublons/", views.DoubleList.as_view(), name="double_list"),
    path(
        "personnes/<int:first>/reunir/<int:second>/",
        views.DoubleCompare.as_view(),
        name="double_compare",
    ),
    path(
        "personnes/<int:first>/distinguer/<int:second>/",
        views.double_tell_apart,
        name="double_tell_apart",
    ),
    path("homonymes/<int:pk>/revoir/", views.double_propose_again, name="double_propose_again"),
    path("reunions-de-fiches/<int:pk>/defaire/", views.merge_undo, name="merge_undo"),
]
