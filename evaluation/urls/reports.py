"""URLs of reports."""

from django.urls import path

from autoprod.core.periods import register_converters
from evaluation.views import reports as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/bilans/",
        views.ReportList.as_view(),
        name="report_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/bilan/",
        views.ReportDetail.as_view(),
        name="report_detail",
    ),
    path(
        "actions/<int:programme>/<period:period>/bilan/texte/",
        views.NoteUpdate.as_view(),
        name="report_note",
    ),
    path(
        "actions/<int:programme>/<period:period>/bilan/publier/",
        views.ReportPublish.as_view(),
        name="report_publish",
    ),
    path(
        "actions/<int:programme>/<period:period>/bilan/<slug:edition>.pdf",
        views.report_pdf,
        name="report_pdf",
    ),
    path("bilans/<int:pk>/", views.report_file, name="report_file"),
]
