"""A leader looks at the week in the garden on a phone, plants, notes the rain water of the day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gardens.models import Operation, Planting
from tests.factories import gardens as grow
from tests.journeys.browser import check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_week_in_the_garden(garden, page):
    today = timezone.localdate()
    plot = grow.make_plot(garden.grown.garden, "Planche 9")
    grow.make_planting(
        garden.programme, plot, "pomme_de_terre", planted_on=today - timedelta(days=365)
    )
    late = grow.make_planting(
        garden.programme, plot, "laitue", planted_on=None, plant_on=today - timedelta(days=3)
    )
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/semaine-au-jardin/")
    expect(page.get_by_role("heading", name="Il est encore temps")).to_be_visible()
    page.get_by_role("button", name="Fait : Planter Laitue").click()
    expect(page.get_by_text("plantation notée aujourd’hui")).to_be_visible()
    check(page)
    late.refresh_from_db()
    assert late.planted_on == today
    page.get_by_role("button", name="Annuler ce geste").click()
    expect(page.get_by_role("button", name="Fait : Planter Laitue")).to_be_visible()

    # A crop that comes back too soon is told before it is saved, and saved all the same.
    visit(page, f"/actions/{garden.programme.pk}/cultures/nouvelle/")
    page.get_by_label("Espèce").fill("tomate")
    page.get_by_label("Parcelle").select_option(label="Planche 9")
    page.get_by_label("Mode").select_option(label="Plants maison")
    page.get_by_label("Plantation prévue").fill(today.isoformat())
    page.get_by_label("Plantation prévue").blur()
    expect(page.get_by_text("Solanacées : pomme de terre sur")).to_be_visible()
    check(page)
    press(page, "Enregistrer")
    assert Planting.objects.filter(plot=plot, species__code="tomate").exists()

    follow(page, "Relevés")
    follow(page, "Relever la cuve")
    page.get_by_label("Quantité").fill("850")
    press(page, "Enregistrer")
    row = Operation.objects.latest("pk")
    assert (row.kind.code, row.quantity, row.session) == ("eau_pluie", 850, garden.open_session)
    expect(page.get_by_text("850 L").first).to_be_visible()
