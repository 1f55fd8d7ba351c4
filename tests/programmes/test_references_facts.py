"""The facts the reference lists must hold: official scales, groupings and budget grids."""

import csv
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "programmes" / "models" / "data"


def rows_of(name):
    """Return the rows of one list by code, in file order, `meta` parsed."""
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    return {row["code"]: row | {"meta": json.loads(row["meta"])} for row in rows}


def codes_where(name, **wanted):
    """Return the set of codes of a list whose `meta` holds all the wanted values."""
    return {
        code
        for code, row in rows_of(name).items()
        if all(key in row["meta"] and row["meta"][key] == wanted[key] for key in wanted)
    }


# --- data·inclusion


def test_thematiques_are_69_values_under_16_categories():
    rows = rows_of("di_thematiques")
    values = {code: row for code, row in rows.items() if row["parent"]}
    assert len(values) == 69
    assert len(rows) - len(values) == 16
    assert all(code.split("--")[0] == row["parent"] for code, row in values.items())
    assert {row["version"] for row in rows.values()} == {"v1.0.8"}


def test_thematiques_proposed_for_a_garden_exist():
    assert {
        "equipement-et-alimentation--alimentation",
        "remobilisation--lien-social",
        "remobilisation--bien-etre-confiance-en-soi",
        "logement-hebergement--se-maintenir-dans-le-logement",
        "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite",
    } <= rows_of("di_thematiques").keys()


def test_tous_publics_alone_excludes_the_thirteen_others():
    assert codes_where("di_publics", exclusive=True) == {"tous-publics"}
    assert len(rows_of("di_publics").keys() - {"tous-publics"}) == 13


def test_named_networks_are_there():
    assert {
        "ccas-cias",
        "communes",
        "departements",
        "plie",
        "chantier-ecole",
        "aci",
        "restos-du-coeur",
        "secours-populaire",
        "banques-alimentaires",
    } <= rows_of("di_reseaux_porteurs").keys()


# --- levels of education and FSE+


def test_education_levels_fall_into_the_three_fse_groups():
    assert codes_where("education_levels", fse="EECO11") == {"N_I", "N_II", "N_III"}
    assert codes_where("education_levels", fse="EECO10") == {"N_IV", "N_V"}
    assert codes_where("education_levels", fse="EECO09") == {
        "N_IV_SD",
        "N_V_SD",
        "N_VBIS",
        "N_VI",
        "N_VII",
    }


def test_education_levels_carry_every_scale():
    for code, row in rows_of("education_levels").items():
        assert row["meta"].keys() >= {
            "old_level",
            "level_2019",
            "isced",
            "fse",
            "cnaf",
            "asp",
            "ft",
        }
        assert row["meta"]["cnaf"] in {str(number) for number in range(1201, 1208)}, code
        assert bool(row["meta"]["level_2019"]) == row["meta"]["diploma"], code


def test_decree_of_2019_maps_each_former_level():
    rows = rows_of("education_levels")
    new = {code: rows[code]["meta"]["level_2019"] for code in ("N_V", "N_IV", "N_III", "N_II")}
    assert new == {"N_V": "3", "N_IV": "4", "N_III": "5", "N_II": "6"}
    assert rows["N_I"]["meta"]["level_2019"] == "7 et 8"
    assert rows["N_VBIS"]["meta"]["old_level"] == "V bis"


@pytest.mark.parametrize(
    ("level_iv", "level_v", "expected"),
    [
        ("N_IV", "N_V", {"EECO09": 49, "EECO10": 7}),
        ("N_IV", "N_V_SD", {"EECO09": 55, "EECO10": 1}),
        ("N_IV_SD", "N_V_SD", {"EECO09": 56}),
    ],
)
def test_the_56_participants_of_2015_fall_into_the_fse_groups(level_iv, level_v, expected):
    """Counts of « Les jardins du cœur » in 2015: IV 1, V 6, V bis 13, VI 36."""
    rows = rows_of("education_levels")
    groups = Counter()
    for code, persons in ((level_iv, 1), (level_v, 6), ("N_VBIS", 13), ("N_VI", 36)):
        groups[rows[code]["meta"]["fse"]] += persons
    assert groups == expected


@pytest.mark.parametrize("name", ["last_classes", "diplomas"])
def test_class_and_diploma_lead_to_a_level(name):
    levels = rows_of("education_levels")
    found = {row["meta"]["level"] for row in rows_of(name).values()} - {None}
    assert found <= levels.keys()
    assert {levels[code]["meta"]["diploma"] for code in found} == {name == "diplomas"}


def test_class_and_diploma_together_reach_every_level():
    found = {
        row["meta"]["level"]
        for name in ("last_classes", "diplomas")
        for row in rows_of(name).values()
    }
    assert found - {None} == rows_of("education_levels").keys()


def test_fse_indicators_are_numbered_without_a_gap():
    codes = list(rows_of("fse_indicators"))
    outputs = [f"EECO{number:02}" for number in range(1, 20)]
    results = [f"EECR{number:02}" for number in range(1, 7)]
    assert codes == outputs + results


def test_fse_special_categories_may_be_refused():
    assert codes_where("fse_indicators", special_category=True) == {"EECO12", "EECO15"}
    assert codes_where("fse_indicators", personal=False) == {"EECO18", "EECO19"}
    assert codes_where("yes_no_declined", declined=True) == {"ne_souhaite_pas_repondre"}


def test_fse_codes_quoted_elsewhere_exist():
    known = rows_of("fse_indicators").keys()
    lists = ("education_levels", "employment_status_entry", "age_bands", "nationality_groups")
    quoted = {row["meta"].get("fse") for name in lists for row in rows_of(name).values()} - {None}
    assert quoted <= known
    assert {"EECO02", "EECO04", "EECO05", "EECO06", "EECO07", "EECO08", "EECO13"} <= quoted


def test_age_bands_cover_every_age_once_and_keep_every_threshold():
    bands = [row["meta"] for row in rows_of("age_bands").values()]
    assert bands[0]["min"] == 0
    assert bands[-1]["max"] is None
    assert all(a["max"] + 1 == b["min"] for a, b in pairwise(bands))
    assert {band["min"] for band in bands} >= {18, 26, 30, 50, 55}


# --- exits and insertion


def test_exit_reasons_are_the_asp_codes():
    assert list(rows_of("exit_reasons_asp")) == [str(number) for number in range(1, 23)] + ["96"]
    assert codes_where("exit_reasons_asp", category=None) == {"96"}


@pytest.mark.parametrize(
    ("category", "codes"),
    [
        ("durable", {1, 3, 4, 9, 11, 13}),
        ("transition", {10, 14}),
        ("positive", {2, 5, 12, 15}),
        ("autre", {6, 7, 8}),
        ("retrait", set(range(16, 23))),
    ],
)
def test_exit_reasons_fall_into_the_five_categories(category, codes):
    assert codes_where("exit_reasons_asp", category=category) == {str(code) for code in codes}
    assert category in rows_of("exit_categories")


def test_dynamic_exits_leave_withdrawals_out_of_the_denominator():
    assert codes_where("exit_categories", dynamic=True) == {"durable", "transition", "positive"}
    assert codes_where("exit_categories", in_denominator=False) == {"retrait"}


def test_contract_kinds_quote_known_exit_categories():
    keys = ("exit", "exit_from_6_months", "exit_under_6_months")
    metas = [row["meta"] for row in rows_of("contract_kinds").values()]
    quoted = {meta[key] for meta in metas for key in keys if key in meta} - {None}
    assert quoted == {"durable", "transition", "positive"}


def test_referrers_run_from_01_to_23_and_unknown_is_an_absence():
    assert list(rows_of("referrers_asp")) == [f"{number:02}" for number in range(1, 24)] + ["99"]
    assert codes_where("referrers_asp", absence=True) == {"99"}


def test_iae_criteria_have_two_levels():
    assert codes_where("iae_criteria", level=1) == {"RSA", "ASS", "AAH", "DETLD"}
    assert len(codes_where("iae_criteria", level=2)) == 14


def test_siae_kinds_say_how_many_level_2_criteria_they_ask():
    assert codes_where("siae_kinds", level_2_criteria_required=2) == {"AI", "ETTI"}
    assert codes_where("siae_kinds", level_2_criteria_required=3) == {"ACI", "EI", "EITI"}


# --- barriers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("barrier_situations", [12, 4, 6, 5, 4, 6, 6, 5]),
        ("barrier_objectives", [3, 6, 6, 2, 2, 6, 4, 6]),
    ],
)
def test_situations_and_objectives_belong_to_a_barrier(name, expected):
    barriers = list(rows_of("barriers"))
    assert barriers == [str(number) for number in range(22, 30)]
    counts = Counter(row["meta"]["barrier"] for row in rows_of(name).values())
    assert [counts[code] for code in barriers] == expected
    assert counts.keys() == set(barriers)


def test_barriers_translate_into_the_other_vocabularies():
    metas = [row["meta"] for row in rows_of("barriers").values()]
    assert {meta["barrier_national"] for meta in metas} == rows_of("barriers_national").keys()
    cdb = {meta["barrier_cdb"] for meta in metas}
    assert rows_of("barriers_cdb").keys() - cdb == {"emploi", "formation"}
    categories = {code for code, row in rows_of("di_thematiques").items() if not row["parent"]}
    assert {meta["di_category"] for meta in metas} <= categories


# --- housing


def test_webrsa_housing_codes_are_mapped_once():
    found = [
        code for row in rows_of("housing_status").values() for code in row["meta"].get("webrsa", [])
    ]
    assert len(found) == len(set(found)) == 11  # « autre » is left to be completed by hand
    assert codes_where("housing_status", eeco16=True) == {"exclusion_logement", "sans_abri"}


def test_ccas_housing_words_lead_to_a_known_status():
    rows = rows_of("accommodation_mss")
    quoted = {row["meta"]["housing_status"] for row in rows.values() if row["meta"]}
    assert quoted <= rows_of("housing_status").keys()


def test_dpe_thresholds_grow_and_the_last_class_is_open():
    rows = list(rows_of("dpe_classes").values())
    assert [row["meta"]["energy_max"] for row in rows] == [70, 110, 180, 250, 330, 420, None]
    gas = [row["meta"]["ghg_max"] for row in rows]
    assert gas[:-1] == sorted(gas[:-1])
    assert gas[-1] is None


# --- budgets

BUDGETS = ["budget_lines_cerfa", "budget_lines_dauphin", "budget_lines_psl2016"]

# A real file of the contrats de ville portal, made anonymous: every line with its amount in euros.
DAUPHIN_CHARGES = {
    "60": {"601": 8974, "60x": 200},
    "61": {"613": 4550, "615": 917, "616": 713, "618": 830},
    "62": {"622": 6933, "623": 5747, "625": 2279, "62x": 755},
    "64": {"641": 64202, "645": 27761, "647": 13481},
    "65": {"65x": 3687},
    "66": {"66x": 83},
    "86": {"864": 116_000},
}
DAUPHIN_PRODUCTS = {
    "74": {
        "74agenceserv": 8500,
        "74etat": 66_935,
        "74region": 23_000,
        "74dep": 9000,
        "74com": 9100,
        "74orgasoc": 1890,
    },
    "RESSPROPRES": {"insufprevisionnel": 22_687},
    "87": {"870": 116_000},
}


@pytest.mark.parametrize("name", BUDGETS)
def test_budget_lines_stand_on_the_side_of_their_heading(name):
    rows = rows_of(name)
    assert {row["meta"]["side"] for row in rows.values()} == {"charge", "produit"}
    headings = {row["parent"] for row in rows.values() if row["parent"]}
    assert headings == {code for code, row in rows.items() if not row["parent"]}
    for row in rows.values():
        if row["parent"]:
            assert row["meta"] == rows[row["parent"]]["meta"]


@pytest.mark.parametrize("name", BUDGETS)
def test_accounts_6_and_86_are_charges_accounts_7_and_87_are_products(name):
    for code, row in rows_of(name).items():
        account = re.match(r"(8[67]|[67])", code)
        if account:
            side = "charge" if account[0] in {"6", "86"} else "produit"
            assert row["meta"]["side"] == side, code
            assert row["meta"].get("in_kind", False) == (account[0] in {"86", "87"}), code


@pytest.mark.parametrize("name", ["budget_lines_cerfa", "budget_lines_dauphin"])
def test_official_grids_hold_every_heading(name):
    headings = [code for code, row in rows_of(name).items() if not row["parent"]]
    charges = [str(number) for number in range(60, 70)] + ["CHARGINDIRECT", "86"]
    products = ["70", *(str(number) for number in range(73, 80)), "RESSPROPRES", "87"]
    assert headings == charges + products


@pytest.mark.parametrize(
    ("side", "fixture"), [("charge", DAUPHIN_CHARGES), ("produit", DAUPHIN_PRODUCTS)]
)
def test_every_line_of_the_dauphin_file_exists_on_its_side(side, fixture):
    rows = rows_of("budget_lines_dauphin")
    for heading, lines in fixture.items():
        for code in lines:
            assert rows[code]["parent"] == heading
            assert rows[code]["meta"]["side"] == side
    assert sum(amount for lines in fixture.values() for amount in lines.values()) == 257_112


def test_the_97_200_euros_of_2015_fit_the_old_model():
    rows = rows_of("budget_lines_psl2016")
    amounts = {
        "60_combustibles": 1000,
        "60_fluides": 400,
        "60_fournitures": 4000,
        "61_entretien": 400,
        "61_assurances": 2500,
        "62_divers": 4300,
        "64_remunerations": 45_700,
        "64_charges_sociales": 18_900,
        "65_gestion": 20_000,
        "74_etat": 25_000,
        "74_departement": 31_500,
        "74_commune": 20_700,
        "74_fonds_europeens": 20_000,
    }
    totals = Counter()
    for code, amount in amounts.items():
        totals[rows[code]["meta"]["side"]] += amount
    assert totals == {"charge": 97_200, "produit": 97_200}


def test_open_data_writes_the_three_exact_values():
    values = [row["meta"]["scdl"] for row in rows_of("scdl_nature").values()]
    assert values == [
        "aide en numéraire",
        "aide en nature",
        "aide en numéraire;aide en nature",
    ]
