"""URLs of programmes, and of what is added from a programme's page."""

from django.urls import path

from programmes.views import attachments, editions, partnerships
from programmes.views import programmes as views

urlpatterns = [
    path("actions/", views.ProgrammeList.as_view(), name="programme_list"),
    path("actions/nouvelle/", views.ProgrammeCreate.as_view(), name="programme_create"),
    path("actions/<int:pk>/", views.ProgrammeDetail.as_view(), name="programme_detail"),
    path("actions/<int:pk>/modifier/", views.ProgrammeUpdate.as_view(), name="programme_update"),
    path("actions/<int:pk>/fiche/", views.programme_sheet, name="programme_sheet"),
    path(
        "actions/<int:parent>/editions/nouvelle/",
        editions.EditionCreate.as_view(),
        name="edition_create",
    ),
    path(
        "actions/<int:parent>/partenariats/",
        partnerships.PartnershipList.as_view(),
        name="partnership_list",
    ),
    path(
        "actions/<int:parent>/partenariats/nouveau/",
        partnerships.PartnershipCreate.as_view(),
        name="partnership_create",
    ),
    path(
        "actions/<int:parent>/pieces/nouvelle/",
        attachments.AttachmentCreate.as_view(),
        name="attachment_create",
    ),
]
