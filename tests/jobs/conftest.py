"""Fixtures of the tests of jobs."""

from collections.abc import Iterator

import pytest
from django.db import connections, router

from autoprod.jobs.models import Job
from autoprod.settings.services import database
from tests.jobs.workers import ALIAS, Workers, WorkersRouter, migrated_base


@pytest.fixture(scope="module")
def workers_url(tmp_path_factory, django_db_blocker) -> Iterator[str]:
    """Make the base, and let the tests of the module reach it by the alias `workers`."""
    with migrated_base(tmp_path_factory.mktemp("base")) as url:
        connections.settings[ALIAS] = connections.settings["default"] | database(url)
        yield url
        with django_db_blocker.unblock():
            connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


@pytest.fixture
def workers(workers_url, tmp_path, monkeypatch, settings, django_db_blocker) -> Iterator[Workers]:
    """Return what starts workers; the test's own queries go to their base."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(router, "routers", [WorkersRouter()])
    started = Workers(workers_url, tmp_path)
    with django_db_blocker.unblock():
        yield started
        started.end()
        Job.objects.all().delete()
