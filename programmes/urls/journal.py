"""URLs of the journal."""

from django.urls import path

from autoprod.core.periods import register_converters
from programmes.views import journal as views

register_converters()

urlpatterns = [
    path("journal/", views.journal_now, name="journal"),
    path("journal/<period:period>/", views.JournalMonth.as_view(), name="journal_month"),
    path("journal/<period:period>/exporter/", views.journal_export, name="journal_export"),
]
