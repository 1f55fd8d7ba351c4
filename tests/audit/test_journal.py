"""The journal: rows are added, never changed nor removed, by any door, on both engines."""

import pytest
from django.db import DatabaseError, connection, transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, record
from autoprod.core.models import Installation
from autoprod.core.scoping import Scope


@pytest.fixture
def event(db):
    return record(Scope.everything(reason="essai"), Verb.COMMAND, label="essai")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET reason = 'autre'",
        "DELETE FROM audit_auditevent",
    ],
)
def test_raw_sql_cannot_rewrite_the_journal(event, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().reason == ""


def test_a_table_cannot_be_emptied_at_once(event):
    if connection.vendor == "sqlite":
        statement = "DELETE FROM audit_auditevent WHERE 1"  # SQLite's own way to truncate
    else:
        statement = "TRUNCATE audit_auditevent"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="OR REPLACE is SQLite’s")
def test_a_row_cannot_take_the_place_of_another(event):
    """OR REPLACE deletes what is in its way without a trigger of DELETE."""
    columns = ", ".join(f'"{field.column}"' for field in AuditEvent._meta.concrete_fields)
    told = columns.replace('"reason"', "'autre'")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO audit_auditevent ({columns}) "
            f"SELECT {told} FROM audit_auditevent"
        )
    assert AuditEvent.objects.get().reason == ""


def test_the_orm_cannot_either(event):
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(reason="autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()
    assert AuditEvent.objects.get() == event


def test_a_demo_base_cannot_become_real(db):
    Installation.objects.create(pk=1, is_demo=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Installation.objects.update(is_demo=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Installation.objects.create(pk=2, is_demo=False)
    assert Installation.current().is_demo


def test_an_event_names_a_record_by_its_number_only(world):
    funder = world.here.garden.funder
    event = record(Scope.everything(reason="essai"), Verb.READ, funder)
    assert event.object_label == f"Organisation n° {funder.pk}"
    assert funder.name not in str(vars(event))
    assert event.territory_key == str(world.here.territory.pk)
