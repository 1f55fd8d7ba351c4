"""URLs of gardens and their land."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
