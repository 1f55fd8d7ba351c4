"""URLs of recalls."""

from django.urls import path

from gardens.views import recalls as views

_STOCK = "actions/<int:programme>/stock/"

urlpatterns = [
    path(f"{_STOCK}rappels/", views.RecallSearchPage.as_view(), name="recall_search"),
    path(f"{_STOCK}rappels/liste.pdf", views.recall_list_pdf, name="recall_pdf"),
    path(f"{_STOCK}rappels/nouveau/", views.RecallCreate.as_view(), name="recall_create"),
    path(f"{_STOCK}lots/<int:pk>/lever/", views.RecallLift.as_view(), name="recall_lift"),
]
