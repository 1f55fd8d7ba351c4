"""URLs of gift notes."""

from django.urls import path

from gardens.views import gift_notes as views

_NOTES = "actions/<int:programme>/stock/bons/"

urlpatterns = [
    path(_NOTES, views.GiftNoteList.as_view(), name="gift_note_list"),
    path(f"{_NOTES}nouveau/", views.gift_note_issue, name="gift_note_issue"),
    path(f"{_NOTES}<int:pk>/", views.GiftNoteDetail.as_view(), name="gift_note_detail"),
    path(f"{_NOTES}<int:pk>/bon.pdf", views.gift_note_pdf, name="gift_note_pdf"),
    path(f"{_NOTES}<int:pk>/signature/", views.GiftNoteSign.as_view(), name="gift_note_sign"),
    path(f"{_NOTES}fichiers/<int:pk>/", views.gift_note_file, name="gift_note_file"),
    path(
        "actions/<int:programme>/<period:period>/dons/<int:organisation>/releve.pdf",
        views.gift_statement_pdf,
        name="gift_statement",
    ),
]
