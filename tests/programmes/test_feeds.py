"""Calendar feeds: an address shown once, what it gives, and when it gives nothing any more."""

import logging
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core import calendars
from programmes.enums import Role
from programmes.models import CalendarFeed
from programmes.services import feeds
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

SECRET = "s3cret-of_the-garden-4f1d"


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def owner(garden):
    return make.make_member(Role.WORKSHOP_LEADER, garden.programme, name="Encadrante")


@pytest.fixture
def feed(garden, owner) -> CalendarFeed:
    return plans.make_feed(owner, garden.programme, SECRET)


def address(secret: str = SECRET) -> str:
    return reverse("programmes:calendar_feed_read", args=[secret])


def page_of(garden) -> str:
    return reverse("programmes:calendar_feed", args=[garden.programme.pk])


def read(content: bytes) -> list[dict[str, str]]:
    """Return the events of a calendar, read by the letter of RFC 5545."""
    text = content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("\r\nEND:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    events, event = [], None
    for line in lines:
        name, _, value = line.partition(":")
        match line:
            case "BEGIN:VEVENT":
                event = {}
            case "END:VEVENT":
                events.append(event)
                event = None
            case _ if event is not None:
                assert name not in event, f"{name} twice in an event"
                event[name] = re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), value)
    return events


def events_of(client, secret: str = SECRET) -> list[dict[str, str]]:
    response = client.get(address(secret))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return read(response.content)


def at(day: date, clock: str) -> str:
    return f"{make.at(day, clock).astimezone(UTC):%Y%m%dT%H%M%SZ}"


# The page.


def test_the_address_is_shown_once_and_kept_by_its_digest_only(garden, owner, client, client_for):
    browser = client_for(owner)
    html = browser.post(page_of(garden)).content.decode()
    [secret] = re.findall(r"http://testserver/calendrier/([\w-]{43})\.ics", html)
    assert f"webcal://testserver{address(secret)}" in html
    assert secret not in browser.get(page_of(garden)).content.decode()
    feed = CalendarFeed.objects.get(user=owner)
    assert feed.digest == feeds.digest_of(secret)
    assert secret not in str(AuditEvent.objects.values_list())
    assert AuditEvent.objects.filter(object_key=str(feed.pk), verb="create").exists()
    assert client.get(address(secret)).status_code == 200


def test_changing_the_address_ends_the_one_before(garden, owner, feed, client, client_for):
    html = client_for(owner).post(page_of(garden)).content.decode()
    [secret] = re.findall(r"/calendrier/([\w-]{43})\.ics</code>", html)
    assert client.get(address()).status_code == 404
    assert client.get(address(secret)).status_code == 200
    assert CalendarFeed.objects.filter(user=owner).open().count() == 1


def test_taking_an_address_back_is_ones_own_business(garden, owner, feed, client, client_for):
    """Nobody sees, changes or takes back the address of somebody else."""
    colleague = client_for(garden.programme_manager)
    assert "Créer mon adresse" in colleague.get(page_of(garden)).content.decode()
    colleague.post(page_of(garden) + "retirer/")
    assert client.get(address()).status_code == 200
    response = client_for(owner).post(page_of(garden) + "retirer/", follow=True)
    assert "Adresse retirée." in response.content.decode()
    assert client.get(address()).status_code == 404


# What it gives.


def test_it_gives_when_where_and_what_and_nobody_s_name(garden, feed, client):
    on = make.tomorrow() + timedelta(days=7)
    somewhere = {"address": "12 rue du Rôleur", "postcode": "59300", "city": "Valenciennes"}
    other = make.make_site(garden.territory, garden.programme, name="Le Rôleur", **somewhere)
    first = make.make_session(
        garden.programme,
        other,
        on=on,
        title="Semis ; repiquage, et\u00a0beaucoup d’autres travaux du printemps au jardin",
        theme=make.code("workshop_themes", "culture"),
        leader=garden.workshop_leader,
        note="Zoé Abadie est venue",
        headcount=37,
        capacity=41,
    )
    both = make.make_session(garden.programme, other, garden.site, on=on, hours=("14:00", "16:00"))
    make.cancel(both)
    one, two = (e for e in events_of(client) if e["DTSTART"][:8] == f"{on:%Y%m%d}")
    assert one == {
        "UID": f"seance-{first.pk}@autoprod",
        "SEQUENCE": "1",
        "DTSTAMP": one["DTSTAMP"],
        "DTSTART": at(on, "08:00"),
        "DTEND": at(on, "12:00"),
        "SUMMARY": first.title,
        "LOCATION": "Le Rôleur, 12 rue du Rôleur, 59300 Valenciennes",
        "DESCRIPTION": f"Thème\u00a0: {first.theme.label}",
        "CATEGORIES": first.kind.label,
        "URL": f"http://testserver/seances/{first.pk}/",
    }
    made_at = datetime.strptime(one["DTSTAMP"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(timezone.now() - made_at) < timedelta(minutes=1)
    assert two["STATUS"] == "CANCELLED"
    assert two["SUMMARY"] == f"Annulée\u00a0: {both.kind.label}"
    assert {"Le Rôleur", garden.site.name} == set(two["LOCATION"].split(", "))
    text = client.get(address()).content.decode()
    assert f"X-WR-CALNAME:{garden.programme.name}" in text
    told = text.replace("\r\n ", "").lower().replace(first.title, "")
    for name in ("abadie", "zoé", "gel", garden.workshop_leader.last_name.lower()):
        assert not re.search(rf"\b{name}\b", told), name
    # Instants hold any number: the fields, not the text, say that no headcount is there.
    assert two.keys() - one.keys() == {"STATUS"}


def test_it_goes_from_three_months_back_to_a_year_ahead(world, garden, feed, client):
    today = timezone.localdate()
    inside = [today - timedelta(days=88), today + timedelta(days=360)]
    outside = [today - timedelta(days=100), today + timedelta(days=380)]
    kept = [make.make_session(garden.programme, garden.site, on=on) for on in inside]
    for on in outside:
        make.make_session(garden.programme, garden.site, on=on)
    make.make_session(world.here.kitchen.programme, on=today)
    uids = {event["UID"] for event in events_of(client)}
    ours = [*kept, garden.held, garden.open_session]
    assert uids == {f"seance-{session.pk}@autoprod" for session in ours}


def test_a_calendar_that_has_the_last_version_is_told_so(garden, feed, client):
    session = make.make_session(garden.programme, garden.site, on=make.tomorrow(), title="Semis")
    first = client.get(address())
    assert "no-store" not in first["Cache-Control"]
    again = client.get(address(), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    session.title = "Taille"
    session.save()
    later = client.get(address(), headers={"if-none-match": first["ETag"]})
    assert later.status_code == 200
    [event] = [event for event in read(later.content) if event["SUMMARY"] == "Taille"]
    assert event["SEQUENCE"] == "2"


def test_a_line_is_cut_between_characters():
    words = "é" * 100 + "\u20ac\r\nx\x00\ty"
    event = calendars.Event("1@x", 1, date(2026, 3, 16), date(2026, 3, 17), words)
    [found] = read(calendars.written([event], made_at=timezone.now()))
    assert found["SUMMARY"] == "é" * 100 + "\u20ac\nxy"
    assert found["DTSTART;VALUE=DATE"] == "20260316"


# When it gives nothing.


def close_account(owner, feed):
    owner.is_active = False
    owner.save()


def end_right(owner, feed):
    right = make.right_of(owner)
    right.ends_on = make.yesterday()
    right.save()


def change_role(owner, feed):
    right = make.right_of(owner)
    right.role = Role.COMMITTEE_MEMBER
    right.save()


def take_back(owner, feed):
    feed.revoked_at = timezone.now()
    feed.save()


@pytest.mark.parametrize("lose", [close_account, end_right, change_role, take_back])
def test_a_lost_right_answers_as_an_address_that_never_was(owner, feed, client, lose):
    unknown = client.get(address("never-was"))
    assert client.get(address()).status_code == 200
    lose(owner, feed)
    response = client.get(address())
    assert (response.status_code, unknown.status_code) == (404, 404)
    assert response.content == unknown.content
    assert response.headers == unknown.headers


def test_it_is_the_programme_s_and_no_other(world, owner, feed, client):
    """Somebody who moves to another programme keeps nothing of the one before."""
    right = make.right_of(owner)
    right.programme = world.here.kitchen.programme
    right.save()
    assert client.get(address()).status_code == 404


# What it costs, and what it leaves behind.


def test_it_costs_the_same_for_two_sessions_and_seven(garden, feed, client):
    on = make.tomorrow()

    def grow():
        for number in range(5):
            make.make_session(
                garden.programme,
                garden.site,
                on=on + timedelta(days=number),
                hours=("08:00", "12:00"),
            )

    same_queries(lambda: client.get(address()), grow)
    with max_queries(7):
        client.get(address())
    # What the page of « not found » asks included.
    with max_queries(2):
        client.get(address("never-was"))


def test_the_day_it_is_read_is_written_once(feed, client):
    client.get(address())
    feed.refresh_from_db()
    assert feed.read_on == timezone.localdate()
    CalendarFeed.objects.update(read_on=make.yesterday())
    client.head(address())
    feed.refresh_from_db()
    assert feed.read_on == timezone.localdate()
    assert client.post(address()).status_code == 405


def test_no_log_holds_the_secret(feed, client, caplog):
    logger = logging.getLogger("autoprod.requests")
    logger.addHandler(caplog.handler)
    try:
        for secret in (SECRET, "never-was"):
            client.get(address(secret))
    finally:
        logger.removeHandler(caplog.handler)
    assert "/calendrier/<slug:secret>.ics 200" in caplog.text
    assert SECRET not in caplog.text
    assert "never-was" not in caplog.text
