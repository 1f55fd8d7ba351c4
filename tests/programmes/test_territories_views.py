"""Territories and districts: settings, opening one, closing a district."""

import pytest
from django.urls import reverse

from programmes.enums import Role
from programmes.models import District, Membership, Territory
from tests.factories import programmes as make
from tests.harness.queries import same_queries


@pytest.fixture
def browser(world, client_for):
    return client_for(world.here.administrator)


def settings_data(**fields) -> dict:
    data = {
        "name": "Anzin",
        "kind": make.code("territory_kinds", "commune").pk,
        "controller": "CCAS d’Anzin",
        "disclosure_threshold": 5,
        "open_data_threshold": 11,
        "time_zone": "Europe/Paris",
    }
    return data | fields


def test_who_opens_a_territory_is_its_administrator(world, browser):
    answer = browser.post("/territoires/nouveau/", settings_data())
    created = Territory.objects.get(name="Anzin")
    assert answer.headers["Location"] == reverse("programmes:territory_detail", args=[created.pk])
    right = Membership.objects.get(territory=created)
    assert (right.user, right.role) == (world.here.administrator, Role.ADMINISTRATOR)
    assert browser.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("time_zone", "Mars/Olympus", "Fuseau inconnu"),
        ("open_data_threshold", 4, "seuil de diffusion"),
        ("insee_code", "ABCDE", "insee"),
    ],
)
def test_a_wrong_setting_is_told_beside_its_field(world, browser, field, value, words):
    html = browser.post("/territoires/nouveau/", settings_data(**{field: value})).content.decode()
    assert f"id_{field}_error" in html
    assert words.lower() in html.lower()
    assert not Territory.objects.filter(name="Anzin").exists()


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(world, browser):
    territory, district = world.here.territory, world.here.district

    def grow():
        for _ in range(5):
            make.make_site(territory, world.here.garden.programme, district=district)
            make.make_district(territory)

    def pages():
        assert browser.get("/territoires/").status_code == 200
        assert browser.get(f"/territoires/{territory.pk}/").status_code == 200
        assert browser.get(f"/quartiers/{district.pk}/").status_code == 200

    make.make_site(territory, district=district)
    same_queries(pages, grow)


def test_a_district_twice_is_told_beside_its_name(world, browser):
    url = reverse("programmes:district_create", args=[world.here.territory.pk])
    html = browser.post(url, {"name": world.here.district.name}).content.decode()
    assert "existe déjà sur ce territoire" in html


def test_a_qpv_code_is_kept_in_capitals_and_checked(world, browser):
    url = reverse("programmes:district_create", args=[world.here.territory.pk])
    assert "QP093028" in browser.post(url, {"name": "Dutemple", "qpv_code": "QP1"}).content.decode()
    browser.post(url, {"name": "Dutemple", "qpv_code": "QN05901M"})
    assert District.objects.get(name="Dutemple").qpv_code == "QN05901M"


def test_a_district_with_a_site_is_closed_rather_than_deleted(world, browser):
    make.make_site(world.here.territory, district=world.here.district)
    url = reverse("programmes:district_delete", args=[world.here.district.pk])
    assert "date de fin" in browser.post(url, follow=True).content.decode()
    assert District.objects.filter(pk=world.here.district.pk).exists()
