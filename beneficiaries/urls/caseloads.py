"""URLs of caseloads and agendas."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
