"""The demo's grants: those of the fiche, up to the day the demo is lived on."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from autoprod.core.scoping import Scope
from programmes.enums import GrantState
from programmes.management.demo import frame, grants, money
from programmes.models import Grant, GrantDraw, GrantPayment
from programmes.services.grants import draw

pytestmark = pytest.mark.django_db

FICHE = [20_000, 20_700, 25_000, 31_500]
ON = date(2026, 11, 23)


def load(on: date) -> None:
    programme = frame.load(on=on)
    money.load(programme=programme, on=on)
    grants.load(programme=programme, on=on, years=frame.years(programme, on=on))


def of_year(year: int) -> list[Grant]:
    rows = Grant.objects.filter(edition__label=str(year)).with_amounts()
    return list(rows.order_by("requested"))


def rows() -> dict:
    """Return all that is there, without the versions."""
    found = {}
    for model in (Grant, GrantPayment, GrantDraw):
        for values in model.objects.values():
            values.pop("version", None)
            found[model, values["id"]] = values
    return found


def test_the_year_of_the_fiche_is_paid_used_and_told():
    load(ON)
    told = of_year(2015)
    assert [grant.awarded for grant in told] == FICHE
    assert {grant.state for grant in told} == {GrantState.SETTLED}
    assert {grant.report_awaited_on for grant in told} == {None}


def test_the_year_lived_is_under_way_and_has_nothing_to_come():
    load(ON)
    told = of_year(ON.year)
    assert [grant.awarded for grant in told] == FICHE
    assert [grant.drawn for grant in told] == [amount * Decimal("0.8") for amount in FICHE]
    assert {grant.state for grant in told} == {GrantState.AWARDED}
    assert not GrantDraw.objects.filter(on__gt=ON).exists()
    assert not GrantPayment.objects.filter(paid_on__gt=ON).exists()
    assert not Grant.objects.filter(awarded_on__gt=ON).exists()


def test_early_in_the_year_some_answers_are_awaited():
    load(date(2026, 3, 1))
    assert [grant.state for grant in of_year(2026)] == [
        GrantState.REQUESTED,
        GrantState.AWARDED,
        GrantState.AWARDED,
        GrantState.REQUESTED,
    ]


def test_the_same_day_twice_changes_nothing():
    load(ON)
    before = rows()
    load(ON)
    assert rows() == before


def test_a_later_day_only_adds():
    load(date(2026, 3, 1))
    before = rows()
    load(date(2027, 7, 1))
    after = rows()
    for key, values in before.items():
        changed = {name for name, value in values.items() if after[key][name] != value}
        assert changed <= {"awarded", "awarded_on", "reported_on"}
        assert {values[name] for name in changed} <= {None}
    assert {grant.drawn - grant.awarded for grant in of_year(2026)} == {0}
    assert len(of_year(2027)) == len(FICHE)


def test_no_demo_grant_is_drawn_beyond_its_award():
    load(ON)
    for grant in of_year(2015):
        with pytest.raises(ValidationError):
            draw(
                scope=Scope.everything(reason="essai"),
                grant=grant,
                amount=Decimal("0.01"),
                on=ON,
                label="Trop",
            )
