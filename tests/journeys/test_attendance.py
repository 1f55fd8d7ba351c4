"""A leader takes the roll of a morning over three sites, and closes it."""

import sys
import time

import pytest

from beneficiaries.models import Attendance
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit
from tests.journeys.mornings import open_morning

#: Seconds in which a leader ticks a morning of fourteen people, standing in the garden.
SECONDS = 30
#: CSS pixels: what a finger hits.
TOUCH = 44
_TARGETS = """() => [...document.querySelectorAll(
  ".roll button, .roll summary, .roll a, .action-bar .btn, .roll-tools-end .btn")]
  .filter(box => box.checkVisibility())
  .map(box => [box.textContent.trim(), box.getBoundingClientRect()])
  .filter(([, box]) => box.width < TOUCH || box.height < TOUCH)
  .map(([words, box]) => `${words} ${box.width} × ${box.height}`)""".replace("TOUCH", str(TOUCH))


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

    started = time.monotonic()
    for number in range(14):
        name = "Excusé" if number == 4 else "Absent" if number == 9 else "Présent"
        rows.nth(number).get_by_role("button", name=name, exact=True).click()
    expect(rows.locator('[data-status=""]')).to_have_count(0)
    spent = time.monotonic() - started
    with capsys.disabled():
        sys.stdout.write(f"\n14 personnes pointées en {spent:.1f} s ({page.viewport})\n")
    assert spent < SECONDS
    expect(page.locator("[data-counts]")).to_contain_text("12 présents")
    expect(page.locator("[data-saved-tag]").locator("visible=true")).to_be_visible()

    # Somebody came late, somebody changed site: two taps each.
    late = rows.nth(0)
    late.locator("a.roll-link").click()
    late.get_by_role("button", name="Arrivée 7 h", exact=True).click()
    expect(late.locator(".roll-note")).to_have_text("arrivée 7 h")
    moved = rows.nth(1)
    moved.locator(".roll-site summary").click()
    moved.get_by_role("button", name="Le Vignoble").click()
    expect(moved.locator(".roll-site summary")).to_contain_text("Vignoble")
    check(page)
    # At half past eight, somebody goes to another site; and comes back.
    moved.locator(".roll-site summary").click()
    moved.get_by_role("link", name="Changer en cours de séance").click()
    moved.get_by_role("radio", name="Blaise Pascal").check()
    check(page)
    moved.get_by_role("button", name="À partir de 8 h 30", exact=True).click()
    expect(moved.locator(".roll-note")).to_have_text(
        "Vignoble 6 h – 8 h 30 · Bl. Pascal 8 h 30 – 10 h"
    )
    check(page)
    moved.locator(".roll-site summary").click()
    moved.get_by_role("button", name="Annuler le changement de site").click()
    expect(moved.locator(".roll-note")).to_have_count(0)

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
