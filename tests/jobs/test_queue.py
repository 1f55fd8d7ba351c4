"""Removing jobs, and purging those kept long enough."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from autoprod.jobs.leases import claim
from autoprod.jobs.models import FOLDER, Job
from autoprod.jobs.queue import enqueue_for, purge_jobs, remove
from autoprod.jobs.running import run
from tests.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Give the test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def finished() -> Job:
    """Return a job that made a file."""
    job = enqueue_for(None, tasks.make_file, "Export")
    run(claim("w"), has_heartbeat=False)
    job.refresh_from_db()
    return job


def test_removing_a_job_removes_its_file_at_commit(finished, django_capture_on_commit_callbacks):
    path = finished.result_file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove(finished)
        assert default_storage.exists(path)
    assert not default_storage.exists(path)
    assert not Job.objects.exists()


def test_a_finished_job_is_kept_seven_days(finished, django_capture_on_commit_callbacks):
    path, end = finished.result_file.name, finished.finished_at
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_jobs(at=end + timedelta(days=6, hours=23)) == 0
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_jobs(at=end + timedelta(days=7, minutes=1)) == 1
    assert not default_storage.exists(path)


def test_an_unfinished_job_is_never_purged():
    enqueue_for(None, tasks.add, "Un", left=1, right=1)
    assert purge_jobs(at=timezone.now() + timedelta(days=1000)) == 0
    assert Job.objects.count() == 1


def test_a_file_left_by_a_dead_worker_goes_after_a_day(finished, tmp_path):
    old = default_storage.save(f"{FOLDER}/old.bin", ContentFile(b"x"))
    new = default_storage.save(f"{FOLDER}/new.bin", ContentFile(b"x"))
    two_days_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for name in (old, finished.result_file.name):
        os.utime(tmp_path / name, (two_days_ago, two_days_ago))
    purge_jobs()
    assert not default_storage.exists(old)
    assert default_storage.exists(new)
    assert default_storage.exists(finished.result_file.name)


def test_purging_before_any_file_was_made_is_quiet():
    assert purge_jobs() == 0
