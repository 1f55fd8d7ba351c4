"""URLs of plots, of who holds them, and of the plan of a garden."""

from django.urls import path

from gardens.views import holdings, site_plans
from gardens.views import plots as views

_GARDENS = "actions/<int:programme>/jardins/"
_PLOTS = "actions/<int:programme>/parcelles/"

urlpatterns = [
    path(f"{_GARDENS}<int:pk>/plan.pdf", site_plans.plan_sheet, name="garden_plan"),
    path(
        f"{_GARDENS}<int:garden>/parcelles/nouvelle/",
        views.PlotCreate.as_view(),
        name="plot_create",
    ),
    path(f"{_PLOTS}<int:pk>/", views.PlotDetail.as_view(), name="plot_detail"),
    path(f"{_PLOTS}<int:pk>/modifier/", views.PlotUpdate.as_view(), name="plot_update"),
    path(f"{_PLOTS}<int:pk>/supprimer/", views.PlotDelete.as_view(), name="plot_delete"),
    path(f"{_PLOTS}<int:plot>/attribuer/", holdings.HoldingCreate.as_view(), name="holding_create"),
    path(
        f"{_PLOTS}attributions/<int:pk>/modifier/",
        holdings.HoldingUpdate.as_view(),
        name="holding_update",
    ),
    path(
        f"{_PLOTS}attributions/<int:pk>/reprendre/",
        holdings.HoldingEnd.as_view(),
        name="holding_end",
    ),
    path(
        f"{_PLOTS}attributions/<int:pk>/supprimer/",
        holdings.HoldingDelete.as_view(),
        name="holding_delete",
    ),
]
