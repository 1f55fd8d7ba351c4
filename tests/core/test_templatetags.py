"""Filters of French typography, as templates call them."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone

NBSP = "\u00a0"
NARROW = "\u202f"


def render(source: str, **context) -> str:
    return Template("{% load french %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 9720000|euros }}", f"97{NARROW}200{NBSP}€"),
        ("{{ 12400|kilograms }}", f"12,4{NBSP}kg"),
        ("{{ 12450|kilograms:1 }}", f"12,5{NBSP}kg"),
        ("{{ 270|hours }}", f"4{NBSP}h{NBSP}30"),
        ("{{ 4205|number }}", f"4{NARROW}205"),
        ("{{ nothing|percent }}", "s.o."),
        ('{{ 2|counted:"personne,personnes" }}', f"2{NBSP}personnes"),
        ("{{ 35|celsius }}", f"3,5{NBSP}°C"),
    ],
)
def test_numbers(source, expected):
    assert render(source, nothing=None) == expected


def test_days():
    first = datetime.date(2016, 2, 1)
    last = datetime.date(2016, 3, 31)

    assert render("{{ d|day }}", d=first) == f"1er{NBSP}février{NBSP}2016"
    assert render("{{ d|day_and_month }}", d=first) == f"1er{NBSP}février"
    assert render("{{ d|long_day }}", d=first) == f"lundi 1er{NBSP}février{NBSP}2016"
    assert render("{{ d|month }}", d=first) == f"février{NBSP}2016"
    assert render("{{ d|day_range:e }}", d=first, e=last) == (
        f"du 1er{NBSP}février au 31{NBSP}mars{NBSP}2016"
    )


def test_hours_of_the_day():
    early, noon = datetime.time(8, 5), datetime.time(12)

    assert render("{{ t|clock }}", t=early) == f"8{NBSP}h{NBSP}05"
    assert render("{{ t|clock_range:u }}", t=early, u=noon) == (
        f"8{NBSP}h{NBSP}05{NBSP}–{NBSP}12{NBSP}h"
    )


def test_an_aware_moment_is_told_in_local_time():
    """23:30 in UTC on 31 January is already 1 February in Paris."""
    moment = datetime.datetime(2016, 1, 31, 23, 30, tzinfo=datetime.UTC)

    with timezone.override("Europe/Paris"):
        assert render("{{ m|day }}", m=moment) == f"1er{NBSP}février{NBSP}2016"
        assert render("{{ m|clock }}", m=moment) == f"0{NBSP}h{NBSP}30"


def ordinals(text: str) -> str:
    return render("{% filter ordinals %}" + text + "{% endfilter %}")


def test_first_of_a_month_is_raised():
    assert ordinals(f"le 1er{NBSP}mars") == f"le 1<sup>er</sup>{NBSP}mars"
    assert ordinals("du 1er au 4 mars") == "du 1<sup>er</sup> au 4 mars"


def test_other_words_and_attributes_are_left_alone():
    assert ordinals("21er mars, 1er prix") == "21er mars, 1er prix"
    assert ordinals('<a title="1er mars">1er mars</a>') == (
        '<a title="1er mars">1<sup>er</sup> mars</a>'
    )


def test_raising_an_ordinal_keeps_what_was_escaped():
    written = render("{% filter ordinals %}{{ text }}{% endfilter %}", text="<b> 1er mai")
    assert written == "&lt;b&gt; 1<sup>er</sup> mai"
