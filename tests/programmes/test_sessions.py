"""Sessions: their state, their day where they take place, the lock of a closed one."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from programmes.access import scope_of
from programmes.enums import PartnerRole, Role
from programmes.models import Session
from programmes.services import sessions
from tests.factories import programmes as make

MONDAY = date(2026, 3, 16)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def session(garden) -> Session:
    return make.make_session(garden.programme, garden.site, on=MONDAY)


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.mark.parametrize(
    ("clock", "label"),
    [
        ("07:59", "prévue"),
        ("08:00", "en cours"),
        ("11:59", "en cours"),
        ("12:00", "à clôturer"),
    ],
)
def test_an_open_session_moves_on_with_the_clock(session, clock, label):
    assert sessions.state_of(session, make.at(MONDAY, clock)).label == label


def test_a_closed_and_a_cancelled_session_say_so_whatever_the_hour(session, garden):
    early = make.at(MONDAY, "06:00")
    assert sessions.state_of(make.close(session), early).label == "clôturée"
    cancelled = make.cancel(make.make_session(garden.programme, garden.site, on=MONDAY))
    assert sessions.state_of(cancelled, early).label == "annulée\u00a0: gel"


def test_hours_are_those_of_the_place(garden, session):
    assert session.hours == "8\u00a0h\u00a0–\u00a012\u00a0h"
    garden.territory.time_zone = "America/Guadeloupe"
    garden.territory.save()
    there = Session.objects.get(pk=session.pk)
    assert there.hours == "3\u00a0h\u00a0–\u00a07\u00a0h"


def test_the_day_of_today_is_each_territory_s(world, garden):
    """At 2 in the morning in Paris, it is still the evening before in Guadeloupe."""
    garden.territory.time_zone = "America/Guadeloupe"
    garden.territory.save()
    garden.programme.refresh_from_db()
    there = {
        "starts_at": make.at(MONDAY, "21:30", zone="America/Guadeloupe"),
        "ends_at": make.at(MONDAY, "22:30", zone="America/Guadeloupe"),
    }
    evening = make.make_session(garden.programme, garden.site, **there)
    leader = scope_of(garden.workshop_leader)
    night = make.at(MONDAY + timedelta(days=1), "02:00")
    assert sessions.of_the_day(leader, night) == [evening]
    assert sessions.of_the_day(leader, night + timedelta(hours=12)) == []
    assert sessions.of_the_day(scope_of(world.here.kitchen.workshop_leader), night) == []


def test_who_may_lead_is_the_team_of_the_programme(world, garden):
    today = timezone.localdate()
    running = make.make_member(Role.WORKSHOP_LEADER, world.here.operator, name="Porteur")
    everywhere = make.make_member(Role.PROGRAMME_MANAGER, world.here.territory, name="Partout")
    left = make.make_member(
        Role.WORKSHOP_LEADER, garden.programme, name="Parti", ends_on=make.yesterday()
    )
    inactive = make.make_member(Role.WORKSHOP_LEADER, garden.programme, name="Fermé")
    inactive.is_active = False
    inactive.save()
    found = set(sessions.leaders_of(garden.programme, today))
    team = {garden.social_worker, garden.workshop_leader, garden.programme_manager}
    assert found == team | {running, everywhere, world.two_roles}
    assert left not in found
    assert garden.committee_member not in found
    assert not {world.here.kitchen.workshop_leader, world.elsewhere.garden.workshop_leader} & found


def test_an_organisation_that_only_funds_has_no_leader_there(world, garden):
    partner = make.make_organisation(garden.territory, "Maraîchers")
    make.make_partnership(garden.programme, partner, PartnerRole.PARTNER)
    outside = make.make_member(Role.WORKSHOP_LEADER, partner, name="Dehors")
    assert outside not in sessions.leaders_of(garden.programme, timezone.localdate())


def test_cancelling_is_journaled_with_its_reason(session, scope):
    gel = make.code("cancellation_reasons", "gel")
    sessions.cancel(scope=scope, session=session, reason=gel, on=MONDAY)
    session.refresh_from_db()
    assert (session.cancelled_on, session.cancel_reason) == (MONDAY, gel)
    event = AuditEvent.objects.latest("pk")
    assert (event.object_kind, event.object_key) == ("programmes.session", str(session.pk))
    assert (event.changed, event.reason) == (["cancel_reason", "cancelled_on"], "Gel")


def test_restoring_twice_writes_once(session, scope):
    make.cancel(session)
    before = AuditEvent.objects.count()
    for _ in range(2):
        sessions.restore(scope=scope, session=session)
    session.refresh_from_db()
    assert not session.is_cancelled
    assert session.cancel_reason is None
    assert AuditEvent.objects.count() == before + 1


def test_a_closed_session_is_neither_cancelled_nor_written(session, scope):
    make.close(session)
    gel = make.code("cancellation_reasons", "gel")
    with pytest.raises(ValidationError, match="rouvrez la séance"):
        sessions.cancel(scope=scope, session=session, reason=gel, on=MONDAY)
    with pytest.raises(ValidationError, match="rouvrez"), sessions.writing(session):
        raise AssertionError("the lock opened")
    session.refresh_from_db()
    assert not session.is_cancelled


def test_a_workshop_moves_to_another_day_at_the_same_hours(session):
    """Over a clock change, the hours on the wall stay."""
    make.make_workshop(
        session, starts_at=make.at(MONDAY, "09:00"), ends_at=make.at(MONDAY, "10:00")
    )
    summer = date(2026, 3, 30)
    (workshop,) = sessions.moved(list(session.workshops.all()), session, summer)
    paris = ZoneInfo("Europe/Paris")
    assert workshop.starts_at == make.at(summer, "09:00")
    assert workshop.ends_at.astimezone(paris).hour == 10


def test_a_line_says_its_leader_and_its_sites_without_asking_again(
    garden, session, django_assert_num_queries
):
    session.leader = garden.workshop_leader
    session.save()
    make.make_workshop(session)
    rows = Session.objects.filter(pk=session.pk).described()
    with django_assert_num_queries(2):
        (row,) = rows
        first = garden.workshop_leader.first_name
        assert row.leader_name.startswith(f"{first} ")
        assert row.leader_name.endswith(".")
        assert row.places == [garden.site]
        assert row.workshop_count == 1
        assert str(row)
        assert row.hours
