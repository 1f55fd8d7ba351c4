"""Figures of pathways: they say what the pages of a person say, and the committee gets totals."""

from collections import Counter
from datetime import date

import pytest

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from beneficiaries.enums import ExitCategory, Level
from beneficiaries.models import Enrolment
from beneficiaries.services.outcomes import exit_of
from beneficiaries.services.rhythm import due_of
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, compute, listing
from tests.factories import beneficiaries as people
from tests.factories import pathways
from tests.factories import programmes as make

SCOPE = Scope.everything(reason="essai")
YEAR = Period.year(2015)
CODES = ("interviews_held", "barriers_followed", "barriers_identified", "barriers_lifted")


def ask(frame, *codes, period=YEAR, audience=Audience.INTERNAL):
    selection = Selection(SCOPE, frozenset({frame.programme.pk}), period)
    asks = [Ask(code, by) if by else Ask(code) for code, *by in codes]
    return compute(selection, asks, audience=audience, threshold=5)


def stay_of(frame, **entry) -> Enrolment:
    return people.enrolment_of(people.make_person(frame.programme, **entry))


# One interview a month.

APRIL = Period.month(2016, 4)


def plain(stay) -> None:
    """Leave the stay as it is."""


def paused(start: date, end: date | None):
    return lambda stay: pathways.make_suspension(stay, start, end)


def levels(*changes: tuple[str, date]):
    def change(stay) -> None:
        for level, since in changes:
            pathways.make_level_change(stay, level, since)

    return change


@pytest.mark.parametrize(
    ("entry", "happens", "is_due"),
    [
        ({"entered_on": date(2016, 4, 15)}, plain, True),
        ({"entered_on": date(2016, 4, 16)}, plain, False),
        ({"entered_on": date(2016, 3, 31)}, plain, True),
        ({"entered_on": date(2016, 5, 1)}, plain, False),
        ({"entered_on": None}, plain, False),
        ({"level": Level.PARTICIPATION}, plain, False),
        ({"part": "volunteer"}, plain, False),
        ({}, paused(date(2016, 4, 1), date(2016, 4, 30)), False),
        ({}, paused(date(2016, 3, 1), None), False),
        ({}, paused(date(2016, 4, 1), date(2016, 4, 29)), True),
        ({}, levels((Level.PARTICIPATION, date(2016, 4, 1))), False),
        ({}, levels((Level.PARTICIPATION, date(2016, 5, 1))), True),
        ({"level": Level.PARTICIPATION}, levels((Level.PATHWAY, date(2016, 4, 15))), True),
        ({"level": Level.PARTICIPATION}, levels((Level.PATHWAY, date(2016, 4, 16))), False),
        ({"level": Level.PARTICIPATION}, levels((Level.PATHWAY, date(2016, 5, 2))), False),
    ],
)
def test_a_month_is_due_as_the_caseload_says_on_its_last_day(entry, happens, is_due, frame):
    before = ask(frame, ["monthly_due"], period=APRIL)["monthly_due"].value
    stay = stay_of(frame, **entry)
    happens(stay)
    after = ask(frame, ["monthly_due"], period=APRIL)["monthly_due"].value
    assert after - before == is_due
    stay.refresh_from_db()
    told = due_of(SCOPE, [stay], APRIL.end).get(stay.pk)
    assert bool(told and told.by and told.by <= APRIL.end) == is_due, "the caseload disagrees"


def test_who_left_in_the_month_was_to_be_met(frame):
    before = ask(frame, ["monthly_due"], period=APRIL)["monthly_due"].value
    stay = stay_of(frame, left_on=date(2016, 4, 4))
    pathways.make_suspension(stay, date(2016, 4, 1), date(2016, 4, 3))
    assert ask(frame, ["monthly_due"], period=APRIL)["monthly_due"].value == before + 1
    pathways.make_suspension(stay_of(frame, left_on=date(2016, 4, 4)), date(2016, 3, 4), None)
    assert ask(frame, ["monthly_due"], period=APRIL)["monthly_due"].value == before + 1


def test_two_interviews_in_a_month_make_it_met_once(frame):
    stay = stay_of(frame, entered_on=date(2016, 2, 1), left_on=date(2016, 5, 31))
    for on in (date(2016, 4, 1), date(2016, 4, 30), date(2016, 5, 2)):
        pathways.make_interview(stay, on=on)
    quarter = Period.quarter(2016, 2)
    found = ask(frame, ["monthly_held"], ["interviews_held"], period=quarter)
    assert (found["monthly_held"].value, found["interviews_held"].value) == (2, 3)
    selection = Selection(SCOPE, frozenset({frame.programme.pk}), quarter)
    (row,) = [e for e in listing(selection, "monthly_held").rows if e.pk == stay.pk]
    assert (row.due, row.met) == (2, 2)


def test_a_coverage_prints_its_denominator(frame):
    period = Period.month(2014, 3)
    entry = {"entered_on": date(2014, 1, 1), "left_on": date(2014, 12, 1)}
    stays = [stay_of(frame, **entry) for _ in range(3)]
    assert ask(frame, ["monthly_held"], period=Period.month(2012, 3))["monthly_held"].rate == "s.o."
    pathways.make_interview(stays[0], on=date(2014, 3, 3))
    found = ask(frame, ["monthly_held"], period=period)["monthly_held"]
    assert found.rate == "33,3\u00a0% de 3"


def test_a_month_that_has_not_begun_is_not_due(frame):
    stay_of(frame)
    ahead = Period.containing(make.tomorrow(), "year").next()
    assert ask(frame, ["monthly_due"], period=ahead)["monthly_due"].value == 0


# Barriers.


def test_who_is_gone_keeps_no_barrier_to_look_at_again(frame):
    before = ask(frame, ["barriers_to_reassess"])["barriers_to_reassess"].value
    for left_on in (date(2015, 12, 30), date(2015, 12, 31)):
        pathways.make_barrier(stay_of(frame, left_on=left_on), identified_on=date(2015, 1, 2))
    assert ask(frame, ["barriers_to_reassess"])["barriers_to_reassess"].value - before == 1


def test_the_committee_reads_totals_of_barriers_and_interviews(frame):
    for number in range(12):
        stay = stay_of(frame)
        pathways.make_interview(
            stay, on=date(2015, 3, 3), kind=make.code("interview_kinds", "sortie")
        )
        lifted = date(2015, 6, 1) if number < 6 else None
        pathways.make_barrier(stay, "25", identified_on=date(2015, 3, 3), lifted_on=lifted)
    by_kind = [[code, "kind"] for code in CODES]
    ours = ask(frame, *by_kind)
    theirs = ask(frame, *by_kind, audience=Audience.DIFFUSION)
    assert all(ours[code].parts["kind"] for code in CODES)
    assert not any(theirs[code].parts for code in CODES)
    assert theirs["interviews_held"].value == 12
    month = ask(frame, *by_kind, audience=Audience.DIFFUSION, period=Period.month(2015, 3))
    assert set(month) == {"interviews_held"}, "barriers are given by year"


def test_few_barriers_are_not_told_to_the_committee(frame):
    for number in range(9):
        lifted = date(2015, 6, 1) if number < 2 else None
        pathways.make_barrier(stay_of(frame), identified_on=date(2015, 3, 3), lifted_on=lifted)
    theirs = ask(frame, ["barriers_lifted"], audience=Audience.DIFFUSION)["barriers_lifted"]
    assert (theirs.value, theirs.text) == (None, "moins de 5")


@pytest.mark.parametrize(
    "code", ["monthly_due", "barriers_to_reassess", "exits", "exits_dynamic", "exits_withdrawn"]
)
def test_the_committee_edition_has_none_of_what_is_internal(code, frame):
    assert ask(frame, [code], audience=Audience.DIFFUSION) == {}


# Exits.

MONDAY = date(2015, 1, 5)
#: A year nobody else left in.
BEFORE = {"entered_on": date(2014, 1, 1), "left_on": date(2014, 5, 1)}


CONTRACTS = ("FIXED_TERM", "TEMPORARY", "PERMANENT", "PERMANENT_I", "")
REASONS = ("", "3", "10", "5", "8", "16", "96")
#: Around six months, to the day: from a Monday, across years, from the end of a February; no end.
SPANS = (
    (MONDAY, date(2015, 7, 4)),
    (MONDAY, date(2015, 7, 3)),
    (date(2014, 8, 31), date(2015, 2, 27)),
    (date(2014, 8, 31), date(2015, 2, 26)),
    (date(2015, 2, 28), date(2015, 8, 27)),
    (MONDAY, None),
)


def left(frame, contract: str, reason: str, span: tuple[date, date | None]) -> Enrolment:
    stay = stay_of(frame, **BEFORE)
    stay.exit_reason = make.code("exit_reasons_asp", reason) if reason else None
    stay.exit_outcome = people.make_outcome(
        stay,
        "reorientation",
        contract=make.code("contract_kinds", contract) if contract else None,
        starts_on=span[0],
        ends_on=span[1],
    )
    stay.save()
    return stay


@pytest.mark.parametrize("contract", CONTRACTS)
def test_an_exit_counts_as_its_page_says(contract, frame):
    """Every reason and every span of a contract, each exit found again under its own category."""
    stays = [left(frame, contract, reason, span) for reason in REASONS for span in SPANS]
    told = {stay.pk: exit_of(stay) for stay in stays}
    apart = {ExitCategory.WITHDRAWN, ExitCategory.OUTSIDE}
    assert len(set(told.values())) > 2
    for code, mine in (("exits", set(told.values()) - apart), ("exits_withdrawn", apart)):
        parts = ask(frame, [code, "category"], period=YEAR.previous())[code].parts["category"]
        found = {part.label.lower(): part.value for part in parts if part.value}
        expected = Counter(kind.label.lower() for kind in told.values() if kind in mine)
        assert found == expected, code


def test_the_rate_of_exits_leaves_out_what_is_withdrawn_and_shows_the_undocumented(frame):
    for reason in ("3", "10", "5", "8", "17", ""):
        stay = stay_of(frame, **BEFORE)
        stay.exit_reason = make.code("exit_reasons_asp", reason) if reason else None
        stay.save()
    found = ask(frame, ["exits", "category"], ["exits_dynamic"], period=YEAR.previous())
    assert [(part.label, part.value) for part in found["exits"].parts["category"]] == [
        ("Emploi durable", 1),
        ("Emploi de transition", 1),
        ("Sortie positive", 1),
        ("Autre sortie", 1),
        ("Sortie non documentée", 1),
    ]
    assert found["exits_dynamic"].rate == "60,0\u00a0% de 5"
