"""URLs of lots and stock."""

from django.urls import path

from gardens.views import lots as views
from gardens.views import stock

_STOCK = "actions/<int:programme>/stock/"

urlpatterns = [
    path(_STOCK, stock.StockList.as_view(), name="stock_list"),
    path(f"{_STOCK}export/<str:kind>/", stock.stock_export, name="stock_export"),
    path(f"{_STOCK}recevoir/don/", views.Donation.as_view(), name="lot_donation"),
    path(f"{_STOCK}recevoir/achat/", views.Purchase.as_view(), name="lot_purchase"),
    path(f"{_STOCK}transformer/", views.Transformation.as_view(), name="lot_transform"),
    path(f"{_STOCK}lots/<int:pk>/", views.LotDetail.as_view(), name="lot_detail"),
    path(f"{_STOCK}lots/<int:pk>/modifier/", views.LotUpdate.as_view(), name="lot_update"),
    path(f"{_STOCK}lots/<int:pk>/deplacer/", views.Transfer.as_view(), name="lot_transfer"),
]
