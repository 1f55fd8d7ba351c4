"""The health page's word on background work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from autoprod.jobs.health import waiting
from autoprod.jobs.models import Job
from tests.factories.jobs import make_job
from tests.world import World


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (6, "warning")])
def test_a_job_nobody_takes_is_told_after_five_minutes(world: World, minutes, state):
    job = make_job(world.here.garden.social_worker, status="READY")
    Job.objects.filter(pk=job.pk).update(enqueued_at=timezone.now() - timedelta(minutes=minutes))
    assert waiting().state == state


def test_the_health_page_speaks_of_background_work(client):
    assert client.get("/sante/").json()["checks"]["jobs"]["state"] == "ok"
