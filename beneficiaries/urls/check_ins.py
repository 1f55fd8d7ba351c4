"""URLs of check-ins."""

from django.urls import path

from beneficiaries.views import check_ins as views

urlpatterns = [
    path("demander-comment-ca-va/", views.CheckInList.as_view(), name="check_in_list"),
]
