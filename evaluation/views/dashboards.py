"""The dashboard of a programme over a period."""

from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from autoprod.core.formatting import counted, day_range
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import kind_or_404
from evaluation.enums import Audience
from evaluation.exports.dashboards import dashboard_file
from evaluation.services.dashboards import (
    Dashboard,
    Tile,
    asks_of,
    dashboard,
)
from evaluation.services.figures import Reader
from evaluation.views.figures import FiguresPage
from programmes.views.programmes import crumbs_of


def title_of(period: Period) -> str:
    """Return « Tableau de bord 2015 », « Tableau de bord, mars 2015 »."""
    if period.kind == Kind.YEAR:
        return f"Tableau de bord {period.start.year}"
    return f"Tableau de bord, {period.label}"


def hint_of(tile: Tile) -> str | SafeString:
    """Return what a tile says under its number, its state first."""
    if tile.tag is None:
        return tile.hint
    text, tone = tile.tag
    icon = "check" if tone == "green" else "triangle-alert"
    drawn = render_to_string("components/tag.html", {"text": text, "tone": tone, "icon": icon})
    return format_html("{} {}", SafeString(drawn.strip()), tile.hint)


def url_of_figure(reader: Reader, code: str) -> str:
    """Return the page of a figure, over the period that is read."""
    return reverse("evaluation:figure_detail", args=[reader.programme.pk, reader.period, code])


class DashboardPage(FiguresPage, TemplateView):
    """Four tiles and the cards, in the edition that the reader may read."""

    template_name = "evaluation/dashboards/detail.html"

    @cached_property
    def shown(self) -> Dashboard:
        """Return what the page shows."""
        return dashboard(self.reader, self.link)

    def get_title(self) -> str:
        """Return « Tableau de bord 2015 »."""
        return title_of(self.period)

    def get_subtitle(self) -> str:
        """Return the programme, its sites, the days and the edition."""
        sites = counted(self.reader.site_count, "site", "sites")
        days = day_range(self.period.start, self.period.end)
        return f"{self.parent} · {sites} · {days} · {self.reader.audience.label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_tiles(self) -> list[dict]:
        """Return the tiles as the component draws them, each leading to its figure."""
        return [
            {
                "tile": tile,
                "hint": hint_of(tile),
                "url": self.url("figure_detail", tile.code),
            }
            for tile in self.shown.tiles
        ]

    def get_cards(self) -> list[dict]:
        """Return the cards, each with the page of its figure and, if by year, that year's page."""
        return [
            {
                "card": card,
                "url": self.url("figure_detail", card.code),
                "year_url": card.year and self.get_page(card.year),
            }
            for card in self.shown.cards
        ]

    def get_page(self, period: Period) -> str:
        """Return the dashboard over another period."""
        return reverse("evaluation:dashboard", args=[self.parent.pk, period])

    def get_edition_link(self) -> dict | None:
        """Return where the team reads the other edition; nothing for the others."""
        if not self.reader.is_team:
            return None
        page = self.get_page(self.period)
        if not self.reader.is_internal:
            return {"label": "Voir l’édition équipe", "url": page, "icon": "eye"}
        if self.period.kind == Kind.CUSTOM:
            return None
        query = f"?edition={Audience.DIFFUSION.value}"
        return {"label": "Voir l’édition comité", "url": f"{page}{query}", "icon": "eye"}

    def get_next_step(self) -> str:
        """Return where presence is written, empty for who may not go there."""
        if not self.scope.opens(Action.VIEW_SESSIONS, self.parent):
            return ""
        return reverse("programmes:session_list", args=[self.parent.pk, self.period])

    def get_report_url(self) -> str:
        """Return the bilan of the period, empty over one that has none."""
        if self.period.kind == Kind.CUSTOM:
            return ""
        return reverse("evaluation:report_detail", args=[self.parent.pk, self.period])

    def get_context_data(self, **kwargs) -> dict:
        """Add the tiles, the cards and the buttons."""
        return super().get_context_data(
            tiles=self.get_tiles(),
            cards=self.get_cards(),
            is_empty=self.shown.is_empty,
            sessions_url=self.get_next_step() if self.shown.is_empty else "",
            edition_link=self.get_edition_link(),
            export_url=self.url("dashboard_export", "xlsx"),
            list_url=self.url("figure_list"),
            report_url=self.get_report_url(),
            footer=self.reader.audience.footer,
            **kwargs,
        )


class DashboardExport(FiguresPage, TemplateView):
    """The figures of the dashboard in a spreadsheet."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Send the file."""
        return dashboard_file(
            self.reader.selection,
            self.parent,
            self.reader.ask(*asks_of(self.reader)).values(),
            audience=self.reader.audience,
            kind=kind_or_404(self.kwargs["kind"]),
        )
