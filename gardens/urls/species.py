"""URLs of species and varieties, seen from a programme."""

from django.urls import path

from gardens.views import species as views

_LIST = "actions/<int:programme>/especes/"
_VARIETIES = "actions/<int:programme>/varietes/"

urlpatterns = [
    path(_LIST, views.SpeciesList.as_view(), name="species_list"),
    path(f"{_LIST}nouvelle/", views.SpeciesCreate.as_view(), name="species_create"),
    path(f"{_LIST}<int:pk>/", views.SpeciesDetail.as_view(), name="species_detail"),
    path(f"{_LIST}<int:pk>/modifier/", views.SpeciesUpdate.as_view(), name="species_update"),
    path(f"{_LIST}<int:pk>/supprimer/", views.SpeciesDelete.as_view(), name="species_delete"),
    path(
        f"{_LIST}<int:species>/varietes/nouvelle/",
        views.VarietyCreate.as_view(),
        name="variety_create",
    ),
    path(f"{_VARIETIES}<int:pk>/modifier/", views.VarietyUpdate.as_view(), name="variety_update"),
    path(f"{_VARIETIES}<int:pk>/supprimer/", views.VarietyDelete.as_view(), name="variety_delete"),
]
