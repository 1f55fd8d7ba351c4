"""URLs of crops."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
