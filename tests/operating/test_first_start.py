"""The first start opens a base once, with everything the first account needs, or not at all."""

import pytest

from tests.operating.conftest import answers

pytestmark = pytest.mark.long

TABLES = ("core_installation", "programmes_territory", "programmes_programme", "accounts_user")


def counts(place) -> list[int]:
    """Return how many rows each table of interest has."""
    return [place.query(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def test_it_opens_a_territory_a_programme_and_an_account(new_place):
    place = new_place()

    said = place.run("first_start", *answers(email="Claire.Vasseur@Example.FR"))

    assert counts(place) == [1, 1, 1, 1]
    assert "/lien/" in said
    assert place.query("SELECT email FROM accounts_user") == [("claire.vasseur@example.fr",)]
    assert sorted(place.query("SELECT role FROM programmes_membership")) == [
        ("administrator",),
        ("programme_manager",),
    ]
    assert place.query("SELECT role FROM programmes_partnership") == [("operator",)]
    assert place.query("SELECT name FROM programmes_organisation") == [("CCAS de Valenciennes",)]


def test_it_makes_the_tables_of_an_empty_base(new_place):
    place = new_place(empty=True)

    place.run("first_start", *answers())

    assert counts(place) == [1, 1, 1, 1]


def test_errors_are_in_french_beside_their_option(new_place):
    place = new_place()

    said = place.refused(
        "first_start", *answers(insee="59", kind="verger", email="claire", first_name=None)
    )

    for option in ("--insee : ", "--kind : Genre inconnu", "--email : ", "--first-name : "):
        assert option in said
    assert "--territory" not in said
    assert counts(place) == [0, 0, 0, 0]


def test_a_base_opens_once(place):
    before = counts(place)

    said = place.refused("first_start", *answers(territory="Anzin"))

    assert "déjà ouverte" in said
    assert counts(place) == before


def test_a_demo_never_becomes_real(new_place):
    place = new_place()
    place.query("INSERT INTO core_installation VALUES (1, true, '2026-01-01 00:00:00+00')")

    assert "démonstration" in place.refused("first_start", *answers())
    assert counts(place) == [1, 0, 0, 0]


def test_a_failure_in_the_middle_leaves_nothing(new_place):
    place = new_place()
    # The last row to be written is refused by the base itself.
    place.query("DROP TABLE accounts_accesslink")

    done = place.manage("first_start", *answers())

    assert done.returncode == 1
    assert counts(place) == [0, 0, 0, 0]
