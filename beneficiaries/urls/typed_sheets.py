"""URLs of the paper sheets typed back."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import typed_months, typed_sheets

register_converters()

urlpatterns = [
    path("seances/<int:pk>/saisir/", typed_sheets.attendance_typing, name="attendance_typing"),
    path(
        "actions/<int:programme>/<period:period>/presences/saisir/",
        typed_months.attendance_typing_month,
        name="attendance_typing_month",
    ),
]
