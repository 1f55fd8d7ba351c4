"""URLs of what leaves a lot."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
