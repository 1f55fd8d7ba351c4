"""URLs of the sheets to sign, and of the files that take presences away."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import presences, sheets

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/presences/export/<slug:kind>/",
        presences.attendance_export,
        name="attendance_export",
    ),
    path(
        "actions/<int:programme>/<period:period>/presences/tableau/<slug:kind>/",
        presences.attendance_month_export,
        name="attendance_month_export",
    ),
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
