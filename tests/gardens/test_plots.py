"""Plots: zones and beds, their place on the plan, areas that fit in one another."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from gardens.models import Plot
from gardens.services.plots import in_order, overflows
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.prints import text_of
from tests.harness.queries import same_queries

SVG = "{http://www.w3.org/2000/svg}"
PLACE = {"plan_x": "1", "plan_y": "2,5", "plan_width": "8", "plan_height": "1,2"}


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def leader(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def bare(garden):
    """A garden without a plot."""
    site = make.make_site(garden.territory, garden.programme, name="Friche", area_m2=1000)
    return grow.make_garden(site)


def url(name, garden, *keys):
    return reverse(f"gardens:{name}", args=[garden.programme.pk, *keys])


def sent(name="Planche 1", **fields):
    return {"name": name, "kind": code("plot_kinds", "planche").pk, **fields}


def test_a_plot_is_placed_in_metres_and_its_area_follows(leader, garden, bare):
    leader.post(url("plot_create", garden, bare.pk), sent(**PLACE))
    plot = Plot.objects.get(garden=bare)
    kept = (plot.plan_x, plot.plan_y, plot.plan_width, plot.plan_height)
    assert kept == (10, 25, 80, 12)
    assert plot.area == Decimal("9.6")
    update = url("plot_update", garden, plot.pk)
    form = leader.get(update).context["form"]
    assert (form["plan_y"].value(), form["plan_height"].value()) == ("2,5", "1,2")
    # The same values change nothing; an area that was measured is kept.
    leader.post(update, sent(**PLACE, area="9", version=plot.version))
    plot.refresh_from_db()
    assert (plot.plan_y, plot.area) == (25, Decimal(9))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"plan_x": "1"}, "plan_height"),
        ({**PLACE, "plan_width": "0"}, "plan_width"),
        ({**PLACE, "plan_x": "2000"}, "plan_x"),
        ({**PLACE, "plan_x": "1,25"}, "plan_x"),
        ({**PLACE, "plan_y": "là"}, "plan_y"),
    ],
)
def test_half_a_place_is_told_beside_its_field(leader, garden, bare, typed, field):
    response = leader.post(url("plot_create", garden, bare.pk), sent(**typed))
    assert response.context["form"].errors[field]
    assert not Plot.objects.filter(garden=bare).exists()
    for name, value in typed.items():
        assert response.context["form"][name].value() == value


def test_a_bed_lies_in_a_zone_of_its_garden_and_in_nothing_deeper(leader, garden, bare, world):
    zone = grow.make_plot(bare, "Zone")
    bed = grow.make_plot(bare, "Planche", parent=zone)
    other = grow.make_plot(bare, "Autre zone")
    update = url("plot_update", garden, zone.pk)
    assert list(leader.get(update).context["form"].fields["parent"].queryset) == [other]
    refused = leader.post(update, sent("Zone", parent=other.pk, version=zone.version))
    assert refused.context["form"].errors["parent"]
    for wrong in (bed, garden.grown.plot, world.elsewhere.garden.grown.plot):
        create = url("plot_create", garden, bare.pk)
        refused = leader.post(create, sent("Nouvelle", parent=wrong.pk))
        assert refused.context["form"].errors["parent"]


def test_two_plots_of_a_garden_have_two_names(leader, garden, bare):
    grow.make_plot(bare, "Serre")
    again = leader.post(url("plot_create", garden, bare.pk), sent("Serre"))
    assert "Une parcelle de ce jardin porte déjà ce nom." in again.content.decode()


def test_plots_are_listed_as_people_count_them(bare):
    north, south = (grow.make_plot(bare, name) for name in ("Zone nord", "Zone 2"))
    for name in ("Planche 10", "Planche 2"):
        grow.make_plot(bare, name, parent=north)
    rows = in_order(Plot.objects.filter(garden=bare).select_related("parent"))
    assert [row.name for row in rows] == ["Zone 2", "Zone nord", "Planche 2", "Planche 10"]
    assert south in rows


def words(garden):
    rows = Plot.objects.filter(garden=garden).select_related("kind", "parent")
    return overflows(garden, rows)


def test_areas_that_do_not_fit_are_told_and_five_per_cent_are_not(bare):
    bare.cultivated = Decimal(100)
    zone = grow.make_plot(bare, "Zone", area=Decimal(100))
    bed = grow.make_plot(bare, "Planche", area=Decimal(105), parent=zone)
    assert words(bare) == []
    bed.area = Decimal("105.01")
    bed.save()
    assert len(words(bare)) == 1
    assert "«\u00a0Zone\u00a0»" in words(bare)[0]
    bed.delete()
    zone.area = Decimal("105.01")
    zone.save()
    assert "la surface cultivée" in words(bare)[0]
    bare.cultivated = Decimal(1050)
    assert words(bare) == []
    bare.cultivated = Decimal(1051)
    assert "le site en fait 1\u202f000" in words(bare)[0]


def test_tubs_on_balconies_and_borrowed_greenhouses_take_no_ground(bare, garden):
    bare.cultivated = Decimal(10)
    grow.make_plot(bare, kind=code("plot_kinds", "bac"), area=Decimal(50))
    grow.make_plot(bare, area=Decimal(50), lender=garden.network)
    assert words(bare) == []


def test_a_bed_that_sticks_out_of_its_zone_on_the_plan_is_told(bare):
    zone = grow.make_plot(bare, "Zone", plan_x=0, plan_y=0, plan_width=100, plan_height=100)
    bed = grow.make_plot(
        bare, "Planche", parent=zone, plan_x=0, plan_y=0, plan_width=103, plan_height=50
    )
    assert words(bare) == []
    bed.plan_width = 104
    bed.save()
    assert "sort de" in words(bare)[0]


def test_the_plan_says_each_plot_as_the_table_does(leader, garden, bare):
    zone = grow.make_plot(bare, "Zone", plan_x=10, plan_y=10, plan_width=200, plan_height=100)
    bed = grow.make_plot(
        bare, "Planche", parent=zone, plan_x=20, plan_y=40, plan_width=100, plan_height=12
    )
    grow.make_plot(bare, "Bac de balcon", kind=code("plot_kinds", "bac"))
    grow.make_planting(garden.programme, bed)
    response = leader.get(url("garden_detail", garden, bare.pk))
    links = ElementTree.fromstring(response.context["plan"]).findall(f"{SVG}a")
    told = {link.get("href"): link.find(f"{SVG}title").text for link in links}
    assert told == {
        url("plot_detail", garden, zone.pk): "Zone, planche",
        url("plot_detail", garden, bed.pk): "Planche, planche, Courgette",
    }
    page = response.content.decode()
    assert page.count("Bac de balcon") == 2
    assert "1 parcelle sans place sur le plan" in page


def test_a_plot_tells_what_grew_there_the_last_one_first(leader, garden, bare):
    plot = grow.make_plot(bare, "Planche")
    path = url("plot_detail", garden, plot.pk)
    add = f"{reverse('gardens:planting_create', args=[garden.programme.pk])}?parcelle={plot.pk}"
    page = leader.get(path).content.decode()
    assert "Aucune culture n’y est notée" in page
    assert add in page
    days = (date(2015, 4, 1), date(2016, 4, 1))
    rows = [grow.make_planting(garden.programme, plot, planted_on=day) for day in days]
    told = leader.get(path).context["crops"]
    assert [line["planting"] for line in told] == rows[::-1]


def test_what_was_given_back_stands_apart(leader, garden, bare):
    bare.cultivated = Decimal(10)
    bare.save()
    place = {"plan_x": 0, "plan_y": 0, "plan_width": 50, "plan_height": 50}
    ended = {"ends_on": make.yesterday(), "area": Decimal(25)}
    grow.make_plot(bare, "Serre prêtée", **place, **ended)
    response = leader.get(url("garden_detail", garden, bare.pk))
    assert response.context["plan"] == ""
    assert response.context["overflows"] == []
    assert response.context["plots"].body == []
    assert "Parcelles rendues (1)" in response.content.decode()


def test_the_printed_plan_names_no_home(leader, garden):
    plot, somebody = garden.grown.plot, garden.somebody.person
    Plot.objects.filter(pk=plot.pk).update(
        plan_x=0, plan_y=0, plan_width=100, plan_height=20, area=Decimal(20)
    )
    assert str(somebody) in leader.get(url("plot_detail", garden, plot.pk)).content.decode()
    said = text_of(leader.get(url("garden_plan", garden, garden.grown.garden.pk)).content)
    assert plot.name in said
    assert "un foyer" in said
    assert "Courgette" in said
    assert somebody.last_name not in said


def test_a_garden_of_seven_plots_asks_no_more_than_one_of_two(leader, garden, world):
    here = garden.grown.garden

    def more(number):
        for _ in range(number):
            zone = grow.make_plot(here, plan_x=0, plan_y=0, plan_width=9, plan_height=9)
            bed = grow.make_plot(here, parent=zone)
            grow.make_planting(garden.programme, bed)
            grow.make_holding(bed, garden.somebody.household)
            grow.make_holding(zone, organisation=garden.network)
            grow.make_agreement(here, garden.network)

    more(1)
    path = url("garden_detail", garden, here.pk)
    same_queries(lambda: leader.get(path), lambda: more(5))
