"""Gardens: described once per site, on lent land, with labels; who lends stays in the team."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from gardens.models import Garden, GardenLabel, LandAgreement
from gardens.services.gardens import deadlines
from programmes.access import scope_of
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries

NAME, PHONE = "Odile Perrault", "06\u00a012\u00a034\u00a056\u00a078"


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def leader(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def bare(garden):
    """A site of the programme that nobody has described."""
    return make.make_site(garden.territory, garden.programme, name="Friche")


@pytest.fixture
def lent(garden):
    """Land that a private person lends until next month."""
    return LandAgreement.objects.create(
        garden=garden.grown.garden,
        kind=code("land_agreement_kinds", "partage"),
        lender_name=NAME,
        lender_phone="+33612345678",
        starts_on=make.LONG_AGO,
        ends_on=timezone.localdate() + timedelta(days=30),
        owner_share=30,
    )


def url(name, garden, *keys):
    return reverse(f"gardens:{name}", args=[garden.programme.pk, *keys])


def page_of(browser, path):
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_site_is_described_once(leader, garden, bare):
    page = page_of(leader, url("garden_list", garden))
    create = url("garden_create", garden, bare.pk)
    assert create in page
    sent = {"cultivated": "1 200,5", "water": code("water_sources", "pluie").pk, "is_organic": "on"}
    made = leader.post(create, sent)
    described = Garden.objects.get(site=bare)
    assert made.url == url("garden_detail", garden, described.pk)
    assert described.cultivated == Decimal("1200.5")
    # The second click, and the colleague who was describing it too, are led to it.
    assert leader.post(create, sent).url == leader.get(create).url == made.url
    assert create not in page_of(leader, url("garden_list", garden))


def test_the_same_garden_is_read_from_each_programme_that_uses_its_site(
    leader, garden, world, client_for
):
    kitchen, here = world.here.kitchen, garden.grown.garden
    elsewhere = reverse("gardens:garden_detail", args=[kitchen.programme.pk, here.pk])
    cook = client_for(kitchen.workshop_leader)
    assert cook.get(elsewhere).status_code == 404
    garden.site.programmes.add(kitchen.programme)
    assert cook.get(elsewhere).status_code == 200
    assert leader.get(elsewhere).status_code == 404


def test_an_area_that_is_no_number_stays_typed(leader, garden, bare):
    response = leader.post(url("garden_create", garden, bare.pk), {"cultivated": "grand"})
    assert response.context["form"].errors["cultivated"]
    assert "grand" in response.content.decode()
    assert not Garden.objects.filter(site=bare).exists()


def test_land_is_lent_by_one_organisation_or_one_person(leader, garden, world):
    create = url("agreement_create", garden, garden.grown.garden.pk)
    asked = {"kind": code("land_agreement_kinds").pk, "starts_on": "2026-01-01"}
    nobody = leader.post(create, asked)
    assert "Dites qui prête" in nobody.content.decode()
    both = asked | {"organisation": world.here.operator.pk, "lender_name": NAME}
    assert "pas les deux" in leader.post(create, both).content.decode()
    phone = asked | {"organisation": world.here.operator.pk, "lender_phone": PHONE}
    assert leader.post(create, phone).context["form"].errors["lender_phone"]
    stranger = asked | {"organisation": world.elsewhere.operator.pk}
    assert leader.post(create, stranger).context["form"].errors["organisation"]
    slip = asked | {"lender_name": NAME, "lender_phone": "06 12"}
    assert leader.post(create, slip).context["form"].errors["lender_phone"]
    leader.post(create, slip | {"lender_phone": "06 12 34 56 78", "owner_share": "30"})
    agreement = LandAgreement.objects.get(lender_name=NAME)
    assert (agreement.owner_share, agreement.lender_phone) == (30, "+33612345678")


def test_a_private_lender_is_named_to_who_writes_gardens_alone(leader, garden, lent, monkeypatch):
    detail = url("garden_detail", garden, garden.grown.garden.pk)
    page = page_of(leader, detail)
    assert NAME in page
    assert PHONE in page
    # A phone opened by its code may be a stolen one.
    monkeypatch.setattr("autoprod.core.devices.is_restricted", lambda request: True)
    page = page_of(leader, detail)
    assert "un particulier" in page
    assert NAME not in page
    assert PHONE not in page


def test_what_ends_soon_is_told_on_the_garden_and_on_the_home_page(leader, garden, lent):
    today = timezone.localdate()
    make_label(garden, ends_on=today + timedelta(days=10))
    make_label(garden, ends_on=today - timedelta(days=1), obtained_on=make.yesterday())
    grow.make_plot(garden.grown.garden, "Serre prêtée", ends_on=today + timedelta(days=20))
    page = page_of(leader, url("garden_detail", garden, garden.grown.garden.pk))
    assert "J-30" in page
    assert "J-10" in page
    assert "terminé" in page
    home = page_of(leader, "/")
    ends = deadlines(scope_of(garden.workshop_leader), [])[None]["rows"]
    assert [end.when for end in ends] == ["J-10", "J-20", "J-30"]
    assert "Serre prêtée" in home
    assert NAME not in home


def make_label(garden, **fields):
    return grow.make_label(
        garden.grown.garden, garden.network, **{"obtained_on": timezone.localdate()} | fields
    )


def test_a_garden_that_served_is_not_deleted(leader, garden, bare):
    kept = leader.post(url("garden_delete", garden, garden.grown.garden.pk), follow=True)
    assert "Ce jardin a déjà servi" in kept.content.decode()
    new = grow.make_garden(bare)
    GardenLabel.objects.create(garden=new, kind=code("garden_labels"), obtained_on=make.LONG_AGO)
    leader.post(url("garden_delete", garden, new.pk))
    assert not Garden.objects.filter(pk=new.pk).exists()


def test_a_list_of_seven_gardens_asks_no_more_than_one_of_two(leader, garden):
    def more(number):
        for _ in range(number):
            site = make.make_site(garden.territory, garden.programme)
            described = grow.make_garden(site, water=code("water_sources"))
            grow.make_plot(described)
            grow.make_label(described, garden.network)

    more(1)
    path = url("garden_list", garden)
    same_queries(lambda: leader.get(path), lambda: more(5))


def test_a_committee_sees_no_garden(garden, client_for):
    for user in (garden.committee_member, garden.network_coordinator):
        browser = client_for(user)
        assert browser.get(url("garden_list", garden)).status_code == 403
        assert "Jardins" not in page_of(browser, "/")
