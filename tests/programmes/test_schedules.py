"""What a schedule plans, skips and takes along: months counted by hand on a printed calendar."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import ONE_DAY
from programmes.access import scope_of
from programmes.models import Schedule, ScheduleSlot, Session
from programmes.services import schedules
from programmes.services.plans import HalfDay, Week, plan_of
from programmes.services.replanning import Values, review_change, review_new, values_of
from programmes.services.schedules import Asked
from tests.factories import presence as plans
from tests.factories import programmes as make

PARIS = ZoneInfo("Europe/Paris")
#: The fiche's week: Monday to Thursday, 8 to 12 and 14 to 16.
FICHE = tuple(
    HalfDay(day, time(first), time(last))
    for day in (1, 2, 3, 4)
    for first, last in ((8, 12), (14, 16))
)
MARCH, MAY = (date(2016, 3, 1), date(2016, 3, 31)), (date(2016, 5, 1), date(2016, 5, 31))


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


def typed(garden, *sites, **fields) -> Values:
    values = {"kind": make.code("session_kinds", "culture"), "title": "", "theme": None}
    values |= {"leader": None, "capacity": None, **fields}
    return Values(**values, sites=frozenset(sites or {garden.site}))


def coming(*half_days: HalfDay, weeks: int = 4) -> Week:
    """Return a week that comes back from next Monday on, holidays included."""
    first = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    return Week(half_days, first, first + timedelta(days=7 * weeks - 1), works_on_holidays=True)


def planned(garden, scope, week: Week, **fields) -> Schedule:
    """Return a schedule created as its page does it."""
    values = typed(garden, **fields)
    schedule = Schedule(
        programme=garden.programme,
        kind=values.kind,
        starts_on=week.starts_on,
        ends_on=week.ends_on,
        works_on_holidays=week.works_on_holidays,
        leader=values.leader,
    )
    mark = review_new(programme=garden.programme, week=week, values=values).mark
    schedules.create(scope=scope, schedule=schedule, week=week, values=values, asked=Asked(mark))
    return schedule


def changed(scope, schedule: Schedule, week: Week, values: Values | None = None, **asked):
    """Return what was done by changing a schedule as its page does it."""
    values = values or values_of(schedule)
    for name, value in values.given().items():
        setattr(schedule, name, value)
    schedule.starts_on, schedule.ends_on = week.starts_on, week.ends_on
    mark = review_change(schedule=schedule, week=week, values=values).mark
    asked = Asked(mark, **asked)
    return schedules.change(scope=scope, schedule=schedule, week=week, values=values, asked=asked)


def days_of(schedule: Schedule) -> list[tuple[date, int]]:
    rows = Session.objects.filter(schedule=schedule).order_by("starts_at")
    return [(row.on, row.starts_at.astimezone(PARIS).hour) for row in rows]


def test_the_fiche_s_month_is_counted_by_hand():
    # May 2016 has 18 days from Monday to Thursday; two of them are holidays.
    plan = plan_of(Week(FICHE, *MAY), [], PARIS)
    assert len(plan.stretches) == 2 * (18 - 2)
    assert {(s.reason, s.days) for s in plan.skipped} == {
        ("férié\u00a0: Ascension", (date(2016, 5, 5),)),
        ("férié\u00a0: Lundi de Pentecôte", (date(2016, 5, 16),)),
    }
    # March has 19, and Easter Monday.
    plan = plan_of(Week(FICHE, *MARCH), [], PARIS)
    assert len(plan.stretches) == 2 * (19 - 1)
    assert [s.reason for s in plan.skipped] == ["férié\u00a0: Lundi de Pâques"]
    assert len(plan_of(Week(FICHE, *MARCH, works_on_holidays=True), [], PARIS).stretches) == 38


def test_a_closed_period_is_skipped_and_told_once(garden):
    week = plans.make_closed_period(
        garden.programme, "Travaux", starts_on=date(2016, 5, 9), ends_on=date(2016, 5, 13)
    )
    plan = plan_of(Week(FICHE, *MAY), [week], PARIS)
    assert len(plan.stretches) == 2 * (18 - 2 - 4)
    (closed,) = [s for s in plan.skipped if "Travaux" in s.reason]
    assert closed.days == tuple(date(2016, 5, day) for day in (9, 10, 11, 12))
    # The same holiday of two years is two lines.
    plan = plan_of(Week(FICHE, date(2016, 3, 1), date(2017, 5, 1)), [week], PARIS)
    easter = [s.days for s in plan.skipped if "Pâques" in s.reason]
    assert easter == [(date(2016, 3, 28),), (date(2017, 4, 17),)]


def test_the_clocks_keep_the_hours_of_the_wall_and_skip_one_night_a_year():
    sunday = date(2016, 3, 27)
    week = Week(
        (HalfDay(7, time(2, 30), time(4)), HalfDay(7, time(8), time(12))),
        sunday - timedelta(days=7),
        sunday + timedelta(days=7),
    )
    plan = plan_of(week, [], PARIS)
    starts = [s.starts_at.astimezone(PARIS).time() for s in plan.stretches]
    assert starts == [time(2, 30), time(8), time(8), time(2, 30), time(8)]
    assert [s.days for s in plan.skipped] == [(sunday,)]
    before, after = plan.stretches[1], plan.stretches[2]
    assert (after.starts_at - before.starts_at).days == 7
    assert after.starts_at.astimezone(ZoneInfo("UTC")).hour == 6
    assert before.starts_at.astimezone(ZoneInfo("UTC")).hour == 7


def test_a_schedule_creates_ordinary_sessions_and_says_so_once(garden, scope):
    theme = make.code("workshop_themes", "culture")
    schedule = planned(
        garden, scope, Week(FICHE, *MAY), theme=theme, capacity=14, leader=garden.workshop_leader
    )
    rows = Session.objects.filter(schedule=schedule)
    assert rows.count() == 32
    one = rows.order_by("starts_at").first()
    assert (one.on, one.hours) == (date(2016, 5, 2), "8\u00a0h\u00a0–\u00a012\u00a0h")
    assert (one.theme, one.capacity, one.leader) == (theme, 14, garden.workshop_leader)
    assert one.places == [garden.site]
    assert one.minutes == 240
    assert ScheduleSlot.objects.filter(schedule=schedule).count() == 8
    told = AuditEvent.objects.filter(object_kind="programmes.schedule")
    assert [event.reason for event in told] == ["32\u00a0séances créées"]


def test_nothing_is_created_over_another_session_unless_asked(garden, scope):
    other = make.make_session(garden.programme, garden.site, on=date(2016, 5, 2))
    make.make_session(garden.programme, on=date(2016, 5, 3))  # on no site of ours
    values, week = typed(garden), Week(FICHE, *MAY)
    review = review_new(programme=garden.programme, week=week, values=values)
    assert [(c.stretch.on, c.session) for c in review.clashes] == [(other.on, other)]
    assert len(review.created) == 31
    assert review.months() == [(date(2016, 5, 1), 31)]
    schedule = planned(garden, scope, week)
    assert len(days_of(schedule)) == 31


def test_a_review_out_of_date_saves_nothing(garden, scope):
    """Also what a second press of the button meets."""
    planned(garden, scope, Week(FICHE, *MAY))
    values, week = typed(garden), Week(FICHE, *MAY)
    again = Schedule(programme=garden.programme, kind=values.kind, starts_on=MAY[0], ends_on=MAY[1])
    with pytest.raises(ValidationError, match="relecture"):
        schedules.create(
            scope=scope, schedule=again, week=week, values=values, asked=Asked("00000000")
        )
    assert Session.objects.filter(on__range=MAY).count() == 32


def test_a_change_takes_along_what_nobody_touched_and_no_more(garden, scope):
    mornings = coming(HalfDay(1, time(8), time(12)))
    schedule = planned(garden, scope, mornings, leader=garden.workshop_leader)
    first, second, third, last = Session.objects.filter(schedule=schedule).order_by("starts_at")
    make.cancel(first)
    second.starts_at, second.ends_at = second.starts_at + ONE_DAY, second.ends_at + ONE_DAY
    second.save()
    third.leader = garden.social_worker  # a colleague takes that day
    third.save()
    values = typed(garden, leader=garden.programme_manager)
    later = Week((HalfDay(1, time(9), time(12)),), mornings.starts_on, mornings.ends_on, True)
    done = changed(scope, schedule, later, values)
    assert len(done.followed) == 2
    assert done.staying_told == (
        "2\u00a0séances restent comme elles sont\u00a0: 1 annulée, 1 déplacée à la main."
    )
    assert [hour for _, hour in days_of(schedule)] == [8, 8, 9, 9]
    assert [stretch.on for stretch in done.missing] == [second.on - ONE_DAY]
    leaders = Session.objects.filter(schedule=schedule).order_by("starts_at")
    assert [row.leader for row in leaders] == [
        garden.workshop_leader,
        garden.workshop_leader,
        garden.social_worker,
        garden.programme_manager,
    ]
    last.refresh_from_db()
    assert (last.minutes, last.version) == (180, 2)


def test_a_day_added_to_the_week_is_for_the_weeks_to_come(garden, scope):
    # In the evening: the world already has a session, yesterday morning.
    ahead = coming(HalfDay(1, time(19), time(20)))
    since = ahead.starts_on - timedelta(days=28)
    schedule = planned(garden, scope, Week(ahead.half_days, since, ahead.ends_on, True))
    assert len(days_of(schedule)) == 8
    both = (*ahead.half_days, HalfDay(5, time(19), time(20)))
    values = typed(garden, leader=garden.workshop_leader)
    done = changed(scope, schedule, Week(both, since, ahead.ends_on, True), values)
    assert all(stretch.starts_at > timezone.now() for stretch in done.created)
    assert len(done.created) in {4, 5}  # the Friday of this week is over or not
    # What is over keeps who led it.
    over = Session.objects.filter(schedule=schedule, starts_at__lte=timezone.now())
    assert {row.leader for row in over} == {None}  # three or four, by the hour of a Monday
    assert done.staying["déjà passées"] == over.count()


def test_ending_earlier_keeps_what_was_prepared(garden, scope):
    week = coming(HalfDay(1, time(8), time(12)))
    schedule = planned(garden, scope, week)
    *_, last = Session.objects.filter(schedule=schedule).order_by("starts_at")
    make.make_workshop(last)
    done = changed(scope, schedule, Week(week.half_days, week.starts_on, week.starts_on, True))
    assert len(done.removed) == 2
    assert "1\u00a0séance reste comme elle est\u00a0: 1 avec un atelier" in done.staying_told
    assert [on for on, _ in days_of(schedule)] == [week.starts_on, last.on]


def test_what_was_deleted_by_hand_comes_back_only_if_asked(garden, scope):
    week = coming(HalfDay(1, time(8), time(12)))
    schedule = planned(garden, scope, week)
    Session.objects.filter(schedule=schedule).order_by("starts_at")[1].delete()
    longer = Week(week.half_days, week.starts_on, week.ends_on + timedelta(days=7), True)
    done = changed(scope, schedule, longer)
    assert (len(done.created), len(done.missing)) == (1, 1)
    assert len(days_of(schedule)) == 4
    changed(scope, schedule, longer, with_missing=True)
    assert len(days_of(schedule)) == 5


def test_a_schedule_goes_with_its_sessions_only_while_none_was_used(garden, scope):
    week = coming(HalfDay(1, time(8), time(12)))
    used, unused = planned(garden, scope, week), planned(garden, scope, coming(FICHE[-1]))
    Session.objects.filter(schedule=used, on=week.starts_on).update(roll_begun_at=timezone.now())
    with pytest.raises(ValidationError, match="dernier jour"):
        schedules.delete(scope=scope, schedule=used)
    assert len(days_of(used)) == 4
    assert schedules.delete(scope=scope, schedule=unused) == 4
    assert not Schedule.objects.filter(pk=unused.pk).exists()
