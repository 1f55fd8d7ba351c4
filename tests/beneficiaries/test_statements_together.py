"""Signing while others tick, close or open: what is signed is what is there, whoever is first."""

from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import Presence, StatementState
from beneficiaries.models import Attendance, Enrolment, Statement
from beneficiaries.services import attendance, batches, closing, statements
from beneficiaries.services.attendance import Tap
from beneficiaries.services.statement_lines import lines_of, said
from beneficiaries.services.statements import Signature
from programmes.access import scope_of
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.world import build_world

#: How often each race is run: either may win.
ROUNDS = 12
MARCH = Period.month(2026, 3)
SIGNATURE = Signature(on=date(2026, 4, 2), way="paper")

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def garden():
    return build_world().here.garden


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same instant, each in its thread; return how each ended, "" for done.

    A refusal in words is told by its code; anything else, a deadlock first, fails the test.
    """
    start, ends = Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            act()
        except ValidationError as error:
            ends[number] = _code(error)
        except Exception as error:  # noqa: BLE001 - told by the assertion of the test
            ends[number] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def _code(error: ValidationError) -> str:
    return error.error_list[0].code


def to_sign(garden, scope) -> Statement:
    """Return the statement, to sign, of somebody who came on 2 March."""
    stay = people.enrolment_of(people.make_person(garden.programme))
    session = make.make_session(garden.programme, garden.site, on=date(2026, 3, 2))
    people.make_attendance(stay, session, garden.site)
    make.close(session)
    return statements.prepare(scope=scope, enrolment=stay, month=MARCH)


def ticking(scope, session: Session, stay: Enrolment, status=Presence.PRESENT) -> Callable:
    site = session.sites.get()
    return lambda: attendance.tick(
        scope=scope,
        session=Session.objects.get(pk=session.pk),
        enrolment=stay.pk,
        tap=Tap(status=status, site=site, version=0),
    )


def signing(scope, row: Statement) -> Callable:
    return partial(statements.sign, scope=scope, statement=row, signature=SIGNATURE)


def in_turn(*acts: Callable[[], object]) -> Callable:
    return lambda: [act() for act in acts]


def is_faithful(row: Statement) -> bool:
    """Tell whether a frozen month holds what its statement says, in closed sessions only."""
    now = Statement.objects.in_force().get(enrolment=row.enrolment_id)
    lines = lines_of([row.enrolment_id], MARCH)[row.enrolment_id]
    present = Attendance.objects.present().filter(enrolment=row.enrolment_id).in_period(MARCH)
    return not now.is_frozen or (said(now.lines) == said(lines) and present.count() == len(lines))


def test_a_tick_is_on_the_statement_signed_or_is_refused(garden, scope):
    for number in range(ROUNDS):
        row = to_sign(garden, scope)
        on = date(2026, 3, 3 + number)
        session = make.make_session(garden.programme, garden.site, on=on)
        ends = race(ticking(scope, session, row.enrolment), signing(scope, row))
        # Both are never done: the session that was ticked is open, its hours count for nobody yet.
        assert ends in (["", "open"], ["mark", ""]), ends
        assert is_faithful(row)


def test_a_session_ticked_then_closed_is_on_the_statement_signed_or_is_refused(garden, scope):
    """The hours count at the very moment that somebody signs: the paper is stale, or they wait."""
    for number in range(ROUNDS):
        row = to_sign(garden, scope)
        on = date(2026, 3, 3 + number)
        session = make.make_session(garden.programme, garden.site, on=on)
        ticked_then_closed = in_turn(
            ticking(scope, session, row.enrolment),
            partial(closing.close, scope=scope, session=session, absent=True),
        )
        prepared_then_signed = in_turn(
            partial(statements.prepare, scope=scope, enrolment=row.enrolment, month=MARCH),
            signing(scope, row),
        )
        first, second = race(ticked_then_closed, prepared_then_signed)
        assert first in {"", "mark"}, first
        assert second in {"", "open", "stale"}, second
        assert "" in {first, second}
        assert is_faithful(row)


def test_a_session_opened_again_is_not_signed_or_stays_closed(garden, scope):
    for _ in range(ROUNDS):
        row = to_sign(garden, scope)
        session = Session.objects.get(pk=row.lines[0]["session"])
        opening = partial(closing.reopen, scope=scope, session=session, reason="Oubli")
        assert race(opening, signing(scope, row)) in (["", "open"], ["signed", ""])
        assert is_faithful(row)


def test_everybody_ticked_at_once_leaves_out_who_signs_meanwhile(garden, scope):
    for number in range(ROUNDS // 2):
        row = to_sign(garden, scope)
        on = date(2026, 3, 3 + number)
        session = make.make_session(garden.programme, garden.site, on=on)
        everybody = partial(batches.tick_all, scope=scope, session=session)
        ticked, signed = race(everybody, signing(scope, row))
        assert (ticked, signed in {"", "open"}) == ("", True)
        lines = Attendance.objects.filter(session=session)
        assert lines.filter(enrolment=row.enrolment_id).exists() == (signed == "open")
        assert lines.exists(), "the others are ticked whatever happens"
        assert is_faithful(row)


@pytest.mark.parametrize("ways", ["two signatures", "signed or closed", "closed twice"])
def test_a_month_is_closed_once(garden, scope, ways):
    reason = make.code("unsigned_reasons")
    for _ in range(ROUNDS // 2):
        row = to_sign(garden, scope)
        closed = partial(statements.close_unsigned, scope=scope, statement=row, reason=reason)
        acts = {
            "two signatures": [signing(scope, row)] * 2,
            "signed or closed": [signing(scope, row), closed],
            "closed twice": [closed] * 2,
        }[ways]
        ends = race(*acts)
        assert sorted(ends) == ["", "frozen"]
        now = Statement.objects.get(enrolment=row.enrolment_id)
        is_signed = acts[ends.index("")] is not closed
        assert now.state == (StatementState.SIGNED if is_signed else StatementState.UNSIGNED)
        # The second one wrote nothing: neither a version nor a line of the journal.
        assert now.version == row.version + 1
        assert (
            AuditEvent.objects.filter(
                object_kind="beneficiaries.statement", object_key=str(row.pk), verb=Verb.UPDATE
            ).count()
            == 1
        )


def test_a_month_is_opened_again_once(garden, scope):
    for _ in range(ROUNDS // 2):
        row = signing(scope, to_sign(garden, scope))()
        again = partial(statements.reopen, scope=scope, statement=row, reason="Oubli")
        assert sorted(race(again, again)) == ["", "state"]
        versions = Statement.objects.filter(enrolment=row.enrolment_id).order_by("number")
        states = [(one.number, one.state) for one in versions]
        assert states == [(1, StatementState.REOPENED), (2, StatementState.TO_SIGN)]


def test_everybody_present_and_one_absent_at_the_same_instant(garden, scope):
    """Whoever taps second is told, or finds the line there: nobody is ticked twice."""
    for number in range(ROUNDS):
        stay = people.enrolment_of(people.make_person(garden.programme))
        on = date(2026, 3, 3 + number)
        session = make.make_session(garden.programme, garden.site, on=on)
        everybody = partial(batches.tick_all, scope=scope, session=session)
        ends = race(everybody, ticking(scope, session, stay, Presence.ABSENT))
        assert ends in (["", ""], ["", "stale"])
        (line,) = Attendance.objects.filter(session=session, enrolment=stay)
        assert line.status == (Presence.PRESENT if ends[1] else Presence.ABSENT)
        lines = Attendance.objects.filter(session=session)
        assert lines.count() == lines.values("enrolment").distinct().count() > 1
