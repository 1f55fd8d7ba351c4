"""URLs of the frame, gathered."""

from programmes.urls import (
    budgets,
    days,
    editions,
    feeds,
    grants,
    journal,
    memberships,
    organisations,
    partnerships,
    programmes,
    references,
    schedules,
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
    *days.urlpatterns,
    *schedules.urlpatterns,
    *feeds.urlpatterns,
    *sites.urlpatterns,
    *organisations.urlpatterns,
    *territories.urlpatterns,
    *memberships.urlpatterns,
    *references.urlpatterns,
    *journal.urlpatterns,
]
