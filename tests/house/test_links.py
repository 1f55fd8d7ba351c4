"""What every model of the house keeps, and the migrations that go with it."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test.utils import isolate_apps
from django.utils import translation

from autoprod.core.checks import FLOORS as CHECKED_FLOORS
from tests.house import links
from tests.house.tree import FLOORS, PROJECT, Tree


@pytest.mark.parametrize(
    "guardian",
    [links.upward_links, links.inexact_numbers, links.capital_names],
    ids=lambda guardian: guardian.__name__,
)
def test_our_models_keep_it(guardian):
    assert guardian(links.our_models()) == []


def test_the_models_read_are_all_ours():
    ours = links.our_models()
    assert {model._meta.app_label for model in ours} >= {"audit", "core", "accounts", "programmes"}
    assert CHECKED_FLOORS == FLOORS


def test_the_glossary_names_every_model():
    assert links.missing_from_glossary(links.our_models(), PROJECT) == []


def test_system_checks_pass():
    assert [message for message in run_checks() if not message.is_silenced()] == []


@pytest.mark.django_db
def test_migrations_are_complete():
    labels = {model._meta.app_label for model in links.our_models()}
    loader = MigrationLoader(None)
    with translation.override(None):  # as makemigrations: Django's own labels in English
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph, trim_to_apps=labels)
    missing = [operation for found in changes.values() for m in found for operation in m.operations]
    assert [operation.describe() for operation in missing] == []
    assert loader.detect_conflicts() == {}


@isolate_apps("programmes", "gardens")
def test_faults_of_a_model_are_named():
    class Plot(models.Model):
        class Meta:
            app_label = "gardens"
            verbose_name = "Parcelle"
            verbose_name_plural = "parcelles"

    class Bed(models.Model):
        area = models.FloatField("Surface")
        siret = models.CharField("SIRET", max_length=14)

        class Meta:
            app_label = "gardens"

    assert links.capital_names([Plot]) == ["gardens.Plot: Parcelle"]
    assert links.capital_names([Bed]) == [
        "gardens.Bed: no verbose_name",
        "gardens.Bed.area: Surface",
    ]
    assert links.inexact_numbers([Plot, Bed]) == ["gardens.Bed.area: FloatField"]


@isolate_apps("programmes")
def test_a_model_that_the_glossary_forgets_is_named(tmp_path):
    class Plot(models.Model):
        class Meta:
            app_label = "programmes"

    (tmp_path / "docs").mkdir()
    glossary = tmp_path / "docs" / "glossaire.md"
    glossary.write_text("| jardin | Garden |\n")
    assert links.missing_from_glossary([Plot], Tree(tmp_path)) == ["Plot"]
    glossary.write_text("| parcelle | Plot |\n")
    assert links.missing_from_glossary([Plot], Tree(tmp_path)) == []
