"""URLs of dashboards."""

from django.urls import path

from autoprod.core.periods import register_converters
from evaluation.views import dashboards as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/tableau-de-bord/",
        views.DashboardPage.as_view(),
        name="dashboard",
    ),
    path(
        "actions/<int:programme>/<period:period>/tableau-de-bord/export/<slug:kind>/",
        views.DashboardExport.as_view(),
        name="dashboard_export",
    ),
]
