"""URLs of organisations."""

from django.urls import path

from programmes.views import organisations as views

urlpatterns = [
    path("organisations/", views.OrganisationList.as_view(), name="organisation_list"),
    path(
        "organisations/export/<slug:kind>/", views.organisation_export, name="organisation_export"
    ),
    path("organisations/nouvelle/", views.OrganisationCreate.as_view(), name="organisation_create"),
    path("organisations/<int:pk>/", views.OrganisationDetail.as_view(), name="organisation_detail"),
    path(
        "organisations/<int:pk>/modifier/",
        views.OrganisationUpdate.as_view(),
        name="organisation_update",
    ),
    path(
        "organisations/<int:pk>/supprimer/",
        views.OrganisationDelete.as_view(),
        name="organisation_delete",
    ),
]
