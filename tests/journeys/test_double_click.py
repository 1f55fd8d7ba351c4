"""A double click sends a form once: what it writes would be counted twice."""

import pytest

from tests.journeys.browser import DESK, expect, login, visit

at_a_desk = pytest.mark.parametrize("page", [DESK], indirect=True)


#: Presses twice, as if the server were slow, and tells which presses were held back.
_PRESSED_TWICE = """selector => {
  const form = document.querySelector(selector);
  const press = () => !form.dispatchEvent(new Event("submit", {bubbles: true, cancelable: true}));
  return [press(), press()];
}"""


@at_a_desk
def test_the_second_click_of_a_double_click_sends_nothing(world, page):
    garden = world.here.garden
    login(page, garden.social_worker)
    enrolment = garden.somebody.enrolment
    visit(page, f"/personnes/{enrolment.person_id}/orientations/nouvelle/")
    assert page.evaluate(_PRESSED_TWICE, "form[data-guard]") == [False, True]


@at_a_desk
def test_a_form_sent_back_is_sent_again(world, page):
    garden = world.here.garden
    login(page, garden.social_worker)
    enrolment = garden.somebody.enrolment
    visit(page, f"/personnes/{enrolment.person_id}/orientations/nouvelle/")
    page.get_by_label("Nature").select_option(index=1)
    page.get_by_label("Du", exact=True).fill("2199-03-02")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Cette date est à venir.")).to_be_visible()
    page.get_by_label("Du", exact=True).fill("2026-03-02")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Orientation ajoutée.")).to_be_visible()
