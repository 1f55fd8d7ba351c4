"""URLs of figures."""

from django.urls import path

from autoprod.core.periods import register_converters
from evaluation.views import figures as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/chiffres/",
        views.FigureList.as_view(),
        name="figure_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/chiffres/<slug:code>/",
        views.FigureDetail.as_view(),
        name="figure_detail",
    ),
    path(
        "actions/<int:programme>/<period:period>/chiffres/<slug:code>/lignes/",
        views.FigureRows.as_view(),
        name="figure_rows",
    ),
    path(
        "actions/<int:programme>/<period:period>/chiffres/<slug:code>/lignes/export/<slug:kind>/",
        views.FigureExport.as_view(),
        name="figure_export",
    ),
]
