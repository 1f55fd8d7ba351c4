"""Exits: what they count as, what documents them, and what is proposed once noted."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.core.periods import Period
from beneficiaries.enums import ExitCategory, ReferralAnswerKind
from beneficiaries.models import Enrolment
from beneficiaries.services.outcomes import category_of, exit_of
from programmes.models import ReferenceCode
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories.programmes import code

MONDAY = date(2026, 1, 5)


def outcome(stay, kind, **fields):
    """Return an outcome with the contract its kind is known for."""
    row = people.make_outcome(stay, kind, **{"starts_on": MONDAY} | fields)
    if contract := row.kind.meta.get("contract"):
        row.contract = code("contract_kinds", contract)
        row.save()
    return row


def test_every_category_of_the_list_is_known(db):
    listed = ReferenceCode.objects.filter(list="exit_categories").values_list("code", flat=True)
    assert set(listed) == set(ExitCategory.values[:5])


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("3", ExitCategory.DURABLE),
        ("10", ExitCategory.TRANSITION),
        ("5", ExitCategory.POSITIVE),
        ("8", ExitCategory.OTHER),
        ("16", ExitCategory.WITHDRAWN),
        ("96", ExitCategory.OUTSIDE),
    ],
)
def test_the_reason_says_the_category(number, expected, db):
    assert category_of(reason=code("exit_reasons_asp", number)) == expected


@pytest.mark.parametrize(
    ("kind", "ends_on", "expected"),
    [
        # Six months to the day: from 5 January, the last day is 4 July.
        ("cdd", date(2026, 7, 4), ExitCategory.DURABLE),
        ("cdd", date(2026, 7, 3), ExitCategory.TRANSITION),
        ("interim", date(2026, 7, 4), ExitCategory.DURABLE),
        ("interim", date(2026, 1, 9), ExitCategory.TRANSITION),
        ("cdd", None, ExitCategory.UNKNOWN_LENGTH),
        ("cdi", None, ExitCategory.DURABLE),
        ("cddi", None, ExitCategory.POSITIVE),
        ("contrat_aide", date(2027, 1, 4), ExitCategory.TRANSITION),
        ("creation", None, ExitCategory.DURABLE),
        ("formation", None, ExitCategory.POSITIVE),
        ("reorientation", None, ExitCategory.OTHER),
    ],
)
def test_a_contract_and_its_dates_say_the_category(kind, ends_on, expected, stay):
    assert category_of(outcome=outcome(stay, kind, ends_on=ends_on)) == expected


def test_six_months_from_the_end_of_august_end_with_february(stay):
    row = outcome(stay, "cdd", starts_on=date(2025, 8, 31), ends_on=date(2026, 2, 27))
    assert category_of(outcome=row) == ExitCategory.DURABLE
    row.ends_on = date(2026, 2, 26)
    assert category_of(outcome=row) == ExitCategory.TRANSITION


def test_the_reason_passes_before_the_outcome(stay):
    chosen = category_of(reason=code("exit_reasons_asp", "8"), outcome=outcome(stay, "cdi"))
    assert chosen == ExitCategory.OTHER


def test_an_exit_that_says_nothing_is_not_documented(garden, stay):
    stay.left_on, stay.exit_motive = date(2026, 3, 1), code("exit_motives", "demenagement")
    stay.save()
    assert exit_of(stay) == ExitCategory.UNDOCUMENTED
    stay.exit_reason = code("exit_reasons_asp", "7")
    stay.save()
    assert exit_of(stay) == ExitCategory.OTHER


# Noting an exit.


def url(name: str, *keys) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


def noted(browser, stay, **fields):
    """Send the form of an exit as it is shown, with some fields changed."""
    address = url("enrolment_exit", stay.pk)
    form = browser.get(address).context["form"]
    return browser.post(address, filled(form) | {"left_on": "2026-03-01"} | fields)


def test_an_exit_says_what_somebody_became_and_what_it_counts_as(browser, stay):
    response = noted(browser, stay, exit_reason=code("exit_reasons_asp", "9").pk)
    stay.refresh_from_db()
    assert stay.exit_reason.code == "9"
    html = browser.get(response.url).content.decode()
    assert stay.exit_reason.label in html
    assert "emploi durable" in html
    browser.post(url("enrolment_reopen", stay.pk))
    stay.refresh_from_db()
    assert (stay.left_on, stay.exit_reason) == (None, None)


def test_an_exit_that_says_nothing_is_shown_as_such(browser, leader, stay):
    response = noted(browser, stay)
    assert "sortie non documentée" in browser.get(response.url).content.decode()
    assert "sortie non documentée" not in leader.get(response.url).content.decode()
    noted(browser, stay, exit_reason=code("exit_reasons_asp", "8").pk)
    assert "sortie non documentée" not in browser.get(response.url).content.decode()


def test_a_closed_request_has_no_reason_to_give(browser, garden):
    waiting = people.enrolment_of(people.make_person(garden.programme, entered_on=None))
    fields = browser.get(url("enrolment_exit", waiting.pk)).context["form"].fields
    assert {"left_on", "exit_motive"} == set(fields) - {"version"}
    response = noted(browser, waiting)
    assert "sortie non documentée" not in browser.get(response.url).content.decode()


def test_what_is_left_to_do_is_proposed_once_it_is_noted(browser, garden, stay):
    stay.referred_by = garden.network
    stay.save()
    html = browser.get(noted(browser, stay).url).content.decode()
    assert "Noter la situation à la sortie" in html
    assert url("answer_today", stay.pk, ReferralAnswerKind.ENDED) in html
    people.make_situation(stay.person, on=date(2026, 3, 2))
    paths.make_referral_answer(
        paths.make_referral(stay), ReferralAnswerKind.ENDED, date(2026, 3, 2)
    )
    html = browser.get(url("person_enrolments", stay.person_id)).content.decode()
    assert "Noter la situation à la sortie" not in html
    assert url("answer_today", stay.pk, ReferralAnswerKind.ENDED) not in html


def test_the_list_of_outcomes_tells_what_each_counts_as(browser, garden, stay):
    outcome(stay, "cdi")
    address = reverse("beneficiaries:outcome_list", args=[garden.programme.pk, "2026"])
    assert "emploi durable" in browser.get(address).content.decode()


# For figures.


def test_exits_of_a_period_are_counted_by_their_last_day(garden, stay):
    for left_on in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)):
        people.make_person(garden.programme, left_on=left_on)
    people.make_person(garden.programme, entered_on=None, left_on=date(2026, 3, 5))
    rows = Enrolment.objects.filter(programme=garden.programme)
    march = rows.exited_in(Period.month(2026, 3))
    assert sorted(march.values_list("left_on", flat=True)) == [date(2026, 3, 1), date(2026, 3, 31)]
