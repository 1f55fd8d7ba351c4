"""URLs of partnerships and attachments."""

from django.urls import path

from programmes.views import attachments, partnerships

urlpatterns = [
    path(
        "partenariats/<int:pk>/modifier/",
        partnerships.PartnershipUpdate.as_view(),
        name="partnership_update",
    ),
    path(
        "partenariats/<int:pk>/supprimer/",
        partnerships.PartnershipDelete.as_view(),
        name="partnership_delete",
    ),
    path("pieces/<int:pk>/", attachments.attachment_download, name="attachment_download"),
    path(
        "pieces/<int:pk>/supprimer/",
        attachments.AttachmentDelete.as_view(),
        name="attachment_delete",
    ),
]
