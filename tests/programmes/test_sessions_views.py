"""Pages of sessions: the planning, a session, the day's panel, and what is refused once closed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from autoprod.core import panels
from autoprod.core.panels import Panel
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from programmes.enums import Role
from programmes.models import Session, Workshop
from tests.factories import programmes as make
from tests.harness.queries import same_queries

MONDAY = date(2026, 3, 16)
MARCH = Period.month(2026, 3)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def session(garden) -> Session:
    return make.make_session(
        garden.programme, garden.site, on=MONDAY, title="Semis", leader=garden.workshop_leader
    )


def url(name: str, *args) -> str:
    return reverse(f"programmes:{name}", args=args)


def read(client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def typed(garden, **changes) -> dict:
    return {
        "day": "2026-03-16",
        "start": "08:00",
        "end": "12:00",
        "kind": make.code("session_kinds").pk,
        "sites": [garden.site.pk],
        "headcount": 0,
    } | changes


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_planning_goes_day_by_day_with_the_state_of_each(garden, browser, session):
    make.close(
        make.make_session(garden.programme, garden.site, on=date(2026, 3, 9), title="Taille")
    )
    make.cancel(make.make_session(garden.programme, garden.site, on=MONDAY, title="Repiquage"))
    make.make_session(garden.programme, garden.site, on=date(2026, 4, 1), title="Vendanges")
    html = read(browser, url("session_list", garden.programme.pk, MARCH))
    words = ["Lundi 9\u00a0mars", "Taille", "clôturée", "Lundi 16\u00a0mars", "annulée\u00a0: gel"]
    assert [html.index(word) for word in words] == sorted(html.index(word) for word in words)
    assert html.count("Lundi 16\u00a0mars") == 1
    assert "Vendanges" not in html
    assert garden.site.name in html
    assert "2\u00a0séances" in html  # the cancelled one did not take place


def test_the_planning_of_one_programme_is_not_the_other_s(world, garden, browser, session):
    make.make_session(
        world.here.kitchen.programme, world.here.kitchen.site, on=MONDAY, title="Pain"
    )
    html = read(browser, url("session_list", garden.programme.pk, MARCH))
    assert "Semis" in html
    assert "Pain" not in html


def test_today_is_one_press_away_when_days_stand_above_it(garden, browser):
    today = timezone.localdate()
    month = Period.containing(today, Kind.MONTH)
    around = Period(min(month.start, make.yesterday()), month.end)
    html = read(browser, url("session_list", garden.programme.pk, around))
    assert 'id="aujourd-hui"' in html
    assert 'href="#aujourd-hui"' in html
    html = read(browser, url("session_list", garden.programme.pk, Period(today, today)))
    assert 'id="aujourd-hui"' in html
    assert 'href="#aujourd-hui"' not in html


def test_an_empty_period_says_what_a_session_is_and_offers_one(garden, browser):
    html = read(browser, url("session_list", garden.programme.pk, Period.year(2019)))
    assert "Aucune séance sur cette période" in html
    assert f"{url('session_create', garden.programme.pk)}?jour=2019-01-01" in html


def test_the_planning_and_a_session_ask_as_much_for_two_rows_as_for_seven(garden, browser, session):
    def grow():
        for _ in range(5):
            row = make.make_session(
                garden.programme, garden.site, on=MONDAY, leader=garden.social_worker
            )
            make.make_workshop(row)
            make.make_workshop(session, speaker=garden.funder)

    make.make_session(garden.programme, garden.site, on=MONDAY)
    make.make_workshop(session)
    make.make_workshop(session)
    same_queries(lambda: browser.get(url("session_list", garden.programme.pk, MARCH)), grow)
    same_queries(lambda: browser.get(url("session_detail", session.pk)), grow)


def test_a_session_tells_everything_and_leads_to_its_workshops(garden, browser, session):
    workshop = make.make_workshop(session, title="Compost", speaker=garden.funder)
    html = read(browser, url("session_detail", session.pk))
    for words in ("lundi 16\u00a0mars\u00a02026", garden.site.name, "Compost", garden.funder.name):
        assert words in html
    assert garden.workshop_leader.get_full_name() in html
    assert url("workshop_update", workshop.pk) in html
    assert url("session_cancel", session.pk) in html


def test_a_first_session_is_proposed_in_the_morning(garden, client_for):
    programme = make.make_programme(garden.territory)
    client = client_for(make.make_member(Role.PROGRAMME_MANAGER, programme))
    form = client.get(url("session_create", programme.pk)).context["form"]
    assert (form["start"].value(), form["end"].value()) == ("09:00", "12:00")
    assert form["day"].value() == timezone.localdate()


def test_a_session_is_proposed_as_the_last_one(garden, browser):
    make.make_session(
        garden.programme,
        garden.site,
        on=MONDAY,
        hours=("13:30", "17:00"),
        leader=garden.social_worker,
    )
    address = f"{url('session_create', garden.programme.pk)}?jour=2026-03-17"
    form = browser.get(address).context["form"]
    assert (form["start"].value(), form["end"].value()) == ("13:30", "17:00")
    assert form["sites"].value() == [garden.site.pk]
    assert form["leader"].value() == garden.social_worker.pk
    assert form["day"].value() == date(2026, 3, 17)
    assert not form["kind"].value()


def test_a_site_closed_since_is_not_proposed_again(garden, browser, session):
    closed = make.make_site(garden.territory, garden.programme, closed_on=date(2026, 3, 20))
    session.sites.add(closed)
    address = f"{url('session_create', garden.programme.pk)}?jour=2026-03-17"
    assert browser.get(address).context["form"]["sites"].value() == [garden.site.pk]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "demain", ""])
def test_a_day_that_makes_no_sense_in_the_address_is_today(garden, browser, day):
    response = browser.get(f"{url('session_create', garden.programme.pk)}?jour={day}")
    assert response.context["form"]["day"].value() == timezone.localdate()


@pytest.mark.parametrize("field", ["kind", "leader", "sites", "headcount"])
@pytest.mark.parametrize("value", ["9" * 30, "-1", "x", "1.5"])
def test_a_key_that_no_row_has_is_a_wrong_choice(garden, browser, field, value):
    data = typed(garden) | {field: value}
    response = browser.post(url("session_create", garden.programme.pk), data)
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_a_session_is_created_and_told(garden, browser):
    response = browser.post(
        url("session_create", garden.programme.pk), typed(garden, title="Bouturage"), follow=True
    )
    session = Session.objects.get(title="Bouturage")
    assert response.redirect_chain[-1][0] == url("session_detail", session.pk)
    assert (session.programme, session.on, session.minutes) == (garden.programme, MONDAY, 240)
    assert list(session.sites.all()) == [garden.site]
    assert "ajoutée" in messages_of(response)


def test_what_was_typed_stays_beside_its_error(garden, browser):
    before = Session.objects.count()
    data = typed(garden, start="25:00", title="Bouturage", sites=[])
    response = browser.post(url("session_create", garden.programme.pk), data)
    html = response.content.decode()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"start", "sites"}
    assert 'value="25:00"' in html
    assert 'value="Bouturage"' in html
    assert Session.objects.count() == before


def test_a_copy_is_proposed_on_the_next_day(garden, browser, session):
    session.note = "Gelée blanche"
    session.headcount = 4
    session.save()
    response = browser.get(f"{url('session_create', garden.programme.pk)}?de={session.pk}")
    form = response.context["form"]
    assert form["day"].value() == date(2026, 3, 17)
    assert form["title"].value() == "Semis"
    assert form["kind"].value() == session.kind_id
    assert form["start"].value() == "08:00"
    # What belongs to the day alone is not copied.
    assert not form["note"].value()
    assert form["headcount"].value() == 0
    assert "Copie de la séance du lundi 16\u00a0mars" in response.content.decode()


@pytest.mark.parametrize("key", ["kitchen", "0", "9" * 30, "-1", "x"])
def test_a_copy_of_what_is_not_there_is_not_found_or_ignored(world, garden, browser, key):
    if key == "kitchen":
        key = str(world.here.kitchen.held.pk)
    response = browser.get(f"{url('session_create', garden.programme.pk)}?de={key}")
    assert response.status_code == (404 if key.isdecimal() and len(key) < 18 else 200)


def test_a_session_is_edited(garden, browser, session):
    address = url("session_update", session.pk)
    data = typed(garden, version=1, title="Semis d’été", start="09:15")
    assert browser.post(address, data).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.minutes) == ("Semis d’été", 165)


@pytest.mark.parametrize(
    "name", ["session_update", "session_cancel", "session_delete", "workshop_create"]
)
def test_a_closed_session_says_to_reopen_it(garden, browser, session, name):
    make.close(session)
    address = url(name, session.pk)
    gel = make.code("cancellation_reasons", "gel")
    data = typed(garden, version=session.version, title="Autre", reason=gel.pk)
    for response in (browser.get(address, follow=True), browser.post(address, data, follow=True)):
        assert response.redirect_chain[-1][0] == url("session_detail", session.pk)
        assert "rouvrez la séance" in messages_of(response)
    kept = Session.objects.get(pk=session.pk)
    assert (kept.title, kept.is_cancelled) == ("Semis", False)
    html = read(browser, url("session_detail", session.pk))
    assert url("session_update", session.pk) not in html
    assert url("session_cancel", session.pk) not in html


@pytest.mark.parametrize("name", ["workshop_update", "workshop_delete"])
def test_a_workshop_of_a_closed_session_stays(garden, browser, session, name):
    workshop = make.make_workshop(session, title="Compost")
    make.close(session)
    for response in (
        browser.get(url(name, workshop.pk), follow=True),
        browser.post(url(name, workshop.pk), {"title": "Autre"}, follow=True),
    ):
        assert "rouvrez la séance" in messages_of(response)
    assert Workshop.objects.get(pk=workshop.pk).title == "Compost"


def test_a_session_is_cancelled_with_its_reason_and_restored(garden, browser, session):
    address = url("session_cancel", session.pk)
    assert "reason" in browser.post(address, {}).context["form"].errors
    gel = make.code("cancellation_reasons", "gel")
    browser.post(address, {"reason": gel.pk})
    session.refresh_from_db()
    assert session.cancelled_on == timezone.localdate()
    html = read(browser, url("session_detail", session.pk))
    assert "annulée\u00a0: gel" in html
    assert url("session_restore", session.pk) in html
    browser.post(url("session_restore", session.pk))
    session.refresh_from_db()
    assert not session.is_cancelled


def test_a_session_with_a_workshop_is_not_deleted(garden, browser, session):
    workshop = make.make_workshop(session)
    response = browser.post(url("session_delete", session.pk), follow=True)
    assert "Annulez plutôt" in messages_of(response)
    browser.post(url("workshop_delete", workshop.pk))
    response = browser.post(url("session_delete", session.pk), follow=True)
    assert not Session.objects.filter(pk=session.pk).exists()
    assert response.redirect_chain[-1][0] == url("session_list", garden.programme.pk, MARCH)


def test_a_workshop_is_added_with_the_hours_of_its_session_proposed(garden, browser, session):
    address = url("workshop_create", session.pk)
    form = browser.get(address).context["form"]
    assert (form["start"].value(), form["end"].value()) == ("08:00", "12:00")
    data = {"theme": make.code("workshop_themes").pk, "start": "09:00", "end": "11:00"}
    response = browser.post(address, data)
    assert response.url == url("session_detail", session.pk)
    workshop = Workshop.objects.get(session=session)
    assert workshop.starts_at == make.at(MONDAY, "09:00")


def test_the_day_s_sessions_come_first_on_the_home_page(garden, browser):
    html = read(browser, "/")
    assert html.index("Séances du jour") < html.index("Mes actions")
    assert url("session_detail", garden.open_session.pk) in html
    assert "1\u00a0séance" in html


def test_without_a_session_today_the_home_page_names_the_next(garden, browser):
    Session.objects.filter(pk=garden.open_session.pk).delete()
    in_a_week = timezone.localdate() + timedelta(days=7)
    make.cancel(make.make_session(garden.programme, garden.site, on=make.tomorrow()))
    following = make.make_session(garden.programme, garden.site, on=in_a_week, title="Semis")
    html = read(browser, "/")
    assert "Pas de séance aujourd’hui. La prochaine" in html
    assert url("session_detail", following.pk) in html
    assert date_format(in_a_week, "l") in html
    following.delete()
    html = read(browser, "/")
    assert "Aucune n’est prévue" in html
    assert url("session_create", garden.programme.pk) in html


def test_who_sees_no_session_has_no_panel_and_no_entry(garden, client_for):
    html = read(client_for(garden.committee_member), "/")
    assert "Séances" not in html


def test_higher_floors_add_to_each_line_and_to_the_page(garden, browser, session, monkeypatch):
    """The three slots: a piece on each line, one on the page, one among its buttons."""
    slots = ("session_row", "session_detail", "session_actions")
    mine = [
        Panel(
            slot=slot,
            template="layout/demo_band.html",
            context=lambda scope, rows, slot=slot: {row.pk: {"name": slot} for row in rows},
            action=Action.VIEW_PERSONS,
        )
        for slot in slots
    ]
    monkeypatch.setattr(panels, "_panels", [p for p in panels.registered() if p.slot not in slots])
    for panel in mine:
        panels.register(panel)
    row = [{"template": "layout/demo_band.html", "context": {"name": "session_row"}}]
    planning = browser.get(url("session_list", garden.programme.pk, MARCH))
    ((_, (line,)),) = planning.context["days"]
    assert line["pieces"] == row
    (today,) = (p for p in browser.get("/").context["panels"] if "lines" in p["context"])
    assert [line["pieces"] for line in today["context"]["lines"]] == [row]
    detail = browser.get(url("session_detail", session.pk))
    assert [p["context"] for p in detail.context["panels"]] == [{"name": "session_detail"}]
    assert [p["context"] for p in detail.context["action_panels"]] == [{"name": "session_actions"}]
