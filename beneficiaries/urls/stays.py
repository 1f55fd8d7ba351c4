"""URLs of what happens during a stay."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
