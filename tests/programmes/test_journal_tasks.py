"""The journal of a month as a file: made with the rights of the moment, and traced."""

import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, record
from autoprod.core.periods import Kind, Period
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.queue import enqueue_for
from autoprod.jobs.running import run_now
from programmes.access import scope_of
from programmes.models import Membership
from programmes.tasks.journal import export_journal
from tests.factories.programmes import yesterday


def this_month():
    return Period.containing(timezone.localdate(), Kind.MONTH)


@pytest.fixture
def job(world):
    return enqueue_for(
        world.here.administrator, export_journal, "Journal", period=this_month().slug
    )


def done(job):
    run_now(job.pk, "test")
    job.refresh_from_db()
    return job


def rows_of(job):
    with job.result_file.open() as stream:
        sheet = load_workbook(io.BytesIO(stream.read())).active
    return list(sheet.iter_rows(values_only=True))


def test_the_file_holds_the_month_of_the_territory(job, world):
    scope = scope_of(world.here.administrator)
    event = record(scope, Verb.UPDATE, world.here.garden.site, changed=["name"], reason="=1+1")
    other = scope_of(world.elsewhere.administrator)
    record(other, Verb.UPDATE, world.elsewhere.garden.site, reason="chez le voisin")
    header, *rows = rows_of(done(job))
    assert header == ("Quand", "Qui", "Fait", "Sur quoi", "Champs modifiés", "Motif")
    (row,) = rows
    assert row[0] == timezone.localtime(event.at).replace(
        tzinfo=None, microsecond=row[0].microsecond
    )
    assert row[1:] == (
        world.here.administrator.email,
        "modification",
        f"Site n° {world.here.garden.site.pk}",
        "nom",
        "=1+1",
    )
    assert job.result_name == f"journal-{this_month().slug}.xlsx"


def test_the_export_is_in_the_journal(job, world):
    done(job)
    event = AuditEvent.objects.get(verb=Verb.EXPORT)
    assert event.object_label == f"Journal, {this_month().label}"
    assert event.territory_key == str(world.here.territory.pk)
    assert event.actor_key == str(world.here.administrator.pk)


def test_it_says_how_far_it_has_come(job, world):
    scope = scope_of(world.here.administrator)
    for _ in range(3):
        record(scope, Verb.UPDATE, world.here.garden.site)
    done(job)
    assert (job.progress_done, job.progress_total) == (3, 3)


def test_a_right_withdrawn_meanwhile_closes_the_file(job, world):
    Membership.objects.filter(user=world.here.administrator).update(ends_on=yesterday())
    done(job)
    assert job.status == JobStatus.FAILED
    assert "plus le droit" in job.error_message
    assert not job.result_file
    assert not AuditEvent.objects.filter(verb=Verb.EXPORT).exists()
