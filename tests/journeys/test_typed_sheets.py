"""A leader types a paper sheet of fourteen people back, without touching the mouse."""

import re

import pytest

from autoprod.core.periods import Kind, Period
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from tests.factories import programmes as make
from tests.journeys.browser import DESK, PHONE, check, expect, login, visit
from tests.journeys.mornings import open_morning
from tests.journeys.steps import tab_to

#: In the order of the paper: by site, then by name. What is not told is present.
TYPED = {2: "7h30", 6: "-9h", 9: "e3", 12: "a"}


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def morning(garden):
    return open_morning(garden)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_sheet_is_typed_by_keyboard_alone(garden, morning, page):
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/")
    tab_to(page, "Saisir une feuille papier")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    for number in range(14):
        page.keyboard.type(TYPED.get(number, "p"))
        if number == 4:
            page.keyboard.press("Tab")
            page.keyboard.type("v")
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter" if number % 2 else "ArrowDown")
    rows = page.locator("[data-typed-line]")
    expect(rows.nth(0)).to_contain_text("présent")
    expect(rows.nth(12)).to_contain_text("absent")
    # Nobody to add: the first line left blank leads to the end.
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    expect(page.locator("[data-counts]")).to_contain_text("12 présents")
    lines = Attendance.objects.filter(session=morning)
    assert lines.count() == 14
    assert lines.filter(status=Presence.EXCUSED, reason__code="garde").count() == 1
    assert sorted(lines.present().values_list("minutes", flat=True))[:2] == [150, 180]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_fault_is_told_beside_its_line(garden, morning, page):
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{morning.pk}/saisir/")
    page.keyboard.type("5h")
    page.keyboard.press("Enter")
    page.keyboard.type("p")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer la feuille").click()
    check(page)
    expect(page.get_by_role("alert")).to_contain_text("1 ligne à revoir")
    expect(page.locator(".is-faulty")).to_contain_text("en dehors")
    expect(page.locator(".is-faulty .typed-presence")).to_have_value("5h")
    assert Attendance.objects.filter(session=morning).count() == 1


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_month_is_typed_by_keyboard_alone(garden, morning, page):
    other = make.make_session(
        garden.programme, garden.site, on=morning.on, hours=("14:00", "16:00")
    )
    month = Period.containing(morning.on, Kind.MONTH)
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/{month.slug}/presences/saisir/")
    cell = page.locator("input:focus")
    # Down a column by Enter, then across by the arrow, as the eye reads the paper.
    expect(cell).to_have_attribute("name", re.compile(rf"^c_{morning.pk}_"))
    page.keyboard.type("p")
    page.keyboard.press("Enter")
    page.keyboard.type("7h30")
    page.keyboard.press("ArrowRight")
    expect(cell).to_have_attribute("name", re.compile(rf"^c_{other.pk}_"))
    page.keyboard.type("21h")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("a")
    tab_to(page, "Enregistrer la feuille")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    # The half-day at fault waits, with what was typed; the other one is written.
    expect(page.get_by_role("alert")).to_contain_text("1 case à revoir")
    assert Attendance.objects.filter(session=morning).count() == 2
    assert not Attendance.objects.filter(session=other).exists()
    expect(cell).to_have_value("21h")
    page.keyboard.type("p")
    tab_to(page, "Enregistrer la feuille")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page)
    lines = Attendance.objects.filter(session=other).order_by("status")
    assert sorted(line.status for line in lines) == [Presence.ABSENT, Presence.PRESENT]
