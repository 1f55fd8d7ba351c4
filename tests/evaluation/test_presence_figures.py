"""What is signed for, and what kinds of sessions count for, on figures and the dashboard."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.core.periods import Period
from beneficiaries.services.statements import reopen
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, compute
from programmes.access import scope_of
from programmes.models import ReferenceCode
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

YEAR = Period.year(2015)
MARCH, APRIL = date(2015, 3, 1), date(2015, 4, 1)
NB = "\u00a0"


@pytest.fixture
def here(frame, client_for):
    """Return what the manager reads of the year: figures by code, and the cards' cells."""

    def values(*codes: str) -> list:
        scope = scope_of(frame.programme_manager)
        selection = Selection(scope, frozenset({frame.programme.pk}), YEAR)
        asks = [Ask(code) for code in codes]
        found = compute(selection, asks, audience=Audience.INTERNAL, threshold=5)
        return [found[code].value for code in codes]

    def cells(title: str) -> list[tuple]:
        browser = client_for(frame.programme_manager)
        page = browser.get(reverse("evaluation:dashboard", args=[frame.programme.pk, YEAR]))
        (card,) = [row["card"] for row in page.context["cards"] if row["card"].title == title]
        return [row.cells for row in card.table.rows]

    return values, cells


def comes(frame, stay, *days: date) -> None:
    """Write presences of four hours in closed sessions."""
    for day in days:
        session = make.close(make.make_session(frame.programme, frame.site, on=day))
        people.make_attendance(stay, session, frame.site)


def test_t4_a_month_counts_once_and_only_its_signed_hours_are_signed(frame, here):
    values, cells = here
    stay, other = (people.enrolment_of(people.make_person(frame.programme)) for _ in range(2))
    comes(frame, stay, date(2015, 3, 2), date(2015, 3, 9), date(2015, 4, 7))
    comes(frame, other, date(2015, 3, 16))
    reason = make.code("unsigned_reasons")
    closed = plans.make_statement(other, MARCH, state="unsigned", unsigned_reason=reason)
    march = plans.sign(plans.make_statement(stay, MARCH))
    plans.make_statement(stay, APRIL)
    assert values("hours", "hours_signed", "hours_unsigned") == [960, 480, 480]
    assert values("months_present", "months_signed") == [3, 1]
    assert cells("Présences signées") == [
        ("Heures signées", f"8{NB}h", f"50,0{NB}%"),
        ("Heures non signées", f"8{NB}h", f"50,0{NB}%"),
        ("Mois signés", "1", f"33,3{NB}%"),
    ]
    reopen(scope=scope_of(frame.programme_manager), statement=march, reason="Oubli")
    assert values("hours_signed", "months_signed") == [0, 0], "a month opened again is to sign"
    closed.refresh_from_db()
    assert closed.is_frozen


def test_a_kind_counts_what_its_list_says_today(frame, here):
    values, cells = here
    codes = ("outreach_met", "outreach_oriented", "outreach_entered")
    codes += ("public_indirect", "participations_unnamed", "persons_reached")
    permanence, information = (
        make.code("session_kinds", kind) for kind in ("permanence", "information")
    )
    met = make.make_session(frame.programme, frame.site, on=MARCH, kind=permanence)
    plans.make_outreach(make.close(met), met=9, oriented=4, entered=2)
    told = make.make_session(frame.programme, frame.site, on=APRIL, kind=information, headcount=30)
    make.close(told)
    assert values(*codes) == [9, 4, 2, 30, 0, 0]
    assert ("Public indirect", "30") in cells("Rencontres et publics")

    ReferenceCode.objects.filter(pk=permanence.pk).update(meta={})
    ReferenceCode.objects.filter(pk=information.pk).update(meta={"meeting": True})
    assert values(*codes) == [0, 0, 0, 0, 30, 0]
    assert values("meetings_held", "meeting_minutes") == [1, 240]
