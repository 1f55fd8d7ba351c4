"""« Mes travaux »: what its owner sees and does, and nobody else."""

import pytest
from django.urls import reverse

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.leases import claim, extend
from autoprod.jobs.models import Job
from autoprod.jobs.queue import enqueue_for
from autoprod.jobs.running import run
from tests.harness.queries import same_queries
from tests.jobs import tasks

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Give the test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner(world):
    """Return who asks for jobs."""
    return world.here.garden.social_worker


@pytest.fixture
def page(owner, client_for):
    """Return the owner's browser."""
    return client_for(owner)


def url(name: str, job: Job) -> str:
    return reverse(f"jobs:{name}", args=[job.pk])


def do(job: Job) -> Job:
    """Run the job and return it as stored."""
    run(claim("w", key=job.pk), has_heartbeat=False)
    job.refresh_from_db()
    return job


def running(owner) -> Job:
    """Return a job at one third of its way."""
    enqueue_for(owner, tasks.add, "Export des sites", left=1, right=1)
    job = claim("w")
    extend(job, progress_done=1, progress_total=3, progress_label="Lecture")
    return job


def test_the_list_shows_my_jobs_and_not_others(page, owner, world):
    enqueue_for(owner, tasks.add, "Export des sites", left=1, right=1)
    enqueue_for(world.two_roles, tasks.add, "Export des partenaires", left=1, right=1)
    html = page.get(reverse("jobs:list")).content.decode()
    assert "Export des sites" in html
    assert "en attente" in html
    assert "Export des partenaires" not in html


def test_an_empty_list_says_what_will_come(page):
    assert "Aucun travail" in page.get(reverse("jobs:list")).content.decode()


def test_the_list_makes_as_many_queries_for_seven_jobs_as_for_two(page, owner):
    def grow(count: int) -> None:
        for _ in range(count):
            enqueue_for(owner, tasks.add, "Export", left=1, right=1)

    grow(2)
    same_queries(lambda: page.get(reverse("jobs:list")), lambda: grow(5))


@pytest.mark.parametrize("name", ["detail", "progress", "result", "delete"])
def test_the_job_of_another_is_absent(name, owner, world, client_for):
    job = do(enqueue_for(owner, tasks.make_file, "Export"))
    for other in (world.two_roles, world.here.administrator):
        assert client_for(other).get(url(name, job), **HTMX).status_code == 404


@pytest.mark.parametrize("name", ["retry", "delete"])
def test_the_job_of_another_is_out_of_reach(name, owner, world, client_for):
    job = do(enqueue_for(owner, tasks.refuse, "Import"))
    assert client_for(world.two_roles).post(url(name, job)).status_code == 404
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED


@pytest.mark.parametrize("name", ["detail", "progress", "result", "delete"])
def test_a_command_s_job_is_nobody_s(name, page):
    job = do(enqueue_for(None, tasks.make_file, "Export"))
    assert page.get(url(name, job), **HTMX).status_code == 404


def test_somebody_who_lost_every_right_sees_nothing_more(world, client_for):
    job = do(enqueue_for(world.former, tasks.make_file, "Export"))
    browser = client_for(world.former)
    assert browser.get(reverse("jobs:list")).status_code == 403
    assert browser.get(url("result", job)).status_code == 403


def test_a_running_job_shows_its_progress_and_asks_again(page, owner):
    job = running(owner)
    html = page.get(url("detail", job)).content.decode()
    assert "1 sur 3 · Lecture" in html
    assert f'hx-get="{url("progress", job)}"' in html
    assert 'hx-trigger="every 2s"' in html
    assert "Actualiser" in html, "without JavaScript, the page is loaded again by hand"


def test_a_finished_job_does_not_ask_again(page, owner):
    job = do(enqueue_for(owner, tasks.trace, "Import", key="page"))
    html = page.get(url("detail", job)).content.decode()
    assert "hx-get" not in html
    assert "Actualiser" not in html
    assert "Traces" in html


def test_the_part_that_changes_stops_the_polling_at_the_end(page, owner):
    job = running(owner)
    part = page.get(url("progress", job), **HTMX)
    assert (part.status_code, "<html" in part.content.decode()) == (200, False)
    Job.objects.update(lease_until="2020-01-01T00:00Z")
    do(job)
    last = page.get(url("progress", job), **HTMX)
    assert last.status_code == 286  # htmx.org/attributes/hx-trigger: « stop polling »
    assert "terminé" in last.content.decode()


def test_the_part_opened_as_a_page_leads_to_the_page(page, owner):
    job = running(owner)
    assert page.get(url("progress", job)).url == url("detail", job)


def test_the_file_is_downloaded_under_its_name_and_journaled(page, owner):
    job = do(enqueue_for(owner, tasks.make_file, "Export"))
    assert url("result", job) in page.get(url("detail", job)).content.decode()
    answer = page.get(url("result", job))
    assert b"".join(answer.streaming_content) == b"nom\nLes Tomates\n"
    assert answer["Content-Disposition"] == 'attachment; filename="sites du jardin.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.get(object_kind="jobs.job")
    assert (event.verb, event.object_label) == (Verb.EXPORT, f"Travail n° {job.pk}")


def test_a_job_without_file_has_no_download(page, owner):
    job = do(enqueue_for(owner, tasks.trace, "Import", key="none"))
    assert page.get(url("result", job)).status_code == 404


def test_a_failed_job_says_why_and_is_asked_again(page, owner):
    job = do(enqueue_for(owner, tasks.refuse, "Import"))
    html = page.get(url("detail", job)).content.decode()
    assert "Ce classeur n’a pas de feuille" in html
    assert url("retry", job) in html
    assert page.get(url("retry", job)).status_code == 405
    assert page.post(url("retry", job)).url == url("detail", job)
    job.refresh_from_db()
    assert job.status == JobStatus.READY


def test_a_job_that_did_not_fail_is_not_asked_again(page, owner):
    job = do(enqueue_for(owner, tasks.trace, "Import", key="done"))
    html = page.post(url("retry", job), follow=True).content.decode()
    assert "il n’y a rien à relancer" in html
    job.refresh_from_db()
    assert job.status == JobStatus.SUCCESSFUL


def test_deleting_asks_first_then_removes(page, owner):
    job = do(enqueue_for(owner, tasks.make_file, "Export"))
    assert "définitive, fichier compris" in page.get(url("delete", job)).content.decode()
    assert Job.objects.count() == 1
    assert page.post(url("delete", job)).url == reverse("jobs:list")
    assert not Job.objects.exists()
