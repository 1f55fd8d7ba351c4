"""Referrals: what is due to a prescriber, the answers and their undoing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, day
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.models import Enrolment, Referral, ReferralAnswer
from beneficiaries.services.enrolments import MOST_SHOWN
from beneficiaries.services.stays import hold

#: What happened longer ago is not proposed on the page of the day any more.
NEWS = timedelta(days=60)
TWICE = "Cette réponse est déjà notée ce jour-là."


def due_answer(enrolment: Enrolment, answered: Collection[str]) -> ReferralAnswerKind | None:
    """Return the answer a prescriber has not had yet; None when they know where it stands.

    `answered` are the kinds already sent. A request is first received; then it starts or is
    declined; then it ends. « En attente » is said when it helps, it is never due.
    """
    if enrolment.left_on:
        kind = ReferralAnswerKind.ENDED if enrolment.entered_on else ReferralAnswerKind.DECLINED
    elif enrolment.entered_on:
        kind = ReferralAnswerKind.STARTED
    else:
        waits = ReferralAnswerKind.WAITING in answered
        kind = ReferralAnswerKind.WAITING if waits else ReferralAnswerKind.RECEIVED
    return None if kind in answered else kind


def possible_answers(enrolment: Enrolment) -> list[ReferralAnswerKind]:
    """Return what may be answered where an enrolment stands, in the order things happen."""
    kinds = ReferralAnswerKind
    if enrolment.left_on:
        return [kinds.ENDED if enrolment.entered_on else kinds.DECLINED]
    if enrolment.entered_on:
        return [kinds.STARTED]
    return [kinds.RECEIVED, kinds.WAITING, kinds.DECLINED]


def is_referred(enrolment: Enrolment, referral: Referral | None) -> bool:
    """Tell whether there is somebody to answer: a « fiche de liaison », or an organisation."""
    return referral is not None or enrolment.referred_by_id is not None


@contextmanager
def answering(enrolment: Enrolment) -> Iterator[Referral]:
    """Hold the person and give the « fiche de liaison » to answer, opened when there was none."""
    with transaction.atomic():
        hold(enrolment)
        yield Referral.objects.get_or_create(enrolment=enrolment)[0]


def answer(
    *, scope: Scope, enrolment: Enrolment, kind: ReferralAnswerKind, on: date
) -> ReferralAnswer:
    """Note an answer of a day, without a message; ValidationError when it is already there."""
    try:
        with answering(enrolment) as referral:
            row = ReferralAnswer.objects.create(
                referral=referral, kind=kind, sent_on=on, sent_by_id=int(scope.actor_key)
            )
            record(scope, Verb.CREATE, row)
    except IntegrityError as error:
        raise ValidationError(TWICE, code="twice") from error
    return row


@transaction.atomic
def take_back(*, scope: Scope, row: ReferralAnswer) -> None:
    """Delete an answer noted by mistake."""
    record(scope, Verb.DELETE, row)
    row.delete()


def to_answer(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return whom to answer on the page of the day, of whom one follows or nobody does.

    What happened in the last two months; older news are proposed on the person's own page.
    """
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PATHWAYS).to_follow(scope.actor_key)
    rows = _recent(rows, timezone.localdate() - NEWS)
    rows = list(rows.select_related("person", "programme", "referred_by", "referral"))
    answered = kinds_of(scope, rows)
    due = [(row, due_answer(row, answered.get(row.pk, ()))) for row in rows]
    due = [(row, kind) for row, kind in due if kind and kind != ReferralAnswerKind.WAITING]
    shown = sorted(due, key=lambda pair: (_since(*pair), pair[0].person.sort_key))[:MOST_SHOWN]
    if not shown:
        return {}
    more = len(due) - len(shown)
    return {
        None: {
            "rows": [{"row": row, "kind": kind, "note": _note(row, kind)} for row, kind in shown],
            "more": counted(more, "autre réponse", "autres réponses") if more else "",
        }
    }


def _recent(rows: QuerySet[Enrolment], since: date) -> QuerySet[Enrolment]:
    """Return those somebody sent to whom something happened since a day."""
    sent = Q(referral__isnull=False) | Q(referred_by__isnull=False)
    requested = Q(entered_on=None, left_on=None) & (
        Q(referred_on__gte=since) | Q(referred_on=None, person__created_at__date__gte=since)
    )
    began = Q(entered_on__gte=since, left_on=None)
    return rows.filter(sent, requested | began | Q(left_on__gte=since))


def kinds_of(scope: Scope, enrolments: Iterable[Enrolment]) -> dict[int, set[str]]:
    """Return {key of an enrolment: the kinds of answers already sent}, in one query."""
    rows = ReferralAnswer.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(referral__enrolment__in=[enrolment.pk for enrolment in enrolments])
    kinds: dict[int, set[str]] = {}
    for key, kind in rows.values_list("referral__enrolment", "kind"):
        kinds.setdefault(key, set()).add(kind)
    return kinds


def _since(enrolment: Enrolment, kind: ReferralAnswerKind) -> date:
    """Return the day of what is to be told."""
    opened = timezone.localdate(enrolment.person.created_at)
    days = {
        ReferralAnswerKind.RECEIVED: enrolment.referred_on or opened,
        ReferralAnswerKind.STARTED: enrolment.entered_on,
    }
    return days.get(kind, enrolment.left_on)


def _note(enrolment: Enrolment, kind: ReferralAnswerKind) -> str:
    whom = getattr(getattr(enrolment, "referral", None), "prescriber", "")
    named = ", ".join(part for part in (whom, str(enrolment.referred_by or "")) if part)
    told = f"{kind.label.lower()}, le {day(_since(enrolment, kind))}"
    return " · ".join(part for part in (named, told) if part)
