"""URLs of papers printed for a person."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import papers as views
from beneficiaries.views import reviews

register_converters()

urlpatterns = [
    path("personnes/<int:pk>/documents/", views.PersonPapers.as_view(), name="person_papers"),
    path("personnes/<int:pk>/livret.pdf", views.booklet_pdf, name="booklet_pdf"),
    path("personnes/<int:pk>/bilan/<period:period>.pdf", reviews.review_pdf, name="review_pdf"),
    path(
        "personnes/<int:person>/attestation/",
        views.CertificatePrint.as_view(),
        name="certificate_print",
    ),
    path(
        "personnes/<int:person>/lettre-d-orientation/",
        views.LetterPrint.as_view(),
        name="letter_print",
    ),
    path(
        "personnes/<int:person>/remises/nouvelle/",
        views.PaperCreate.as_view(),
        name="paper_create",
    ),
    path("remises/<int:pk>/modifier/", views.PaperUpdate.as_view(), name="paper_update"),
    path("remises/<int:pk>/supprimer/", views.PaperDelete.as_view(), name="paper_delete"),
    path(
        "actions/<int:programme>/<period:period>/bilans-individuels/",
        reviews.ReviewBatch.as_view(),
        name="review_batch",
    ),
]
