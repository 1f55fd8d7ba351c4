"""FSE+ operations: who takes part, from when to when, and what they answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Enrolment, FseAnswers, Person
from beneficiaries.models.fse import EXIT_DAYS, EXIT_REMINDERS
from beneficiaries.services.enrolments import MOST_SHOWN
from programmes.models import Edition

#: What a stay says of its end; nobody is asked about somebody who died.
EXITS = ("exit_motive", "exit_reason")
_DEATH = {"exit_motives": "deces", "exit_reasons_asp": "17"}


@dataclass(frozen=True)
class Participation:
    """One person in one operation, however many stays: from the first entry to the last exit."""

    person: Person
    edition: Edition
    entered_on: date
    left_on: date | None
    stays: tuple[Enrolment, ...]

    @property
    def key(self) -> tuple[int, int]:
        """Return what names it: the person and the operation."""
        return self.person.pk, self.edition.pk

    @property
    def exit_due_on(self) -> date | None:
        """Return the last day to take the answers of the exit, None while they are there."""
        return self.left_on and self.left_on + timedelta(days=EXIT_DAYS)

    @property
    def has_died(self) -> bool:
        """Tell whether they left by dying: the stays come with their `EXITS`."""
        ends = [getattr(stay, name) for stay in self.stays for name in EXITS]
        return any(end is not None and _DEATH[end.list] == end.code for end in ends)

    def has_left(self, on: date) -> bool:
        """Tell whether they have left on a day: their last day is still one of stay."""
        return self.left_on is not None and self.left_on < on


def is_operation(edition: Edition) -> bool:
    """Tell whether a funder gave the edition a number: it then has participants to account for."""
    return bool(edition.operation_number)


def participations(
    *, scope: Scope, edition: Edition, on: date | None = None
) -> list[Participation]:
    """Return who takes part in an operation as of a day (today), by name; nobody in no operation.

    One participation a person, whatever they left and came back; a stay of one day is none.
    Source: Seine-et-Marne, ressources FSE; guide of participants, europeidf.fr.
    """
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.filter(programme=edition.programme_id).select_related("person", *EXITS)
    found = _participations(rows.participants(), [edition], on)
    return sorted(found, key=lambda one: (one.person.sort_key, one.person.pk))


def of_persons(*, scope: Scope, persons: Iterable[int]) -> list[Participation]:
    """Return the participations of some persons (keys) in all their operations, oldest first."""
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).filter(person__in=persons)
    rows = rows.participants().select_related("person", *EXITS)
    return in_operations(scope=scope, stays=list(rows))


def in_operations(*, scope: Scope, stays: Iterable[Enrolment]) -> list[Participation]:
    """Return the participations that stays make in the operations of their programmes."""
    stays = list(stays)
    editions = Edition.objects.for_scope(scope, Action.VIEW_PERSONS)
    editions = editions.filter(programme__in={stay.programme_id for stay in stays})
    editions = editions.exclude(operation_number="").select_related("programme")
    return _participations(stays, list(editions.order_by("starts_on", "pk")))


def _participations(
    stays: Iterable[Enrolment], editions: list[Edition], on: date | None = None
) -> list[Participation]:
    on = on or timezone.localdate()
    by_programme = defaultdict(list)
    for stay in stays:
        by_programme[stay.programme_id].append(stay)
    found = []
    for edition in filter(is_operation, editions):
        by_person = defaultdict(list)
        for stay in by_programme[edition.programme_id]:
            if _lasts(stay, edition):
                by_person[stay.person_id].append(stay)
        found += [_participation(edition, rows, on) for rows in by_person.values()]
    return found


def _lasts(stay: Enrolment, edition: Edition) -> bool:
    """Tell whether a stay gives the operation two days at least."""
    if stay.entered_on is None:
        return False
    start = max(stay.entered_on, edition.starts_on)
    end = min(stay.left_on or edition.ends_on, edition.ends_on)
    return start < end


def _participation(edition: Edition, stays: list[Enrolment], on: date) -> Participation:
    stays = sorted(stays, key=lambda stay: stay.entered_on)
    last = max((stay.left_on or date.max) for stay in stays)
    # Who stays on in the programme leaves the operation on its last day.
    is_over = edition.ends_on < on
    left_on = min(last, edition.ends_on) if is_over or last <= edition.ends_on else None
    return Participation(
        person=stays[0].person,
        edition=edition,
        entered_on=max(stays[0].entered_on, edition.starts_on),
        left_on=left_on,
        stays=tuple(stays),
    )


def answers_to(
    *, scope: Scope, found: Iterable[Participation]
) -> dict[tuple[int, int], FseAnswers]:
    """Return the answers of participations, by key, in one query; those closed are left out."""
    found = list(found)
    rows = FseAnswers.objects.for_scope(scope, Action.VIEW_FSE)
    rows = rows.filter(
        Q(person__in={one.person.pk for one in found}),
        Q(edition__in={one.edition.pk for one in found}),
    )
    links = ("disability", "parent_born_abroad", "minority", "nationality")
    exits = ("exit_seeking", "exit_training", "exit_qualification")
    rows = rows.select_related(*links, *exits, "recorded_by")
    return {(row.person_id, row.edition_id): row for row in rows}


def reminder(participation: Participation, answers: FseAnswers | None, *, on: date) -> int | None:
    """Return for how many days an exit has been waiting for its answers, from the first reminder.

    None before it, once the answers are there, and for who died.
    """
    if not participation.has_left(on) or participation.has_died:
        return None
    if answers and answers.exit_collected_on:
        return None
    days = (on - participation.left_on) // timedelta(days=1)
    return days if days >= EXIT_REMINDERS[0] else None


def exits_to_ask(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the page of the day, the exits still to ask in time of whom one follows."""
    today = timezone.localdate()
    first, last = (today - timedelta(days=n) for n in (EXIT_DAYS, EXIT_REMINDERS[0]))
    left = Enrolment.objects.for_scope(scope, Action.VIEW_FSE).to_follow(scope.actor_key)
    left = left.filter(left_on__gte=first, left_on__lte=last).order_by().values("person")
    found = of_persons(scope=scope, persons=left)
    answers = answers_to(scope=scope, found=found)
    waits = [(one, reminder(one, answers.get(one.key), on=today)) for one in found]
    rows = [
        {"row": one, "days": days, "is_urgent": days >= EXIT_REMINDERS[1]}
        for one, days in waits
        if days is not None and one.exit_due_on >= today
    ]
    rows.sort(key=lambda each: (-each["days"], each["row"].person.sort_key))
    more = len(rows) - MOST_SHOWN
    return {None: {"rows": rows[:MOST_SHOWN], "more": max(more, 0)}} if rows else {}
