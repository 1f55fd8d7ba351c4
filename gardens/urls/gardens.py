"""URLs of gardens and their land."""

from django.urls import path

from gardens.views import gardens as views
from gardens.views import land

_GARDENS = "actions/<int:programme>/jardins/"

urlpatterns = [
    path(_GARDENS, views.GardenList.as_view(), name="garden_list"),
    path(f"{_GARDENS}<int:pk>/", views.GardenDetail.as_view(), name="garden_detail"),
    path(
        "actions/<int:programme>/sites/<int:site>/jardin/",
        views.GardenCreate.as_view(),
        name="garden_create",
    ),
    path(f"{_GARDENS}<int:pk>/modifier/", views.GardenUpdate.as_view(), name="garden_update"),
    path(f"{_GARDENS}<int:pk>/supprimer/", views.GardenDelete.as_view(), name="garden_delete"),
    path(
        f"{_GARDENS}<int:garden>/labels/nouveau/", land.LabelCreate.as_view(), name="label_create"
    ),
    path(f"{_GARDENS}labels/<int:pk>/modifier/", land.LabelUpdate.as_view(), name="label_update"),
    path(f"{_GARDENS}labels/<int:pk>/supprimer/", land.LabelDelete.as_view(), name="label_delete"),
    path(
        f"{_GARDENS}<int:garden>/terrains/nouveau/",
        land.AgreementCreate.as_view(),
        name="agreement_create",
    ),
    path(
        f"{_GARDENS}terrains/<int:pk>/modifier/",
        land.AgreementUpdate.as_view(),
        name="agreement_update",
    ),
    path(
        f"{_GARDENS}terrains/<int:pk>/supprimer/",
        land.AgreementDelete.as_view(),
        name="agreement_delete",
    ),
]
