"""The manager closes a month on a desk: each line of the page leads to what is missing."""

from datetime import date

import pytest

from autoprod.core.periods import Period
from beneficiaries.enums import Level
from beneficiaries.models import Enrolment, Statement
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.journeys.browser import expect, login, visit
from tests.journeys.steps import follow, press

MARCH = Period.month(2016, 3)


@pytest.fixture
def garden(world):
    garden = world.here.garden
    person = people.make_person(garden.programme, "Karim", "Dupont", entered_on=date(2016, 1, 4))
    stay = people.enrolment_of(person)
    Enrolment.objects.exclude(pk=stay.pk).update(level=Level.PARTICIPATION)
    session = make.make_session(garden.programme, garden.site, on=date(2016, 3, 15))
    people.make_attendance(stay, session, garden.site)
    paths.make_interview(stay, date(2016, 3, 8))
    return garden


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_a_month_is_closed_line_after_line(garden, page):
    closing = f"/actions/{garden.programme.pk}/{MARCH.slug}/cloture/"
    login(page, garden.programme_manager)
    visit(page, closing)
    page.get_by_role("link", name="15 mars").click()
    follow(page, "Clôturer")
    page.get_by_role("checkbox").check()
    press(page, "Clôturer la séance")

    visit(page, closing)
    expect(page.get_by_text("Toutes les séances passées sont clôturées")).to_be_visible()
    follow(page, "États à préparer")
    press(page, "Préparer les états")
    follow(page, "Noter les signés sur papier")
    press(page, "Noter les signatures")

    visit(page, closing)
    follow(page, "États signés à verrouiller")
    page.get_by_role("button", name="Verrouiller les signés").click()
    with page.expect_navigation():
        asked = page.get_by_role("dialog")
        asked.get_by_role("button", name="Verrouiller les signés").click()
    assert [row.state for row in Statement.objects.in_force().of_month(MARCH)] == ["locked"]

    visit(page, closing)
    follow(page, "Texte du bilan à écrire")
    page.get_by_label("Ce qui a marqué").fill("Les semis sont sortis.")
    press(page, "Enregistrer")
    visit(page, closing)
    expect(page.get_by_text("Tout est prêt")).to_be_visible()
    follow(page, "Ouvrir le bilan")
    expect(page.get_by_text("Les semis sont sortis.")).to_be_visible()
