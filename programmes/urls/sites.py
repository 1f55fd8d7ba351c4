"""URLs of sites."""

from django.urls import path

from programmes.views import sites as views

urlpatterns = [
    path("sites/", views.SiteList.as_view(), name="site_list"),
    path("sites/nouveau/", views.SiteCreate.as_view(), name="site_create"),
    path("sites/<int:pk>/", views.SiteDetail.as_view(), name="site_detail"),
    path("sites/<int:pk>/modifier/", views.SiteUpdate.as_view(), name="site_update"),
    path("sites/<int:pk>/supprimer/", views.SiteDelete.as_view(), name="site_delete"),
]
