"""Ticking: what it writes, refuses and measures; who is on a roll."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum

from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Part, Presence
from beneficiaries.models import Attendance
from beneficiaries.services import attendance, roll_words, rolls
from programmes.access import scope_of
from programmes.enums import Role
from tests.beneficiaries.taps import DAY, lines_of, tick
from tests.factories import beneficiaries as people
from tests.factories import programmes as make


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def session(garden):
    return make.make_session(garden.programme, garden.site, on=DAY)


def refusal(*args, **asked):
    """Return what ticking is refused with: its code, or the fields at fault."""
    with pytest.raises(ValidationError) as caught:
        tick(*args, **asked)
    return set(getattr(caught.value, "error_dict", ())) or caught.value.code


# --- one tap


def test_a_tap_writes_a_line_of_the_whole_session(scope, session, karim, garden):
    line = tick(scope, session, karim)
    stored = Attendance.objects.get(pk=line.pk)
    assert (stored.status, stored.minutes, stored.on) == (Presence.PRESENT, 240, DAY)
    assert (stored.site, stored.version) == (garden.site, 1)
    assert AuditEvent.objects.first().object_label == f"Présence n° {line.pk}"


def test_the_same_tap_twice_is_one_tap(scope, session, karim):
    seen = {"client_uuid": uuid4(), "version": 0}
    first = tick(scope, session, karim, **seen)
    before = AuditEvent.objects.count()
    assert tick(scope, session, karim, **seen).pk == first.pk
    assert (lines_of(session).count(), AuditEvent.objects.count()) == (1, before)


def test_a_tap_changes_the_line_there_is(scope, session, karim):
    line = tick(scope, session, karim)
    reason = make.code("absence_reasons", "sante")
    tick(scope, session, karim, Presence.EXCUSED, reason=reason, version=line.version)
    stored = lines_of(session).get()
    assert (stored.pk, stored.status, stored.minutes) == (line.pk, Presence.EXCUSED, 0)
    assert (stored.reason, stored.version) == (reason, 2)


def test_a_line_is_taken_back(scope, session, karim):
    line = tick(scope, session, karim)
    asked = {"scope": scope, "session": session, "enrolment": karim.pk}
    with pytest.raises(ValidationError) as caught:
        attendance.untick(**asked, version=line.version + 1)
    assert caught.value.code == "stale"
    attendance.untick(**asked, version=line.version)
    assert not lines_of(session).exists()
    attendance.untick(**asked, version=0)


def test_a_stale_tap_changes_nothing_and_says_so(scope, session, karim):
    tick(scope, session, karim, version=0)
    assert refusal(scope, session, karim, Presence.ABSENT, version=0) == "stale"
    assert lines_of(session).get().status == Presence.PRESENT


def test_two_devices_that_agree_do_not_clash(scope, session, karim):
    tick(scope, session, karim, version=0)
    tick(scope, session, karim, version=0)
    assert lines_of(session).get().version == 1


# --- what is refused


def test_the_future_a_closed_and_a_cancelled_session_are_refused(scope, garden, session, karim):
    later = make.make_session(garden.programme, garden.site, on=make.tomorrow())
    assert refusal(scope, later, karim) == "future"
    make.close(session)
    assert refusal(scope, session, karim) == "closed"
    cancelled = make.make_session(
        garden.programme,
        garden.site,
        on=DAY,
        cancelled_on=DAY,
        cancel_reason=make.code("cancellation_reasons"),
    )
    assert refusal(scope, cancelled, karim) == "cancelled"
    assert not Attendance.objects.filter(enrolment=karim).exists()


def test_a_site_of_another_session_is_refused(scope, garden, session, karim):
    other = make.make_site(garden.territory, garden.programme)
    assert refusal(scope, session, karim, site=other) == {"site"}


def test_a_session_without_sites_takes_those_of_its_programme(scope, garden, karim):
    bare = make.make_session(garden.programme, on=DAY)
    assert tick(scope, bare, karim, site=garden.site).site == garden.site


def test_an_enrolment_of_another_programme_is_unknown(world, scope, session):
    assert refusal(scope, session, world.here.kitchen.somebody.enrolment) == "unknown"


@pytest.mark.parametrize(
    "dates",
    [
        {"entered_on": None},
        {"entered_on": DAY + timedelta(days=1)},
        {"left_on": DAY - timedelta(days=1)},
    ],
)
def test_who_is_not_in_the_programme_that_day_is_refused(scope, garden, session, dates):
    person = people.make_person(garden.programme, **dates)
    assert refusal(scope, session, people.enrolment_of(person)) == "not_in"


def test_the_days_of_entry_and_exit_are_in(scope, garden, session):
    person = people.make_person(garden.programme, entered_on=DAY, left_on=DAY)
    assert tick(scope, session, people.enrolment_of(person)).minutes == 240


@pytest.mark.parametrize(
    ("hours", "fields"),
    [
        (("07:59", "12:00"), {"starts_at"}),
        (("08:00", "12:01"), {"ends_at"}),
        (("10:00", "09:00"), {"ends_at"}),
        (("09:00", "09:00"), {"ends_at"}),
        (("00:00", "23:59"), {"starts_at", "ends_at"}),
    ],
)
def test_hours_stay_in_the_session_and_in_order(scope, session, karim, hours, fields):
    start, end = (make.at(DAY, clock) for clock in hours)
    assert refusal(scope, session, karim, starts_at=start, ends_at=end) == fields


def test_a_reason_goes_with_an_excuse_only(scope, session, karim):
    reason = make.code("absence_reasons")
    assert refusal(scope, session, karim, Presence.ABSENT, reason=reason) == {"reason"}


# --- hours: the sum of minutes is the time spent


def test_two_sites_of_one_morning_are_four_hours_of_one_day(scope, garden, karim):
    other = make.make_site(garden.territory, garden.programme)
    early = make.make_session(garden.programme, garden.site, on=DAY, hours=("08:00", "10:00"))
    late = make.make_session(garden.programme, other, on=DAY, hours=("10:00", "12:00"))
    tick(scope, early, karim)
    tick(scope, late, karim)
    lines = Attendance.objects.filter(enrolment=karim)
    assert lines.aggregate(total=Sum("minutes"))["total"] == 240
    assert set(lines.values_list("on", flat=True)) == {DAY}
    assert {line.site for line in lines} == {garden.site, other}


def test_an_overlap_is_refused_with_the_other_session_by_name(scope, garden, karim):
    early = make.make_session(garden.programme, garden.site, on=DAY, hours=("08:00", "10:00"))
    late = make.make_session(garden.programme, garden.site, on=DAY, hours=("09:00", "11:00"))
    tick(scope, early, karim)
    with pytest.raises(ValidationError) as caught:
        tick(scope, late, karim)
    hours = "8\u00a0h\u00a0–\u00a010\u00a0h"
    assert caught.value.messages == [f"Déjà présent à {early}, {hours}."]
    tick(scope, late, karim, Presence.ABSENT)
    tick(scope, early, karim, Presence.EXCUSED)
    tick(scope, late, karim)
    assert Attendance.objects.present().get(enrolment=karim).session == late


def test_a_session_out_of_the_scope_is_not_named(world, scope, session, karim):
    kitchen = world.here.kitchen
    there = people.make_enrolment(karim.person, kitchen.programme)
    elsewhere = make.make_session(
        kitchen.programme, kitchen.site, on=DAY, title="Table solidaire", hours=("11:00", "14:00")
    )
    people.make_attendance(there, elsewhere, kitchen.site)
    with pytest.raises(ValidationError) as caught:
        tick(scope, session, karim)
    assert caught.value.message == attendance.ELSEWHERE
    both = make.make_member(Role.WORKSHOP_LEADER, world.here.territory)
    with pytest.raises(ValidationError, match="Table solidaire, 11"):
        tick(scope_of(both), session, karim)
    noon = make.at(DAY, "11:00")
    assert tick(scope, session, karim, ends_at=noon).minutes == 180


def test_a_session_over_midnight_belongs_to_the_day_it_starts(scope, garden, karim):
    eve = date(2025, 12, 31)
    night = make.make_session(
        garden.programme,
        garden.site,
        starts_at=make.at(eve, "22:00"),
        ends_at=make.at(eve + timedelta(days=1), "02:00"),
    )
    line = tick(scope, night, karim)
    assert (line.on, line.minutes) == (eve, 240)


@pytest.mark.parametrize(("sunday", "minutes"), [((2026, 3, 29), 180), ((2026, 10, 25), 300)])
def test_a_night_of_clock_change_counts_the_time_that_passes(scope, garden, karim, sunday, minutes):
    day = date(*sunday)
    starts, ends = make.at(day, "00:00"), make.at(day, "04:00")
    session = make.make_session(garden.programme, garden.site, starts_at=starts, ends_at=ends)
    line = tick(scope, session, karim, starts_at=starts, ends_at=ends)
    assert (line.on, line.minutes) == (day, minutes)


# --- the roll


def test_the_roll_shows_who_is_in_that_day_by_name(scope, garden, session, karim):
    people.make_person(garden.programme, "Zoé", "Arnaud", part=Part.VOLUNTEER)
    people.make_person(garden.programme, "Partie", "Avant", left_on=DAY - timedelta(days=1))
    people.make_person(garden.programme, "Attend", "Encore", entered_on=None)
    roll = rolls.roll_of(session)
    assert [row.name for row in roll.rows] == [
        "Zoé A.",
        "Karim D.",
        garden.somebody.person.short_name,
    ]
    assert roll_words.note_of(roll.rows[0], session) == "bénévole"
    assert roll.tally == rolls.Tally(expected=3)


def test_two_people_who_read_the_same_are_shown_in_full(garden, session, karim):
    people.make_person(garden.programme, "Karim", "Durand")
    names = [row.name for row in rolls.roll_of(session).rows]
    assert names[:2] == ["Karim Dupont", "Karim Durand"]


def test_the_site_is_the_last_one_if_the_session_is_there(scope, garden, karim):
    first, second, far = (
        make.make_site(garden.territory, garden.programme, name=name) for name in "ABC"
    )
    for number, site in ((3, second), (2, far)):
        held = make.make_session(garden.programme, site, on=DAY - timedelta(days=number))
        people.make_attendance(karim, held, site)
        today = make.make_session(garden.programme, first, second, on=DAY)
        row = rolls.roll_of(today).row(karim.pk)
        assert row.site == (second if site == second else first)


def test_a_large_programme_shows_who_came_lately_first(scope, garden, monkeypatch, karim):
    monkeypatch.setattr(rolls, "EVERYBODY", 2)
    old, new = (people.enrolment_of(people.make_person(garden.programme)) for _ in "12")
    new.entered_on = DAY - timedelta(days=3)
    new.save()
    for enrolment, days in ((karim, 60), (old, 61), (garden.somebody.enrolment, 0)):
        held = make.make_session(
            garden.programme, garden.site, on=DAY - timedelta(days=days), hours=("14:00", "16:00")
        )
        people.make_attendance(enrolment, held, garden.site)
    session = make.make_session(garden.programme, garden.site, on=DAY)
    roll = rolls.roll_of(session)
    assert {row.enrolment for row in roll.rows} == {karim, new, garden.somebody.enrolment}
    assert [row.enrolment for row in roll.others] == [old]
    assert rolls.tallies([session])[session.pk] == roll.tally
    tick(scope, session, old)
    assert rolls.roll_of(session).row(old.pk).is_present


def test_the_counts_of_a_list_are_those_of_each_roll(scope, garden, session, karim):
    other = make.make_session(garden.programme, garden.site, on=DAY, hours=("14:00", "16:00"))
    tick(scope, session, karim, Presence.EXCUSED)
    tick(scope, other, karim)
    counts = rolls.tallies([session, other, garden.held])
    assert counts[session.pk] == rolls.roll_of(session).tally
    assert counts[other.pk] == rolls.Tally(present=1, expected=2)
    assert counts[garden.held.pk].waiting == 0


# --- what a tap does not say stays


def test_changing_the_site_keeps_the_status_the_hours_and_the_reason(scope, garden, karim):
    first, second = (make.make_site(garden.territory, garden.programme) for _ in "12")
    session = make.make_session(garden.programme, first, second, on=DAY)
    nine, reason = make.at(DAY, "09:00"), make.code("absence_reasons", "sante")
    tick(scope, session, karim, site=first, starts_at=nine)
    moved = tick(scope, session, karim, "", site=second)
    assert (moved.site, moved.starts_at, moved.minutes) == (second, nine, 180)
    tick(scope, session, karim, Presence.EXCUSED, site=second, reason=reason)
    moved = tick(scope, session, karim, "", site=first)
    assert (moved.site, moved.status, moved.reason) == (first, Presence.EXCUSED, reason)
    assert refusal(scope, session, garden.somebody.enrolment, "", site=first) == "stale"


def test_two_stretches_of_a_session_stay_until_the_person_is_absent(scope, garden, karim):
    session = make.make_session(garden.programme, garden.site, on=DAY)
    ten = make.at(DAY, "10:00")
    tick(scope, session, karim, ends_at=ten)
    people.make_attendance(karim, session, garden.site, starts_at=ten)
    row = rolls.row_of(session, karim.pk)
    assert (row.minutes, len(row.lines)) == (240, 2)
    assert refusal(scope, session, karim, ends_at=make.at(DAY, "10:01")) == "overlap"
    tick(scope, session, karim, Presence.ABSENT)
    assert lines_of(session).get(enrolment=karim).status == Presence.ABSENT
