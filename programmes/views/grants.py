"""Pages of grants: those of a period, one grant with its four amounts, the answer of the funder."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from autoprod.core.formatting import day, euros, percent
from autoprod.core.periods import Period
from autoprod.core.rounding import share
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import kind_or_404, links
from autoprod.core.tables import Table
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
    requires,
)
from programmes.columns import GRANTS, show_due
from programmes.enums import GrantState
from programmes.exports.grants import grants_file
from programmes.forms.grants import AwardForm, GrantForm, RefuseForm
from programmes.models import Edition, Grant, GrantDraw, GrantPayment, Programme
from programmes.services import grants
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme, crumbs_of


def url_of(grant: Grant) -> str:
    """Return the page of a grant."""
    return reverse("programmes:grant_detail", args=[grant.pk])


def crumbs_of_edition(edition: Edition) -> list[tuple]:
    """Return the way back to the grants of an edition."""
    period = Period(edition.starts_on, edition.ends_on)
    url = reverse("programmes:grant_list", args=[edition.programme_id, period])
    return [*crumbs_of(edition.programme), (f"Financements {edition}", url)]


class GrantList(InPeriod, ListPage):
    """The grants of the editions that share a day with the period, and their totals."""

    model = Grant
    action = Action.VIEW_BUDGET
    title = "Financements"
    columns = GRANTS
    empty_icon = "euro"
    empty_title = "Aucun financement"
    empty_text = "Un financement se note dès la demande, depuis l’édition qu’il aide."
    create_label = "Ajouter un financement"

    def get_queryset(self):
        """Return the grants with their amounts."""
        rows = Grant.objects.for_scope(self.scope, self.action).of_programme(self.parent)
        rows = rows.in_period(self.period).with_amounts().select_related("edition", "funder")
        return self.narrowed(rows)

    def get_subtitle(self) -> str:
        """Return the programme and the period."""
        return f"{self.parent} · {self.period}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def row_url(self, row: Grant) -> str:
        """Lead to the grant."""
        return url_of(row)

    def get_create_url(self) -> str:
        """Lead to a grant of the period's last edition; empty without a right or an edition."""
        if not self.scope.opens(Action.EDIT_BUDGET, self.parent):
            return ""
        editions = Edition.objects.for_scope(self.scope, Action.EDIT_BUDGET).of(self.parent)
        last = editions.overlapping(self.period.start, self.period.end).first()
        return reverse("programmes:grant_create", args=[last.pk]) if last else ""

    def get_links(self) -> list[dict]:
        """Return the exports."""
        page = (self.parent.pk, self.period)
        return links(lambda kind: reverse("programmes:grant_export", args=[*page, kind]))

    def get_table(self, rows: list[Grant]) -> Table:
        """Add the totals of the whole list under its rows."""
        drawn = super().get_table(rows)
        if not drawn.body:
            return drawn
        totals = grants.totals_of(self.object_list)
        return replace(drawn, body=[*drawn.body, total_row(totals)])


def total_row(totals: grants.Totals) -> dict:
    """Return the last row of the list: a total under each column of amounts."""
    amounts = {
        "Demandé": totals.requested,
        "Attribué": totals.awarded,
        "Versé": totals.paid,
        "Justifié": totals.drawn,
        "Reste à justifier": totals.to_use,
    }
    words = ["Total", *(euros(amounts[c.label]) if c.label in amounts else "" for c in GRANTS[1:])]
    cells = [
        {
            "label": column.label,
            "html": format_html("<strong>{}</strong>", said),
            "align": column.align,
            "empty": not said,
        }
        for column, said in zip(GRANTS, words, strict=True)
    ]
    return {"url": None, "cells": cells}


@require_safe
@requires(Action.VIEW_BUDGET)
def grant_export(request: HttpRequest, programme: int, period: Period, kind: str) -> HttpResponse:
    """Send the grants of the period as a spreadsheet, CSV or XLSX."""
    rows = Programme.objects.for_scope(request.scope, Action.VIEW_BUDGET)
    parent = get_or_404(rows, pk=programme)
    return grants_file(request.scope, parent, period, kind_or_404(kind))


class OfGrant(InProgramme):
    """A page about a grant, the URL's or its parent."""

    def get_grant(self) -> Grant:
        """Return the grant."""
        return self.object

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.get_grant().edition.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the grant."""
        grant = self.get_grant()
        return [*crumbs_of_edition(grant.edition), (str(grant), url_of(grant))]

    def get_success_url(self) -> str:
        """Go back to the grant."""
        return url_of(self.get_grant())


#: Tone and icon of the tag of each state.
STATES = {
    GrantState.REQUESTED: ("ochre", "clock"),
    GrantState.AWARDED: ("blue", ""),
    GrantState.REFUSED: ("neutral", "x"),
    GrantState.SETTLED: ("green", "check"),
}


def tiles_of(grant: Grant) -> list[dict]:
    """Return the four amounts, each with its share of the one before; two before the award."""
    asked, given = grant.requested, grant.awarded
    first = _tile("Demandé", asked, f"le {day(grant.requested_on)}")
    if given is None:
        answer = f"refusé le {day(grant.refused_on)}" if grant.refused_on else "réponse attendue"
        return [first, _tile("Attribué", None, answer)]
    part = "" if given == asked else f" · {percent(share(given, asked))} de la demande"
    paid = f"{percent(share(grant.paid, given))} · reste {euros(grant.to_pay)} à verser"
    drawn = f"{percent(share(grant.drawn, given))} · reste {euros(grant.to_use)} à justifier"
    return [
        first,
        _tile("Attribué", given, f"le {day(grant.awarded_on)}{part}", asked),
        _tile("Versé", grant.paid, paid, given),
        _tile("Justifié", grant.drawn, drawn, given),
    ]


def _day(on: date | None) -> str:
    return day(on) if on else ""


def _tile(label: str, value: Decimal | None, hint: str, target: Decimal | None = None) -> dict:
    return {"label": label, "value": value, "hint": hint, "target": target}


class GrantDetail(OfGrant, DetailPage):
    """A grant: its four amounts, what came, what it pays for."""

    model = Grant
    action = Action.VIEW_BUDGET
    template_name = "programmes/grants/detail.html"
    select_related = ("edition__programme", "funder", "frequency", "span", "purpose", "kind")

    def get_queryset(self):
        """Return the grants with their amounts."""
        return super().get_queryset().with_amounts()

    def get_title(self) -> str:
        """Return the name of the grant."""
        return self.object.title

    def get_subtitle(self) -> str:
        """Return who gives it, and to what."""
        edition = self.object.edition
        return f"{self.object.funder} · {edition.programme}, édition {edition}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition's grants."""
        return crumbs_of_edition(self.object.edition)

    def get_facts(self) -> list[tuple]:
        """Return what is known of the request and of its account."""
        grant = self.object
        due = grant.report_awaited_on
        facts = [
            ("Numéro de dossier", grant.number),
            ("Demande", grant.frequency),
            ("Durée", grant.span),
            ("Objet", grant.purpose),
            ("Forme", grant.kind),
            ("Compte rendu attendu", show_due(due) if due else _day(grant.report_due_on)),
            ("Compte rendu remis", _day(grant.reported_on)),
        ]
        return [(label, value) for label, value in facts if value]

    def get_movements(self) -> dict:
        """Return the payments and the draws, for who may read them line by line."""
        if not grants.shows_movements(self.scope, self.object):
            return {"shows_movements": False}
        payments = GrantPayment.objects.for_scope(self.scope, self.action).of(self.object)
        draws = GrantDraw.objects.for_scope(self.scope, self.action).of(self.object)
        return {
            "shows_movements": True,
            "payments": payments,
            "draws": draws.select_related("reversed_by"),
        }

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts and the movements."""
        can_edit = self.scope.opens(Action.EDIT_BUDGET, self.get_programme())
        return super().get_context_data(
            tiles=tiles_of(self.object),
            state_tone=STATES[self.object.state][0],
            state_icon=STATES[self.object.state][1],
            facts=self.get_facts(),
            can_edit=can_edit,
            can_move=can_edit and self.object.awarded is not None,
            **self.get_movements(),
            **kwargs,
        )


class GrantCreate(InProgramme, CreatePage):
    """Note a grant asked for an edition."""

    model = Grant
    form_class = GrantForm
    parent_model = Edition
    action = Action.EDIT_BUDGET
    title = "Ajouter un financement"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.programme

    def get_fixed(self) -> dict:
        """Return the edition the URL names."""
        return {"edition": self.parent}

    def get_initial(self) -> dict:
        """Propose the usual day of the account."""
        return {"report_due_on": grants.usual_report_day(self.parent)}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition's grants."""
        return crumbs_of_edition(self.parent)

    def get_success_url(self) -> str:
        """Go to the grant."""
        return url_of(self.object)


class GrantUpdate(OfGrant, UpdatePage):
    """Edit what is asked."""

    model = Grant
    form_class = GrantForm
    action = Action.EDIT_BUDGET
    select_related = ("edition__programme", "funder")

    def get_fixed(self) -> dict:
        """Keep the edition in the checks of doubles."""
        return {"edition": self.object.edition}

    def get_delete_url(self) -> str:
        """Lead to the deletion of the grant."""
        return reverse("programmes:grant_delete", args=[self.object.pk])


class GrantAnswer(OfGrant, UpdatePage):
    """A page that notes the funder's answer, under the grant's lock."""

    model = Grant
    action = Action.EDIT_BUDGET
    select_related = ("edition__programme", "funder")

    def get_title(self) -> str:
        """Return what is noted."""
        return self.title

    def get_subtitle(self) -> str:
        """Return what was asked, and when."""
        grant = self.object
        return f"{grant}\u00a0: {euros(grant.requested)} demandés le {day(grant.requested_on)}."


class GrantAward(GrantAnswer):
    """Note what the funder gives."""

    form_class = AwardForm
    title = "Noter l’attribution"

    def get_fixed(self) -> dict:
        """Compare with the day of the request; a refusal noted before is taken back."""
        return {"requested_on": self.object.requested_on, "refused_on": None}


class GrantRefuse(GrantAnswer):
    """Note that the funder gives nothing."""

    form_class = RefuseForm
    title = "Noter le refus"

    def get_fixed(self) -> dict:
        """Compare with the day of the request; an award noted before is taken back."""
        asked = {"requested_on": self.object.requested_on}
        return asked | {"awarded": None, "awarded_on": None}


class GrantDelete(OfGrant, DeletePage):
    """Delete a grant that nothing was paid for nor drawn on."""

    model = Grant
    action = Action.EDIT_BUDGET
    select_related = ("edition__programme", "funder")
    kept_message = "Impossible de supprimer\u00a0: l’argent a bougé ({names})."

    def get_success_url(self) -> str:
        """Go back to the edition's grants."""
        return crumbs_of_edition(self.object.edition)[-1][1]
