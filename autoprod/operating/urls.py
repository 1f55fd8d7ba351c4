"""URL of the health page."""

from django.urls import path

from autoprod.operating import pages

app_name = "operating"

urlpatterns = [path("sante/", pages.health, name="health")]
