"""URLs of lots and stock."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
