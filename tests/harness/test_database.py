"""The base after a transactional test is as good as new."""

import pytest
from django.db import DatabaseError, connection

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, record
from autoprod.core.scoping import Scope
from programmes.models import ReferenceCode
from tests.factories.gardens import forget_shipped
from tests.harness.database import triggers_lifted

_COMMAND = Scope.everything(reason="essai")


def _is_emptied() -> bool:
    return not AuditEvent.objects.exists() and ReferenceCode.objects.exists()


# Twice the same test: whichever runs second sees what the flush left.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_flush_empties_the_journal_and_loads_the_lists_again(turn):
    assert _is_emptied()
    record(_COMMAND, Verb.COMMAND)
    forget_shipped()


@pytest.mark.django_db(transaction=True)
def test_triggers_are_lifted_for_a_block_and_put_back():
    event = record(_COMMAND, Verb.COMMAND)
    with triggers_lifted():
        AuditEvent.objects.filter(pk=event.pk).update(reason="lifted")
    event.refresh_from_db()
    assert event.reason == "lifted"
    with pytest.raises(DatabaseError):
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_triggers_are_put_back_after_an_error():
    event = record(_COMMAND, Verb.COMMAND)
    with pytest.raises(ZeroDivisionError), triggers_lifted():
        raise ZeroDivisionError
    with pytest.raises(DatabaseError):
        AuditEvent.objects.filter(pk=event.pk).update(reason="changed")


@pytest.mark.django_db
def test_sqlite_is_tested_on_a_file():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no file")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
