"""URLs of contracts of hours."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
