"""Periods, days and instants."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls.converters import get_converters
from hypothesis import given, settings
from hypothesis import strategies as st

from autoprod.core import periods
from autoprod.core.periods import Kind, Period, PeriodConverter

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 12, 31))
CUSTOM = st.tuples(DAYS, DAYS).map(lambda pair: Period(min(pair), max(pair)))
NAMED = st.builds(Period.containing, DAYS, st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.YEAR]))


def test_slug_label_and_kind():
    expected = {
        "2015": (Kind.YEAR, "année\u00a02015"),
        "2016-03": (Kind.MONTH, "mars\u00a02016"),
        "2015-T2": (Kind.QUARTER, "2e trimestre\u00a02015"),
        "2015-T1": (Kind.QUARTER, "1er trimestre\u00a02015"),
        "2015-01-15_2016-02-28": (
            Kind.CUSTOM,
            "du 15\u00a0janvier\u00a02015 au 28\u00a0février\u00a02016",
        ),
        "2015-05-03_2015-05-09": (Kind.CUSTOM, "du 3 au 9\u00a0mai\u00a02015"),
    }
    for slug, (kind, label) in expected.items():
        period = Period.parse(slug)
        assert (period.slug, period.kind, period.label) == (slug, kind, label)


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "15",
        "2015-13",
        "2015-00",
        "2015-T5",
        "2015-02-30_2015-03-01",
        "2016-03-02_2016-03-01",
        "0015",
        "2015\n",
        "２０１５",
        "2015-01-15",
    ],
)
def test_wrong_slug_refused(slug):
    with pytest.raises(ValueError, match=r"period|day is out of range"):
        Period.parse(slug)


def test_end_before_start_refused():
    with pytest.raises(ValueError, match="ends before"):
        Period(datetime.date(2016, 3, 2), datetime.date(2016, 3, 1))


def test_instants_are_not_days():
    noon = datetime.datetime(2016, 3, 1, 12, tzinfo=datetime.UTC)
    with pytest.raises(TypeError):
        Period(noon, noon)


@settings(max_examples=60, deadline=None)
@given(CUSTOM | NAMED)
def test_slug_round_trip(period):
    assert Period.parse(period.slug) == period


@settings(max_examples=60, deadline=None)
@given(CUSTOM | NAMED)
def test_months_cut_the_period_without_hole(period):
    pieces = period.months()
    assert (pieces[0].start, pieces[-1].end) == (period.start, period.end)
    assert sum(piece.days for piece in pieces) == period.days
    assert all(piece.start.month == piece.end.month for piece in pieces)


@settings(max_examples=60, deadline=None)
@given(NAMED)
def test_next_undoes_previous(period):
    assert period.previous().next() == period
    assert period.previous().kind == period.kind
    assert period.previous().end + periods.ONE_DAY == period.start


@settings(max_examples=60, deadline=None)
@given(CUSTOM)
def test_neighbours_of_a_custom_period_touch_it(period):
    assert period.previous().end + periods.ONE_DAY == period.start
    assert period.next().start - periods.ONE_DAY == period.end


def test_custom_neighbour_keeps_the_number_of_days():
    week = Period.parse("2016-03-10_2016-03-16")
    assert week.previous() == Period.parse("2016-03-03_2016-03-09")
    assert week.next() == Period.parse("2016-03-17_2016-03-23")


@settings(max_examples=60, deadline=None)
@given(CUSTOM, CUSTOM)
def test_intersection_is_what_both_contain(one, other):
    common = one.intersection(other)
    assert common == other.intersection(one)
    assert (common is not None) == one.overlaps(other.start, other.end)
    for day in (one.start, one.end, other.start, other.end):
        in_both = one.contains(day) and other.contains(day)
        assert (common is not None and common.contains(day)) == in_both


def test_overlap_with_an_open_stay():
    march = Period.parse("2016-03")
    assert march.overlaps(datetime.date(2016, 3, 31), None)
    assert march.overlaps(datetime.date(2015, 1, 1), datetime.date(2016, 3, 1))
    assert not march.overlaps(datetime.date(2016, 4, 1), None)
    assert not march.overlaps(datetime.date(2015, 1, 1), datetime.date(2016, 2, 29))


def test_containing():
    day = datetime.date(2016, 2, 29)
    assert Period.containing(day, Kind.MONTH).slug == "2016-02"
    assert Period.containing(day, Kind.QUARTER).slug == "2016-T1"
    assert Period.containing(day, Kind.YEAR).days == 366
    with pytest.raises(ValueError, match="custom"):
        Period.containing(day, Kind.CUSTOM)


def test_converter():
    periods.register_converters()
    periods.register_converters()
    assert "period" in get_converters()
    converter = PeriodConverter()
    assert converter.to_url(converter.to_python("2015-T4")) == "2015-T4"
    assert converter.to_url("2015-01-01_2015-12-31") == "2015"


def test_local_day_is_the_zone_s():
    late = datetime.datetime(2016, 3, 31, 22, 30, tzinfo=datetime.UTC)
    assert periods.local_day(late, PARIS) == datetime.date(2016, 4, 1)
    assert periods.local_day(late, ZoneInfo("America/Cayenne")) == datetime.date(2016, 3, 31)
    with pytest.raises(ValueError, match="time zone"):
        periods.local_day(late.replace(tzinfo=None), PARIS)


@pytest.mark.parametrize(
    ("day", "minutes"), [((2016, 3, 27), 180), ((2016, 10, 30), 300), ((2016, 3, 28), 240)]
)
def test_minutes_on_a_clock_change_sunday(day, minutes):
    midnight = datetime.datetime(*day, tzinfo=PARIS)
    assert periods.minutes_between(midnight, midnight.replace(hour=4)) == minutes


def test_minutes_need_zones_and_order():
    noon = datetime.datetime(2016, 3, 1, 12, tzinfo=PARIS)
    with pytest.raises(ValueError, match="ends before"):
        periods.minutes_between(noon, noon.replace(hour=11))
    with pytest.raises(ValueError, match="time zone"):
        periods.minutes_between(noon.replace(tzinfo=None), noon)


def test_bounds_of_march_have_one_hour_less():
    first, after = periods.month_bounds_utc(Period.parse("2016-03"), PARIS)
    assert first == datetime.datetime(2016, 2, 29, 23, tzinfo=datetime.UTC)
    assert after == datetime.datetime(2016, 3, 31, 22, tzinfo=datetime.UTC)
    assert after - first == datetime.timedelta(days=31) - datetime.timedelta(hours=1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4_000_000_000), CUSTOM)
def test_bounds_agree_with_the_local_day(seconds, period):
    instant = datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)
    first, after = periods.month_bounds_utc(period, PARIS)
    assert (first <= instant < after) == period.contains(periods.local_day(instant, PARIS))


def test_age_of_someone_born_on_a_leap_day():
    born = datetime.date(2000, 2, 29)
    assert periods.age_on(born, datetime.date(2018, 2, 28)) == 17
    assert periods.age_on(born, datetime.date(2018, 3, 1)) == 18
    assert periods.age_on(born, datetime.date(2020, 2, 29)) == 20
    assert periods.age_on(born, born) == 0
    with pytest.raises(ValueError, match="before the birth"):
        periods.age_on(born, datetime.date(1999, 1, 1))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("Europe/Paris", "2026-03-28", "08:30", "2026-03-28T07:30"),
        ("Europe/Paris", "2026-03-29", "03:00", "2026-03-29T01:00"),
        # The hour from 2 to 3 is played twice: the first one is still in summer time.
        ("Europe/Paris", "2026-10-25", "02:30", "2026-10-25T00:30"),
        ("Europe/Paris", "2026-10-25", "03:00", "2026-10-25T02:00"),
        ("America/Guadeloupe", "2026-03-29", "02:30", "2026-03-29T06:30"),
        ("America/Guadeloupe", "2026-03-14", "23:30", "2026-03-15T03:30"),
    ],
)
def test_the_instant_a_clock_shows(zone, day, clock, utc):
    instant = periods.instant_at(
        datetime.date.fromisoformat(day), datetime.time.fromisoformat(clock), ZoneInfo(zone)
    )
    assert instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M") == utc


@pytest.mark.parametrize("clock", ["02:00", "02:59"])
def test_an_hour_that_spring_skips_is_refused(clock):
    with pytest.raises(ValueError, match="skip"):
        periods.instant_at(datetime.date(2026, 3, 29), datetime.time.fromisoformat(clock), PARIS)


@given(day=DAYS, clock=st.times())
@settings(max_examples=60)
def test_a_clock_reads_back_what_was_asked(day, clock):
    try:
        instant = periods.instant_at(day, clock, PARIS)
    except ValueError:
        return
    again = instant.astimezone(datetime.UTC).astimezone(PARIS)
    assert again.replace(tzinfo=None, fold=0) == datetime.datetime.combine(day, clock)
