"""URLs of a month's closing."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import months as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/cloture/",
        views.MonthClosing.as_view(),
        name="month_closing",
    ),
]
