"""URLs of the persons' floor, gathered."""

from beneficiaries.urls import attendance, enrolments, outcomes, pathways, persons, situations

app_name = "beneficiaries"

urlpatterns = [
    *persons.urlpatterns,
    *situations.urlpatterns,
    *enrolments.urlpatterns,
    *attendance.urlpatterns,
    *pathways.urlpatterns,
    *outcomes.urlpatterns,
]
