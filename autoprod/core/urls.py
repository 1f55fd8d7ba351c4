"""Home, what works without network, the gallery of components."""

from django.conf import settings
from django.urls import path

from autoprod.core import pages, service_worker

app_name = "core"

urlpatterns = [
    path("", pages.home, name="home"),
    path("service-worker.js", service_worker.service_worker, name="service_worker"),
    path("hors-ligne/", service_worker.offline, name="offline"),
]

if getattr(settings, "COMPONENT_GALLERY", False):
    urlpatterns.append(path("composants/", pages.gallery, name="gallery"))
