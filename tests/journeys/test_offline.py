"""The roll on an enrolled phone whose network comes and goes: nothing lost, nothing doubled."""

import json
import sys
import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error as PlaywrightError

from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Person
from tests.journeys.browser import PHONE, Page, axe, check, expect, login, visit
from tests.journeys.mornings import open_morning

pytestmark = pytest.mark.parametrize("page", [PHONE], indirect=True)

CODE = "402719"
#: Milliseconds for a code to be weighed: slow on purpose, slower still on a busy machine.
SLOW = 20_000
#: CSS pixels: what a finger hits.
_TARGETS = """() => [...document.querySelectorAll(
  ".roll button, .roll summary, .roll a, .action-bar .btn, .offline a")]
  .filter(box => box.checkVisibility())
  .map(box => [box.textContent.trim(), box.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([words, box]) => `${words} ${box.width} × ${box.height}`)"""
#: All that the browser keeps, as a text; a sealed box becomes its bytes read as letters.
_KEPT = """async () => {
  const read = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder("latin1").decode(value)
    : value instanceof CryptoKey ? `key, extractable: ${value.extractable}` : value;
  const db = await new Promise((resolve) => {
    indexedDB.open("autoprod").onsuccess = (event) => resolve(event.target.result);
  });
  const kept = {};
  for (const name of db.objectStoreNames) {
    kept[name] = await new Promise((resolve) => {
      db.transaction(name).objectStore(name).getAll().onsuccess = (event) =>
        resolve(event.target.result.map((row) =>
          Object.fromEntries(Object.entries(row).map(([key, value]) => [key, read(value)]))));
    });
  }
  db.close();
  kept.caches = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const body = await (await cache.match(request)).text();
      kept.caches.push({ url: request.url, body });
    }
  }
  kept.storage = { ...localStorage, ...sessionStorage };
  return JSON.stringify(kept);
}"""
#: Tells whether a roll is kept.
_IS_KEPT = """() => new Promise((resolve) => {
  indexedDB.open("autoprod").onsuccess = (event) => {
    const db = event.target.result;
    db.transaction("copies").objectStore("copies").get("PATH").onsuccess = (got) => {
      db.close();
      resolve(Boolean(got.target.result));
    };
  };
})"""


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def morning(garden):
    return open_morning(garden)


def path_of(session) -> str:
    return f"/seances/{session.pk}/pointer/"


def enrol(page, user) -> None:
    """Log in, choose a code for this phone."""
    login(page, user)
    visit(page, "/mon-compte/appareil/")
    for field in page.locator("form[data-device-enrol] input[name^=code]").all():
        field.fill(CODE)
    page.get_by_role("button", name="Enregistrer ce code").click()
    page.wait_for_url("**/mon-compte/")


def prepare(page, session) -> None:
    """Open a roll on the enrolled phone, and wait until it is kept."""
    visit(page, path_of(session))
    wait_for(page, "() => navigator.serviceWorker.controller")
    wait_for(page, _IS_KEPT.replace("PATH", path_of(session)))


def wait_for(page, condition: str) -> None:
    """Wait for an asynchronous condition of the page."""
    page.evaluate(
        f"""async () => {{
          for (let tries = 0; tries < 100; tries += 1) {{
            if (await ({condition})()) return;
            await new Promise((resolve) => setTimeout(resolve, 100));
          }}
          throw new Error("never");
        }}"""
    )


def kept_by(page) -> dict:
    return json.loads(page.evaluate(_KEPT))


def row_of(page, number: int):
    return page.locator(".roll-row").nth(number)


def tap(page, number: int, name: str = "Présent") -> None:
    row_of(page, number).get_by_role("button", name=name, exact=True).click()


def line(page):
    return page.locator("[data-offline-line]")


def test_fourteen_people_with_the_network_cut_and_restored(garden, morning, page, capsys):
    enrol(page, garden.workshop_leader)
    prepare(page, morning)
    started = time.monotonic()
    for number in range(4):
        tap(page, number)
        expect(row_of(page, number).locator("[name=version]")).to_have_value("1")
    expect(line(page)).to_contain_text("Tout est enregistré")
    page.context.set_offline(True)
    for number in range(4, 10):
        tap(page, number, "Excusé" if number == 5 else "Absent" if number == 9 else "Présent")
    row_of(page, 6).locator(".roll-site summary").click()
    row_of(page, 6).get_by_role("button", name="Le Vignoble").click()
    expect(line(page)).to_contain_text("Hors réseau · 6 appuis à envoyer")
    expect(page.locator(".roll-pending")).to_have_count(6)
    assert page.evaluate(_TARGETS) == []
    page.problems.clear()
    axe(page)
    asked = {tap["uuid"] for tap in kept_by(page)["taps"]}
    assert len(asked) == 6
    page.context.set_offline(False)
    for number in range(10, 14):
        tap(page, number)
    expect(line(page)).to_contain_text("Tout est enregistré")
    spent = time.monotonic() - started
    with capsys.disabled():
        sys.stdout.write(f"\n14 personnes pointées en {spent:.1f} s, réseau coupé puis rendu\n")
    assert spent < 30
    expect(page.locator("[data-counts]")).to_contain_text("12 présents")
    page.problems.clear()
    check(page)
    lines = Attendance.objects.filter(session=morning)
    assert lines.count() == 14
    assert lines.values("enrolment").distinct().count() == 14
    assert asked <= {str(key) for key in lines.values_list("client_uuid", flat=True)}
    assert lines.filter(status=Presence.EXCUSED).count() == 1
    assert lines.filter(status=Presence.ABSENT).count() == 1
    assert set(lines.values_list("version", flat=True)) == {1}
    assert kept_by(page)["taps"] == []


def test_nobody_s_name_is_kept_in_clear(garden, morning, page):
    enrol(page, garden.workshop_leader)
    prepare(page, morning)
    tap(page, 0)
    expect(line(page)).to_contain_text("Tout est enregistré")
    page.context.set_offline(True)
    tap(page, 1)
    expect(line(page)).to_contain_text("1 appui à envoyer")
    kept = kept_by(page)
    assert kept["copies"]
    assert kept["rows"]
    assert kept["taps"]
    assert "extractable: true" not in json.dumps(kept)
    words = json.dumps(kept, ensure_ascii=False)
    assert "Hors réseau" in words
    for person in Person.objects.all():
        assert person.last_name not in words
        assert person.first_name not in words
    assert CODE not in words


def test_a_conflict_is_shown_kept_and_resolved(garden, morning, page, open_tab):
    enrol(page, garden.workshop_leader)
    prepare(page, morning)
    other = open_tab()
    login(other, garden.workshop_leader)
    visit(other, path_of(morning))
    page.context.set_offline(True)
    tap(page, 0)
    tap(page, 1)
    tap(other, 0, "Absent")
    expect(row_of(other, 0).locator('[data-status="absent"]')).to_have_count(1)
    page.context.set_offline(False)
    block = row_of(page, 0).get_by_role("alert")
    expect(block).to_contain_text("Enregistré : Absent")
    expect(block).to_contain_text("Présent")
    expect(line(page)).to_contain_text("1 appui est à revoir")
    assert Attendance.objects.filter(session=morning).count() == 2
    page.problems.clear()
    check(page)
    assert page.evaluate(_TARGETS) == []
    page.reload()
    expect(row_of(page, 0).get_by_role("alert")).to_contain_text("Noté ici à")
    row_of(page, 0).get_by_role("button", name="Remettre").click()
    expect(row_of(page, 0).locator('[data-status="present"]')).to_have_count(1)
    expect(line(page)).to_contain_text("Tout est enregistré")
    assert Attendance.objects.filter(session=morning, status=Presence.PRESENT).count() == 2
    page.reload()
    expect(page.locator(".roll-conflict")).to_have_count(0)


def test_without_an_enrolled_device_nothing_is_kept(garden, morning, page):
    login(page, garden.workshop_leader)
    visit(page, path_of(morning))
    tap(page, 0)
    expect(row_of(page, 0).locator('[data-status="present"]')).to_have_count(1)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert page.evaluate("caches.keys().then(all => all.length)") == 0


@pytest.fixture
def phone(browser, live_server, tmp_path):
    """Return a function that starts a phone, its memory kept from one start to the next."""
    phones = []

    def start() -> Page:
        phones.append(browser.open_lasting(live_server.url, tmp_path / "phone"))
        return phones[-1]

    yield start
    for one in phones:
        browser.close_tab(one)


def unlock(page) -> None:
    page.get_by_label("Code").fill(CODE)
    page.get_by_role("button", name="Déverrouiller").click()


def test_nothing_is_lost_when_the_browser_closes(browser, garden, morning, page, phone):
    first = phone()
    enrol(first, garden.workshop_leader)
    prepare(first, morning)
    tap(first, 0)
    expect(line(first)).to_contain_text("Tout est enregistré")
    first.context.set_offline(True)
    tap(first, 1, "Excusé")
    tap(first, 2)
    expect(line(first)).to_contain_text("2 appuis à envoyer")
    browser.close_tab(first)

    again = phone()
    # A page that sends nothing: the worker is running when the network is cut for it too.
    again.goto("/hors-ligne/")
    again.context.set_offline(True)
    expect(again.locator("[data-rolls] a").first).to_be_visible()
    again.evaluate("offline.vault.lock()")
    again.goto(path_of(morning))
    again.get_by_label("Code").fill("111112")
    again.get_by_role("button", name="Déverrouiller").click()
    expect(again.get_by_role("alert")).to_contain_text("4 essais", timeout=SLOW)
    again.problems.clear()
    check(again)
    unlock(again)
    expect(line(again)).to_contain_text("Hors réseau · 2 appuis à envoyer", timeout=SLOW)
    for number, status in enumerate(("present", "excused", "present", "")):
        expect(row_of(again, number).locator(f'[data-status="{status}"]')).to_have_count(1)
    tap(again, 3, "Absent")
    expect(line(again)).to_contain_text("3 appuis à envoyer")

    again.context.set_offline(False)
    # The session ended with the browser: the code opens another, and what waited leaves.
    again.get_by_role("link", name="Déverrouillez pour envoyer").click()
    again.wait_for_url("**/appareil/**")
    unlock(again)
    again.wait_for_url(f"**{path_of(morning)}")
    expect(line(again)).to_contain_text("Tout est enregistré")
    again.problems.clear()
    check(again)
    statuses = Attendance.objects.filter(session=morning).values_list("status", flat=True)
    assert sorted(statuses) == ["absent", "excused", "present", "present"]


def test_five_wrong_codes_leave_no_roll_and_every_tap(garden, morning, page):
    enrol(page, garden.workshop_leader)
    prepare(page, morning)
    page.context.set_offline(True)
    tap(page, 0)
    expect(line(page)).to_contain_text("1 appui à envoyer")
    page.evaluate("offline.vault.lock()")
    page.goto(path_of(morning))
    for left in ("4 essais", "3 essais", "2 essais", "1 essai.", "Trop de codes"):
        page.get_by_label("Code").fill("111112")
        page.get_by_role("button", name="Déverrouiller").click()
        expect(page.get_by_role("alert")).to_contain_text(left, timeout=SLOW)
    kept = kept_by(page)
    assert [len(kept[name]) for name in ("taps", "copies", "rows", "vault")] == [1, 0, 0, 0]


def test_logging_out_takes_the_rolls_away(garden, morning, page):
    enrol(page, garden.workshop_leader)
    prepare(page, morning)
    page.locator(".account summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/**")
    kept = kept_by(page)
    assert [len(kept[name]) for name in ("copies", "rows", "vault")] == [0, 0, 0]


def test_answers_that_are_lost_double_nothing(garden, morning, page):
    """The server wrote, its answer never came: the tap waits, another may follow it."""
    enrol(page, garden.workshop_leader)
    prepare(page, morning)
    taps = f"**{path_of(morning)}*/"

    def lose(route):
        route.fetch()
        # On a slow machine the page may have given its request up already.
        with suppress(PlaywrightError):
            route.abort()

    page.context.route(taps, lose)
    tap(page, 0)
    expect(line(page)).to_contain_text("Hors réseau · 1 appui à envoyer")
    tap(page, 0, "Absent")
    tap(page, 1)
    expect(line(page)).to_contain_text("Hors réseau · 3 appuis à envoyer")
    assert Attendance.objects.get(session=morning).status == Presence.PRESENT
    page.context.unroute(taps)
    # Sent from the list as well, as after unlocking the phone.
    page.goto(page.get_by_role("link", name="Présences").first.get_attribute("href"))
    expect(page.locator("[data-offline-send]")).to_contain_text("Tout est enregistré")
    statuses = Attendance.objects.filter(session=morning).values_list("status", flat=True)
    assert sorted(statuses) == ["absent", "present"]
    page.problems.clear()
    check(page)
