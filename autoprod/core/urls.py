"""Home and the gallery of components."""

from django.conf import settings
from django.urls import path

from autoprod.core import pages

app_name = "core"

urlpatterns = [
    path("", pages.home, name="home"),
]

if getattr(settings, "COMPONENT_GALLERY", False):
    urlpatterns.append(path("composants/", pages.gallery, name="gallery"))
