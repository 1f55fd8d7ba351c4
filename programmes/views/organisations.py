"""Pages of organisations."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from autoprod.core.fields import display_phone, display_siret
from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import kind_or_404, links
from autoprod.core.tables import table
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    requires,
)
from programmes.columns import ORGANISATIONS, PARTNERSHIPS_OF_ORGANISATION
from programmes.exports.organisations import organisations_file
from programmes.forms.organisations import OrganisationFilter, OrganisationForm
from programmes.models import Organisation, Partnership

LIST = ("Partenaires", reverse_lazy("programmes:organisation_list"))


class OrganisationList(ListPage):
    """The organisations of the scope."""

    model = Organisation
    action = Action.VIEW_FRAME
    title = "Partenaires"
    columns = ORGANISATIONS
    filter_form = OrganisationFilter
    select_related = ("kind",)
    empty_icon = "handshake"
    empty_title = "Aucune organisation"
    empty_text = "Notez ici les services, associations et financeurs avec qui vous travaillez."
    create_url = reverse_lazy("programmes:organisation_create")
    create_label = "Ajouter une organisation"
    create_action = Action.EDIT_PARTNERS

    def row_url(self, row: Organisation) -> str:
        """Lead to the organisation."""
        return reverse("programmes:organisation_detail", args=[row.pk])

    def get_links(self) -> list[dict]:
        """Offer the export to whoever may export."""
        if not self.scope.allows(Action.EXPORT_FRAME):
            return []
        return links(lambda kind: reverse("programmes:organisation_export", args=[kind]))


class OrganisationDetail(DetailPage):
    """An organisation, and what it is in each programme."""

    model = Organisation
    action = Action.VIEW_FRAME
    template_name = "programmes/organisations/detail.html"
    select_related = ("kind", "territory")

    def get_subtitle(self) -> str:
        """Return the kind of organisation."""
        return self.object.kind.label

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_facts(self) -> list[tuple]:
        """Return what the card says."""
        row = self.object
        place = " ".join(part for part in (row.address, row.postcode, row.city) if part)
        facts = [
            ("Téléphone", display_phone(row.phone) if row.phone else ""),
            ("Adresse e-mail", row.email),
            ("Site internet", row.website),
            ("Adresse", place),
            ("SIRET", display_siret(row.siret) if row.siret else ""),
            ("Numéro RNA", row.rna),
            ("Territoire", row.territory.name),
        ]
        if row.closed_on:
            facts.append(("A cessé son activité le", day(row.closed_on)))
        return facts

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts and the partnerships."""
        links = Partnership.objects.for_scope(self.scope, Action.VIEW_FRAME).of(self.object)
        return super().get_context_data(
            facts=self.get_facts(),
            partnerships=table(
                PARTNERSHIPS_OF_ORGANISATION,
                links.select_related("programme", "organisation", "theme"),
                caption="Rôle dans les actions",
                url=lambda row: reverse("programmes:programme_detail", args=[row.programme_id]),
                empty_state={
                    "icon": "handshake",
                    "title": "Aucun rôle noté",
                    "text": "Le rôle d’une organisation se note depuis la page d’une action.",
                },
            ),
            can_edit=self.scope.opens(Action.EDIT_PARTNERS, self.object.territory),
            **kwargs,
        )


class OrganisationCreate(CreatePage):
    """Add an organisation."""

    model = Organisation
    form_class = OrganisationForm
    action = Action.EDIT_PARTNERS
    title = "Ajouter une organisation"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_success_url(self) -> str:
        """Go to the organisation."""
        return reverse("programmes:organisation_detail", args=[self.object.pk])


class OrganisationUpdate(UpdatePage):
    """Edit an organisation."""

    model = Organisation
    form_class = OrganisationForm
    action = Action.EDIT_PARTNERS
    select_related = ("territory",)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the organisation."""
        return [LIST, (str(self.object), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the organisation."""
        return reverse("programmes:organisation_detail", args=[self.object.pk])


class OrganisationDelete(DeletePage):
    """Delete an organisation that has no role anywhere."""

    model = Organisation
    action = Action.EDIT_PARTNERS

    def get_breadcrumbs(self) -> list:
        """Return the way back to the organisation."""
        url = reverse("programmes:organisation_detail", args=[self.object.pk])
        return [LIST, (str(self.object), url)]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("programmes:organisation_list")


@require_safe
@requires(Action.EXPORT_FRAME)
def organisation_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the organisations of the scope as a spreadsheet, CSV or XLSX."""
    return organisations_file(request.scope, kind_or_404(kind))
