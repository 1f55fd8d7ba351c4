"""Loading the lists: what the files say, as often as asked, nothing deleted."""

import csv
import time
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from autoprod.core.fields import sort_key
from programmes.models import ReferenceCode
from programmes.services.references import (
    DATA,
    LoadReport,
    load_after_migrate,
    load_references,
    reference_lists,
)
from tests.factories.gardens import forget_shipped
from tests.factories.programmes import make_code, make_territory

HEADER = ["list", "code", "label", "parent", "version", "valid_from", "valid_to", "source", "meta"]


def row(code, label="Rouge", *, version="1", valid_from="", valid_to="", meta="{}"):
    return ["colours", code, label, "", version, valid_from, valid_to, "Essai", meta]


@pytest.fixture
def write(tmp_path):
    """Return a function that writes the list of colours, and the folder it is in."""

    def write_rows(*rows):
        with (tmp_path / "colours.csv").open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([HEADER, *rows])
        return tmp_path

    return write_rows


@pytest.fixture
def empty(db):
    """Start without any code."""
    forget_shipped()


def colours():
    return {code.code: code for code in ReferenceCode.objects.in_list("colours")}


def test_the_shipped_lists_are_there_after_migrations(db):
    in_base = set(ReferenceCode.objects.filter(territory=None).values_list("list", flat=True))
    assert in_base == set(reference_lists())


def test_a_second_run_writes_nothing(db):
    with CaptureQueriesContext(connection) as captured:
        assert load_references() == LoadReport()
    verbs = {query["sql"].split()[0] for query in captured}
    assert not verbs & {"INSERT", "UPDATE", "DELETE"}
    assert len([query for query in captured if query["sql"].startswith("SELECT")]) == 1


def test_a_first_run_is_fast(empty):
    started = time.monotonic()
    report = load_references()
    assert time.monotonic() - started < 1
    assert report.inserted == ReferenceCode.objects.count() > 900


def test_a_code_takes_what_the_file_says(empty, write):
    directory = write(row("b", "Bleu"), row("r", valid_from="2024-01-01", meta='{"fse": "rouge"}'))
    assert load_references(directory=directory) == LoadReport(inserted=2)
    red = colours()["r"]
    assert (red.label, red.valid_from, red.valid_to) == ("Rouge", date(2024, 1, 1), None)
    assert (red.meta, red.position, red.source) == ({"fse": "rouge"}, 2, "Essai")
    assert (red.list_version, red.territory) == ("1", None)


@pytest.mark.parametrize(
    "changed",
    [
        row("r", "Vermillon"),
        row("r", valid_from="2020-01-01"),
        row("r", valid_to="2030-12-31"),
        row("r", meta='{"fse": "1"}'),
    ],
)
def test_a_change_in_the_file_updates_the_same_row(empty, write, changed):
    load_references(directory=write(row("r")))
    key = colours()["r"].pk
    assert load_references(directory=write(changed)) == LoadReport(updated=1)
    assert colours()["r"].pk == key
    assert load_references(directory=write(changed)) == LoadReport()


def test_another_version_is_another_row(empty, write):
    load_references(directory=write(row("r")))
    report = load_references(directory=write(row("r"), row("r", "Rouge vif", version="2")))
    assert report == LoadReport(inserted=1)


def test_a_code_gone_is_closed_once_and_never_deleted(empty, write):
    load_references(directory=write(row("r"), row("b")))
    assert load_references(directory=write(row("b"))) == LoadReport(updated=1, closed=1)
    assert colours()["r"].valid_to == timezone.localdate()
    ReferenceCode.objects.filter(code="r").update(valid_to=date(2020, 1, 1))
    assert load_references(directory=write(row("b"))) == LoadReport()
    assert colours()["r"].valid_to == date(2020, 1, 1)


def test_a_code_gone_before_it_was_valid_closes_on_its_first_day(empty, write):
    load_references(directory=write(row("r", valid_from="2099-01-01")))
    load_references(directory=write())
    assert colours()["r"].valid_to == date(2099, 1, 1)


def test_a_code_that_comes_back_is_open_again(empty, write):
    load_references(directory=write(row("r")))
    load_references(directory=write())
    load_references(directory=write(row("r")))
    assert colours()["r"].valid_to is None


def test_a_code_of_a_territory_is_left_alone(db):
    code = make_code(make_territory("Valenciennes"), "site_kinds", label="Potager du toit")
    assert load_references() == LoadReport()
    code.refresh_from_db()
    assert (code.label, code.valid_to) == ("Potager du toit", None)


def test_before_the_table_exists_there_is_nothing_to_load(db, monkeypatch):
    monkeypatch.setattr(ReferenceCode._meta, "db_table", "not_yet")
    assert load_after_migrate(using="default") is None


def test_every_list_a_model_names_is_shipped():
    named = {
        field.list_name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if hasattr(field, "list_name")
    }
    assert named >= {"site_kinds", "organisation_kinds", "territory_kinds", "partnership_themes"}
    assert named <= set(reference_lists())


def test_the_catalogue_says_what_each_list_is_for():
    lists = reference_lists(directory=DATA)
    assert lists["organisation_kinds"].is_editable
    assert not lists["sex"].is_editable
    keys = [sort_key(entry.label) for entry in lists.values()]
    assert keys == sorted(keys)
    assert all(entry.help.endswith(".") for entry in lists.values())
