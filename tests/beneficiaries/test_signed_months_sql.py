"""A signed month against SQL written by hand: what each engine has beside UPDATE and DELETE."""

from datetime import date
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.models import Attendance, Statement
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

pytestmark = pytest.mark.django_db
MONTH, SIGNED, FREE = date(2016, 3, 1), date(2016, 3, 15), date(2016, 4, 5)

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="OR REPLACE is SQLite’s")
postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="COPY and TRUNCATE are PostgreSQL’s"
)
TABLES = ("beneficiaries_attendance", "beneficiaries_statement", "programmes_session")


@pytest.fixture
def stay(garden):
    return people.enrolment_of(people.make_person(garden.programme, entered_on=date(2016, 1, 4)))


@pytest.fixture
def line(garden, stay) -> Attendance:
    """Return a presence of 15 March 2016, whose month is signed; April is free."""
    session = make.close(make.make_session(garden.programme, garden.site, on=SIGNED))
    line = people.make_attendance(stay, session, garden.site)
    plans.sign(plans.make_statement(stay, MONTH), date(2016, 4, 2))
    Session.objects.filter(pk=session.pk).update(held_on=SIGNED)
    return line


@pytest.fixture
def free(garden, stay, line) -> Attendance:
    """Return a presence of the same person in a month that nobody signed."""
    session = make.close(make.make_session(garden.programme, garden.site, on=FREE))
    return people.make_attendance(stay, session, garden.site)


@pytest.fixture(autouse=True)
def untouched(line):
    """Check that the line, its session and its statement are what they were."""
    before = kept(line)
    assert [len(rows) for rows in before] == [1, 1, 1]
    yield
    assert kept(line) == before


def kept(line) -> list[list[dict]]:
    return [
        list(Attendance.objects.filter(pk=line.pk).values()),
        list(Session.objects.filter(pk=line.session_id).values()),
        list(Statement.objects.filter(enrolment=line.enrolment_id).values()),
    ]


def refused(text: str, *values, match: str = "signé") -> None:
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(text, values)


def again(table: str, verb: str, **changed) -> str:
    """Return the statement that writes a copy of the row `%s` of a table, some columns changed."""
    with connection.cursor() as cursor:
        columns = [
            one.name for one in connection.introspection.get_table_description(cursor, table)
        ]
    chosen = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f'{verb} INTO "{table}" ({names}) SELECT {chosen} FROM "{table}" WHERE id = %s'


def new_mark() -> str:
    """Return a client UUID that no tap has, as the engine writes it."""
    return f"'{uuid4().hex}'"


@sqlite_only
@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_not_put_in_the_place_of_a_signed_one(line, free, table):
    """OR REPLACE takes away the row in its way without asking the triggers of DELETE."""
    key = {
        "beneficiaries_attendance": line.pk,
        "beneficiaries_statement": Statement.objects.get(enrolment=line.enrolment).pk,
        "programmes_session": line.session_id,
    }[table]
    # The new row would be of a month that is free: it is what it replaces that is signed.
    other = {
        "beneficiaries_attendance": {"on": f"'{FREE}'", "client_uuid": new_mark()},
        "beneficiaries_statement": {"state": "'to_sign'", "signed_on": "NULL", "way": "''"},
        "programmes_session": {"on": f"'{FREE}'", "held_on": "NULL"},
    }[table]
    refused(again(table, "INSERT OR REPLACE", **other), key)
    refused(again(table, "REPLACE", **other), key)


@sqlite_only
def test_nor_by_a_row_that_has_only_its_mark_or_its_place(line, free):
    asked = {"id": "id + 1000", "on": f"'{FREE}'"}
    for shared in ({"client_uuid": new_mark()}, {"starts_at": "'2016-03-15 06:00:00'"}):
        statement = again("beneficiaries_attendance", "INSERT OR REPLACE", **asked, **shared)
        refused(statement, line.pk)
    mark = "(SELECT client_uuid FROM beneficiaries_attendance WHERE id = %s)"
    update = f"UPDATE OR REPLACE beneficiaries_attendance SET client_uuid = {mark} WHERE id = %s"
    refused(update, line.pk, free.pk)
    refused(
        "UPDATE OR REPLACE beneficiaries_attendance SET id = %s WHERE id = %s", line.pk, free.pk
    )
    code = {"id": "id + 1000", "month": f"'{FREE.replace(day=1)}'", "state": "'to_sign'"}
    code |= {"signed_on": "NULL", "way": "''"}
    signed = Statement.objects.get(enrolment=line.enrolment)
    refused(again("beneficiaries_statement", "INSERT OR REPLACE", **code), signed.pk)
    version = code | {"month": "month", "code": "'autre'", "number": "number + 1"}
    refused(again("beneficiaries_statement", "INSERT OR REPLACE", **version), signed.pk)


def test_nor_by_an_upsert(line, free):
    """ON CONFLICT DO UPDATE is an update: the same on both engines."""
    free.pk, free.on, free.minutes = line.pk, FREE, 5
    with pytest.raises(DatabaseError, match="signé"), transaction.atomic():
        Attendance.objects.bulk_create(
            [free],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["minutes", "on"],
        )


def test_what_was_signed_of_a_session_is_its_title_and_its_day_too(line):
    rows = Session.objects.filter(pk=line.session_id)
    for changes in ({"title": "Cuisine"}, {"held_on": FREE}):
        with pytest.raises(DatabaseError, match="signé"), transaction.atomic():
            rows.update(**changes)


def test_nobody_and_no_site_is_taken_away_from_under_it(line, garden):
    """Rows that it points to stay as well: those are held by the keys themselves."""
    for table, key in (
        ("beneficiaries_enrolment", line.enrolment_id),
        ("beneficiaries_person", line.enrolment.person_id),
        ("programmes_site", garden.site.pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            taken_away(table, key)


def taken_away(table: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}" WHERE id = %s', [key])
    connection.check_constraints()


@postgresql_only
@pytest.mark.parametrize("table", [*TABLES, "beneficiaries_enrolment"])
def test_its_tables_are_not_emptied(table):
    # PostgreSQL would refuse for what the keys have still to check.
    connection.check_constraints()
    refused(f'TRUNCATE "{table}" CASCADE')


@postgresql_only
def test_a_copy_adds_nothing_to_it(line):
    copied = ("enrolment_id", "session_id", "site_id", "status", "starts_at", "ends_at", "minutes")
    values = [getattr(line, name) for name in copied]
    columns = ", ".join(f'"{name}"' for name in (*copied, "on", "client_uuid", "observed_at"))
    row = [*values, SIGNED, uuid4(), line.observed_at]
    with (
        pytest.raises(psycopg.DatabaseError, match="signé"),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY beneficiaries_attendance ({columns}, version) FROM STDIN") as copy,
    ):
        copy.write_row([*row, 1])
