"""URLs of the project; applications are named by string, so that imports only go down."""

from django.urls import include, path

urlpatterns = [
    path("", include("autoprod.core.urls")),
    path("", include("autoprod.operating.urls")),
    path("", include("autoprod.accounts.urls")),
    path("travaux/", include("autoprod.jobs.urls")),
    path("", include("programmes.urls")),
    path("", include("beneficiaries.urls")),
    path("", include("gardens.urls")),
    path("", include("evaluation.urls")),
]
