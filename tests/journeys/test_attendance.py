"""A leader takes the roll of a morning over three sites, and closes it."""

import sys
import time

import pytest

from beneficiaries.models import Attendance
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit
from tests.journeys.mornings import open_morning

#: CSS pixels: what a finger hits.
TOUCH = 44
_TARGETS = """() => [...document.querySelectorAll(
  ".roll button, .roll summary, .roll a, .action-bar .btn, .roll-tools-end .btn, "
  + ".stepper button")]
  .filter(box => box.checkVisibility())
  .map(box => [box.textContent.trim(), box.getBoundingClientRect()])
  .filter(([, box]) => box.width < TOUCH || box.height < TOUCH)
  .map(([words, box]) => `${words} ${box.width} × ${box.height}`)""".replace("TOUCH", str(TOUCH))


class Taps:
    """How many times a finger touched the page."""

    number = 0

    def on(self, place) -> None:
        """Touch, and count it."""
        place.click()
        self.number += 1


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def morning(garden):
    return open_morning(garden)


def test_fourteen_people_are_ticked_and_the_session_closed(garden, morning, page, capsys):
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/pointer/")
    rows = page.locator(".roll-row")
    expect(rows).to_have_count(14)
    if page.viewport == PHONE:
        assert page.evaluate(_TARGETS) == []

    started, taps = time.monotonic(), Taps()
    for number in range(14):
        name = "Excusé" if number == 4 else "Absent" if number == 9 else "Présent"
        taps.on(rows.nth(number).get_by_role("button", name=name, exact=True))
    expect(rows.locator('[data-status=""]')).to_have_count(0)
    spent = time.monotonic() - started
    with capsys.disabled():
        sys.stdout.write(f"\n14 personnes pointées en {spent:.1f} s ({page.viewport})\n")
    # Each is proposed where they were last: three sites, and one tap a person.
    assert taps.number == 14
    expect(page.locator("[data-counts]")).to_contain_text("12 présents")
    expect(page.locator("[data-saved-tag]").locator("visible=true")).to_be_visible()

    # Somebody came late, somebody changed site: two taps each.
    late = rows.nth(0)
    taps.on(late.locator("a.roll-link"))
    taps.on(late.get_by_role("button", name="Arrivée 7 h", exact=True))
    expect(late.locator(".roll-note")).to_have_text("arrivée 7 h")
    moved = rows.nth(1)
    taps.on(moved.locator(".roll-site summary"))
    taps.on(moved.get_by_role("button", name="Le Vignoble"))
    expect(moved.locator(".roll-site summary")).to_contain_text("Vignoble")
    assert taps.number == 18
    check(page)
    page.get_by_role("link", name="Clôturer").click()
    page.wait_for_url("**/cloturer/")
    check(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Clôturer la séance").click()
    check(page)
    expect(page.get_by_text("47 h comptées pour 12 personnes")).to_be_visible()
    lines = Attendance.objects.filter(session=morning)
    assert lines.count() == 14
    assert sum(lines.values_list("minutes", flat=True)) == 12 * 240 - 60


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_at_half_past_eight_somebody_goes_to_another_site_and_back(garden, morning, page):
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/pointer/")
    moved, taps = page.locator(".roll-row").nth(1), Taps()
    moved.get_by_role("button", name="Présent", exact=True).click()
    expect(moved.locator('[data-status="present"]')).to_have_count(1)
    taps.on(moved.locator(".roll-site summary"))
    taps.on(moved.get_by_role("link", name="Changer en cours de séance"))
    taps.on(moved.get_by_role("radio", name="Blaise Pascal"))
    check(page)
    taps.on(moved.get_by_role("button", name="À partir de 8 h 30", exact=True))
    expect(moved.locator(".roll-note")).to_have_text(
        "Rôleur 6 h – 8 h 30 · Bl. Pascal 8 h 30 – 10 h"
    )
    assert taps.number == 4
    check(page)
    taps.on(moved.locator(".roll-site summary"))
    taps.on(moved.get_by_role("button", name="Annuler le changement de site"))
    expect(moved.locator(".roll-note")).to_have_count(0)
    assert taps.number == 6
    assert page.evaluate(_TARGETS) == []
    plus = page.get_by_role("button", name="Une de plus")
    for number in ("1", "2"):
        plus.click()
        expect(page.locator("#nombre-headcount")).to_have_value(number)


def test_all_present_asks_and_is_undone(garden, morning, page):
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/pointer/")
    page.get_by_role("button", name="Tous présents").locator("visible=true").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Tous présents").click()
    check(page)
    assert Attendance.objects.filter(session=morning).count() == 14
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").click()
    check(page)
    assert not Attendance.objects.filter(session=morning).exists()
    with page.expect_navigation():
        page.get_by_role("button", name="Comme hier").locator("visible=true").click()
    check(page)
    assert Attendance.objects.present().filter(session=morning).count() == 14


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_the_roll_is_taken_by_keyboard_with_the_focus_kept(garden, morning, page):
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/pointer/")
    row = page.locator(".roll-row").nth(0)
    button = row.get_by_role("button", name="Présent", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_two_devices_see_each_other_s_taps(garden, morning, page, open_tab):
    other = open_tab()
    for tab in (page, other):
        login(tab, garden.workshop_leader)
        visit(tab, f"/seances/{morning.pk}/pointer/")
    mine, theirs = (tab.locator(".roll-row").nth(0) for tab in (page, other))
    mine.get_by_role("button", name="Présent", exact=True).click()
    expect(mine.locator('[data-status="present"]')).to_have_count(1)
    theirs.get_by_role("button", name="Absent", exact=True).click()
    expect(theirs.get_by_role("alert")).to_contain_text("Un autre appareil")
    expect(theirs.locator('[data-status="present"]')).to_have_count(1)
    check(other)
    theirs.get_by_role("button", name="Absent", exact=True).click()
    expect(theirs.locator('[data-status="absent"]')).to_have_count(1)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_without_scripts_a_roll_is_taken_too(garden, morning, open_tab):
    tab = open_tab(scripts=False)
    login(tab, garden.workshop_leader)
    tab.goto(f"/seances/{morning.pk}/pointer/")
    row = tab.locator(".roll-row").nth(0)
    with tab.expect_navigation():
        row.get_by_role("button", name="Présent", exact=True).click()
    expect(row.get_by_role("button", name="Présent", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    row.locator(".roll-site summary").click()
    with tab.expect_navigation():
        row.get_by_role("button", name="Le Vignoble").click()
    assert Attendance.objects.get(session=morning).site.name == "Le Vignoble"
    with tab.expect_navigation():
        row.locator("a.roll-link").click()
    tab.get_by_label("Départ", exact=True).fill("09:30")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Enregistrer").click()
    assert Attendance.objects.get(session=morning).minutes == 210
