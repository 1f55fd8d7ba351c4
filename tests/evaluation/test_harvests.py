"""What a garden gave, on the dashboard and in the bilan: numbers counted by hand."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from autoprod.core.periods import Period
from evaluation.columns.harvests import GARDEN_ASKS
from evaluation.enums import Audience
from evaluation.results import Selection, compute
from gardens.enums import Destination
from gardens.models import Movement
from gardens.services.movements import take_back
from programmes.access import scope_of
from tests.evaluation.gardens import DAY, grow_year
from tests.factories import beneficiaries as people
from tests.factories import gardens as grow
from tests.factories import pathways
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

YEAR = Period.year(2015)
MARCH = Period.month(2015, 3)


@pytest.fixture
def garden(world):
    """Return the garden after its year."""
    grow_year(world.here.garden)
    return world.here.garden


def found_in(frame, period=YEAR, audience=Audience.INTERNAL) -> dict:
    selection = Selection(
        scope_of(frame.programme_manager), frozenset({frame.programme.pk}), period
    )
    return compute(selection, GARDEN_ASKS, audience=audience, threshold=5)


def come(frame, count: int, day=DAY) -> list:
    """Return so many persons who came, the first two of one household."""
    session = make.close(make.make_session(frame.programme, frame.site, on=day))
    persons = [people.make_person(frame.programme) for _ in range(count)]
    for person in persons:
        people.make_attendance(people.enrolment_of(person), session, frame.site)
    return persons


def page_of(frame, name: str, period=YEAR, *args) -> str:
    return reverse(f"evaluation:{name}", args=[frame.programme.pk, period, *args])


def said(browser, address: str) -> str:
    """Return what a page says, with plain spaces."""
    body = browser.get(address).content.decode("utf-8-sig")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_a_year_reads_as_counted_by_hand(garden):
    told = {code: result.text.replace("\u00a0", " ") for code, result in found_in(garden).items()}
    assert (
        told
        | {
            "food_harvested": "52 kg",
            "food_honey": "5 kg",
            "food_donated": "9 kg",
            "food_bought": "9 kg",
            "food_transformed": "5 kg",
            "food_given": "49 kg",
            "food_out": "51 kg",
            "food_to_organisations": "7 kg",
            "organisations_served": "2",
            "portions_served": "25",
            "baskets_served": "30",
            "food_stock": "23 kg",
            "harvest_value": "104 €",
            "given_value": "88 €",
            "given_unpriced": "5 kg",
            "growers_share": "14 kg",
            "growers_value": "24 €",
            "growers_unpriced": "2 kg",
            "varieties_grown": "1",
            "varieties_harvested": "1",
            "varieties_given": "2",
            "varieties_given_otherwise": "1",
            "water_collected": "200 L",
            "compost_brought": "12 kg",
        }
        == told
    )
    assert found_in(garden)["food_lost"].rate.replace("\u00a0", " ") == "2,0 % de 51 kg"


def test_what_was_taken_back_counts_nowhere(garden):
    for destination in (Destination.TABLE, Destination.ORGANISATION):
        for line in Movement.objects.filter(lot__programme=garden.programme).standing():
            if line.destination == destination:
                take_back(
                    scope=grow.EVERYTHING, movement=line.pk, reason="Erreur", client_uuid=uuid4()
                )
    found = found_in(garden)
    assert found["portions_served"].value == 0
    assert found["organisations_served"].value == 0
    assert found["food_given"].value == 49 - 5 - 7
    assert found["varieties_given"].value == 1


def test_several_products_of_a_session_serve_the_same_people(garden):
    more = grow.make_lot(garden.programme, garden.site, "3", on=DAY)
    grow.make_movement(more, "3", destination=Destination.TABLE, recipients=20)
    assert found_in(garden)["portions_served"].value == 25


def test_a_weighing_corrected_later_corrects_the_month_it_was_weighed_in(garden):
    lot = garden.grown.lot
    late = {"destination": Destination.WEIGHING, "on": date(2016, 2, 1), "reason": "Tare"}
    Movement.objects.create(lot=lot, grams=Decimal("0.25"), **late)
    found = found_in(garden)
    assert found["food_harvested"].value == Decimal("51.75")
    assert found["food_stock"].value == 23
    assert found_in(garden, Period.year(2016))["food_stock"].value == Decimal("22.75")


def test_the_part_of_a_household_is_read_on_the_households_present(garden, client_for):
    first, second, *_ = come(garden, 6)
    home = pathways.make_household(first)
    home.members.create(person=second)
    text = said(client_for(garden.programme_manager), page_of(garden, "dashboard"))
    assert "Poids 14 kg 2,8 kg" in text
    assert "Valeur estimée 24 € 4,80 €" in text
    assert "Moyenne sur 5 foyers présents." in text
    assert "Ce n’est ni une vente, ni un revenu. Prix : Mercuriale du CCAS." in text
    assert "Sans prix : 2 kg." in text


def test_the_committee_reads_totals_and_no_mean_of_too_few(garden, client_for):
    come(garden, 4)
    for name in ("dashboard", "report_detail"):
        text = said(client_for(garden.committee_member), page_of(garden, name))
        assert "Poids 14 kg –" in text, name
        assert "Foyers présents : moins de 5" in text, name
        assert "/lignes/" not in text, name
        # Three kilograms say nothing of anybody.
        assert "Pertes 1 kg 2,0 %" in text, name
        assert "Parts lues sur 51 kg sortis." in text, name


def test_a_programme_without_a_garden_has_no_card_of_one(world, client_for):
    kitchen = world.here.kitchen
    text = said(client_for(kitchen.programme_manager), page_of(kitchen, "dashboard"))
    assert "Récoltes et partage" not in text
    figures = said(client_for(kitchen.programme_manager), page_of(kitchen, "figure_list"))
    assert "Variétés cultivées" not in figures


def test_a_garden_with_nothing_weighed_says_how_to_begin(garden, client_for):
    address = page_of(garden, "dashboard", Period.month(2011, 3))
    assert "Une pesée au jardin suffit" in said(client_for(garden.programme_manager), address)


@pytest.mark.parametrize("role", ["programme_manager", "committee_member"])
@pytest.mark.parametrize("period", [YEAR, MARCH, Period.quarter(2015, 1)], ids=str)
def test_a_bilan_tells_of_the_garden(role, period, garden, client_for):
    text = said(client_for(getattr(garden, role)), page_of(garden, "report_detail", period))
    assert "Récoltes et partage" in text
    assert re.search(r"Paniers 15 kg", text)
    assert re.search(r"Variétés redistribuées 2", text)


def test_an_objective_in_kilograms_is_read_beside_what_was_harvested(garden, client_for):
    edition = make.make_edition(garden.programme, 2015)
    make.make_objective(edition, wording="Nourrir le quartier", target=1200, unit="Kg")
    text = said(client_for(garden.committee_member), page_of(garden, "report_detail"))
    assert "« Nourrir le quartier » : 1 200 kg visés ; 52 kg récoltés, 49 kg redistribués" in text


def test_the_export_adds_up_kilograms_and_euros(garden, client_for):
    address = page_of(garden, "dashboard_export", YEAR, "csv")
    text = client_for(garden.programme_manager).get(address).content.decode("utf-8-sig")
    assert "Récoltes;Total;52,000;kilogrammes;;" in text
    assert "Valeur de la part des jardiniers;Total;24,00;euros;;" in text


def test_the_pages_of_a_garden_ask_as_much_for_seven_lots_as_for_two(garden, client_for):
    come(garden, 6)
    browser = client_for(garden.programme_manager)

    def more() -> None:
        for number in range(5):
            product = grow.make_product(garden.territory)
            lot = grow.make_lot(
                garden.programme, garden.site, "5", on=date(2015, 4 + number, 1), product=product
            )
            organisation = make.make_organisation(garden.territory)
            to = {"destination": Destination.ORGANISATION, "organisation": organisation}
            grow.make_movement(lot, "1", **to)

    for name, most in (("dashboard", 25), ("report_detail", 40)):
        address = page_of(garden, name)
        same_queries(lambda address=address: browser.get(address), more)
        with max_queries(most):
            browser.get(address)
