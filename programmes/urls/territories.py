"""URLs of territories and districts."""

from django.urls import path

from programmes.views import territories as views

urlpatterns = [
    path("territoires/", views.TerritoryList.as_view(), name="territory_list"),
    path("territoires/nouveau/", views.TerritoryCreate.as_view(), name="territory_create"),
    path("territoires/<int:pk>/", views.TerritoryDetail.as_view(), name="territory_detail"),
    path(
        "territoires/<int:pk>/modifier/", views.TerritoryUpdate.as_view(), name="territory_update"
    ),
    path(
        "territoires/<int:parent>/quartiers/nouveau/",
        views.DistrictCreate.as_view(),
        name="district_create",
    ),
    path("quartiers/<int:pk>/", views.DistrictDetail.as_view(), name="district_detail"),
    path("quartiers/<int:pk>/modifier/", views.DistrictUpdate.as_view(), name="district_update"),
    path("quartiers/<int:pk>/supprimer/", views.DistrictDelete.as_view(), name="district_delete"),
]
