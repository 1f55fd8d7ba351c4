"""URLs of caseloads and agendas."""

from django.urls import path

from beneficiaries.views import caseloads as views

urlpatterns = [
    path("suivis/", views.CaseloadList.as_view(), name="caseload_list"),
    path("suivis/export/<slug:kind>/", views.caseload_export, name="caseload_export"),
]
