"""URLs of contracts of hours."""

from django.urls import path

from beneficiaries.views import contracts as views

urlpatterns = [
    path(
        "personnes/<int:person>/contrats/nouveau/",
        views.ContractCreate.as_view(),
        name="contract_create",
    ),
    path("contrats/<int:pk>/modifier/", views.ContractUpdate.as_view(), name="contract_update"),
    path("contrats/<int:pk>/supprimer/", views.ContractDelete.as_view(), name="contract_delete"),
]
