"""URLs of papers printed for a person."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import papers as views
from beneficiaries.views import reviews

register_converters()

urlpatterns = [
    path("personnes/<int:pk>/livret.pdf", views.booklet_pdf, name="booklet_pdf"),
    path("personnes/<int:pk>/bilan/<period:period>.pdf", reviews.review_pdf, name="review_pdf"),
    path(
        "actions/<int:programme>/<period:period>/bilans-individuels/",
        reviews.ReviewBatch.as_view(),
        name="review_batch",
    ),
]
