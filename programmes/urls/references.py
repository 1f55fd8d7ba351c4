"""URLs of the reference lists."""

from django.urls import path

from programmes.views import references as views

urlpatterns = [
    path("listes/", views.reference_list, name="reference_list"),
    path("listes/valeurs/<int:pk>/", views.ReferenceUpdate.as_view(), name="reference_update"),
    path("listes/<slug:name>/", views.ReferenceDetail.as_view(), name="reference_detail"),
    path("listes/<slug:name>/ajouter/", views.ReferenceCreate.as_view(), name="reference_create"),
]
