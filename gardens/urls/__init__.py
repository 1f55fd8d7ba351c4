"""URLs of the gardens' floor, gathered."""

from gardens.urls import (
    crops,
    gardens,
    harvests,
    hives,
    lots,
    movements,
    operations,
    plots,
    species,
    tools,
)

app_name = "gardens"

urlpatterns = [
    *gardens.urlpatterns,
    *plots.urlpatterns,
    *crops.urlpatterns,
    *operations.urlpatterns,
    *species.urlpatterns,
    *harvests.urlpatterns,
    *lots.urlpatterns,
    *movements.urlpatterns,
    *hives.urlpatterns,
    *tools.urlpatterns,
]
