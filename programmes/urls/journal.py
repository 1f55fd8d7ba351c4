"""URLs of the journal."""

from django.urls import path

from programmes.views import journal as views

urlpatterns = [
    path("journal/", views.journal_now, name="journal"),
    path("journal/<period:period>/", views.JournalMonth.as_view(), name="journal_month"),
    path("journal/<period:period>/exporter/", views.journal_export, name="journal_export"),
]
