"""Hours by site, by person, by stretch of days: the same sum, and that of the figure."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from beneficiaries.models import Attendance, Enrolment, Statement
from beneficiaries.services import hours, presences
from evaluation.enums import Audience
from evaluation.results import Ask, Result, Selection, compute
from tests.evaluation.random_worlds import Stage, save, stage, worlds

SCOPE = Scope.everything(reason="essai")
PERIODS = [
    Period.year(2015),
    Period.month(2015, 2),
    Period.month(2015, 6),
    Period(date(2014, 12, 28), date(2015, 1, 3)),
]
TRIED = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def signed_months() -> set[tuple[int, date]]:
    """Return the (enrolment, first day) pairs of the months that are signed."""
    signed = Statement.objects.filter(state__in=("signed", "locked"))
    return set(signed.values_list("enrolment", "month"))


def figures_of(on: Stage, period: Period) -> dict[str, Result]:
    """Return the hours of presence by site, signed and not, as the dashboards show them."""
    selection = Selection(SCOPE, frozenset({on.programmes[0].pk}), period)
    asks = [Ask("hours", ("site",)), Ask("hours_signed"), Ask("hours_unsigned")]
    return compute(selection, asks, audience=Audience.INTERNAL, threshold=5)


def by_person(on: Stage, period: Period, signed: set) -> tuple[Counter, Counter]:
    """Return the minutes and the signed minutes of each person, in a plain loop."""
    declared, written = Counter(), Counter()
    for row in Attendance.objects.select_related("enrolment", "session"):
        if row.session.programme_id != on.programmes[0].pk or not period.contains(row.on):
            continue
        if row.status != "present" or row.session.closed_at is None:
            continue
        declared[row.enrolment.person_id] += row.minutes
        if (row.enrolment_id, row.on.replace(day=1)) in signed:
            written[row.enrolment.person_id] += row.minutes
    return declared, written


def agree(on: Stage, period: Period, signed: set) -> None:
    """Add the hours of a period up in every way."""
    told, figures = hours.of_programme(SCOPE, on.programmes[0], period), figures_of(on, period)
    figure = figures["hours"]
    total, lines = told.participants.total, told.participants.lines
    sites = {part.keys[0]: part.value for part in figure.parts["site"] if part.value}
    assert total.declared == figure.value == sum(line.spent.declared for line in lines)
    assert +total.sites == sites
    assert sum(sites.values()) == figure.value
    assert figure.value == sum(line.spent.declared for line in told.stretches)
    assert total.signed == sum(line.spent.signed for line in told.stretches)
    assert total.signed == figures["hours_signed"].value
    assert total.unsigned == figures["hours_unsigned"].value
    declared, written = by_person(on, period, signed)
    everybody = [*lines, *told.others.lines]
    assert {line.person.pk: line.spent.declared for line in everybody} == declared
    assert {line.person.pk: line.spent.signed for line in everybody} == {
        key: written[key] for key in declared
    }


def each_tab_agrees(persons: list) -> None:
    """What the tab of each person says adds up to what everybody spent."""
    found = presences.of_persons(SCOPE, persons)
    came = Attendance.objects.counted()
    assert sum(panel["total"] for panel in found.values()) == sum(row.minutes for row in came)
    for panel in found.values():
        assert panel["total"] == sum(month.minutes for month in panel["months"])
        assert panel["signed"] == sum(month.signed for month in panel["months"])
        assert panel["sites"] == [] or panel["total"] == sum(spent for _, spent in panel["sites"])


@pytest.mark.django_db
@TRIED
@given(drawn=worlds)
def test_hours_are_the_same_however_they_are_added_up(drawn):
    with transaction.atomic():
        on = stage()
        save(drawn, on)
        signed = signed_months()
        for period in PERIODS:
            agree(on, period, signed)
        each_tab_agrees([row.person for row in Enrolment.objects.select_related("person")])
        transaction.set_rollback(True)
