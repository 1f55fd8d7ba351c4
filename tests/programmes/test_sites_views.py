"""Sites: list by programme, card, rules."""

import pytest
from django.urls import reverse

from programmes.models import Site
from tests.factories import programmes as make
from tests.harness.queries import same_queries


@pytest.fixture
def browser(world, client_for):
    return client_for(world.here.garden.programme_manager)


def site_data(**fields) -> dict:
    kind = make.code("site_kinds", "jardin").pk
    return {"name": "Le Vignoble", "short_name": "Vignoble", "kind": kind, **fields}


def test_a_site_is_created_for_the_programme_one_comes_from(world, browser):
    programme = world.here.garden.programme
    html = browser.get("/sites/nouveau/", {"programme": programme.pk}).content.decode()
    assert "checked" in html
    browser.post("/sites/nouveau/", site_data(programmes=[programme.pk]))
    assert list(Site.objects.get(name="Le Vignoble").programmes.all()) == [programme]


def test_a_district_of_another_territory_is_refused(world, browser):
    answer = browser.post("/sites/nouveau/", site_data(district=world.elsewhere.district.pk))
    assert "id_district_error" in answer.content.decode()
    assert not Site.objects.filter(name="Le Vignoble").exists()


def test_a_postcode_counts_five_digits(world, browser):
    html = browser.post("/sites/nouveau/", site_data(postcode="593")).content.decode()
    assert "compte cinq chiffres" in html


def test_the_list_filters_by_programme(world, browser):
    make.make_site(world.here.territory, name="Dépôt")
    html = browser.get("/sites/", {"programme": world.here.garden.programme.pk}).content.decode()
    assert world.here.garden.site.name in html
    assert "Dépôt" not in html


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(world, browser):
    site = world.here.garden.site

    def grow():
        for _ in range(5):
            made = make.make_site(world.here.territory, world.here.garden.programme)
            made.programmes.add(world.here.kitchen.programme)
            site.programmes.add(make.make_programme(world.here.territory))

    def pages():
        assert browser.get("/sites/").status_code == 200
        assert browser.get(reverse("programmes:site_detail", args=[site.pk])).status_code == 200

    same_queries(pages, grow)
