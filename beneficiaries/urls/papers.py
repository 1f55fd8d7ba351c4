"""URLs of papers printed for a person."""

from django.urls import path

from beneficiaries.views import papers as views

urlpatterns = [
    path("personnes/<int:pk>/livret.pdf", views.booklet_pdf, name="booklet_pdf"),
]
