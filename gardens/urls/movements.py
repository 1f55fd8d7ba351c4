"""URLs of what leaves a lot."""

from django.urls import path

from gardens.views import movements as views

_STOCK = "actions/<int:programme>/stock/"
_PERIOD = "actions/<int:programme>/<period:period>/sorties/"

urlpatterns = [
    path(f"{_STOCK}sortir/", views.ProductOut.as_view(), name="movement_product"),
    path(f"{_STOCK}lots/<int:pk>/sortir/", views.MovementCreate.as_view(), name="movement_create"),
    path(
        f"{_STOCK}lots/<int:pk>/corriger/",
        views.MovementCorrect.as_view(),
        name="movement_correct",
    ),
    path(
        f"{_STOCK}sorties/<int:pk>/annuler/",
        views.MovementTakeBack.as_view(),
        name="movement_take_back",
    ),
    path(_PERIOD, views.MovementList.as_view(), name="movement_list"),
    path(f"{_PERIOD}export/<str:kind>/", views.movement_export, name="movement_export"),
]
