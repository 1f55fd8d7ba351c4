"""URLs of hours."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import hours as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/heures/",
        views.HoursDetail.as_view(),
        name="hours_detail",
    ),
]
