"""URLs of the frame, gathered."""

from programmes.urls import (
    editions,
    organisations,
    partnerships,
    programmes,
    sites,
    territories,
)

app_name = "programmes"

urlpatterns = [
    *programmes.urlpatterns,
    *editions.urlpatterns,
    *partnerships.urlpatterns,
    *sites.urlpatterns,
    *organisations.urlpatterns,
    *territories.urlpatterns,
]
