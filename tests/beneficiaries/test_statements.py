"""Monthly statements: prepared, signed, locked, closed unsigned, opened again with a reason."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import Part, StatementState
from beneficiaries.models import Attendance, Statement
from beneficiaries.services import statements
from beneficiaries.services.statement_lines import differences
from beneficiaries.services.statements import Signature
from programmes.access import scope_of
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

pytestmark = pytest.mark.django_db
MARCH = Period.month(2016, 3)
SIGNED_ON = date(2016, 4, 4)


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def karim(garden):
    return people.enrolment_of(people.make_person(garden.programme, "Karim", "Dupont"))


def held(garden, day: int, *stays, hours=("08:00", "12:00"), **fields) -> Session:
    """Return a closed session of March 2016 where these stays were all along."""
    on = date(2016, 3, day)
    session = make.make_session(garden.programme, garden.site, on=on, hours=hours, **fields)
    for stay in stays:
        people.make_attendance(stay, session, garden.site)
    return make.close(session)


def signed(scope, statement, on=SIGNED_ON, **how) -> Statement:
    how = {"way": "paper"} | how
    return statements.sign(scope=scope, statement=statement, signature=Signature(on=on, **how))


def prepared(scope, stay) -> Statement:
    return statements.prepare(scope=scope, enrolment=stay, month=MARCH)


def refused(code: str, act, **values) -> ValidationError:
    with pytest.raises(ValidationError) as told:
        act(**values)
    codes = [one.code for one in getattr(told.value, "error_list", [])]
    for errors in getattr(told.value, "error_dict", {}).values():
        codes += [one.code for one in errors]
    assert code in codes
    return told.value


# --- what it says


def test_a_line_per_presence_that_counts_and_nobodys_name(garden, scope, karim):
    held(garden, 14, karim)
    held(garden, 14, karim, hours=("14:00", "16:00"), title="Semis")
    held(garden, 15)
    still_open = make.make_session(garden.programme, garden.site, on=date(2016, 3, 16))
    people.make_attendance(karim, still_open, garden.site)
    absent = held(garden, 17)
    people.make_attendance(karim, absent, garden.site, "absent")
    statement = prepared(scope, karim)
    assert [(one["on"], one["starts"], one["ends"], one["title"]) for one in statement.lines] == [
        ("2016-03-14", "08:00", "12:00", "Culture maraîchère"),
        ("2016-03-14", "14:00", "16:00", "Semis"),
    ]
    assert (statement.days, statement.minutes) == (1, 360)
    assert statement.lines[0]["site"] == garden.site.name
    assert "Karim" not in str(statement.lines)
    assert len(statement.code) == 12
    assert statement.fingerprint


def test_preparing_again_changes_the_code_of_a_paper_that_says_less(garden, scope, karim):
    held(garden, 14, karim)
    first = prepared(scope, karim)
    assert not statements.is_stale(first)
    again = prepared(scope, karim)
    assert (again.pk, again.version) == (first.pk, first.version)
    held(garden, 15, karim)
    assert statements.is_stale(first)
    not_printed = prepared(scope, karim)
    assert not_printed.code == first.code
    assert not_printed.fingerprint != first.fingerprint
    plans.make_statement_file(not_printed)
    held(garden, 16, karim)
    assert prepared(scope, karim).code != first.code, "an old paper would be filed to other lines"


def test_nothing_to_say_is_told(scope, karim):
    refused("nothing", prepared, scope=scope, stay=karim)
    assert not Statement.objects.filter(enrolment=karim).exists()


def test_a_month_is_prepared_at_once_for_who_came(world, garden, scope, karim):
    signer, changed, volunteer = (
        people.enrolment_of(people.make_person(garden.programme, part=part))
        for part in (Part.PARTICIPANT, Part.PARTICIPANT, Part.VOLUNTEER)
    )
    people.make_person(garden.programme, "Jamais", "Venue")
    stranger = world.here.kitchen.somebody.enrolment
    session = held(garden, 14, karim, signer, changed, volunteer)
    signed(scope, prepared(scope, signer))
    prepared(scope, changed)
    held(garden, 15, changed)
    done = statements.prepare_month(scope=scope, programme=garden.programme, month=MARCH)
    assert (done.created, done.changed, done.same, done.frozen) == (1, 1, 0, 1)
    of_march = Statement.objects.of_month(MARCH)
    assert set(of_march.values_list("enrolment", flat=True)) == {karim.pk, signer.pk, changed.pk}
    assert not Statement.objects.filter(enrolment=stranger).of_month(MARCH).exists()
    done = statements.prepare_month(scope=scope, programme=garden.programme, month=MARCH)
    assert (done.created, done.changed, done.same, done.frozen) == (0, 0, 2, 1)
    assert session.held_on is None


# --- signing


def test_signing_freezes_and_is_journaled(garden, scope, karim):
    session = held(garden, 14, karim)
    how = {"is_mark": True, "is_read_aloud": True, "witness": "Nadia B."}
    row = signed(scope, prepared(scope, karim), **how)
    row.refresh_from_db()
    assert (row.state, row.signed_on, row.way) == (StatementState.SIGNED, SIGNED_ON, "paper")
    assert (row.is_mark, row.is_read_aloud, row.witness) == (True, True, "Nadia B.")
    assert row.recorded_by == garden.workshop_leader
    assert row.frozen_at
    session.refresh_from_db()
    assert session.held_on == date(2016, 3, 14)
    event = AuditEvent.objects.filter(object_key=str(row.pk)).latest("pk")
    assert "signed_on" in event.changed
    assert "Nadia" not in f"{event.object_label}{event.reason}{event.changed}"


def test_an_open_session_is_named_and_holds_the_signature(garden, scope, karim):
    held(garden, 14, karim)
    statement = prepared(scope, karim)
    still_open = make.make_session(garden.programme, garden.site, on=date(2016, 3, 16))
    people.make_attendance(karim, still_open, garden.site)
    error = refused("open", signed, scope=scope, statement=statement)
    assert "Culture maraîchère du 16\u00a0mars\u00a02016" in error.messages[0]
    reason = make.code("unsigned_reasons", "parti")
    refused("open", statements.close_unsigned, scope=scope, statement=statement, reason=reason)
    make.cancel(still_open)
    assert signed(scope, statement).is_frozen


def test_what_is_signed_is_what_was_prepared(garden, scope, karim):
    held(garden, 14, karim)
    statement = prepared(scope, karim)
    held(garden, 15, karim)
    refused("stale", signed, scope=scope, statement=statement)
    assert signed(scope, prepared(scope, karim)).days == 2


def test_the_date_is_after_the_last_presence_and_not_to_come(garden, scope, karim):
    held(garden, 14, karim)
    statement = prepared(scope, karim)
    refused("early", signed, scope=scope, statement=statement, on=date(2016, 3, 13))
    refused("future", signed, scope=scope, statement=statement, on=make.tomorrow())
    assert signed(scope, statement, on=timezone.localdate())


def test_a_contested_line_is_settled_or_signed_knowingly(garden, scope, karim):
    held(garden, 14, karim)
    statement = prepared(scope, karim)
    objection = plans.make_objection(statement)
    refused("objected", signed, scope=scope, statement=statement)
    objection.settled_on, objection.answer = make.yesterday(), "Vu avec Nadia."
    objection.save()
    assert signed(scope, statement).is_frozen
    again = statements.reopen(scope=scope, statement=statement, reason="Oubli")
    plans.make_objection(statement)
    refused("objected", signed, scope=scope, statement=again)
    assert signed(scope, again, despite=True).is_frozen


def test_signed_twice_or_prepared_again_is_refused(garden, scope, karim):
    held(garden, 14, karim)
    statement = signed(scope, prepared(scope, karim))
    refused("frozen", signed, scope=scope, statement=statement)
    refused("frozen", prepared, scope=scope, stay=karim)


# --- after


def test_only_a_signed_statement_is_locked(garden, scope, karim):
    held(garden, 14, karim)
    statement = prepared(scope, karim)
    refused("state", statements.lock, scope=scope, statement=statement)
    row = statements.lock(scope=scope, statement=signed(scope, statement))
    assert row.state == StatementState.LOCKED
    refused("state", statements.lock, scope=scope, statement=row)


def test_closed_unsigned_its_hours_stay_unsigned(garden, scope, karim):
    session = held(garden, 14, karim)
    statement = prepared(scope, karim)
    held(garden, 15, karim)
    reason = make.code("unsigned_reasons", "parti")
    row = statements.close_unsigned(scope=scope, statement=statement, reason=reason)
    assert (row.state, row.unsigned_reason, row.days) == (StatementState.UNSIGNED, reason, 2)
    session.refresh_from_db()
    assert session.held_on
    rows = Attendance.objects.counted().filter(enrolment=karim)
    assert not rows.filter(Statement.objects.signed().covering()).exists()
    assert rows.filter(Statement.objects.frozen().covering()).count() == 2


def test_the_months_of_persons_and_those_that_are_signed(garden, scope, karim):
    other = people.enrolment_of(people.make_person(garden.programme))
    held(garden, 14, karim, other)
    held(garden, 15, karim)
    signed(scope, prepared(scope, karim))
    rows = Attendance.objects.present().in_period(MARCH)
    first = MARCH.start
    assert set(rows.months_of_persons()) == {(karim.person_id, first), (other.person_id, first)}
    rows = rows.filter(Statement.objects.signed().covering())
    assert list(rows.months_of_persons()) == [(karim.person_id, first)]


def test_reopening_keeps_the_version_and_makes_the_next_one(garden, scope, karim):
    other = people.enrolment_of(people.make_person(garden.programme))
    shared, own = held(garden, 14, karim, other), held(garden, 15, karim)
    signed(scope, prepared(scope, other))
    first = signed(scope, prepared(scope, karim))
    refused("state", statements.reopen, scope=scope, statement=prepared_again(first), reason="x")
    again = statements.reopen(scope=scope, statement=first, reason="Erreur de site")
    first.refresh_from_db()
    assert (first.state, first.reopen_reason, first.days) == ("reopened", "Erreur de site", 2)
    assert (again.number, again.state, again.days) == (2, StatementState.TO_SIGN, 2)
    assert again.code != first.code
    held_on = dict(Session.objects.values_list("pk", "held_on"))
    assert held_on[shared.pk], "somebody else signed for it"
    assert held_on[own.pk] is None
    event = AuditEvent.objects.filter(object_key=str(first.pk)).latest("pk")
    assert event.reason == "Erreur de site"
    Attendance.objects.filter(session=own).delete()
    again = prepared(scope, karim)
    (gone,) = differences(first.lines, again.lines)
    assert gone.startswith("Retiré\u00a0: 15\u00a0mars\u00a02016, 8\u00a0h\u00a0–\u00a012\u00a0h")
    assert signed(scope, again).number == 2


def prepared_again(first: Statement) -> Statement:
    """Return a statement to sign, of another month of the same person."""
    return plans.make_statement(first.enrolment, date(2016, 2, 1))
