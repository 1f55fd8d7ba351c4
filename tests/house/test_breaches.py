"""Eleven deliberate breaches: each guardian sees the one planted for it in a copy of the project.

The copy is whole (code, templates, settings) and passes untouched: what is caught is the plant.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import models
from django.http import HttpResponse
from django.test.utils import isolate_apps
from django.urls import path

from autoprod.core.checks import scope_error
from autoprod.core.models import BaseModel
from tests.access import walker
from tests.house import links, names, reads
from tests.house.contracts import broken_contracts
from tests.house.tree import FLOORS, PROJECT, SKIPPED_FOLDERS, Tree


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """Return a copy of the floors and of what configures them."""
    root = tmp_path_factory.mktemp("house")
    for folder in (*FLOORS, "templates"):
        ignore = shutil.ignore_patterns(*SKIPPED_FOLDERS)
        shutil.copytree(PROJECT.root / folder, root / folder, ignore=ignore)
    shutil.copy(PROJECT.root / "pyproject.toml", root)
    return root


@pytest.fixture
def plant(copy) -> Iterator[Callable[[str, str], Tree]]:
    """Return a function that adds a line to a file of the copy, undone after the test."""
    changed: dict[Path, str | None] = {}

    def add(name: str, line: str) -> Tree:
        file = copy / name
        changed[file] = file.read_text() if file.exists() else None
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{changed[file] or ''}\n{line}\n")
        return Tree(copy)

    yield add
    for file, text in changed.items():
        if text is None:
            file.unlink()
        else:
            file.write_text(text)


def _related(tree: Tree) -> list[str]:
    return reads.related_reads(tree, reads.accessors(links.our_models()))


def test_the_untouched_copy_passes(copy):
    tree = Tree(copy)
    assert broken_contracts(copy) == ""
    assert names.attic_files(tree) == []
    assert reads.unscoped_reads(tree) == []
    assert _related(tree) == []


@pytest.mark.parametrize(
    "line",
    [
        "from evaluation import apps as top_of_the_house",
        "def late():\n    import evaluation.apps",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import evaluation.apps",
    ],
    ids=["top of the file", "in a function", "under TYPE_CHECKING"],
)
def test_an_upward_import_is_caught(plant, line):
    tree = plant("programmes/enums.py", line)
    assert "programmes.enums -> evaluation.apps" in broken_contracts(tree.root)


@pytest.mark.parametrize("target", ["evaluation.indicators.people", "beneficiaries.apps"])
def test_a_view_that_goes_round_the_results_is_caught(plant, target):
    plant("evaluation/indicators/__init__.py", "")
    plant("evaluation/indicators/people.py", "COUNT = 1")
    plant("evaluation/results.py", "from evaluation.indicators import people")
    tree = plant("evaluation/views/__init__.py", "")
    assert broken_contracts(tree.root) == ""
    plant("evaluation/views/dashboards.py", f"import {target}")
    assert f"evaluation.views.dashboards -> {target}" in broken_contracts(tree.root)


def test_a_new_attic_is_caught(plant):
    tree = plant("gardens/helpers.py", "")
    assert names.attic_files(tree) == ["gardens/helpers.py"]
    assert "gardens.helpers" in broken_contracts(tree.root)


def test_weasyprint_outside_its_room_is_caught(plant):
    tree = plant("programmes/documents/__init__.py", "")
    plant("programmes/documents/sheets.py", "def draw():\n    import weasyprint")
    assert "programmes.documents.sheets -> weasyprint" in broken_contracts(tree.root)


@isolate_apps("programmes", "gardens")
@pytest.mark.parametrize("is_there", [False, True], ids=["plot to come", "plot there"])
def test_a_string_foreign_key_pointing_up_is_caught(is_there):
    class Household(models.Model):
        __module__ = "programmes.models.households"
        plot = models.ForeignKey("gardens.Plot", on_delete=models.PROTECT)

        class Meta:
            app_label = "programmes"

    if is_there:

        class Plot(models.Model):
            __module__ = "gardens.models.plots"

            class Meta:
                app_label = "gardens"

    target = "gardens.models.plots" if is_there else "gardens"
    assert links.upward_links([Household]) == [f"programmes.Household.plot → {target}"]


def _new(
    guardian: Callable[[Tree], list[str]], before: Path, after: Callable[[], Tree]
) -> list[str]:
    """Return what the guardian says after the plant that it did not say before."""
    known = set(guardian(Tree(before)))
    return [line.split(" ", 1)[1] for line in guardian(after()) if line not in known]


def test_an_unscoped_read_in_a_view_is_caught(copy, plant):
    line = "everything = Site.objects.all()"
    found = _new(reads.unscoped_reads, copy, lambda: plant("programmes/views/sites.py", line))
    assert found == ["Site.objects without for_scope"]


def test_a_related_manager_in_a_view_is_caught(copy, plant):
    line = "rows = programme.sites.filter(closed_on=None)"
    found = _new(_related, copy, lambda: plant("programmes/views/sites.py", line))
    assert found == ["programme.sites.filter"]


def test_an_undeclared_address_is_caught():
    def view(request):
        return HttpResponse()

    routes = walker.routes([path("secret/", view, name="secret"), path("su/", view)])
    assert walker.undeclared(routes, declared={"home"}) == ["/secret/ (secret)", "/su/ (no name)"]
    assert walker.undeclared(routes[:1], declared={"secret"}) == []


@isolate_apps("programmes")
def test_a_decimal_amount_is_caught():
    class Payment(models.Model):
        amount = models.DecimalField("montant", max_digits=9, decimal_places=2)

        class Meta:
            app_label = "programmes"

    assert links.inexact_numbers([Payment]) == ["programmes.Payment.amount: DecimalField"]


@isolate_apps("programmes")
def test_a_missing_scope_path_is_caught():
    class Open(BaseModel):
        SCOPE_PATH = "territory"
        territory = models.ForeignKey("programmes.Territory", on_delete=models.PROTECT)

        class Meta:
            app_label = "programmes"

    class Forgotten(Open):
        class Meta:
            app_label = "programmes"

    assert scope_error(Forgotten).id == "house.E001"
