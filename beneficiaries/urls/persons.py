"""URLs of persons."""

from django.urls import path

from autoprod.core.periods import register_converters
from beneficiaries.views import addresses, identities, searches
from beneficiaries.views import person_files as files
from beneficiaries.views import persons as views

register_converters()

urlpatterns = [
    path(
        "actions/<int:programme>/<period:period>/personnes/",
        views.PersonList.as_view(),
        name="person_list",
    ),
    path(
        "actions/<int:parent>/personnes/nouvelle/",
        views.PersonCreate.as_view(),
        name="person_create",
    ),
    path("personnes/recherche/", searches.PersonSearch.as_view(), name="person_search"),
    path("personnes/suggestions/", searches.person_suggest, name="person_suggest"),
    path("personnes/<int:pk>/", files.PersonDetail.as_view(), name="person_detail"),
    path(
        "personnes/<int:pk>/presences/", files.PersonAttendance.as_view(), name="person_attendance"
    ),
    path("personnes/<int:pk>/modifier/", views.PersonUpdate.as_view(), name="person_update"),
    path("personnes/<int:pk>/supprimer/", views.PersonDelete.as_view(), name="person_delete"),
    path(
        "personnes/<int:parent>/identite/",
        identities.IdentityUpdate.as_view(),
        name="person_identity",
    ),
    path(
        "personnes/<int:parent>/adresse/", addresses.AddressUpdate.as_view(), name="person_address"
    ),
]
