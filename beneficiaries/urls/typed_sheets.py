"""URLs of the paper sheets typed back."""

from django.urls import path

from beneficiaries.views import typed_sheets

urlpatterns = [
    path("seances/<int:pk>/saisir/", typed_sheets.attendance_typing, name="attendance_typing"),
]
