"""Levels of education: the class and the diploma, read on every scale."""

from collections import Counter

import pytest
from django.urls import reverse

from beneficiaries.models import Situation
from beneficiaries.services.education import in_words, is_told, level_of, levels, scales_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code

#: Class, diploma, then: level, 1969, 2019, CITE, FSE+, CNAF, ASP, France Travail.
SCALES = [
    ("etudes_superieures", "bac_5", "N_I", "I", "7 et 8", "5-8", "EECO11", "1201", "10", "NV1"),
    ("etudes_superieures", "bac_3_4", "N_II", "II", "6", "5-8", "EECO11", "1201", "20", "NV2"),
    ("etudes_superieures", "bac_2", "N_III", "III", "5", "5", "EECO11", "1202", "30", "NV3"),
    ("terminale", "baccalaureat", "N_IV", "IV", "4", "3-4", "EECO10", "1203", "40/41", "NV4"),
    ("terminale", "aucun", "N_IV_SD", "IV", "", "2", "EECO09", "1204", "50", "C12"),
    ("terminale", "cap_bep", "N_IV_SD", "IV", "3", "3", "EECO10", "1204", "51", "C12"),
    ("etudes_superieures", "cap_bep", "N_IV_SD", "IV", "3", "3", "EECO10", "1204", "51", "C12"),
    ("cap_bep_annee_terminale", "cap_bep", "N_V", "V", "3", "3", "EECO10", "1204", "51", "NV5"),
    ("seconde_ou_premiere", "cap_bep", "N_V", "V", "3", "3", "EECO10", "1204", "51", "NV5"),
    ("troisieme_generale", "cap_bep", "N_V", "V", "3", "3", "EECO10", "1204", "51", "NV5"),
    ("cap_bep_annee_terminale", "aucun", "N_V_SD", "V", "", "2", "EECO09", "1204", "50", "C12/C3A"),
    ("seconde_ou_premiere", "aucun", "N_V_SD", "V", "", "2", "EECO09", "1204", "50", "C12/C3A"),
    ("troisieme_generale", "aucun", "N_VBIS", "V bis", "", "2", "EECO09", "1205", "60", "C3A/CFG"),
    ("cap_bep_avant_terminale", "aucun", "N_VBIS", "V bis", "", "2", "EECO09", "1205", "60", None),
    (
        "quatrieme_troisieme_techno",
        "aucun",
        "N_VBIS",
        "V bis",
        "",
        "2",
        "EECO09",
        "1205",
        "60",
        None,
    ),
    ("sixieme_a_quatrieme", "aucun", "N_VI", "VI", "", "0-2", "EECO09", "1206", "70", "CP4"),
    ("preprofessionnelle_un_an", "aucun", "N_VI", "VI", "", "0-2", "EECO09", "1206", "70", "CP4"),
    ("jamais_scolarise", "aucun", "N_VII", "", "", "0", "EECO09", "1207", "01", "AFS"),
]


def situation(last_class: str = "", diploma: str = "", level: str = "", **fields) -> Situation:
    """Return an unsaved situation with these codes."""
    return Situation(
        last_class=code("last_classes", last_class) if last_class else None,
        diploma=code("diplomas", diploma) if diploma else None,
        education_level=code("education_levels", level) if level else None,
        **fields,
    )


def level_code(row: Situation) -> str:
    level = level_of(row)
    return level.code if level else ""


@pytest.mark.parametrize("line", SCALES, ids=lambda line: f"{line[0]}+{line[1]}")
def test_every_line_of_the_table_is_read_on_every_scale(db, line):
    last_class, diploma, level, *expected, france_travail = line
    found = scales_of(situation(last_class, diploma))
    assert found.level.code == level
    assert [
        found.former,
        found.level_2019,
        found.isced,
        found.fse,
        found.cnaf,
        found.asp,
    ] == expected
    assert found.france_travail == (france_travail or "C3A/CFG")


def test_the_table_reaches_every_level(db):
    assert {line[2] for line in SCALES} == levels().keys()


@pytest.mark.parametrize("diploma", ["cap_bep", "baccalaureat", "bac_2", "bac_3_4", "bac_5"])
def test_a_diploma_says_the_level_without_the_class(db, diploma):
    row = situation(diploma=diploma)
    assert level_of(row).code == code("diplomas", diploma).meta["level"]
    assert scales_of(row).fse in {"EECO10", "EECO11"}


def test_a_class_alone_leaves_the_funders_group_unknown(db):
    row = situation("terminale")
    assert (level_code(row), scales_of(row).fse, scales_of(row).isced) == ("N_IV_SD", "", "")
    row.education_level = level_of(row)
    assert not is_told(row)


@pytest.mark.parametrize(
    ("last_class", "diploma", "level", "fse"),
    [
        ("troisieme_generale", "baccalaureat", "N_VBIS", "EECO10"),
        ("terminale", "cap_bep", "N_IV_SD", "EECO10"),
        ("jamais_scolarise", "bac_5", "N_VII", "EECO11"),
        ("", "bac_3_4", "", "EECO11"),
    ],
)
def test_a_foreign_diploma_counts_abroad_only(db, last_class, diploma, level, fse):
    row = situation(last_class, diploma, diploma_abroad=True)
    assert level_code(row) == level
    assert scales_of(row).fse == fse
    assert scales_of(row).level_2019 == ""


def test_a_foreign_diploma_gives_no_french_level_to_who_had_one_noted(db):
    assert level_code(situation(diploma="cap_bep", level="N_V", diploma_abroad=True)) == ""


@pytest.mark.parametrize("level", ["N_I", "N_IV", "N_V", "N_VI", "N_IV_SD"])
def test_an_imported_level_stays_as_long_as_neither_is_known(db, level):
    row = situation(level=level)
    assert level_code(row) == level
    assert scales_of(row).fse == code("education_levels", level).meta["fse"]
    assert is_told(row)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("N_V", "N_V_SD"), ("N_IV", "N_IV_SD"), ("N_VI", "N_VI"), ("N_III", ""), ("", "")],
)
def test_an_imported_level_is_corrected_once_it_is_known_that_no_diploma_came(db, level, expected):
    assert level_code(situation(diploma="aucun", level=level)) == expected


@pytest.mark.parametrize(
    ("of_level_v", "of_level_iv", "groups"),
    [
        ("cap_bep", "baccalaureat", {"EECO09": 49, "EECO10": 7}),
        ("aucun", "baccalaureat", {"EECO09": 55, "EECO10": 1}),
        ("aucun", "aucun", {"EECO09": 56}),
        ("", "", {"EECO09": 49, "EECO10": 7}),
    ],
)
def test_the_two_readings_of_the_fiche(db, of_level_v, of_level_iv, groups):
    """The fiche of 2015 counts IV 1, V 6, V bis 13, VI 36, whatever the diploma held."""
    people = [
        ("N_IV", of_level_iv, 1),
        ("N_V", of_level_v, 6),
        ("N_VBIS", "", 13),
        ("N_VI", "", 36),
    ]
    found = Counter()
    for level, diploma, number in people:
        found[scales_of(situation(diploma=diploma, level=level)).fse] += number
    assert found == groups


def test_the_page_tells_the_level_on_the_scales_that_know_it(world, client_for):
    garden = world.here.garden
    person = people.make_person(garden.programme, "Karim", "Dupont")
    before, now = (make.LONG_AGO, "terminale", None), (make.yesterday(), "terminale", "cap_bep")
    for on, last_class, diploma in (before, now):
        row = people.make_situation(person, on=on)
        row.last_class = code("last_classes", last_class)
        row.diploma = diploma and code("diplomas", diploma)
        row.education_level = level_of(row)
        row.save()
    path = reverse("beneficiaries:person_situation", args=[person.pk])
    text = client_for(garden.social_worker).get(path).content.decode().replace("\u00a0", " ")
    every = "1969 : IV · 2019 : 3 · CITE : 3 · FSE+ : EECO10 · CNAF : 1204 · ASP : 51"
    assert f"{every} · France Travail : C12<" in text
    # Without the diploma, what nobody knows is not told.
    assert ">1969 : IV · CNAF : 1204 · ASP : 50 · France Travail : C12<" in text
    hidden = client_for(garden.workshop_leader).get(path)
    assert b"CNAF" not in hidden.content


def test_the_page_shows_both_scales(db):
    row = situation(level="N_V")
    assert in_words(row) == "Niveau V (CAP ou BEP obtenu — actuel niveau 3)"
    row = situation("terminale", "cap_bep", "N_IV_SD")
    assert in_words(row).endswith("CAP ou BEP obtenu — actuel niveau 3")
    assert in_words(situation("terminale", "aucun", "N_IV_SD")).startswith("Niveau IV sans diplôme")
    assert in_words(situation()) == ""
