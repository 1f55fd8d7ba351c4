"""URLs of the frame, gathered."""

from programmes.urls import (
    budgets,
    editions,
    journal,
    memberships,
    organisations,
    partnerships,
    programmes,
    references,
    sites,
    territories,
)

app_name = "programmes"

urlpatterns = [
    *programmes.urlpatterns,
    *editions.urlpatterns,
    *partnerships.urlpatterns,
    *budgets.urlpatterns,
    *sites.urlpatterns,
    *organisations.urlpatterns,
    *territories.urlpatterns,
    *memberships.urlpatterns,
    *references.urlpatterns,
    *journal.urlpatterns,
]
