"""From a tap in the garden to the printed month and the committee's question: nothing retyped."""

from pathlib import Path

import pytest

from autoprod.core.formatting import hours
from autoprod.core.periods import Kind, Period
from beneficiaries.models import Person
from tests.evaluation import naive, naive_presence
from tests.evaluation.bilans import words_of
from tests.factories import programmes as make
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit
from tests.journeys.mornings import open_morning


def counted(garden, period) -> tuple[int, int]:
    """Return the persons and the minutes of the period, by plain loops over the rows."""
    keys = {garden.programme.pk}
    return naive.persons_reached(keys, period)[0], naive_presence.hours(keys, period)[0]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_from_the_tap_to_the_pdf(world, page, open_tab):
    garden = world.here.garden
    morning = open_morning(garden)
    period = Period.containing(make.yesterday(), Kind.MONTH)
    before = counted(garden, period)
    base = f"/actions/{garden.programme.pk}/{period.slug}"

    # The leader ticks on a phone, and closes the session: only then do hours count.
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/pointer/")
    rows = page.locator(".roll-row")
    for number in range(14):
        name = "Excusé" if number == 4 else "Absent" if number == 9 else "Présent"
        rows.nth(number).get_by_role("button", name=name, exact=True).click()
    expect(rows.locator('[data-status=""]')).to_have_count(0)
    assert counted(garden, period) == before
    page.get_by_role("link", name="Clôturer").click()
    page.wait_for_url("**/cloturer/")
    with page.expect_navigation():
        page.get_by_role("button", name="Clôturer la séance").click()
    check(page)
    persons, minutes = counted(garden, period)
    assert minutes - before[1] == 12 * 240

    # The manager prints the month.
    desk = open_tab(viewport=DESK)
    login(desk, garden.programme_manager)
    visit(desk, f"{base}/bilan/")
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Bilan équipe (PDF)").click()
    text = words_of(Path(waiting.value.path()).read_bytes())
    assert f"{persons} personnes présentes" in text
    assert f"{hours(minutes)} de présence".replace("\u00a0", " ") in text.replace("\u00a0", " ")

    # The committee asks where the number comes from, and meets nobody's name.
    login(desk, garden.committee_member)
    visit(desk, f"{base}/tableau-de-bord/")
    desk.get_by_role("link", name="Personnes touchées").first.click()
    desk.wait_for_url("**/chiffres/persons_reached/")
    check(desk)
    expect(desk.locator("main")).to_contain_text(str(persons))
    expect(desk.locator("main")).to_contain_text("au moins une présence dans une séance clôturée")
    expect(desk.get_by_role("link", name="Voir les")).to_have_count(0)
    said = desk.locator("body").text_content()
    assert not [person.last_name for person in Person.objects.all() if person.last_name in said]
