"""The demo's presence: months signed, the last one to close, people to ask how they are."""

from datetime import date

import pytest

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from beneficiaries.models import Attendance, ScheduleMember, Statement, StatementObjection
from beneficiaries.services import check_ins
from beneficiaries.services.months import ends_of
from beneficiaries.services.statement_lines import lines_of, said
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, compute
from programmes.models import ClosedPeriod, Programme, Session
from tests.evaluation.demos import demo_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.one_engine]

ON = date(2026, 11, 23)
SCOPE = Scope.everything(reason="essai")


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demo_of(ON, django_db_blocker):
        yield


def states_of(month: date) -> set[str]:
    return set(Statement.objects.filter(month=month).values_list("state", flat=True))


def test_what_was_signed_is_what_the_presences_say():
    for month in Period.year(2026).months():
        rows = list(Statement.objects.in_force().of_month(month))
        lines = lines_of([row.enrolment_id for row in rows], month)
        assert [r.pk for r in rows if said(r.lines) != said(lines[r.enrolment_id])] == []
    frozen = Attendance.objects.filter(Statement.objects.frozen().covering())
    assert not frozen.filter(session__held_on=None).exists()


def test_earlier_months_are_over_the_last_one_is_to_close_this_one_is_open():
    assert (
        {"locked", "reopened"} <= states_of(date(2026, 9, 1)) <= {"locked", "reopened", "unsigned"}
    )
    assert {"signed", "to_sign"} <= states_of(date(2026, 10, 1))
    assert states_of(date(2026, 11, 1)) == set()
    programme = Programme.objects.get(name="Les Jardins du cœur")
    (october,) = ends_of(SCOPE, [programme], Period.month(2026, 10))
    for left in (october.to_prepare, october.to_sign, october.to_lock, october.contested):
        assert left
    (september,) = ends_of(SCOPE, [programme], Period.month(2026, 9))
    for left in (september.to_prepare, september.to_sign, september.to_lock, september.contested):
        assert left == []


def test_papers_screens_reasons_versions_and_contested_lines():
    signed = Statement.objects.signed()
    assert signed.filter(way="paper").count() > 4 * signed.filter(way="screen").count() > 0
    reasons = Statement.objects.filter(state="unsigned").values_list("unsigned_reason__code")
    assert {"parti", "hospitalise", "refuse"} <= {code for (code,) in reasons}
    first = Statement.objects.get(state="reopened", month=date(2026, 9, 1))
    again = Statement.objects.get(enrolment=first.enrolment_id, month=first.month, number=2)
    assert (again.state, len(again.lines) - len(first.lines)) == ("locked", 1)
    assert StatementObjection.objects.exclude(settled_on=None).exists()


def test_somebody_is_silent_and_somebody_was_absent_three_times():
    words = [one.words(ON) for _, one in check_ins.of_scope(SCOPE, ON)]
    assert [said for said in words if "absences de suite" in said]
    assert [said for said in words if "sans nouvelles depuis" in said]
    assert len(words) <= 5


def test_people_were_met_and_informed_without_a_name():
    programme = Programme.objects.get(name="Les Jardins du cœur")
    asks = [Ask(c) for c in ("outreach_met", "outreach_oriented", "outreach_entered")]
    selection = Selection(SCOPE, frozenset({programme.pk}), Period.year(2026))
    asks.append(Ask("public_indirect"))
    found = compute(selection, asks, audience=Audience.INTERNAL, threshold=5)
    met, oriented, entered, informed = (found[ask.code].value for ask in asks)
    assert met > oriented > entered > 0
    assert informed > 100
    fridays = Session.objects.filter(schedule=None)
    assert {session.on.isoweekday() for session in fridays} == {5}
    assert not Attendance.objects.filter(session__in=fridays).exists()


def test_the_calendar_is_closed_in_summer_and_expects_who_is_here():
    closed = ClosedPeriod.objects.get(starts_on__year=2026)
    days = Session.objects.filter(on__range=(closed.starts_on, closed.ends_on))
    assert not days.exists()
    members = ScheduleMember.objects.filter(ends_on=None).select_related("enrolment")
    assert members.count() >= 15
    assert all(row.enrolment.left_on is None for row in members)
