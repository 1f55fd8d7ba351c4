"""URLs of the FSE+ questionnaire."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
