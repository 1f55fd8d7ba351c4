"""URLs of plots and of the plan of a garden."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
