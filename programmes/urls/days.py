"""URLs of a session's day."""

from django.urls import path

from programmes.views import days

urlpatterns = [
    path("seances/<int:pk>/nombres/", days.session_counts, name="session_counts"),
    path("seances/<int:pk>/encadrer/", days.session_lead, name="session_lead"),
    path("seances/<int:pk>/note/", days.SessionNote.as_view(), name="session_note"),
    path("seances/<int:parent>/photo/", days.PhotoCreate.as_view(), name="session_photo_create"),
    path("photos/<int:pk>/", days.photo_download, name="session_photo"),
    path("photos/<int:pk>/supprimer/", days.PhotoDelete.as_view(), name="session_photo_delete"),
]
