"""URLs of evaluation, gathered."""

from evaluation.urls import dashboards, figures, reports

app_name = "evaluation"

urlpatterns = [
    *dashboards.urlpatterns,
    *figures.urlpatterns,
    *reports.urlpatterns,
]
