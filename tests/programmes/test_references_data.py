"""The form of the reference lists shipped as CSV: columns, codes, dates, typography, size."""

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "programmes" / "models" / "data"
CATALOGUE = DATA / "lists.csv"
FILES = sorted(path for path in DATA.glob("*.csv") if path != CATALOGUE)
HEADER = ["list", "code", "label", "parent", "version", "valid_from", "valid_to", "source", "meta"]
CATALOGUE_HEADER = ["list", "label", "help", "editable", "source"]

# A plain space where French wants a non-breaking one, or a straight apostrophe.
BAD_TYPOGRAPHY = re.compile(r"'| [:;?!»%€]|« |\s\s|^\s|\s$|\d \d{3}\b")
UNCHECKED = "à vérifier : ".replace(" :", "\u00a0:")

# Facts: official sizes of the lists (parents of a grouped list are counted apart below).
COUNTS = {
    "barrier_objectives": 35,
    "barrier_situations": 48,
    "barriers": 8,
    "barriers_cdb": 10,
    "barriers_national": 8,
    "contract_kinds": 19,
    "di_frais": 2,
    "di_mobilisable_par": 2,
    "di_modes_accueil": 2,
    "di_modes_mobilisation": 4,
    "di_publics": 14,
    "di_reseaux_porteurs": 108,
    "di_thematiques": 16 + 69,
    "di_types": 6,
    "dpe_classes": 7,
    "education_levels": 10,
    "exit_categories": 5,
    "exit_reasons_asp": 22 + 1,
    "fse_indicators": 19 + 6,
    "ft_categories": 7,
    "iae_criteria": 4 + 14,
    "pmsmp_objectives": 3,
    "referrers_asp": 23 + 1,
    "rsa_entitlement": 3,
    "rsa_file_states": 7,
    "scdl_nature": 3,
    "siae_kinds": 8,
    "support_types": 2 + 13 + 14,
    "unemployment_durations": 4,
}


def read(path):
    """Return the rows of one CSV file as dictionaries, refusing a row of the wrong width."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, strict=True))


def rows_of(name):
    """Return the rows of one list by code, `meta` parsed."""
    return {
        row["code"]: row | {"meta": json.loads(row["meta"])} for row in read(DATA / f"{name}.csv")
    }


def header_of(path):
    """Return the first line of a CSV file, split."""
    with path.open(newline="", encoding="utf-8") as stream:
        return next(csv.reader(stream, strict=True))


each_list = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_the_data_folder_holds_the_lists():
    assert CATALOGUE.exists()
    assert len(FILES) >= len(COUNTS)


@each_list
def test_file_parses_with_the_exact_header(path):
    assert header_of(path) == HEADER
    rows = read(path)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    assert {row["list"] for row in rows} == {path.stem}


@each_list
def test_code_is_stable_and_unique_per_version(path):
    keys = [(row["list"], row["code"], row["version"]) for row in read(path)]
    assert [key for key, times in Counter(keys).items() if times > 1] == []
    assert all(re.fullmatch(r"[0-9A-Za-z_-]{1,100}", code) for _, code, _ in keys)
    assert all(version for _, _, version in keys)


@each_list
def test_parent_stands_in_the_same_list_and_is_not_a_child(path):
    rows = {row["code"]: row for row in read(path)}
    parents = {row["parent"] for row in rows.values() if row["parent"]}
    assert parents <= rows.keys()
    assert [code for code in parents if rows[code]["parent"]] == []


@each_list
def test_labels_and_sources_follow_french_typography(path):
    rows = read(path)
    for column in ("label", "source"):
        texts = [row[column] for row in rows]
        assert all(texts)
        assert [text for text in texts if BAD_TYPOGRAPHY.search(text)] == []
    assert [row["label"] for row in rows if len(row["label"]) > 200] == []


@each_list
def test_source_names_a_real_source(path):
    sources = [row["source"] for row in read(path)]
    assert [text for text in sources if re.search(r"DOMAIN|\[S?\d|\[M\]", text)] == []
    assert [text for text in sources if "à vérifier" in text and len(text) <= len(UNCHECKED)] == []


@each_list
def test_dates_are_iso_and_ordered(path):
    for row in read(path):
        start = date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min
        end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        assert start <= end, row["code"]


@each_list
def test_meta_is_a_json_object(path):
    assert all(isinstance(json.loads(row["meta"]), dict) for row in read(path))


@each_list
def test_an_absence_is_never_a_row(path):
    """Not asked is an empty field; a refusal is a code, the same everywhere."""
    rows = rows_of(path.stem)
    assert [code for code, row in rows.items() if "non renseigné" in row["label"].lower()] == []
    declined = {code for code, row in rows.items() if row["meta"].get("declined")}
    refusals = {code for code, row in rows.items() if "souhaite pas" in row["label"]}
    assert declined == refusals
    assert declined <= {"ne_souhaite_pas_repondre"}


def test_catalogue_describes_exactly_the_lists_found():
    assert header_of(CATALOGUE) == CATALOGUE_HEADER
    rows = read(CATALOGUE)
    assert [row["list"] for row in rows] == [path.stem for path in FILES]
    assert {row["editable"] for row in rows} == {"yes", "no"}


def test_catalogue_is_written_in_plain_french():
    for row in read(CATALOGUE):
        for column in ("label", "help", "source"):
            assert row[column], row["list"]
            assert not BAD_TYPOGRAPHY.search(row[column]), row[column]
        assert row["help"].endswith("."), row["list"]
        assert row["help"].count(". ") == 0, row["list"]


@pytest.mark.parametrize(("name", "expected"), sorted(COUNTS.items()))
def test_official_list_is_complete(name, expected):
    assert len(rows_of(name)) == expected
