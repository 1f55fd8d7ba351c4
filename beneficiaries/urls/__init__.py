"""URLs of the persons' floor, gathered."""

from beneficiaries.urls import (
    attendance,
    caseloads,
    check_ins,
    contracts,
    doubles,
    enrolments,
    fse,
    hours,
    households,
    interviews,
    outcomes,
    papers,
    pathways,
    persons,
    referrals,
    sheets,
    situations,
    skills,
    statements,
    stays,
)

app_name = "beneficiaries"

urlpatterns = [
    *persons.urlpatterns,
    *households.urlpatterns,
    *doubles.urlpatterns,
    *situations.urlpatterns,
    *fse.urlpatterns,
    *enrolments.urlpatterns,
    *referrals.urlpatterns,
    *stays.urlpatterns,
    *attendance.urlpatterns,
    *sheets.urlpatterns,
    *hours.urlpatterns,
    *pathways.urlpatterns,
    *outcomes.urlpatterns,
    *interviews.urlpatterns,
    *caseloads.urlpatterns,
    *check_ins.urlpatterns,
    *contracts.urlpatterns,
    *skills.urlpatterns,
    *papers.urlpatterns,
    *statements.urlpatterns,
]
