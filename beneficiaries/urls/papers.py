"""URLs of papers printed for a person."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
