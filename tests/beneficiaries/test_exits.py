"""Exits: what they count as, what documents them, and what is proposed once noted."""

from datetime import date

import pytest

from beneficiaries.enums import ExitCategory
from beneficiaries.models import Enrolment
from beneficiaries.services.outcomes import category_of, exit_of
from programmes.models import ReferenceCode
from tests.factories import beneficiaries as people
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
    rows = Enrolment.objects.filter(pk=stay.pk)
    assert rows.undocumented().exists()
    stay.exit_reason = code("exit_reasons_asp", "7")
    stay.save()
    assert rows.documented().exists()
    assert not rows.undocumented().exists()
