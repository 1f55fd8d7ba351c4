"""URLs of doubles: files of one name."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
