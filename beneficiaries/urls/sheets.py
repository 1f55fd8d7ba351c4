"""URLs of the sheets to sign."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import sheets

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/presences/feuille.pdf",
        sheets.attendance_table_pdf,
        name="attendance_table",
    ),
    path(
        "seances/<int:pk>/emargement.pdf",
        sheets.attendance_collective_pdf,
        name="attendance_collective",
    ),
]
