"""Operations: noted, done in a tap, tied to the session of the day; the week; readings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from gardens.models import Operation, OperationPhoto
from gardens.services import readings, weeks
from tests.factories import gardens as grow
from tests.factories import presence as plans
from tests.factories.programmes import code, make_site
from tests.harness.queries import same_queries

MONDAY = date(2026, 5, 11)
WEEK = Period.week_of(MONDAY)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def kind(name: str = "arrosage") -> int:
    return code("operation_kinds", name).pk


def create_url(garden) -> str:
    return reverse("gardens:operation_create", args=[garden.programme.pk])


def sent(garden, **values) -> dict:
    today = timezone.localdate()
    return {"kind": kind(), "garden": garden.grown.garden.pk, "done_on": today, **values}


def test_what_is_done_today_is_of_the_session_of_the_day(browser, garden):
    data = sent(garden, quantity="1 200,5 L", minutes="1 h 30", people="4", note="Sol sec.")
    browser.post(create_url(garden), data)
    row = Operation.objects.latest("pk")
    assert row.session == garden.open_session
    assert (row.quantity, row.minutes, row.people) == (Decimal("1200.5"), 90, 4)
    assert row.noted_by == garden.workshop_leader
    page = browser.get(reverse("gardens:operation_detail", args=[row.pk])).content.decode()
    assert "1\u202f200,5\u00a0L" in page
    session = reverse("programmes:session_detail", args=[garden.open_session.pk])
    assert "Arrosage" in browser.get(session).content.decode()


def test_a_quantity_has_its_kind_s_unit_or_is_refused(browser, garden):
    page = browser.get(create_url(garden)).content.decode()
    assert "Apport au composteur (kg)" in page
    page = browser.post(
        create_url(garden), sent(garden, kind=kind("taille"), quantity="3")
    ).content.decode()
    assert "n’a pas de quantité" in page
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = browser.post(create_url(garden), sent(garden, done_on=tomorrow)).content.decode()
    assert "se note dans «\u00a0Prévu le\u00a0»" in page
    site = make_site(garden.territory, garden.programme, name="Deuxième site")
    other = grow.make_plot(grow.make_garden(site), "Ailleurs")
    page = browser.post(create_url(garden), sent(garden, plot=other.pk)).content.decode()
    assert "dans un autre jardin" in page


def test_a_tap_says_it_is_done_and_is_taken_back(browser, garden):
    today = timezone.localdate()
    row = grow.make_operation(garden.programme, garden.grown.garden, planned_on=today, done_on=None)
    page = browser.post(reverse("gardens:operation_tap", args=[row.pk]), follow=True)
    row.refresh_from_db()
    assert (row.done_on, row.session) == (today, garden.open_session)
    assert "Dire combien de temps" in page.content.decode()
    undo = reverse("gardens:operation_undo", args=[row.pk])
    browser.post(undo, {"version": row.version, "before": "done_on="})
    row.refresh_from_db()
    assert row.done_on is None
    done = reverse("gardens:operation_done", args=[row.pk])
    data = {"done_on": today, "minutes": "45 min", "people": 3, "version": row.version}
    browser.post(done, data)
    row.refresh_from_db()
    assert (row.done_on, row.minutes, row.people) == (today, 45, 3)


def test_one_photo_is_replaced_then_goes_with_the_operation(browser, garden):
    data = sent(garden, kind=kind("observation"), photo=plans.picture())
    browser.post(create_url(garden), data)
    row = Operation.objects.latest("pk")
    first = OperationPhoto.objects.get(operation=row)
    photo = reverse("gardens:operation_photo", args=[first.pk])
    detail = reverse("gardens:operation_detail", args=[row.pk])
    assert photo in browser.get(detail).content.decode()
    assert browser.get(photo).getvalue().startswith(b"\x89PNG")
    url = reverse("gardens:operation_photo_create", args=[row.pk])
    browser.post(url, {"document": plans.picture("red", "JPEG")})
    assert OperationPhoto.objects.get(operation=row).content_type == "image/jpeg"
    browser.post(reverse("gardens:operation_delete", args=[row.pk]))
    assert not Operation.objects.filter(pk=row.pk).exists()
    assert not OperationPhoto.objects.filter(operation=row.pk).exists()


# The week.


@pytest.fixture
def plot(garden):
    return grow.make_plot(garden.grown.garden, "Planche 9")


def crop(garden, plot, **dates):
    return grow.make_planting(garden.programme, plot, **{"planted_on": None} | dates)


def tasks(garden, today=MONDAY + timedelta(days=2)):
    week = weeks.week_of(grow.EVERYTHING, [garden.programme.pk], WEEK, today)
    return (
        [(task.what, task.row.pk) for task in week.waiting],
        [(task.what, task.row.pk) for task in week.tasks],
    )


def test_the_week_holds_what_is_planned_and_what_waits_first(garden, plot):
    late = crop(garden, plot, sow_on=date(2026, 4, 20), plant_on=date(2026, 5, 14))
    to_plant = crop(garden, plot, sown_on=date(2026, 4, 2), plant_on=date(2026, 5, 14))
    ripe = crop(garden, plot, planted_on=date(2026, 3, 1), harvest_on=MONDAY)
    over = crop(garden, plot, planted_on=date(2026, 1, 1), end_on=date(2026, 5, 17))
    forgotten = crop(garden, plot, sow_on=date(2026, 1, 5))
    crop(garden, plot, sow_on=date(2026, 5, 18))
    water = grow.make_operation(
        garden.programme, garden.grown.garden, planned_on=date(2026, 5, 16), done_on=None
    )
    grow.make_operation(garden.programme, garden.grown.garden, planned_on=MONDAY, done_on=MONDAY)
    waiting, planned = tasks(garden)
    assert waiting == [("Semer", late.pk)]
    assert planned == [
        ("Première récolte", ripe.pk),
        ("Planter", to_plant.pk),
        ("Arrosage", water.pk),
        ("Arracher", over.pk),
    ]
    assert forgotten.pk not in {key for _, key in waiting}
    # Another week than today's has nothing that waits.
    assert tasks(garden, today=date(2026, 6, 1))[0] == []


def test_the_week_is_a_page_and_a_panel(browser, garden, plot):
    today = timezone.localdate()
    row = crop(garden, plot, plant_on=today - timedelta(days=10))
    url = reverse("gardens:week_detail", args=[garden.programme.pk])
    page = browser.get(url).content.decode()
    assert "Il est encore temps" in page
    assert "Planche 9" in browser.get("/").content.decode()
    tap = reverse("gardens:planting_tap", args=[row.pk, "planter"])
    assert tap in page
    assert browser.post(tap, {"next": url}).url == url
    days = Period.week_of(date(2026, 5, 12))
    other = reverse("gardens:week_of_days", args=[garden.programme.pk, days])
    assert "du 11 au 17\u00a0mai\u00a02026" in browser.get(other).content.decode()
    wrong = Period(date(2026, 5, 12), date(2026, 5, 18))
    other = reverse("gardens:week_of_days", args=[garden.programme.pk, wrong])
    assert browser.get(other).status_code == 404


def test_the_panels_make_the_same_queries_for_two_and_seven(browser, garden, plot):
    today = timezone.localdate()
    session = reverse("programmes:session_detail", args=[garden.open_session.pk])

    def more(count=5):
        for _ in range(count):
            crop(garden, grow.make_plot(garden.grown.garden), plant_on=today)
            grow.make_operation(
                garden.programme, garden.grown.garden, done_on=today, session=garden.open_session
            )

    more(2)

    def read():
        assert browser.get("/").status_code == 200
        assert browser.get(session).status_code == 200

    same_queries(read, more)


# Readings.


def test_a_tank_shows_its_last_level_and_compost_adds_up(garden):
    def note(name, day, amount):
        grow.make_operation(
            garden.programme,
            garden.grown.garden,
            kind=code("operation_kinds", name),
            done_on=day,
            quantity=Decimal(amount),
        )

    note("eau_pluie", date(2026, 3, 2), "800")
    note("eau_pluie", date(2026, 3, 30), "650.5")
    note("eau_pluie", date(2026, 5, 4), "900")
    note("compost_apport", date(2026, 3, 3), "12.4")
    note("compost_apport", date(2026, 3, 17), "7.6")
    year = Period.year(2026)
    found = {
        one.kind.code: one for one in readings.readings_of(grow.EVERYTHING, garden.programme, year)
    }
    rain, compost = found["eau_pluie"], found["compost_apport"]
    assert [amount for _, amount in rain.by_month][2:5] == [Decimal("650.5"), None, Decimal(900)]
    assert rain.total == "900\u00a0L"
    assert compost.total == "20\u00a0kg"
    assert rain.tanks == 1
    assert compost.chart.table.rows[2].cells == ("mars", "20\u00a0kg")


def test_two_tanks_are_added_up_as_the_chart_does(garden):
    other = make_site(garden.programme.territory, garden.programme)
    for place, litres in ((garden.grown.garden, "900"), (grow.make_garden(other), "500")):
        for day, factor in ((date(2026, 3, 2), 2), (date(2026, 5, 4), 1)):
            grow.make_operation(
                garden.programme,
                place,
                kind=code("operation_kinds", "eau_pluie"),
                done_on=day,
                quantity=Decimal(litres) * factor,
            )
    (rain,) = readings.readings_of(grow.EVERYTHING, garden.programme, Period.year(2026))
    assert (rain.tanks, rain.total) == (2, "1\u202f400\u00a0L")
    assert dict(rain.by_month)[Period.month(2026, 5)] == 1400


def test_the_page_of_readings_draws_them(browser, garden):
    grow.make_operation(
        garden.programme, garden.grown.garden, done_on=date(2026, 3, 2), quantity=Decimal(120)
    )
    url = reverse("gardens:reading_list", args=[garden.programme.pk, Period.year(2026)])
    page = browser.get(url).content.decode()
    assert "120\u00a0L" in page
    assert "<svg" in page
    empty = reverse("gardens:reading_list", args=[garden.programme.pk, Period.year(2020)])
    assert "Aucun relevé cette année" in browser.get(empty).content.decode()
