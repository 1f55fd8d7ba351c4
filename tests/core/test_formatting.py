"""French spelling of numbers, amounts, days and hours."""

import datetime
from decimal import Decimal

import pytest

from autoprod.core import formatting

NARROW = "\u202f"
NBSP = "\u00a0"
JAN_1 = datetime.date(2015, 1, 1)
DEC_31 = datetime.date(2015, 12, 31)


def spaced(text: str) -> str:
    """Write the expected text with ordinary spaces: « _ » is narrow, « ~ » is no-break."""
    return text.replace("_", NARROW).replace("~", NBSP)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (999, "999"),
        (4205, "4_205"),
        (1234567, "1_234_567"),
        (Decimal("10.70"), "10,7"),
        (Decimal("2E+3"), "2_000"),
        (Decimal("0.05"), "0,05"),
        (-3, "−3"),
        (Decimal("-0.0"), "0"),
        (None, "–"),
    ],
)
def test_number_keeps_only_the_decimals_it_needs(value, expected):
    assert formatting.number(value) == spaced(expected)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Decimal("10.65"), 1, "10,7"),
        (Decimal("-10.65"), 1, "−10,7"),
        (25, 1, "25,0"),
        (Decimal("1999.5"), 0, "2_000"),
        (Decimal("-0.04"), 1, "0,0"),
    ],
)
def test_number_rounds_half_up_to_fixed_places(value, places, expected):
    assert formatting.number(value, places) == spaced(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (9720000, "97_200~€"),
        (Decimal("97200.00"), "97_200~€"),
        (9720050, "97_200,50~€"),
        (Decimal("0.05"), "0,05~€"),
        (-150, "−1,50~€"),
        (0, "0~€"),
        (None, "–"),
    ],
)
def test_euros_reads_cents_or_decimal_euros(value, expected):
    assert formatting.euros(value) == spaced(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12400, "12,4~kg"),
        (Decimal("12.4"), "12,4~kg"),
        (400, "0,4~kg"),
        (12345678, "12_345,678~kg"),
        (0, "0~kg"),
        (None, "–"),
    ],
)
def test_kilograms_reads_grams_or_decimal_kilograms(value, expected):
    assert formatting.kilograms(value) == spaced(expected)


def test_kilograms_can_be_rounded():
    assert formatting.kilograms(12450, 1) == spaced("12,5~kg")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (270, "4~h~30"),
        (245, "4~h~05"),
        (33120, "552~h"),
        (252300, "4_205~h"),
        (45, "45~min"),
        (Decimal("1.5"), "1~h~30"),
        (-90, "−1~h~30"),
        (0, "0~h"),
        (None, "–"),
    ],
)
def test_hours_reads_minutes_or_decimal_hours(value, expected):
    assert formatting.hours(value) == spaced(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Decimal("10.7"), "10,7~%"), (25, "25,0~%"), (Decimal(0), "0,0~%"), (None, "s.o.")],
)
def test_percent_always_shows_one_decimal(value, expected):
    assert formatting.percent(value) == spaced(expected)


def test_celsius_reads_tenths():
    assert formatting.celsius(35) == spaced("3,5~°C")
    assert formatting.celsius(-180) == spaced("−18,0~°C")


@pytest.mark.parametrize("write", [formatting.number, formatting.euros, formatting.hours])
@pytest.mark.parametrize("value", [1.5, "12", True])
def test_only_exact_numbers_are_written(write, value):
    with pytest.raises(TypeError):
        write(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0~personne"),
        (1, "1~personne"),
        (2, "2~personnes"),
        (1200, "1_200~personnes"),
        (Decimal("1.5"), "1,5~personne"),
    ],
)
def test_french_plural_starts_at_two(value, expected):
    assert formatting.counted(value, "personne", "personnes") == spaced(expected)


def test_who_came_today_has_not_been_waiting_for_zero_day():
    said = [formatting.since(days) for days in (None, 0, 1, 17)]
    assert said == ["–", "depuis aujourd’hui", "depuis 1\u00a0jour", "depuis 17\u00a0jours"]


def test_day_writes_the_first_as_an_ordinal():
    assert formatting.day(datetime.date(2016, 2, 1)) == spaced("1er~février~2016")
    assert formatting.day(datetime.date(2016, 2, 21)) == spaced("21~février~2016")
    assert formatting.day(None) == "–"


def test_other_spellings_of_a_day():
    monday = datetime.date(2016, 3, 14)
    assert formatting.day(monday, weekday=True) == spaced("lundi 14~mars~2016")
    assert formatting.day_and_month(monday) == spaced("14~mars")
    assert formatting.month(monday) == spaced("mars~2016")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (JAN_1, DEC_31, "du 1er~janvier au 31~décembre~2015"),
        (datetime.date(2014, 10, 1), DEC_31, "du 1er~octobre~2014 au 31~décembre~2015"),
        (datetime.date(2015, 12, 1), DEC_31, "du 1er au 31~décembre~2015"),
        (DEC_31, DEC_31, "le 31~décembre~2015"),
        (JAN_1, None, "depuis le 1er~janvier~2015"),
        (None, DEC_31, "jusqu’au 31~décembre~2015"),
        (None, None, "–"),
    ],
)
def test_day_range_says_what_is_common_once(start, end, expected):
    assert formatting.day_range(start, end) == spaced(expected)


def test_clock_drops_the_minutes_of_a_whole_hour():
    assert formatting.clock(datetime.time(8, 5)) == spaced("8~h~05")
    assert formatting.clock(datetime.time(14, 0)) == spaced("14~h")
    assert formatting.clock(None) == "–"


def test_an_instant_is_told_on_the_reader_s_clock():
    at = datetime.datetime(2026, 3, 2, 23, 5, tzinfo=datetime.UTC)
    assert formatting.moment(at) == "3\u00a0mars\u00a02026, 0\u00a0h\u00a005"
    assert formatting.edited(at) == "Édité le 3\u00a0mars\u00a02026 à 0\u00a0h\u00a005"
    assert formatting.moment(None) == "–"
    with pytest.raises(ValueError, match="naive"):
        formatting.moment(at.replace(tzinfo=None))


def test_clock_range():
    assert formatting.clock_range(datetime.time(8), datetime.time(12)) == spaced("8~h~–~12~h")
    assert formatting.clock_range(datetime.time(8), None) == spaced("8~h")
