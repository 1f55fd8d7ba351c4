"""Each figure again, as a plain loop: what the definitions must give, without SQL of theirs.

`NAIVE[code](programmes, period)` returns (value, {dimension: {key: value}}).
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from autoprod.core.periods import Period, age_on
from beneficiaries.models import Person, Situation
from programmes.models import BudgetLine, Workshop
from tests.evaluation import naive_gardens as gardens
from tests.evaluation import naive_pathways as pathways
from tests.evaluation import naive_presence as presence
from tests.evaluation.naive_rows import (
    Answer,
    counted,
    participants,
    presences,
    stays,
    touched,
    touched_stays,
)

BANDS = ((0, 17), (18, 25), (26, 29), (30, 49), (50, 54), (55, 64), (65, 200))


def situation_of(person: Person, day: date) -> Situation | None:
    """Return the last situation known on a day."""
    last = None
    for situation in Situation.objects.filter(person=person):
        if situation.observed_on <= day and (not last or situation.observed_on > last.observed_on):
            last = situation
    return last


def band_of(person: Person, day: date) -> int | None:
    """Return the first age of the band."""
    identity = getattr(person, "identity", None)
    if identity is None or identity.born_on is None or identity.born_on > day:
        return None
    age = age_on(identity.born_on, day)
    for first, last in BANDS:
        if first <= age <= last:
            return first
    return None


def persons_reached(programmes: set[int], period: Period) -> Answer:
    rows = touched(programmes, period)

    def situated(field: str) -> Callable:
        def read(person: Person) -> int | None:
            situation = situation_of(person, period.end)
            return getattr(situation, field) if situation else None

        return read

    def sex(person: Person) -> int | None:
        return person.identity.sex_id if hasattr(person, "identity") else None

    return len(rows), {
        "sex": counted(rows, sex),
        "age": counted(rows, lambda person: band_of(person, period.end)),
        "district": counted(rows, situated("district_id")),
        "level": counted(rows, situated("education_level_id")),
    }


def persons_on_rsa(programmes: set[int], period: Period) -> Answer:
    found = 0
    for person in touched(programmes, period):
        situation = situation_of(person, period.end)
        codes = [income.code for income in situation.minimum_incomes.all()] if situation else []
        found += any(code.startswith("rsa") for code in codes)
    return found, {}


def persons_by_income(programmes: set[int], period: Period) -> Answer:
    situations = [situation_of(person, period.end) for person in touched(programmes, period)]
    known = [situation for situation in situations if situation]
    found: dict = defaultdict(int, {None: len(situations) - len(known)})
    for situation in known:
        incomes = list(situation.minimum_incomes.all())
        for income in incomes:
            found[income.pk] += 1
        if not incomes:
            found[None] += 1
    return len(known), {"income": dict(found)}


def persons_by_programme(programmes: set[int], period: Period) -> Answer:
    rows = touched_stays(programmes, period)
    pairs = {(e.programme_id, e.person_id) for e in rows}
    by_programme = counted(pairs, lambda pair: pair[0])
    return len({e.person_id for e in rows}), {"programme": by_programme}


def persons_entered(programmes: set[int], period: Period) -> Answer:
    rows = participants(programmes)
    found = {e.person_id for e in rows if e.entered_on and period.contains(e.entered_on)}
    return len(found), {}


def persons_left(programmes: set[int], period: Period) -> Answer:
    rows = [e for e in participants(programmes) if e.entered_on and e.left_on]
    return len({e.person_id for e in rows if period.contains(e.left_on)}), {}


def persons_without_presence(programmes: set[int], period: Period) -> Answer:
    lines = {line.enrolment_id for line in presences(programmes, period)}
    rows = stays(programmes, period)
    came = {e.person_id for e in rows if e.pk in lines}
    return len({e.person_id for e in rows} - came), {}


def persons_present(programmes: set[int], period: Period) -> Answer:
    rows = presences(programmes, period)
    came = {(line.session.programme_id, line.enrolment.person_id) for line in rows}
    by_programme = counted(came, lambda pair: pair[0])
    return len({person for _, person in came}), {"programme": by_programme}


def attendances(programmes: set[int], period: Period) -> Answer:
    return len(presences(programmes, period)), {}


def sessions_held(programmes: set[int], period: Period) -> Answer:
    rows = [
        s for s in presence.sessions_of(programmes, period) if s.closed_at and not s.cancelled_on
    ]
    return len(rows), {"kind": counted(rows, lambda session: session.kind_id)}


def sessions_cancelled(programmes: set[int], period: Period) -> Answer:
    rows = [s for s in presence.sessions_of(programmes, period) if s.cancelled_on]
    return len(rows), {"reason": counted(rows, lambda session: session.cancel_reason_id)}


def sessions_planned(programmes: set[int], period: Period) -> Answer:
    rows = [
        s
        for s in presence.sessions_of(programmes, period)
        if not s.cancelled_on and not s.closed_at
    ]
    return len(rows), {"kind": counted(rows, lambda session: session.kind_id)}


def workshops_held(programmes: set[int], period: Period) -> Answer:
    held = {
        s.pk for s in presence.sessions_of(programmes, period) if s.closed_at and not s.cancelled_on
    }
    rows = [w for w in Workshop.objects.all() if w.session_id in held]
    return len(rows), {"theme": counted(rows, lambda workshop: workshop.theme_id)}


def _lines(programmes: set[int], period: Period, side: str) -> list[BudgetLine]:
    found = []
    for line in BudgetLine.objects.all():
        edition = line.budget.edition
        is_asked = edition.programme_id in programmes and line.account.meta["side"] == side
        is_there = period.overlaps(edition.starts_on, edition.ends_on)
        if is_asked and is_there and not line.account.meta.get("in_kind"):
            found.append(line)
    return found


def budget_charges(programmes: set[int], period: Period) -> Answer:
    return sum(line.amount for line in _lines(programmes, period, "charge")), {}


def budget_products(programmes: set[int], period: Period) -> Answer:
    rows = _lines(programmes, period, "produit")
    by_payer = counted(rows, lambda line: line.payer_id, lambda line: line.amount)
    return sum(line.amount for line in rows), {"payer": by_payer}


NAIVE: dict[str, Callable[[set[int], Period], Answer]] = {
    loop.__name__: loop
    for loop in (
        persons_reached,
        persons_by_income,
        persons_on_rsa,
        persons_by_programme,
        persons_entered,
        persons_left,
        persons_without_presence,
        persons_present,
        attendances,
        presence.hours,
        presence.hours_signed,
        presence.hours_unsigned,
        presence.months_present,
        presence.months_signed,
        presence.tables_held,
        presence.tables_in_districts,
        presence.health_sessions,
        presence.health_themes,
        presence.meetings_held,
        presence.meeting_persons,
        presence.meeting_minutes,
        presence.outreach_met,
        presence.outreach_oriented,
        presence.outreach_entered,
        presence.public_indirect,
        presence.participations_unnamed,
        pathways.interviews_held,
        pathways.monthly_due,
        pathways.monthly_held,
        pathways.barriers_followed,
        pathways.barriers_identified,
        pathways.barriers_lifted,
        pathways.barriers_to_reassess,
        sessions_held,
        sessions_cancelled,
        sessions_planned,
        workshops_held,
        pathways.steps_started,
        pathways.steps_done,
        pathways.steps_open,
        pathways.outcomes_positive,
        pathways.exits,
        pathways.exits_dynamic,
        pathways.exits_withdrawn,
        pathways.health_informed,
        pathways.health_proposed,
        pathways.health_done,
        pathways.health_followed,
        budget_charges,
        budget_products,
    )
} | gardens.LOOPS
