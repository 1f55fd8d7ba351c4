"""Who may open the addresses of grants: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, see
from tests.factories import grants as funds

A = Action


def _programme(place, frame):
    return frame.programme


def _edition(place, frame):
    return frame.edition


def _year(place, frame):
    return Period.containing(frame.edition.starts_on, Kind.YEAR)


def _csv(place, frame):
    return "csv"


def _grant(place, frame):
    return frame.grant


def _grant_at_rest(place, frame):
    return funds.make_grant(frame.edition, frame.funder)


def _payment(place, frame):
    return funds.first_payment(frame.grant)


def _draw(place, frame):
    return funds.first_draw(frame.grant)


def _in_full(place, frame):
    return {"awarded": "1000"}


LINES: dict[str, Entry] = {
    "programmes:grant_list": see(A.VIEW_BUDGET, programme=_programme, period=_year),
    "programmes:grant_export": see(A.VIEW_BUDGET, programme=_programme, period=_year, kind=_csv),
    "programmes:grant_create": fill(A.EDIT_BUDGET, parent=_edition),
    "programmes:grant_detail": see(A.VIEW_BUDGET, pk=_grant),
    "programmes:grant_update": fill(A.EDIT_BUDGET, pk=_grant),
    "programmes:grant_award": fill(A.EDIT_BUDGET, data=_in_full, pk=_grant),
    "programmes:grant_refuse": fill(A.EDIT_BUDGET, pk=_grant_at_rest),
    "programmes:grant_delete": fill(A.EDIT_BUDGET, pk=_grant_at_rest),
    "programmes:grant_payment_create": fill(A.EDIT_BUDGET, parent=_grant),
    "programmes:grant_payment_update": fill(A.EDIT_BUDGET, pk=_payment),
    "programmes:grant_payment_delete": fill(A.EDIT_BUDGET, pk=_payment),
    "programmes:grant_draw_create": fill(A.EDIT_BUDGET, parent=_grant),
    "programmes:grant_draw_reverse": fill(A.EDIT_BUDGET, pk=_draw),
}
