"""Export of the organisations of a scope."""

from django.http import HttpResponse
from import_export.fields import Field

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource, download
from programmes.models import Organisation


class OrganisationResource(ScopedResource):
    """The address book: organisations, never the people in them."""

    action = Action.EXPORT_FRAME
    title = "Partenaires"

    name = Field("name", "Organisation")
    kind = Field("kind__label", "Nature")
    phone = Field("phone", "Téléphone")
    email = Field("email", "Adresse e-mail")
    website = Field("website", "Site internet")
    address = Field("address", "Adresse")
    postcode = Field("postcode", "Code postal")
    city = Field("city", "Commune")
    siret = Field("siret", "SIRET")
    rna = Field("rna", "Numéro RNA")
    closed_on = Field("closed_on", "A cessé son activité le")
    territory = Field("territory__name", "Territoire")

    class Meta:
        model = Organisation
        fields = (
            "name",
            "kind",
            "phone",
            "email",
            "website",
            "address",
            "postcode",
            "city",
            "siret",
            "rna",
            "closed_on",
            "territory",
        )
        export_order = fields

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("kind", "territory")


def organisations_file(scope: Scope, kind: str) -> HttpResponse:
    """Return the organisations as a download; `kind` is csv or xlsx."""
    return download(OrganisationResource(scope=scope).sheet(), kind, "partenaires")
