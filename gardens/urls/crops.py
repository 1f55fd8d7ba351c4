"""URLs of crops: the year's list, a crop and its taps, the plan."""

from django.urls import path

from autoprod.core.periods import register_converters
from gardens.views import crop_plans as plans
from gardens.views import crops as views

register_converters()

_YEAR = "actions/<int:programme>/<period:period>/cultures/"
_NEW = "actions/<int:programme>/cultures/"

urlpatterns = [
    path(_YEAR, views.PlantingList.as_view(), name="planting_list"),
    path(f"{_YEAR}reprendre/", plans.PlanCopy.as_view(), name="plan_copy"),
    path(f"{_YEAR}export/<slug:kind>/", views.planting_export, name="planting_export"),
    path(f"{_NEW}nouvelle/", plans.PlantingCreate.as_view(), name="planting_create"),
    path(f"{_NEW}rotation/", views.planting_rotation, name="planting_rotation"),
    path("cultures/<int:pk>/", views.PlantingDetail.as_view(), name="planting_detail"),
    path("cultures/<int:pk>/modifier/", plans.PlantingUpdate.as_view(), name="planting_update"),
    path("cultures/<int:pk>/supprimer/", views.PlantingDelete.as_view(), name="planting_delete"),
    path("cultures/<int:pk>/noter/<slug:gesture>/", views.planting_tap, name="planting_tap"),
    path("cultures/<int:pk>/annuler/", views.planting_undo, name="planting_undo"),
]
