"""URLs of referrals and their answers."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
