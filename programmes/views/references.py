"""Pages of the reference lists: what each is for, its values, the values a territory adds."""

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from autoprod.core.formatting import day_range, number
from autoprod.core.scoping import Action
from autoprod.core.tables import Column, Table, table
from autoprod.core.views import CreatePage, ListPage, UpdatePage, requires
from programmes.forms.references import (
    CodeFilter,
    KindLabelForm,
    LocalCodeForm,
    LocalKindForm,
    LocalLabelForm,
)
from programmes.models import ReferenceCode
from programmes.services import session_kinds
from programmes.services.references import ReferenceList, reference_lists

LIST = ("Listes de référence", reverse_lazy("programmes:reference_list"))

#: What the correspondences of a code are called; the others serve the computations only.
_NAMES = {
    "asp": "ASP",
    "barrier": "frein",
    "barrier_cdb": "Carnet de bord",
    "barrier_national": "statistiques nationales",
    "cnaf": "CNAF",
    "dauphin": "Dauphin",
    "di_category": "data·inclusion",
    "emplois": "Les emplois de l’inclusion",
    "fse": "FSE+",
    "ft": "France Travail",
    "iae": "IAE",
    "isced": "CITE",
    "level_2019": "niveau de 2019",
    "old_level": "niveau de 1969",
    "scdl": "SCDL",
    "webrsa": "WebRSA",
}


def correspondences(code: ReferenceCode) -> str:
    """Return « FSE+ : femme · ASP : 01 »: the same value elsewhere."""
    known = [(_NAMES[key], value) for key, value in code.meta.items() if key in _NAMES and value]
    return " · ".join(
        f"{name}\u00a0: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in known
    )


def validity(code: ReferenceCode) -> str:
    """Return the days the value is offered."""
    if code.valid_from is None and code.valid_to is None:
        return "toujours"
    return day_range(code.valid_from, code.valid_to)


LISTS = (
    Column("Liste", lambda row: row["list"].label),
    Column("À quoi elle sert", lambda row: row["list"].help),
    Column("Valeurs", lambda row: row["count"], show=number, align="end"),
    Column("Peut être complétée", lambda row: "oui" if row["list"].is_editable else "non"),
)

CODES = (
    Column("Libellé", lambda row: row.label),
    Column("Code", lambda row: row.code),
    Column("Version", lambda row: "ajout local" if row.is_local else row.list_version),
    Column("Validité", validity),
    Column("Correspondances", correspondences),
)

KIND_COUNTS = Column("Ce qu’elle compte", session_kinds.words_of)


@require_safe
@requires(Action.EDIT_REFERENCES)
def reference_list(request: HttpRequest) -> HttpResponse:
    """Show the lists and what each is for."""
    codes = ReferenceCode.objects.for_scope(request.scope, Action.EDIT_REFERENCES)
    counts = dict(codes.order_by().values_list("list").annotate(Count("pk")))
    rows = [
        {"list": entry, "count": counts.get(name, 0)} for name, entry in reference_lists().items()
    ]
    context = {
        "title": "Listes de référence",
        "subtitle": "Les mots de toutes les fiches, pour que les chiffres s’additionnent",
        "table": table(
            LISTS,
            rows,
            caption="Listes de référence",
            url=lambda row: reverse("programmes:reference_detail", args=[row["list"].name]),
        ),
    }
    return TemplateResponse(request, "programmes/references/list.html", context)


def list_or_404(name: str) -> ReferenceList:
    """Return a list of the catalogue, or raise Http404."""
    try:
        return reference_lists()[name]
    except KeyError as error:
        raise Http404 from error


class ReferenceDetail(ListPage):
    """The values of one list."""

    model = ReferenceCode
    action = Action.EDIT_REFERENCES
    template_name = "programmes/references/detail.html"
    columns = CODES
    filter_form = CodeFilter
    create_label = "Ajouter une valeur"
    create_action = Action.EDIT_REFERENCES
    select_related = ("territory",)
    empty_icon = "list"
    empty_title = "Aucune valeur"

    @cached_property
    def entry(self) -> ReferenceList:
        """Return the list the URL names."""
        return list_or_404(self.kwargs["name"])

    def get_queryset(self) -> QuerySet:
        """Return the shipped values and those of the user's territories."""
        rows = super().get_queryset().in_list(self.entry.name)
        if self.request.GET.get("shown") != "all":
            rows = rows.valid(timezone.localdate())
        return rows

    def get_table(self, rows: QuerySet) -> Table:
        """Return the table, without the columns that would say nothing of any value."""
        rows = list(rows)
        counts = (KIND_COUNTS,) if self.entry.name == session_kinds.LIST else ()
        columns = (*CODES, *counts, Column("Source", self._source))
        self.columns = tuple(c for c in columns if not all(map(c.is_empty, rows)))
        return super().get_table(rows)

    def _source(self, code: ReferenceCode) -> str:
        """Return where a value comes from, empty when it is where its list does: said above."""
        if code.is_local:
            return str(code.territory)
        return "" if code.source == self.entry.source else code.source

    def row_url(self, row: ReferenceCode) -> str | None:
        """Lead to the edition of a local value; an official one is read only."""
        return reverse("programmes:reference_update", args=[row.pk]) if row.is_local else None

    def get_title(self) -> str:
        """Return the list's name."""
        return self.entry.label

    def get_subtitle(self) -> str:
        """Return what the list is for."""
        return self.entry.help

    def get_breadcrumbs(self) -> list:
        """Return the way back to the lists."""
        return [LIST]

    def get_create_url(self) -> str:
        """Return where to add a value, empty for a list that is not ours to complete."""
        if not self.entry.is_editable:
            return ""
        return reverse("programmes:reference_create", args=[self.entry.name])

    def get_context_data(self, **kwargs) -> dict:
        """Add the list."""
        return super().get_context_data(entry=self.entry, **kwargs)


class ReferenceCreate(CreatePage):
    """Add a value to a list that may be completed."""

    model = ReferenceCode
    form_class = LocalCodeForm
    action = Action.EDIT_REFERENCES
    title = "Ajouter une valeur"
    success_message = "Valeur ajoutée. Elle est proposée dans les formulaires."

    def get_form_class(self) -> type[LocalCodeForm]:
        """Ask of a kind of session what it counts for."""
        return LocalKindForm if self.entry.name == session_kinds.LIST else LocalCodeForm

    @cached_property
    def entry(self) -> ReferenceList:
        """Return the list the URL names; 404 when it cannot be completed."""
        entry = list_or_404(self.kwargs["name"])
        if not entry.is_editable:
            raise Http404
        return entry

    def get_fixed(self) -> dict:
        """Return what is not asked: the list; a local value has no version."""
        return {"list": self.entry.name, "list_version": "", "source": ""}

    def get_subtitle(self) -> str:
        """Return the list's name."""
        return self.entry.label

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST, (self.entry.label, self.get_success_url())]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("programmes:reference_detail", args=[self.entry.name])


class ReferenceUpdate(UpdatePage):
    """Relabel a local value, or say until when it is offered."""

    model = ReferenceCode
    form_class = LocalLabelForm
    action = Action.EDIT_REFERENCES

    def get_form_class(self) -> type[LocalLabelForm]:
        """Ask of a kind of session what it counts for."""
        return KindLabelForm if self.object.list == session_kinds.LIST else LocalLabelForm

    def get_queryset(self) -> QuerySet:
        """Return the values the user's territories added: the others are not theirs to change."""
        return (
            super().get_queryset().filter(territory__in=self.scope.keys("territory", self.action))
        )

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST, (list_or_404(self.object.list).label, self.get_success_url())]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("programmes:reference_detail", args=[self.object.list])
