"""Rotation: what a crop follows too closely, against a plain loop over random gardens."""

from datetime import date
from random import Random

import pytest
from django.utils import timezone

from gardens.enums import PlantingMethod
from gardens.models import Plot, Species
from gardens.services import rotation
from tests.factories import gardens as grow
from tests.factories.programmes import make_programme, make_site, make_territory
from tests.harness.queries import same_queries

pytestmark = pytest.mark.django_db

#: Two families, what stays in place, and a rest of two and of four years.
SPECIES = ("tomate", "pomme_de_terre", "radis", "chou_rave", "laitue", "artichaut")
YEARS = range(timezone.localdate().year - 7, timezone.localdate().year + 2)


@pytest.fixture
def programme():
    return make_programme(make_territory())


def earth_of(plot: Plot, plots: list[Plot]) -> set[int]:
    """Return the keys of the plots that share the earth of one, by walking up from each."""

    def chain(one):
        keys = []
        while one:
            keys.append(one.pk)
            one = one.parent
        return keys

    return {other.pk for other in plots if other.pk in chain(plot) or plot.pk in chain(other)}


def naive(planting, plantings, plots):
    """Return the season and the species of the last crop of the family there, None when none."""
    years, season = planting.species.rotation_years, planting.ground_day.year
    if not years:
        return None
    found = []
    for other in plantings:
        was_grown = other.begun_on or other.ground_day.year >= timezone.localdate().year
        is_family = other.species.family_id == planting.species.family_id
        is_there = other.plot_id in earth_of(planting.plot, plots)
        is_close = season - years < other.ground_day.year < season
        if was_grown and is_family and is_there and is_close and other.species.rotation_years:
            found.append((other.ground_day, other.pk))
    return max(found, default=None)


def plant(draw: Random, programme, plots, species):
    """Add a crop, raised, sown or in place, planned or real."""
    day = date(draw.choice(YEARS), draw.randint(1, 12), draw.randint(1, 28))
    name = draw.choice(["planted_on", "plant_on", "sown_on", "sow_on"])
    dates = {"planted_on": None, name: day}
    method = draw.choice(PlantingMethod.values)
    kind = draw.choice(species)
    return grow.make_planting(programme, draw.choice(plots), kind, method=method, **dates)


@pytest.mark.parametrize("seed", range(6))
def test_it_says_what_a_plain_loop_says(programme, seed):
    draw = Random(seed)
    plots = []
    for _ in range(2):
        garden = grow.make_garden(make_site(programme.territory, programme))
        own = []
        for _ in range(5):
            parent = draw.choice([None, *own])
            own.append(grow.make_plot(garden, parent=parent))
        plots += own
    rows = [plant(draw, programme, plots, SPECIES) for _ in range(60)]
    told = rotation.too_soon(grow.EVERYTHING, rows)
    expected = {row.pk: naive(row, rows, plots) for row in rows}
    found = {key: (one.before.ground_day, one.before.pk) for key, one in told.items()}
    assert found == {key: value for key, value in expected.items() if value}
    assert found, "the worlds of this test would say nothing"


def test_a_family_comes_back_once_the_years_are_over(programme):
    garden = grow.make_garden(make_site(programme.territory, programme))
    zone = grow.make_plot(garden, "Zone")
    bed = grow.make_plot(garden, "Planche 1", parent=zone)
    apart = grow.make_plot(garden, "Planche 2")
    grow.make_planting(programme, zone, "pomme_de_terre", planted_on=date(2020, 4, 1))
    tomato = Species.objects.get(code="tomate", territory=None)

    def told(plot, season):
        place = rotation.Place(plot, tomato, season)
        return rotation.too_soon_at(grow.EVERYTHING, place)

    assert str(told(bed, 2023)) == (
        "Solanacées\u00a0: pomme de terre sur «\u00a0Zone\u00a0» en 2020. "
        "Cette famille peut y revenir en 2024."
    )
    # Four years for a tomato; another bed; the same season, which series share.
    assert told(bed, 2024) is None
    assert told(apart, 2021) is None
    assert told(zone, 2020) is None


def test_as_many_queries_for_two_crops_and_seven(programme):
    garden = grow.make_garden(make_site(programme.territory, programme))
    rows = [grow.make_planting(programme, grow.make_plot(garden), "tomate") for _ in range(2)]

    def more():
        other = grow.make_garden(make_site(programme.territory, programme, name="Autre"))
        plot = grow.make_plot(other)
        rows.extend(grow.make_planting(programme, plot, "tomate") for _ in range(5))

    same_queries(lambda: rotation.too_soon(grow.EVERYTHING, rows), more)
