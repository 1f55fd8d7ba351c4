"""Jobs for tests."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import Job


def make_job(owner: User | None, **fields) -> Job:
    """Return a job that waits for a worker."""
    values = {"label": "Export des organisations", "task": "tests.jobs.tasks.none"}
    return Job.objects.create(owner=owner, attempts_allowed=3, **values | fields)


def make_finished_job(owner: User | None, **fields) -> Job:
    """Return a job that has made a file."""
    now = timezone.now()
    values = {
        "status": JobStatus.SUCCESSFUL,
        "attempts": 1,
        "started_at": now,
        "finished_at": now,
        "keep_until": now + timedelta(days=7),
        "result_name": "organisations.csv",
        "result_file": ContentFile(b"nom\n", name="result"),
    }
    return make_job(owner, **values | fields)
