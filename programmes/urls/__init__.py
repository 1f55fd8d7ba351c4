"""URLs of the frame, gathered."""

from programmes.urls import (
    budgets,
    editions,
    grants,
    journal,
    memberships,
    organisations,
    partnerships,
    programmes,
    references,
    sessions,
    sites,
    territories,
)

app_name = "programmes"

urlpatterns = [
    *programmes.urlpatterns,
    *editions.urlpatterns,
    *partnerships.urlpatterns,
    *budgets.urlpatterns,
    *grants.urlpatterns,
    *sessions.urlpatterns,
    *sites.urlpatterns,
    *organisations.urlpatterns,
    *territories.urlpatterns,
    *memberships.urlpatterns,
    *references.urlpatterns,
    *journal.urlpatterns,
]
