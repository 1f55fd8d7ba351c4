"""URLs of persons."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
