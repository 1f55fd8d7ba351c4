"""URLs of pathways."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
