"""The pages anybody may see, on a phone and at a desk."""

import json

from tests.journeys.browser import expect, visit


def test_the_login_page(page):
    visit(page, "/connexion/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("Adresse e-mail")).to_be_visible()


def test_a_page_that_does_not_exist(page):
    visit(page, "/nulle-part/", status=404)

    expect(page.get_by_role("link", name="Revenir à l’accueil")).to_be_visible()


def test_health_answers_without_login(page):
    page.goto("/sante/")

    assert json.loads(page.locator("body").inner_text())["ok"] is True
