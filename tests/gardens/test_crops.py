"""Crops: their forms and taps, series, last year's plan, species a territory adds."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from gardens.columns.crops import when
from gardens.enums import Destination, PlantingMethod, PlantingState
from gardens.models import Planting, Product, Species, Variety
from gardens.services import crops
from tests.factories import gardens as grow
from tests.harness.queries import same_queries

YEAR = Period.year(2026)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def plot(garden):
    return grow.make_plot(garden.grown.garden, "Planche 9")


def list_url(garden, year=YEAR) -> str:
    return reverse("gardens:planting_list", args=[garden.programme.pk, year])


def create_url(garden) -> str:
    return reverse("gardens:planting_create", args=[garden.programme.pk])


def sent(plot, **values) -> dict:
    return {"species": "courgette", "plot": plot.pk, "method": "raised", **values}


def test_a_species_is_typed_and_a_variety_found_without_accents(browser, garden, plot):
    data = sent(plot, species="TOMATE", variety="coeur de boeuf", plant_on="2026-05-15")
    variety = Variety.objects.filter(species__code="tomate", sort_key="coeur de boeuf").first()
    if variety is None:
        tomato = Species.objects.get(code="tomate", territory=None)
        variety = Variety.objects.create(species=tomato, name="Cœur de bœuf")
    assert browser.post(create_url(garden), data).url == list_url(garden)
    planting = Planting.objects.get(plot=plot)
    assert (planting.species.code, planting.variety) == ("tomate", variety)
    page = browser.get(list_url(garden)).content.decode()
    assert "Planche 9" in page
    assert "Plantation le 15\u00a0mai\u00a02026" in page


def test_what_is_refused_stays_typed_with_its_reason(browser, garden, plot):
    page = browser.post(create_url(garden), sent(plot, species="tomatte")).content.decode()
    assert "Vouliez-vous dire «\u00a0Tomate\u00a0»" in page
    assert 'value="tomatte"' in page
    assert "Dites au moins un jour" in page
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = browser.post(create_url(garden), sent(plot, planted_on=tomorrow)).content.decode()
    assert "Cette date est à venir" in page
    order = sent(plot, sow_on="2026-06-01", plant_on="2026-05-01")
    assert (
        "La plantation prévue précède le semis."
        in browser.post(create_url(garden), order).content.decode()
    )
    assert not Planting.objects.filter(plot=plot).exists()


def test_a_new_variety_is_added_knowingly(browser, garden, plot):
    data = sent(plot, variety="Verte du Hainaut", plant_on="2026-05-15")
    page = browser.post(create_url(garden), data).content.decode()
    assert "n’est pas dans les variétés de cette espèce" in page
    assert "Ajouter cette variété à la liste" in page
    browser.post(create_url(garden), data | {"adds_variety": "on"})
    variety = Planting.objects.get(plot=plot).variety
    assert (variety.name, variety.territory) == ("Verte du Hainaut", garden.territory)


def test_series_are_planned_every_few_weeks(browser, garden, plot):
    data = sent(
        plot,
        species="radis",
        method="sown",
        sow_on="2026-03-02",
        harvest_on="2026-04-10",
        series=3,
        weeks=2,
    )
    assert (
        "tous les combien de semaines"
        in browser.post(create_url(garden), data | {"weeks": ""}).content.decode()
    )
    browser.post(create_url(garden), data)
    rows = Planting.objects.filter(plot=plot).order_by("sow_on")
    assert [(row.sow_on, row.harvest_on) for row in rows] == [
        (date(2026, 3, 2), date(2026, 4, 10)),
        (date(2026, 3, 16), date(2026, 4, 24)),
        (date(2026, 3, 30), date(2026, 5, 8)),
    ]


def test_each_gesture_is_a_tap_that_is_taken_back(browser, garden, plot):
    row = grow.make_planting(
        garden.programme, plot, planted_on=None, sow_on=date(2026, 3, 1), plant_on=date(2026, 5, 1)
    )
    today = timezone.localdate()
    here = list_url(garden)

    def tap(gesture):
        url = reverse("gardens:planting_tap", args=[row.pk, gesture])
        answer = browser.post(url, {"next": here}, follow=True)
        assert answer.redirect_chain[0][0] == here
        row.refresh_from_db()
        return answer.content.decode()

    # Nothing is pulled up before it is there.
    assert "C’était déjà noté" in tap("arracher")
    assert "Annuler ce geste" in tap("semer")
    assert (row.sown_on, row.state) == (today, PlantingState.RAISED)
    tap("planter")
    assert (row.planted_on, row.state) == (today, PlantingState.GROWING)
    tap("arracher")
    assert (row.ended_on, row.state) == (today, PlantingState.OVER)
    undo = reverse("gardens:planting_undo", args=[row.pk])
    browser.post(undo, {"version": row.version, "before": "ended_on="})
    row.refresh_from_db()
    assert (row.ended_on, row.state) == (None, PlantingState.GROWING)
    # Somebody has written since: the old button does nothing.
    browser.post(undo, {"version": row.version - 1, "before": "planted_on="})
    row.refresh_from_db()
    assert row.planted_on == today


def test_the_year_holds_what_is_in_the_ground_and_what_is_planned(garden, plot):
    def crop(**dates):
        return grow.make_planting(garden.programme, plot, **{"planted_on": None} | dates)

    kept = [
        crop(planted_on=date(2025, 10, 20), ended_on=date(2026, 7, 1)),
        crop(planted_on=date(2020, 1, 1)),
        crop(sow_on=date(2026, 12, 31)),
        crop(sown_on=date(2026, 12, 31)),
    ]
    crop(planted_on=date(2025, 3, 1), ended_on=date(2025, 12, 31))
    crop(plant_on=date(2027, 1, 1))
    crop(sow_on=date(2026, 3, 1), sown_on=date(2027, 1, 2))
    found = Planting.objects.filter(plot=plot).during(YEAR)
    assert set(found) == set(kept)
    for state in PlantingState:
        rows = set(Planting.objects.filter(plot=plot).in_state(state))
        assert rows == {row for row in Planting.objects.filter(plot=plot) if row.state == state}


def test_last_year_s_plan_is_copied_once_and_its_returns_told(browser, garden, plot):
    grown = {"planted_on": date(2025, 5, 20), "ended_on": date(2025, 10, 1)}
    first = grow.make_planting(garden.programme, plot, "tomate", plant_count=30, **grown)
    stays = {"method": PlantingMethod.PERENNIAL, "planted_on": date(2025, 3, 1)}
    grow.make_planting(garden.programme, plot, "rhubarbe", **stays)
    gone = grow.make_plot(garden.grown.garden, "Rendue", ends_on=date(2025, 12, 31))
    grow.make_planting(garden.programme, gone, "radis", **grown)
    url = reverse("gardens:plan_copy", args=[garden.programme.pk, YEAR])
    offered = browser.get(url).context["form"].fields["plantings"].queryset
    assert list(offered) == [first]
    page = browser.post(url, {"plantings": [first.pk]}, follow=True).content.decode()
    assert "1\u00a0culture reprise" in page
    assert "un peu tôt" in page
    browser.post(url, {"plantings": [first.pk]})
    copy = Planting.objects.get(plot=plot, plant_on=date(2026, 5, 20))
    assert (copy.end_on, copy.planted_on, copy.plant_count) == (date(2026, 10, 1), None, 30)


def test_the_plan_is_offered_as_people_count_their_beds(browser, garden):
    grown = {"planted_on": date(2025, 5, 20), "ended_on": date(2025, 10, 1)}
    for number in (10, 2):
        bed = grow.make_plot(garden.grown.garden, f"Bande {number}")
        grow.make_planting(garden.programme, bed, "tomate", **grown)
    url = reverse("gardens:plan_copy", args=[garden.programme.pk, YEAR])
    offered = browser.get(url).context["form"].fields["plantings"].choices
    assert [label.rpartition(" ")[2] for _, label in offered] == ["2", "10"]


def test_a_line_tells_the_year_of_each_end_when_there_are_two(garden, plot):
    grown = {"planted_on": date(2025, 11, 23), "harvest_on": date(2026, 6, 1)}
    row = grow.make_planting(garden.programme, plot, "ail", **grown)
    assert when(row) == (
        "depuis le 23\u00a0novembre\u00a02025, récolte dès le 1er\u00a0juin\u00a02026"
    )
    row.ended_on = date(2026, 7, 14)
    assert when(row) == "du 23\u00a0novembre\u00a02025 au 14\u00a0juillet\u00a02026"


def test_what_is_raised_is_on_no_plot_until_it_is_set_out(garden, plot):
    sown = {"method": PlantingMethod.RAISED, "sown_on": date(2026, 2, 1), "planted_on": None}
    row = grow.make_planting(garden.programme, plot, "tomate", **sown)
    day, there = date(2026, 4, 1), Planting.objects.filter(plot=plot)
    assert not there.ongoing(day).exists()
    row.planted_on = date(2026, 5, 15)
    row.save()
    assert not there.ongoing(day).exists()
    assert there.ongoing(date(2026, 5, 15)).exists()


def test_what_was_weighed_on_a_crop_is_what_it_really_weighs(browser, garden, plot):
    row = grow.make_planting(garden.programme, plot)
    harvests = [
        grow.make_harvest(garden.programme, garden.site, kg, planting=row) for kg in ("5", "3")
    ]
    wrong = {"destination": Destination.WEIGHING, "reason": "Tare"}
    grow.make_movement(harvests[0].lot, "1", **wrong)
    grow.make_movement(harvests[1].lot, "3", **wrong)
    told = browser.get(reverse("gardens:planting_detail", args=[row.pk])).context
    assert told["weighed"] == 4
    assert [one["harvest"] for one in told["weighings"]] == [harvests[0]]


def test_the_29th_of_february_has_a_next_year():
    assert crops.a_year_later(date(2024, 2, 29)) == date(2025, 2, 28)


def test_the_form_warns_and_does_not_refuse(browser, garden, plot):
    grow.make_planting(garden.programme, plot, "pomme_de_terre", planted_on=date(2025, 4, 1))
    url = reverse("gardens:planting_rotation", args=[garden.programme.pk])
    asked = {"species": "tomate", "plot": plot.pk, "plant_on": "2026-05-15"}
    assert "Solanacées\u00a0: pomme de terre sur" in browser.get(url, asked).content.decode()
    assert "pomme de terre" not in browser.get(url, asked | {"species": "radis"}).content.decode()
    answer = browser.post(create_url(garden), asked | {"method": "raised"}, follow=True)
    page = answer.content.decode()
    assert Planting.objects.filter(plot=plot, species__code="tomate").exists()
    assert "revient un peu tôt à cet endroit" in page
    assert "revient tôt" in page


def test_a_species_comes_with_its_product_and_no_double(browser, garden):
    url = reverse("gardens:species_create", args=[garden.programme.pk])
    form = browser.get(url).context["form"]
    data = {
        "name": "Ocá du Pérou",
        "family": form.fields["family"].queryset.first().pk,
        "category": form.fields["category"].queryset.first().pk,
        "rotation_years": 3,
    }
    browser.post(url, data)
    species = Species.objects.get(code="oca_du_perou", territory=garden.territory)
    assert Product.objects.get(species=species).name == "Ocá du Pérou"
    page = browser.post(url, data | {"name": "oca  DU perou"}).content.decode()
    assert "déjà dans la liste" in page
    assert reverse("gardens:species_detail", args=[garden.programme.pk, species.pk]) in page
    assert "déjà dans la liste" in browser.post(url, data | {"name": "TOMATE"}).content.decode()
    browser.post(reverse("gardens:species_delete", args=[garden.programme.pk, species.pk]))
    assert not Product.objects.filter(code="oca_du_perou").exists()
    assert not Species.objects.filter(code="oca_du_perou").exists()


def test_a_variety_under_another_spelling_is_refused(browser, garden):
    carrot = Species.objects.get(code="carotte", territory=None)
    url = reverse("gardens:variety_create", args=[garden.programme.pk, carrot.pk])
    page = browser.post(url, {"name": "de colmar"}).content.decode()
    assert "Elle y est déjà\u00a0: «\u00a0De Colmar\u00a0»" in page
    browser.post(url, {"name": "Géante du Rôleur", "is_heirloom": "on"})
    page = browser.get(
        reverse("gardens:species_detail", args=[garden.programme.pk, carrot.pk])
    ).content.decode()
    assert "Géante du Rôleur" in page
    # What is shipped is nobody's to change.
    shipped = Variety.objects.filter(species=carrot, territory=None).first()
    answer = browser.get(reverse("gardens:variety_update", args=[garden.programme.pk, shipped.pk]))
    assert answer.status_code == 404


def test_the_export_says_what_the_page_says(browser, garden, plot):
    carrot = Species.objects.get(code="carotte", territory=None)
    variety = Variety.objects.filter(species=carrot, is_heirloom=True).first()
    grow.make_planting(
        garden.programme, plot, "carotte", variety=variety, planted_on=date(2026, 4, 1)
    )
    page = {"programme": garden.programme.pk, "period": YEAR, "kind": "csv"}
    text = browser.get(reverse("gardens:planting_export", kwargs=page)).content.decode("utf-8-sig")
    line = next(row for row in text.splitlines() if "Planche 9" in row)
    assert "Carotte" in line
    assert f"{variety.name};oui" in line


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(browser, garden, plot):
    def grow_more(count=5):
        for _ in range(count):
            row = grow.make_planting(
                garden.programme,
                grow.make_plot(garden.grown.garden),
                "tomate",
                planted_on=date(2026, 4, 1),
            )
            grow.make_operation(garden.programme, garden.grown.garden, planting=row)
            grow.make_variety(grow.make_species(garden.territory))

    grow_more(2)
    programme = garden.programme.pk
    pages = [
        list_url(garden),
        reverse("gardens:species_list", args=[programme]),
        reverse("gardens:operation_list", args=[programme, Period.year(2015)]),
        reverse("gardens:reading_list", args=[programme, Period.year(2015)]),
        reverse("gardens:week_detail", args=[programme]),
        create_url(garden),
    ]

    def read():
        for page in pages:
            assert browser.get(page).status_code == 200

    same_queries(read, grow_more)
