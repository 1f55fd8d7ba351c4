"""Pages of figures: what a number means, and the rows it counts."""

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic import TemplateView

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, day_range, moment, number
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import kind_or_404, links
from autoprod.core.tables import Table, table
from autoprod.core.views import ListPage, PageMixin, ScopedMixin
from evaluation.columns.figures import FIGURES, said
from evaluation.enums import Audience
from evaluation.exports.figures import rows_file
from evaluation.results import (
    Ask,
    Definition,
    Listing,
    Part,
    Result,
    definition,
    definitions,
    dimensions_of,
    listing,
)
from evaluation.services.cards import Card, breakdown, monthly
from evaluation.services.figures import CIVIL_KINDS, Reader, address_of, part_at, reader_of
from programmes.views.periods import InPeriod
from programmes.views.programmes import crumbs_of


def noun_of(result: Result) -> str:
    """Return what follows the number: nothing where its unit is a sign."""
    unit = result.definition.unit
    return "" if result.hidden or unit.is_sign else unit.label


def _rows_label(count: int) -> str:
    return f"Voir les {number(count)} lignes" if count > 1 else "Voir la ligne"


class FiguresPage(InPeriod, ScopedMixin, PageMixin):
    """A page of figures of a programme over a period, in the edition that is read."""

    action = Action.VIEW_FIGURES

    @cached_property
    def reader(self) -> Reader:
        """Return who reads; 404 over a period that their edition is not given for."""
        wanted = self.request.GET.get("edition", "")
        reader = reader_of(self.scope, self.parent, self.period, wanted=wanted)
        if not reader.may_open:
            raise Http404
        return reader

    def url(self, name: str, *args: str, **query: str) -> str:
        """Return a page of the same figures, in the edition that is read."""
        if self.reader.is_team and not self.reader.is_internal:
            query["edition"] = Audience.DIFFUSION.value
        path = reverse(f"evaluation:{name}", args=[self.parent.pk, self.period, *args])
        return f"{path}?{urlencode(query)}" if query else path

    def link(self, result: Result, name: str, part: Part) -> str | None:
        """Return where the rows of a part are, None for who may not list them."""
        address = address_of(part)
        words, dimension = result.definition, result.dimensions[name]
        if not address or not part.value or not self.reader.may_list(words, [dimension]):
            return None
        return self.url("figure_rows", words.code, par=name, valeur=address)

    def get_context_data(self, **kwargs) -> dict:
        """Leave out what the URL names: a template view gives it too, the page above adds it."""
        if not self.reader.is_internal:
            self.request.shown_kinds = CIVIL_KINDS
        given = {name: value for name, value in kwargs.items() if name not in self.kwargs}
        return super().get_context_data(**given)

    def get_subtitle(self) -> str:
        """Return the programme, the days and the edition."""
        days = day_range(self.period.start, self.period.end)
        return f"{self.parent} · {days} · {self.reader.audience.label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the dashboard."""
        return [*crumbs_of(self.parent), ("Tableau de bord", self.url("dashboard"))]


class FigureList(FiguresPage, TemplateView):
    """Every figure that may be read, with its value."""

    template_name = "evaluation/figures/list.html"
    title = "Tous les chiffres"

    def get_table(self) -> Table:
        """Return the table of the figures."""
        found = self.reader.ask(
            *(Ask(words.code) for words in definitions() if self.reader.has(words))
        )
        return table(
            FIGURES,
            found.values(),
            caption=self.title,
            url=lambda result: self.url("figure_detail", result.definition.code),
        )

    def get_context_data(self, **kwargs) -> dict:
        """Add the table."""
        return super().get_context_data(table=self.get_table(), **kwargs)


class OneFigure(FiguresPage):
    """A page about one figure: 404 when there is none of this code."""

    @cached_property
    def words(self) -> Definition:
        """Return the definition that the URL names; 403 for who may not read it, or not here."""
        try:
            words = definition(self.kwargs["code"])
        except KeyError as error:
            raise Http404 from error
        is_closed = words.is_internal and not self.reader.is_internal
        if is_closed or not self.scope.opens(words.action, self.parent):
            raise PermissionDenied
        return words

    def ask(self, *by: str) -> Result | None:
        """Return the figure, None when this edition does not give it over the period."""
        code = self.words.code
        return self.reader.ask(Ask(code, by)).get(code)


class FigureDetail(OneFigure, TemplateView):
    """Where a number comes from: its words, its source, its breakdowns."""

    template_name = "evaluation/figures/detail.html"

    def get_title(self) -> str:
        """Return the name of the figure."""
        return self.words.label

    def get_facts(self, result: Result) -> list[tuple]:
        """Return what must be said of a number for it to be checked."""
        words, reader = self.words, self.reader
        facts = [
            ("Source", words.source),
            ("Unité", words.unit.label),
            ("Définition", f"version {words.version}"),
            ("Période", self.period.label),
            ("Action", str(self.parent)),
            ("Édition", reader.audience.footer),
            ("Calculé le", moment(timezone.now())),
        ]
        if not result.hidden:
            facts.insert(3, ("Lignes comptées", counted(self.row_count, "ligne", "lignes")))
        if result.rate:
            facts.insert(0, ("Part", result.rate))
        return facts

    @cached_property
    def row_count(self) -> int:
        """Return how many rows the figure counts."""
        return listing(self.reader.selection, self.words.code).rows.count()

    def get_cards(self, result: Result) -> list[Card]:
        """Return the breakdowns."""
        cards = [
            monthly(self.reader, result, self.link)
            if name == "month"
            else breakdown(self.reader, result, name, self.link, by_size=not dimension.is_ordered)
            for name, dimension in result.dimensions.items()
            if name != "programme"  # the page is of one programme
        ]
        return [card for card in cards if card]

    def get_context_data(self, **kwargs) -> dict:
        """Add the value, its words, its breakdowns, and the way to the rows."""
        names = tuple(dimensions_of(self.reader.selection, self.words))
        result = self.ask(*names)
        shown = {"result": result, "words": self.words, "year_url": self.get_year_url()}
        shown |= {"facts": [], "cards": [], "rows_url": ""}
        if result is not None:
            lists = bool(result.value) and self.reader.may_list(self.words)
            shown |= {
                "value": said(result),
                "noun": noun_of(result),
                "rows_label": _rows_label(self.row_count),
                "facts": self.get_facts(result),
                "cards": self.get_cards(result),
                "rows_url": self.url("figure_rows", self.words.code) if lists else "",
            }
        return super().get_context_data(**shown, **kwargs)

    def get_year_url(self) -> str:
        """Return the same figure over the year."""
        args = [self.parent.pk, self.reader.year, self.words.code]
        return reverse("evaluation:figure_detail", args=args)


class Rows(OneFigure):
    """What a list of rows and its export share: the part asked for, and the right to it."""

    action = Action.VIEW_INTERNAL_FIGURES

    @cached_property
    def result(self) -> Result:
        """Return the figure, by the dimension asked for; 404 for one that it has not."""
        name = self.request.GET.get("par", "")
        if name and name not in dimensions_of(self.reader.selection, self.words):
            raise Http404
        return self.ask(*([name] if name else []))

    @cached_property
    def part(self) -> Part | None:
        """Return the part asked for, None for the whole figure; 404 for a value it has not."""
        name = self.request.GET.get("par", "")
        if not name:
            return None
        part = part_at(self.result.parts[name], self.request.GET.get("valeur", ""))
        if part is None:
            raise Http404
        return part

    @cached_property
    def found(self) -> Listing:
        """Return the rows; 403 for who may not list them."""
        if not self.reader.may_list(self.words, self.result.dimensions.values()):
            raise PermissionDenied
        part, name = self.part, self.request.GET.get("par", "")
        by = {"by": name, "key": part.keys[0]} if part else {}
        return listing(self.reader.selection, self.words.code, **by)

    @property
    def counted(self) -> Result | Part:
        """Return what the rows add up to: the part, or the whole figure."""
        return self.part or self.result

    def get_title(self) -> str:
        """Return « Personnes touchées · Dutemple »."""
        return f"{self.words.label} · {self.part.label}" if self.part else self.words.label


class FigureRows(Rows, ListPage):
    """The rows that a figure, or one of its parts, counts."""

    template_name = "evaluation/figures/rows.html"
    empty_title = "Aucune ligne"

    def get_queryset(self):
        """Return the rows."""
        self.columns = self.found.columns
        return self.narrowed(self.found.rows)

    def row_url(self, row: Model) -> str | None:
        """Lead to the person that the row is about."""
        key = self.found.person_key(row)
        return reverse("beneficiaries:person_detail", args=[key]) if key else None

    def get_breadcrumbs(self) -> list:
        """Return the way back to the figure."""
        detail = self.url("figure_detail", self.words.code)
        return [*super().get_breadcrumbs(), (self.words.label, detail)]

    def get_links(self) -> list[dict]:
        """Lead to the same rows in a spreadsheet."""
        query = {key: self.request.GET[key] for key in ("par", "valeur") if self.part}
        code = self.words.code
        return links(lambda kind: self.url("figure_export", code, kind, **query))

    def get_context_data(self, **kwargs) -> dict:
        """Repeat the number that the rows explain."""
        return super().get_context_data(total=self.counted.text, words=self.words, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the rows; the journal keeps one line per page."""
        response = super().get(request, *args, **kwargs)
        label = f"Lignes de «\u00a0{self.words.label}\u00a0», {self.period.label}"
        record(self.scope, Verb.READ, self.parent, label=label)
        return response


class FigureExport(Rows, TemplateView):
    """The rows in a spreadsheet."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Send the file."""
        found, title = self.found, self.get_title()
        kind = kind_or_404(self.kwargs["kind"])
        return rows_file(self.reader.selection, self.parent, found, title=title, kind=kind)
