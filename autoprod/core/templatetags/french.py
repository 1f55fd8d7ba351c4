"""French typography for templates: each filter only hands its value to `core.formatting`."""

import datetime
import re

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from autoprod.core import formatting

register = template.Library()

register.filter("number", formatting.number)
register.filter("euros", formatting.euros)
register.filter("kilograms", formatting.kilograms)
register.filter("hours", formatting.hours)
register.filter("percent", formatting.percent)
register.filter("celsius", formatting.celsius)
register.filter("since_days", formatting.since)

_MARKUP = re.compile(r"(<[^>]*>)")
_FIRST = re.compile(rf"\b1er(?=[{formatting.SPACE} ](?:{'|'.join(formatting.MONTHS)}|au)\b)")


def _local(value):
    """Date of the reader: an aware datetime is stored in UTC, where the day may differ."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def day(value) -> str:
    """Return « 1er février 2016 »."""
    return formatting.day(_local(value))


@register.filter
def day_and_month(value) -> str:
    """Return « 1er février »."""
    return formatting.day_and_month(_local(value))


@register.filter
def long_day(value) -> str:
    """Return « lundi 14 mars 2016 »."""
    return formatting.day(_local(value), weekday=True)


@register.filter
def month(value) -> str:
    """Return « février 2016 »."""
    return formatting.month(_local(value))


@register.filter
def day_range(start, end=None) -> str:
    """Return « du 1er janvier au 31 décembre 2015 » for `{{ start|day_range:end }}`."""
    return formatting.day_range(_local(start), _local(end))


@register.filter
def clock(value) -> str:
    """Return « 8 h 05 »."""
    return formatting.clock(_local(value))


@register.filter
def clock_range(start, end=None) -> str:
    """Return « 8 h – 12 h » for `{{ start|clock_range:end }}`."""
    return formatting.clock_range(_local(start), _local(end))


@register.filter
def counted(value, nouns: str) -> str:
    """Return « 2 personnes » for `{{ 2|counted:"personne,personnes" }}`."""
    singular, plural = nouns.split(",")
    return formatting.counted(value, singular, plural)


@register.filter(is_safe=True)
def ordinals(html: str) -> SafeString:
    """Raise the « er » of each « 1er <month> » of rendered HTML, leaving attributes alone.

    Used through `{% filter ordinals %}`: dates stay plain text everywhere else, so that they can be
    put in an attribute, an export or a document.
    """
    parts = _MARKUP.split(str(html))
    raised = [
        part if part.startswith("<") else _FIRST.sub("1<sup>er</sup>", part) for part in parts
    ]
    return mark_safe("".join(raised))  # noqa: S308 - the block was already escaped when rendered
