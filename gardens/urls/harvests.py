"""URLs of harvests."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
