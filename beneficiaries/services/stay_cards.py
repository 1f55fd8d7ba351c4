"""What is shown of each stay of a person, beside its dates: all of it under the right of pathways.

One query per table, however many stays there are.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils import timezone

from autoprod.core.fields import display_phone
from autoprod.core.formatting import day
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from beneficiaries.enums import Level, ReferralAnswerKind
from beneficiaries.models import (
    Enrolment,
    FollowUp,
    LevelChange,
    Referral,
    ReferralAnswer,
    Situation,
    Suspension,
)
from beneficiaries.services import follow_ups
from beneficiaries.services.referrals import due_answer, is_referred, possible_answers
from beneficiaries.services.stays import is_paused


@dataclass
class Story:
    """What happened during a stay and around it; empty for who may not see pathways."""

    changes: list[LevelChange] = field(default_factory=list)
    pauses: list[Suspension] = field(default_factory=list)
    referral: Referral | None = None
    answers: list[ReferralAnswer] = field(default_factory=list)
    follow_up: FollowUp | None = None
    #: The answer a prescriber has not had yet, and the others that may be sent.
    due: ReferralAnswerKind | None = None
    others: list[ReferralAnswerKind] = field(default_factory=list)
    #: Whether there is somebody to answer.
    is_referred: bool = False
    lacks_situation: bool = False
    #: The stay is over: what is left to do is shown.
    is_over: bool = False
    #: News may be taken, from five months after the exit; and it is the time for it.
    may_follow_up: bool = False
    is_to_follow_up: bool = False

    @property
    def pause(self) -> Suspension | None:
        """Return the pause of today."""
        today = timezone.localdate()
        return next((p for p in self.pauses if is_paused([(p.starts_on, p.ends_on)], today)), None)

    @property
    def referral_facts(self) -> list[tuple]:
        """Return what the « fiche de liaison » says."""
        if self.referral is None:
            return []
        row = self.referral
        facts = [
            ("Prescripteur", row.prescriber),
            ("Son téléphone", display_phone(row.prescriber_phone)),
            ("Son adresse électronique", row.prescriber_email),
            ("Volets concernés", ", ".join(code.label for code in row.strands.all())),
        ]
        return [(label, value) for label, value in facts if value]

    @property
    def referral_words(self) -> list[tuple]:
        """Return what the « fiche de liaison » says in sentences."""
        row = self.referral
        words = [
            ("Motif de l’orientation", row.reason if row else ""),
            ("Attentes de la personne", row.expectations if row else ""),
        ]
        return [(label, value) for label, value in words if value]

    @property
    def last_change(self) -> LevelChange | None:
        """Return the change that may be undone."""
        return self.changes[-1] if self.changes else None

    @property
    def levels(self) -> list[dict]:
        """Return each change of level in words, the last one first."""
        return [
            {
                "said": f"{Level(change.level).label} depuis le {day(change.since)}",
                "before": f"avant\u00a0: {Level(change.before).label.lower()}",
            }
            for change in reversed(self.changes)
        ]


def stories(scope: Scope, enrolments: Sequence[Enrolment]) -> dict[int, Story]:
    """Return {key: story} of the enrolments whose pathway is open to this scope."""
    opened = [row for row in enrolments if scope.opens(Action.VIEW_PATHWAYS, row.programme)]
    if not opened:
        return {}
    changes = _by_stay(_of(scope, LevelChange, opened).order_by("since", "pk"))
    pauses = _by_stay(_of(scope, Suspension, opened).select_related("reason"))
    followed = _by_stay(_of(scope, FollowUp, opened).select_related("result", "situation"))
    referrals = _by_stay(_of(scope, Referral, opened).prefetch_related("strands"))
    answers = _answers(scope, opened)
    lacking = _without_exit_situation(scope, opened)
    told = {
        row.pk: Story(
            changes=changes[row.pk],
            pauses=pauses[row.pk],
            referral=next(iter(referrals[row.pk]), None),
            answers=answers[row.pk],
            follow_up=next(iter(followed[row.pk]), None),
            lacks_situation=row.pk in lacking,
            is_over=row.entered_on is not None and row.left_on is not None,
        )
        for row in opened
    }
    going = {row.programme_id for row in opened if row.entered_on and not row.left_on}
    for row in opened:
        _propose(row, told[row.pk], is_back=row.programme_id in going)
    return told


def _of(scope: Scope, model: type[models.Model], enrolments: Sequence[Enrolment]) -> ScopedQuerySet:
    rows = model.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    return rows.filter(enrolment__in=[row.pk for row in enrolments])


def _by_stay(rows: ScopedQuerySet) -> dict[int, list]:
    by_stay = defaultdict(list)
    for row in rows:
        by_stay[row.enrolment_id].append(row)
    return by_stay


def _answers(scope: Scope, enrolments: Sequence[Enrolment]) -> dict[int, list[ReferralAnswer]]:
    rows = ReferralAnswer.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(referral__enrolment__in=[row.pk for row in enrolments])
    answers = defaultdict(list)
    for row in rows.select_related("referral").order_by("sent_on", "pk"):
        answers[row.referral.enrolment_id].append(row)
    return answers


def _without_exit_situation(scope: Scope, enrolments: Sequence[Enrolment]) -> set[int]:
    """Return the stays over after which no situation was noted, where situations are open."""
    left = [row for row in enrolments if row.entered_on and row.left_on]
    rows = Situation.objects.for_scope(scope, Action.VIEW_SITUATIONS)
    rows = rows.filter(person__in={row.person_id for row in left}).order_by()
    known = dict(rows.values_list("person").annotate(last=models.Max("observed_on")))
    return {
        row.pk
        for row in left
        if scope.opens(Action.VIEW_SITUATIONS, row.programme)
        and known.get(row.person_id, date.min) < row.left_on
    }


def _propose(row: Enrolment, story: Story, *, is_back: bool) -> None:
    """Say what is left to do."""
    story.is_referred = is_referred(row, story.referral)
    if story.is_referred:
        answered = {answer.kind for answer in story.answers}
        story.due = due_answer(row, answered)
        story.others = [k for k in possible_answers(row) if k not in {*answered, story.due}]
    today = timezone.localdate()
    story.may_follow_up = follow_ups.is_open(row, today)
    is_due = not is_back and follow_ups.is_due(row, today)
    story.is_to_follow_up = is_due and story.follow_up is None
