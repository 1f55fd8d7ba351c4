"""URLs of reference prices."""

from django.urls import path

from gardens.views import prices as views

_PRICES = "actions/<int:programme>/stock/prix/"

urlpatterns = [
    path(_PRICES, views.PriceList.as_view(), name="price_list"),
    path(f"{_PRICES}nouveau/", views.PriceCreate.as_view(), name="price_create"),
    path(f"{_PRICES}<int:pk>/modifier/", views.PriceUpdate.as_view(), name="price_update"),
    path(f"{_PRICES}<int:pk>/supprimer/", views.PriceDelete.as_view(), name="price_delete"),
]
