"""`/sante/` tells a monitor what is wrong, to anybody, and nothing about anybody."""

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.urls import reverse

from autoprod.core.models import Installation
from autoprod.operating import health

GIGABYTE = 1024**3


@pytest.fixture
def registry(monkeypatch):
    """Give the test a registry of its own."""
    checks: dict = {}
    monkeypatch.setattr(health, "_checks", checks)
    return checks


def disk_of(monkeypatch, free: int) -> None:
    """Make the disk have this much room, in bytes."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))


def archive(settings, hours: float) -> None:
    """Leave an archive written some hours ago."""
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "autoprod-20260101-000000.zip"
    path.write_bytes(b"")
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    """Keep archives and files in the test's folder."""
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.MEDIA_ROOT = tmp_path / "files"


def test_a_sound_installation_is_ok(db, registry, monkeypatch):
    disk_of(monkeypatch, 50 * GIGABYTE)

    report = health.report()

    assert report["ok"]
    assert {name: found["state"] for name, found in report["checks"].items()} == {
        "database": "ok",
        "migrations": "ok",
        "disk": "ok",
        "backup": "ok",
    }


def test_the_page_is_open_and_says_the_report(client, registry):
    response = client.get(reverse("operating:health"))

    assert response.status_code == 200
    assert json.loads(response.content)["checks"].keys() == health.report()["checks"].keys()
    assert "no-store" in response["Cache-Control"]


def test_the_page_answers_503_when_a_check_fails(client, registry):
    health.register_check("worker", lambda: health.Finding(health.FAILED, "Rien ne tourne."))

    response = client.get(reverse("operating:health"))

    assert response.status_code == 503
    assert json.loads(response.content)["ok"] is False


def test_a_warning_is_not_a_failure(db, registry):
    health.register_check("worker", lambda: health.Finding(health.WARNING, "Trois en attente.", 3))

    report = health.report()

    assert report["ok"]
    assert report["checks"]["worker"] == {
        "state": "warning",
        "message": "Trois en attente.",
        "value": 3,
    }


def test_a_check_that_breaks_is_a_failure_without_its_words(db, registry):
    def broken() -> health.Finding:
        raise DatabaseError("connection to 10.0.0.5 refused for user claire")

    health.register_check("worker", broken)
    report = health.report()

    assert report["checks"]["worker"]["state"] == "failed"
    assert "claire" not in json.dumps(report)


def test_two_checks_never_share_a_name(registry):
    health.register_check("worker", health.disk)

    with pytest.raises(ValueError, match="worker"):
        health.register_check("worker", health.backup)


@pytest.mark.parametrize(
    ("free", "state"),
    [(50 * GIGABYTE, "ok"), (GIGABYTE, "warning"), (GIGABYTE // 10, "failed")],
)
def test_the_disk_is_watched(monkeypatch, free, state):
    disk_of(monkeypatch, free)

    assert health.disk().state == state


@pytest.mark.parametrize(("hours", "state"), [(2, "ok"), (30, "ok"), (40, "warning")])
def test_a_late_backup_is_a_warning(db, settings, hours, state):
    Installation.objects.create(pk=1, is_demo=False)
    archive(settings, hours)

    finding = health.backup()

    assert (finding.state, finding.value) == (state, pytest.approx(hours, abs=0.1))


def test_real_records_without_a_backup_are_a_warning(db):
    Installation.objects.create(pk=1, is_demo=False)

    assert health.backup().state == "warning"


def test_a_demo_needs_no_backup(db):
    Installation.objects.create(pk=1, is_demo=True)

    assert health.backup().state == "ok"


def test_a_missing_migration_is_a_failure(db, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one", "two"])

    finding = health.migrations()

    assert (finding.state, finding.value) == ("failed", 2)
