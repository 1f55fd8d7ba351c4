"""URLs of the gardens' floor, gathered."""

from gardens.urls import (
    crops,
    gardens,
    gift_notes,
    harvests,
    hives,
    lots,
    movements,
    operations,
    plots,
    prices,
    recalls,
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
    *recalls.urlpatterns,
    *gift_notes.urlpatterns,
    *prices.urlpatterns,
    *hives.urlpatterns,
    *tools.urlpatterns,
]
