"""URLs of grants."""

from django.urls import path

from autoprod.core.periods import register_converters
from programmes.views import grant_movements as movements
from programmes.views import grants as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/financements/",
        views.GrantList.as_view(),
        name="grant_list",
    ),
    path(
        "actions/<int:programme>/<period:period>/financements/export/<slug:kind>/",
        views.grant_export,
        name="grant_export",
    ),
    path(
        "editions/<int:parent>/financements/nouveau/",
        views.GrantCreate.as_view(),
        name="grant_create",
    ),
    path("financements/<int:pk>/", views.GrantDetail.as_view(), name="grant_detail"),
    path("financements/<int:pk>/modifier/", views.GrantUpdate.as_view(), name="grant_update"),
    path("financements/<int:pk>/attribution/", views.GrantAward.as_view(), name="grant_award"),
    path("financements/<int:pk>/refus/", views.GrantRefuse.as_view(), name="grant_refuse"),
    path("financements/<int:pk>/supprimer/", views.GrantDelete.as_view(), name="grant_delete"),
    path(
        "financements/<int:parent>/versements/nouveau/",
        movements.PaymentCreate.as_view(),
        name="grant_payment_create",
    ),
    path(
        "financements/versements/<int:pk>/modifier/",
        movements.PaymentUpdate.as_view(),
        name="grant_payment_update",
    ),
    path(
        "financements/versements/<int:pk>/supprimer/",
        movements.PaymentDelete.as_view(),
        name="grant_payment_delete",
    ),
    path(
        "financements/<int:parent>/depenses/nouvelle/",
        movements.DrawCreate.as_view(),
        name="grant_draw_create",
    ),
    path(
        "financements/depenses/<int:pk>/retirer/",
        movements.DrawReverse.as_view(),
        name="grant_draw_reverse",
    ),
]
