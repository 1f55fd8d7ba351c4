"""A session copied on another day, with its workshops."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from programmes.models import Session, Workshop
from tests.factories import programmes as make
from tests.programmes.test_sessions_views import typed

MONDAY = date(2026, 3, 16)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def session(garden) -> Session:
    return make.make_session(garden.programme, garden.site, on=MONDAY, title="Semis")


@pytest.fixture
def address(garden, session) -> str:
    return f"{reverse('programmes:session_create', args=[garden.programme.pk])}?de={session.pk}"


def test_a_copy_takes_its_workshops_to_the_same_hours_of_its_day(garden, browser, session, address):
    speaker = make.make_organisation(garden.territory)
    make.make_workshop(
        session,
        title="Compost",
        speaker=speaker,
        starts_at=make.at(MONDAY, "09:00"),
        ends_at=make.at(MONDAY, "11:00"),
    )
    box = browser.get(address).context["form"]["with_workshops"]
    assert box.value() is True
    assert box.help_text == "Compost (9\u00a0h\u00a0–\u00a011\u00a0h)."
    # The clocks change on the 29th: nine in the morning stays nine in the morning.
    browser.post(address, typed(garden, day="2026-03-30", with_workshops="on"))
    copy = Session.objects.get(on=date(2026, 3, 30))
    workshop = Workshop.objects.get(session=copy)
    assert workshop.starts_at == make.at(date(2026, 3, 30), "09:00")
    assert (workshop.title, workshop.speaker) == ("Compost", speaker)
    assert Workshop.objects.get(session=session).starts_at == make.at(MONDAY, "09:00")
    assert AuditEvent.objects.filter(
        object_kind="programmes.workshop", object_key=str(workshop.pk)
    ).exists()
    browser.post(address, typed(garden, day="2026-03-31"))
    assert not Workshop.objects.filter(session__on=date(2026, 3, 31)).exists()
    changed = AuditEvent.objects.filter(object_kind="programmes.session").first().changed
    assert "with_workshops" not in changed


def test_a_copy_too_short_for_its_workshops_writes_nothing(garden, browser, session, address):
    make.make_workshop(
        session, starts_at=make.at(MONDAY, "09:00"), ends_at=make.at(MONDAY, "11:00")
    )
    short = typed(garden, day="2026-03-17", end="10:00", with_workshops="on")
    errors = browser.post(address, short).context["form"].errors
    assert list(errors) == ["end"]
    assert not Session.objects.filter(on=date(2026, 3, 17)).exists()
    del short["with_workshops"]
    assert browser.post(address, short).status_code == 302
    assert not Workshop.objects.filter(session__on=date(2026, 3, 17)).exists()


def test_a_copy_without_a_workshop_offers_none(garden, browser, session, address):
    assert "with_workshops" not in browser.get(address).context["form"].fields
