"""URLs of caseloads and agendas."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import agendas
from beneficiaries.views import caseloads as views

register_converters()

urlpatterns = [
    path("suivis/", views.CaseloadList.as_view(), name="caseload_list"),
    path("suivis/fiches/", views.caseload_files, name="caseload_files"),
    path("suivis/export/<slug:kind>/", views.caseload_export, name="caseload_export"),
    path("agenda/", agendas.AgendaDetail.as_view(), name="agenda"),
    path("agenda/export/", agendas.agenda_export, name="agenda_export"),
    path("agenda/<period:period>/", agendas.AgendaDetail.as_view(), name="agenda_period"),
]
