"""News taken six months after an exit: who is to be asked, while they can still be found.

Source: regulation (EU) 2021/1057, annex I (situation six months after the exit).
"""

from collections.abc import Sequence
from datetime import date

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from autoprod.core.formatting import counted
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Part
from beneficiaries.models import Enrolment
from beneficiaries.services.enrolments import MOST_SHOWN
from beneficiaries.services.stays import months_after

#: A call a little early or late says the same; later, people have moved and forgotten.
FIRST, AT, LAST = 5, 6, 8
#: Nobody is called about somebody who died.
_DEATH_MOTIVE, _DEATH_REASON = "deces", "17"


def left_between(on: date) -> Period:
    """Return the days of exit whose news are taken on a day: five to eight months before."""
    return Period(months_after(on, -LAST), months_after(on, -FIRST))


def due_on(rows: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    """Return the stays whose news are to be taken on a day, the first exits first.

    Participants who came in and left, whom nobody has asked yet; not who is in the programme
    again, nor who died.
    """
    back = Enrolment.objects.ongoing(on).filter(
        person=models.OuterRef("person"), programme=models.OuterRef("programme")
    )
    rows = rows.participants().exited_in(left_between(on)).not_asked_since()
    rows = rows.exclude(exit_motive__code=_DEATH_MOTIVE).exclude(exit_reason__code=_DEATH_REASON)
    return rows.exclude(models.Exists(back)).order_by("left_on", "person__sort_key", "pk")


def is_open(enrolment: Enrolment, on: date) -> bool:
    """Tell whether news of somebody may be noted: they left five months ago at least."""
    return bool(enrolment.entered_on and enrolment.left_on) and (
        enrolment.left_on <= left_between(on).end
    )


def is_due(enrolment: Enrolment, on: date) -> bool:
    """Tell whether the day of exit of a stay calls for news; read the row with `with_exits`."""
    if enrolment.part != Part.PARTICIPANT or not (enrolment.entered_on and enrolment.left_on):
        return False
    motive, reason = enrolment.exit_motive, enrolment.exit_reason
    died = (motive and motive.code == _DEATH_MOTIVE) or (reason and reason.code == _DEATH_REASON)
    return not died and left_between(on).contains(enrolment.left_on)


def to_ask(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the page of the day, whose news are to be taken of whom one follows or nobody."""
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PATHWAYS).to_follow(scope.actor_key)
    rows = due_on(rows, timezone.localdate()).select_related("person", "programme")
    shown = list(rows[: MOST_SHOWN + 1])
    if not shown:
        return {}
    more = rows.count() - MOST_SHOWN if len(shown) > MOST_SHOWN else 0
    return {
        None: {
            "rows": shown[:MOST_SHOWN],
            "more": counted(more, "autre personne", "autres personnes") if more else "",
        }
    }
