"""Interviews: the last one held and the next one planned of many enrolments at once."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Enrolment, Interview


def last_held(scope: Scope, enrolments: Iterable[Enrolment], until: date) -> dict[int, date]:
    """Return, by key of enrolment, the day of the last interview held up to a day, in one query.

    An enrolment without any is absent.
    """
    rows = Interview.objects.for_scope(scope, Action.VIEW_PATHWAYS).of_stays(enrolments)
    rows = rows.held().filter(on__lte=until).order_by().values("enrolment")
    return dict(rows.annotate(last=Max("on")).values_list("enrolment", "last"))


def next_planned(
    scope: Scope, enrolments: Iterable[Enrolment], today: date
) -> dict[int, Interview]:
    """Return, by key of enrolment, the next appointment from a day on, in one query.

    Its `mode`, `kind` and `led_by` are at hand; an enrolment without any is absent.
    """
    rows = Interview.objects.for_scope(scope, Action.VIEW_PATHWAYS).of_stays(enrolments)
    found: dict[int, Interview] = {}
    for interview in rows.to_come(today).select_related("mode", "kind", "led_by"):
        found.setdefault(interview.enrolment_id, interview)
    return found
