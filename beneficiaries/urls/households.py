"""URLs of households."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
