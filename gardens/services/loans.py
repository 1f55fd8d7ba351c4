"""Loans: a tool goes out, comes back; the rules are judged under a lock on the tool."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, day, day_range
from autoprod.core.scoping import Action, Scope
from gardens.enums import ToolState
from gardens.models import Loan, Repair, Tool
from gardens.services.tools import hold, holders, late

#: How long a tool is lent for, unless somebody says otherwise.
LENGTH = timedelta(days=7)
FUTURE = "Un prêt se note quand l’outil sort, pas à l’avance."
OUT_ALREADY = "Cet outil est déjà prêté {who} depuis le {on}\u00a0: notez d’abord son retour."
OUT_THEN = "Cet outil était prêté {who} {dates}\u00a0: choisissez un autre jour."
NOT_IN_USE = "Cet outil est {state}\u00a0: remettez-le d’abord en service."
IN_REPAIR = "Cet outil est en réparation depuis le {on} ({problem})."
LATE_WITH = "Un autre outil est attendu de cet emprunteur depuis le {on}\u00a0: {tool}."
#: What the page of the day shows of what is late, and a person's of what is over.
MOST_SHOWN = 5
ASK_MANAGER = "Le chef de projet peut passer outre, en disant pourquoi."
SAY_WHY = "Pour passer outre, dites pourquoi plus bas."


def due_from(on: date) -> date:
    """Return when a tool lent on a day is to come back, unless somebody says otherwise."""
    return on + LENGTH


def may_override(scope: Scope, tool: Tool) -> bool:
    """Tell whether this user may lend in spite of a repair or of a delay, by saying why."""
    return scope.opens(Action.EDIT_PROGRAMME, tool.programme)


@transaction.atomic
def lend(*, scope: Scope, loan: Loan, reason: str = "") -> Loan:
    """Save a new loan and return it; `reason` is kept only when it overrides something.

    ValidationError when the tool is out already, out on that day, lost or retired; when it is in
    repair or its borrower late with another, unless a manager says why.
    """
    tool = hold(scope, loan.tool_id)
    _check_free(scope, tool, loan)
    obstacle = _obstacle(scope, tool, loan)
    if obstacle and not (reason and may_override(scope, tool)):
        advice = SAY_WHY if may_override(scope, tool) else ASK_MANAGER
        raise ValidationError({"borrower": f"{obstacle} {advice}"}, code="obstacle")
    loan.override_reason = reason if obstacle else ""
    loan.lent_by_id = int(scope.actor_key) if scope.actor_key else None
    loan.save()
    record(scope, Verb.CREATE, loan)
    return loan


def _check_free(scope: Scope, tool: Tool, loan: Loan) -> None:
    if loan.lent_on > timezone.localdate():
        raise ValidationError({"lent_on": FUTURE}, code="future")
    if tool.state != ToolState.IN_USE:
        said = NOT_IN_USE.format(state=tool.get_state_display().lower())
        raise ValidationError({"borrower": said}, code="state")
    rows = Loan.objects.filter(tool=tool).described()
    if now := rows.out().first():
        who = holders(scope, [now])[now.pk].to
        said = OUT_ALREADY.format(who=who, on=day(now.lent_on))
        raise ValidationError({"borrower": said}, code="lent")
    # Given back in the morning, it may go out again in the afternoon.
    if then := rows.filter(returned_on__gt=loan.lent_on).order_by("lent_on").first():
        dates = day_range(then.lent_on, then.returned_on)
        said = OUT_THEN.format(who=holders(scope, [then])[then.pk].to, dates=dates)
        raise ValidationError({"lent_on": said}, code="lent")


def _obstacle(scope: Scope, tool: Tool, loan: Loan) -> str:
    """Return what a manager alone may pass over, empty when nothing is in the way."""
    if repair := Repair.objects.filter(tool=tool, ends_on=None).first():
        return IN_REPAIR.format(on=day(repair.starts_on), problem=repair.problem)
    if waited := _late_with(scope, loan):
        return LATE_WITH.format(on=day(waited.due_on), tool=waited.tool)
    return ""


def _late_with(scope: Scope, loan: Loan) -> Loan | None:
    """Return what a person or an organisation has not brought back; a place is never late."""
    rows = Loan.objects.for_scope(scope, Action.VIEW_GARDENS).late(timezone.localdate())
    if loan.enrolment_id:
        rows = rows.filter(enrolment__person=loan.enrolment.person_id)
    elif loan.organisation_id:
        rows = rows.filter(organisation=loan.organisation_id)
    else:
        return None
    return rows.exclude(tool=loan.tool_id).select_related("tool").first()


def of_persons(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the pages of some persons, what was lent to them: what is out, then the last."""
    rows = Loan.objects.for_scope(scope, Action.VIEW_GARDENS).filter(enrolment__person__in=objects)
    found = defaultdict(list)
    today = timezone.localdate()
    for loan in rows.select_related("tool", "enrolment"):
        loan.is_late = loan.returned_on is None and loan.due_on < today
        found[loan.enrolment.person_id].append(loan)
    return {
        key: {
            "out": [loan for loan in loans if loan.returned_on is None],
            "over": [loan for loan in loans if loan.returned_on][:MOST_SHOWN],
            "can_edit": scope.allows(Action.EDIT_GARDENS),
        }
        for key, loans in found.items()
    }


def of_sessions(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the pages of some sessions, the tools taken there."""
    rows = Loan.objects.for_scope(scope, Action.VIEW_GARDENS).filter(session__in=objects)
    found = defaultdict(list)
    for loan in rows.select_related("tool"):
        found[loan.session_id].append(loan)
    can_edit = scope.allows(Action.EDIT_GARDENS)
    return {key: {"loans": loans, "can_edit": can_edit} for key, loans in found.items()}


def of_today(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the page of the day, the tools that are late where this user lends them."""
    rows = late(scope, Loan.objects.for_scope(scope, Action.EDIT_GARDENS))
    if not rows:
        return {}
    more = len(rows) - MOST_SHOWN
    return {
        None: {
            "rows": rows[:MOST_SHOWN],
            "more": counted(more, "autre outil", "autres outils") if more > 0 else "",
            "programme": rows[0].loan.tool.programme_id,
        }
    }
