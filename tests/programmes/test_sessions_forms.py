"""The forms of sessions and workshops: hours on the clocks of the place, sites open that day."""

from datetime import UTC, date, timedelta

import pytest
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import Action
from programmes.access import scope_of
from programmes.forms.sessions import SessionForm
from programmes.forms.workshops import WorkshopForm
from programmes.models import Session, Workshop
from tests.core.test_forms import posted
from tests.factories import programmes as make

MONDAY = date(2026, 3, 16)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def form(garden, scope):
    """Return a function that fills the form of a new session, or of the one given."""

    def fill(session: Session | None = None, **changes) -> SessionForm:
        data = {
            "day": "2026-03-16",
            "start": "08:30",
            "end": "12:00",
            "kind": make.code("session_kinds").pk,
            "sites": [garden.site.pk],
            "headcount": 0,
        }
        if session:
            data["version"] = session.version
        return SessionForm(
            data | changes,
            instance=session,
            scope=scope,
            action=Action.EDIT_SESSIONS,
            fixed={"programme": garden.programme},
        )

    return fill


@pytest.fixture
def session(garden) -> Session:
    return make.make_session(garden.programme, garden.site, on=MONDAY)


def settle(garden, zone: str) -> None:
    """Move the territory to another time zone."""
    garden.territory.time_zone = zone
    garden.territory.save()
    garden.programme.refresh_from_db()


@pytest.mark.parametrize(
    ("zone", "day", "hours", "utc", "minutes"),
    [
        ("Europe/Paris", "2026-03-16", ("08:30", "12:00"), "2026-03-16 07:30", 210),
        ("America/Guadeloupe", "2026-03-16", ("20:30", "23:45"), "2026-03-17 00:30", 195),
        # The night when the clocks jump from 2 to 3: one hour passes.
        ("Europe/Paris", "2026-03-29", ("01:30", "03:30"), "2026-03-29 00:30", 60),
        # The night when 2 to 3 is played twice: the first one, so that three hours pass.
        ("Europe/Paris", "2026-10-25", ("01:30", "03:30"), "2026-10-24 23:30", 180),
        ("Europe/Paris", "2026-10-25", ("02:15", "02:45"), "2026-10-25 00:15", 30),
    ],
)
def test_hours_are_read_on_the_clocks_of_the_place(garden, form, zone, day, hours, utc, minutes):
    settle(garden, zone)
    filled = form(day=day, start=hours[0], end=hours[1])
    assert filled.is_valid(), filled.errors
    session = filled.save()
    assert f"{session.starts_at.astimezone(UTC):%Y-%m-%d %H:%M}" == utc
    assert (session.on.isoformat(), session.minutes) == (day, minutes)


def test_an_hour_that_spring_skips_is_refused_beside_it_where_it_is_skipped(garden, form):
    filled = form(day="2026-03-29", start="02:30", end="05:00")
    assert list(filled.errors) == ["start"]
    assert "sautent" in str(filled.errors["start"])
    settle(garden, "America/Guadeloupe")
    assert form(day="2026-03-29", start="02:30", end="05:00").is_valid()


@pytest.mark.parametrize("typed", ["25:00", "8:75", "midi", "08:30:15", "8.30"])
def test_an_hour_that_is_none_is_told_beside_it_and_kept(form, typed):
    filled = form(start=typed)
    assert list(filled.errors) == ["start"]
    assert "n’existe pas" in str(filled.errors["start"])
    assert f'value="{typed}"' in str(filled["start"])


@pytest.mark.parametrize(("typed", "hour"), [("8h30", 8), ("14 h", 14), ("9:05", 9)])
def test_an_hour_is_understood_as_people_write_it(form, typed, hour):
    filled = form(start=typed, end="18:00")
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["start"].hour == hour


@pytest.mark.parametrize("end", ["08:30", "07:00"])
def test_the_end_comes_after_the_start(form, end):
    filled = form(end=end)
    assert list(filled.errors) == ["end"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("0026-03-16", "quatre chiffres"),
        ("2014-12-31", "commence le 1er"),
        ("2031-01-01", "terminée depuis"),
        ("hier", "date"),
        ("", "obligatoire"),
    ],
)
def test_a_day_outside_any_sense_is_told_beside_it(garden, form, day, words):
    garden.programme.started_on, garden.programme.ended_on = date(2015, 1, 1), date(2030, 12, 31)
    filled = form(day=day)
    assert list(filled.errors) == ["day"]
    assert words in str(filled.errors["day"])


def test_a_year_too_far_is_a_slip(form):
    near, far = (timezone.localdate() + timedelta(days=days) for days in (700, 800))
    assert form(day=near.isoformat()).is_valid()
    assert "deux ans" in str(form(day=far.isoformat()).errors["day"])


def test_a_session_has_a_site_of_its_programme(world, garden, form):
    assert "au moins un site" in str(form(sites=[]).errors["sites"])
    assert "sites" in form(sites=[world.here.kitchen.site.pk]).errors
    assert "sites" in form(sites=[world.elsewhere.garden.site.pk]).errors


def test_a_site_must_be_open_that_day(garden, form):
    site = make.make_site(
        garden.territory,
        garden.programme,
        name="Le Vignoble",
        opened_on=date(2026, 3, 10),
        closed_on=date(2026, 3, 20),
    )
    for day in ("2026-03-10", "2026-03-20"):
        assert form(day=day, sites=[site.pk]).is_valid()
    for day, words in (("2026-03-09", "n’ouvre que"), ("2026-03-21", "fermé depuis")):
        assert words in str(form(day=day, sites=[site.pk]).errors["sites"])


def test_the_leader_is_of_the_team(world, garden, form):
    assert form(leader=garden.workshop_leader.pk).is_valid()
    for stranger in (garden.committee_member, world.elsewhere.garden.workshop_leader):
        assert "leader" in form(leader=stranger.pk).errors


def test_a_leader_who_left_stays_on_the_sessions_already_theirs(garden, form, session):
    session.leader = garden.committee_member
    session.save()
    assert form(session, leader=garden.committee_member.pk).is_valid()


def test_a_change_is_journaled_under_the_model_s_names(form, session):
    filled = form(session, start="08:00", day="2026-03-17")
    assert filled.is_valid(), filled.errors
    filled.save()
    assert AuditEvent.objects.latest("pk").changed == ["on"]
    session = Session.objects.get(pk=session.pk)
    filled = form(session, start="09:00", day="2026-03-17", end="11:00")
    assert filled.is_valid(), filled.errors
    filled.save()
    assert AuditEvent.objects.latest("pk").changed == ["ends_at", "starts_at"]


def test_a_stale_form_says_which_hour_changed(scope, garden, form, session):
    mine = form(session).data
    other = Session.objects.get(pk=session.pk)
    other.ends_at = make.at(MONDAY, "13:00")
    other.save()
    again = form(Session.objects.get(pk=session.pk), **(mine | {"version": 1}))
    assert not again.is_valid()
    assert "«\u00a013:00\u00a0»" in str(again.errors["end"])


def test_workshops_follow_their_session_to_another_day(form, session):
    workshop = make.make_workshop(
        session, starts_at=make.at(MONDAY, "09:00"), ends_at=make.at(MONDAY, "11:00")
    )
    filled = form(session, day="2026-03-30")
    assert filled.is_valid(), filled.errors
    filled.save()
    workshop.refresh_from_db()
    assert workshop.starts_at == make.at(date(2026, 3, 30), "09:00")


@pytest.mark.parametrize(
    ("hours", "field"), [({"start": "09:30"}, "start"), ({"end": "10:30"}, "end")]
)
def test_a_session_does_not_shrink_out_of_its_workshops(form, session, hours, field):
    make.make_workshop(
        session, starts_at=make.at(MONDAY, "09:00"), ends_at=make.at(MONDAY, "11:00")
    )
    filled = form(session, **hours)
    assert list(filled.errors) == [field]
    assert "sortirait" in str(filled.errors[field])


def workshop_form(scope, session, workshop=None, **changes) -> WorkshopForm:
    data = {"theme": make.code("workshop_themes").pk, "start": "09:00", "end": "11:00"}
    return WorkshopForm(
        data | changes,
        instance=workshop,
        scope=scope,
        action=Action.EDIT_SESSIONS,
        fixed={"session": session},
    )


@pytest.mark.parametrize(
    ("hours", "fields"),
    [
        (("08:00", "12:00"), []),
        (("07:45", "09:00"), ["start"]),
        (("11:00", "12:15"), ["end"]),
        (("12:00", "13:00"), ["start", "end"]),
        (("10:00", "10:00"), ["end"]),
    ],
)
def test_a_workshop_stays_inside_its_session(scope, session, hours, fields):
    filled = workshop_form(scope, session, start=hours[0], end=hours[1])
    assert list(filled.errors) == fields


def test_a_workshop_is_on_the_day_and_the_clocks_of_its_session(garden, scope):
    settle(garden, "America/Guadeloupe")
    session = make.make_session(
        garden.programme,
        garden.site,
        starts_at=make.at(MONDAY, "20:00", zone="America/Guadeloupe"),
        ends_at=make.at(MONDAY, "23:00", zone="America/Guadeloupe"),
    )
    filled = workshop_form(scope, session, start="21:00", end="22:00")
    assert filled.is_valid(), filled.errors
    workshop = filled.save()
    assert workshop.starts_at == make.at(MONDAY, "21:00", zone="America/Guadeloupe")
    shown = WorkshopForm(
        instance=Workshop.objects.get(pk=workshop.pk),
        scope=scope,
        action=Action.EDIT_SESSIONS,
        fixed={"session": session},
    )
    assert posted(shown)["start"] == "21:00"
