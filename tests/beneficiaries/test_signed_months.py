"""A signed month stays as it is, whatever door the change comes through."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from beneficiaries.enums import StatementState
from beneficiaries.models import Attendance, Statement
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

pytestmark = pytest.mark.django_db
MONTH = date(2016, 3, 1)


@pytest.fixture
def line(garden) -> Attendance:
    """Return a presence of 15 March 2016, whose month is signed."""
    person = people.make_person(garden.programme, entered_on=date(2016, 1, 4))
    session = make.close(make.make_session(garden.programme, garden.site, on=date(2016, 3, 15)))
    line = people.make_attendance(people.enrolment_of(person), session, garden.site)
    statement = plans.sign(plans.make_statement(line.enrolment, MONTH), date(2016, 4, 2))
    Session.objects.filter(pk=session.pk).update(held_on=session.on)
    assert statement.is_frozen
    return line


def refused(act) -> None:
    with pytest.raises(DatabaseError, match="signé"), transaction.atomic():
        act()


def sql(text: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def test_a_presence_of_a_signed_month_is_neither_added_changed_nor_taken_away(line, garden):
    rows = Attendance.objects.filter(pk=line.pk)
    refused(lambda: rows.update(minutes=5))
    refused(lambda: rows.update(on=date(2016, 4, 1)))
    refused(rows.delete)
    refused(lambda: Attendance.objects.bulk_update([line], ["minutes"]))
    refused(lambda: sql("UPDATE beneficiaries_attendance SET minutes = 1 WHERE id = %s", line.pk))
    refused(lambda: sql("DELETE FROM beneficiaries_attendance WHERE id = %s", line.pk))
    other = make.close(make.make_session(garden.programme, garden.site, on=date(2016, 3, 31)))
    refused(lambda: people.make_attendance(line.enrolment, other, garden.site))
    april = make.close(make.make_session(garden.programme, garden.site, on=date(2016, 4, 1)))
    moved = people.make_attendance(line.enrolment, april, garden.site)
    refused(lambda: Attendance.objects.filter(pk=moved.pk).update(on=date(2016, 3, 31)))


def test_the_months_around_and_the_others_are_free(line, garden):
    person = people.make_person(garden.programme, entered_on=date(2016, 1, 4))
    free = people.make_attendance(people.enrolment_of(person), line.session, garden.site)
    free.delete()
    february = make.close(make.make_session(garden.programme, garden.site, on=date(2016, 2, 29)))
    people.make_attendance(line.enrolment, february, garden.site).delete()


def test_its_session_is_no_longer_moved_reopened_cancelled_nor_deleted(line):
    rows = Session.objects.filter(pk=line.session_id)
    refused(lambda: rows.update(closed_at=None))
    refused(lambda: rows.update(on=date(2016, 3, 16)))
    refused(lambda: rows.update(held_on=None))
    refused(lambda: sql("DELETE FROM programmes_session WHERE id = %s", line.session_id))
    rows.update(note="Semis sous serre")


def test_a_signed_statement_only_locks_or_reopens_with_a_reason(line):
    rows = Statement.objects.filter(enrolment=line.enrolment)
    refused(lambda: rows.update(state=StatementState.TO_SIGN, signed_on=None, way=""))
    refused(lambda: rows.update(minutes=1))
    refused(lambda: rows.update(lines=["autre"]))
    refused(lambda: rows.update(signed_on=date(2016, 4, 3)))
    refused(rows.delete)
    rows.update(state=StatementState.LOCKED)
    refused(lambda: rows.update(state=StatementState.SIGNED))
    rows.update(state="reopened", reopen_reason="Erreur de site", reopened_at="2016-04-05T10:00Z")
    Attendance.objects.filter(pk=line.pk).update(minutes=5)
    Session.objects.filter(pk=line.session_id).update(held_on=None)
    Session.objects.filter(pk=line.session_id).update(closed_at=None)
