"""URLs of enrolments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
