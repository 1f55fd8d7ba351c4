"""Each figure again, as a plain loop: what the definitions must give, without SQL of theirs.

`NAIVE[code](programmes, period)` returns (value, {dimension: {key: value}}).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.utils import timezone

from autoprod.core.periods import Period, age_on
from beneficiaries.models import (
    Attendance,
    Barrier,
    Enrolment,
    Interview,
    Outcome,
    OutcomeSurvey,
    Person,
    Situation,
    Step,
    WorkshopParticipation,
)
from programmes.models import BudgetLine, Edition, Session, Workshop

BANDS = ((0, 17), (18, 25), (26, 29), (30, 49), (50, 54), (55, 64), (65, 200))

Answer = tuple[object, dict[str, dict]]


def presences(programmes: set[int], period: Period) -> list[Attendance]:
    """Return the presences that count."""
    found = []
    for line in Attendance.objects.all():
        session, enrolment = line.session, line.enrolment
        if line.status != "present" or session.programme_id not in programmes:
            continue
        if session.closed_at is None or not period.contains(session.on):
            continue
        if enrolment.part != "participant" or enrolment.entered_on is None:
            continue
        if enrolment.entered_on <= period.end:
            found.append(line)
    return found


def participants(programmes: set[int]) -> list[Enrolment]:
    """Return the enrolments of participants."""
    rows = Enrolment.objects.all()
    return [e for e in rows if e.programme_id in programmes and e.part == "participant"]


def stays(programmes: set[int], period: Period) -> list[Enrolment]:
    """Return the stays of participants that share a day with the period."""
    return [
        e
        for e in participants(programmes)
        if e.entered_on and period.overlaps(e.entered_on, e.left_on)
    ]


def interviews(programmes: set[int], period: Period) -> list[Interview]:
    """Return the interviews of participants held in the period."""
    return [
        row
        for row in Interview.objects.all()
        if row.enrolment.programme_id in programmes
        and row.enrolment.part == "participant"
        and row.state == "held"
        and period.contains(row.on)
    ]


def touched_stays(programmes: set[int], period: Period) -> list[Enrolment]:
    """Return the stays with a presence that counts, or an interview held."""
    came = {line.enrolment_id for line in presences(programmes, period)}
    met = {row.enrolment_id for row in interviews(programmes, period)}
    return [e for e in stays(programmes, period) if e.pk in came or e.pk in met]


def touched(programmes: set[int], period: Period) -> list[Person]:
    """Return the persons of the « file active »."""
    found: list[Person] = []
    for stay in touched_stays(programmes, period):
        if stay.person not in found:
            found.append(stay.person)
    return found


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


def counted(rows: Iterable, key: Callable, weight: Callable = lambda row: 1) -> dict:
    """Return {key: sum}."""
    found: dict = defaultdict(int)
    for row in rows:
        found[key(row)] += weight(row)
    return dict(found)


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


def hours(programmes: set[int], period: Period) -> Answer:
    rows = presences(programmes, period)

    def minutes(line: Attendance) -> int:
        return line.minutes

    return sum(line.minutes for line in rows), {
        "site": counted(rows, lambda line: line.site_id, minutes),
        "month": counted(rows, lambda line: line.session.on.replace(day=1), minutes),
        "programme": counted(rows, lambda line: line.session.programme_id, minutes),
    }


def attendances(programmes: set[int], period: Period) -> Answer:
    return len(presences(programmes, period)), {}


def _sessions(programmes: set[int], period: Period) -> list[Session]:
    rows = Session.objects.all()
    return [s for s in rows if s.programme_id in programmes and period.contains(s.on)]


def sessions_held(programmes: set[int], period: Period) -> Answer:
    rows = [s for s in _sessions(programmes, period) if s.closed_at and not s.cancelled_on]
    return len(rows), {"kind": counted(rows, lambda session: session.kind_id)}


def sessions_cancelled(programmes: set[int], period: Period) -> Answer:
    rows = [s for s in _sessions(programmes, period) if s.cancelled_on]
    return len(rows), {"reason": counted(rows, lambda session: session.cancel_reason_id)}


def sessions_planned(programmes: set[int], period: Period) -> Answer:
    rows = [s for s in _sessions(programmes, period) if not s.cancelled_on and not s.closed_at]
    return len(rows), {"kind": counted(rows, lambda session: session.kind_id)}


def workshops_held(programmes: set[int], period: Period) -> Answer:
    held = {s.pk for s in _sessions(programmes, period) if s.closed_at and not s.cancelled_on}
    rows = [w for w in Workshop.objects.all() if w.session_id in held]
    return len(rows), {"theme": counted(rows, lambda workshop: workshop.theme_id)}


def interviews_held(programmes: set[int], period: Period) -> Answer:
    rows = interviews(programmes, period)
    return len(rows), {"kind": counted(rows, lambda row: row.kind_id)}


def whole_months(period: Period) -> list[Period]:
    """Return the months, begun by today, whose last day is in the period."""
    months = [Period.containing(piece.start, "month") for piece in period.months()]
    return [m for m in months if m.end <= period.end and m.start <= timezone.localdate()]


def is_due(stay: Enrolment, month: Period) -> bool:
    """Tell whether a stay is to be met in a month, day by day."""
    days = [month.start + timedelta(days=n) for n in range(month.days)]
    days = [d for d in days if stay.entered_on <= d and (not stay.left_on or d <= stay.left_on)]
    if not days or (month.contains(stay.entered_on) and stay.entered_on.day > 15):
        return False
    level = stay.level
    for change in sorted(stay.level_changes.all(), key=lambda c: c.since, reverse=True):
        if change.since > days[-1]:
            level = change.before
        if change.level == "pathway" and month.contains(change.since) and change.since.day > 15:
            return False
    pauses = [(p.starts_on, p.ends_on or date.max) for p in stay.suspensions.all()]
    is_paused = any(all(first <= d <= last for d in days) for first, last in pauses)
    return level == "pathway" and not is_paused


def _monthly(programmes: set[int], period: Period) -> tuple[int, int]:
    due = met = 0
    for stay in stays(programmes, period):
        for month in whole_months(period):
            if is_due(stay, month):
                due += 1
                rows = [row for row in stay.interviews.all() if row.state == "held"]
                met += any(month.contains(row.on) for row in rows)
    return due, met


def monthly_due(programmes: set[int], period: Period) -> Answer:
    return _monthly(programmes, period)[0], {}


def monthly_held(programmes: set[int], period: Period) -> Answer:
    return _monthly(programmes, period)[1], {}


def _barriers(programmes: set[int], period: Period) -> list[Barrier]:
    here = {stay.pk for stay in stays(programmes, period)}
    return [
        row
        for row in Barrier.objects.all()
        if row.enrolment_id in here and period.overlaps(row.identified_on, row.lifted_on)
    ]


def _by_kind(rows: list) -> Answer:
    return len(rows), {"kind": counted(rows, lambda row: row.kind_id)}


def barriers_followed(programmes: set[int], period: Period) -> Answer:
    return _by_kind(_barriers(programmes, period))


def barriers_identified(programmes: set[int], period: Period) -> Answer:
    rows = _barriers(programmes, period)
    return _by_kind([row for row in rows if period.contains(row.identified_on)])


def barriers_lifted(programmes: set[int], period: Period) -> Answer:
    rows = _barriers(programmes, period)
    return _by_kind([row for row in rows if row.lifted_on and period.contains(row.lifted_on)])


def barriers_to_reassess(programmes: set[int], period: Period) -> Answer:
    here = {e.pk for e in stays(programmes, period) if not e.left_on or e.left_on >= period.end}
    rows = [row for row in Barrier.objects.all() if row.enrolment_id in here]
    known = [row for row in rows if row.identified_on <= period.end]
    return _by_kind([row for row in known if row.state_on(period.end) == "to_reassess"])


def _steps(programmes: set[int]) -> list[Step]:
    return [s for s in Step.objects.all() if s.enrolment.programme_id in programmes]


def _by_strand(rows: list[Step]) -> Answer:
    return len(rows), {"strand": counted(rows, lambda step: step.strand_id)}


def steps_started(programmes: set[int], period: Period) -> Answer:
    rows = [s for s in _steps(programmes) if s.started_on and period.contains(s.started_on)]
    return _by_strand(rows)


def steps_done(programmes: set[int], period: Period) -> Answer:
    return _by_strand([s for s in _steps(programmes) if s.done_on and period.contains(s.done_on)])


def steps_open(programmes: set[int], period: Period) -> Answer:
    rows = []
    for step in _steps(programmes):
        ends = [day for day in (step.done_on, step.abandoned_on) if day and day <= period.end]
        if step.started_on and step.started_on <= period.end and not ends:
            rows.append(step)
    return _by_strand(rows)


def outcomes_positive(programmes: set[int], period: Period) -> Answer:
    rows = [
        outcome
        for outcome in Outcome.objects.all()
        if outcome.enrolment.programme_id in programmes
        and period.contains(outcome.starts_on)
        and outcome.kind.meta["positive"]
    ]
    return len(rows), {"kind": counted(rows, lambda outcome: outcome.kind_id)}


def is_minimum(programmes: set[int], period: Period) -> bool:
    """Tell whether outcomes may be missing."""
    for edition in Edition.objects.all():
        if edition.programme_id in programmes and period.overlaps(
            edition.starts_on, edition.ends_on
        ):
            survey = OutcomeSurvey.objects.filter(edition=edition).first()
            if survey is None or survey.closed_on is None:
                return True
    return False


def health_informed(programmes: set[int], period: Period) -> Answer:
    found = set()
    for row in WorkshopParticipation.objects.all():
        session = row.workshop.session
        is_ours = session.programme_id in programmes and period.contains(session.on)
        if is_ours and session.closed_at and row.workshop.theme.meta.get("health"):
            found.add(row.enrolment.person_id)
    return len(found), {}


def _health(programmes: set[int], period: Period, funnel: str, field: str) -> Answer:
    found = set()
    for step in _steps(programmes):
        day = getattr(step, field)
        if step.kind.meta.get("funnel") == funnel and day and period.contains(day):
            found.add(step.enrolment.person_id)
    return len(found), {}


def health_proposed(programmes: set[int], period: Period) -> Answer:
    return _health(programmes, period, "health_check", "started_on")


def health_done(programmes: set[int], period: Period) -> Answer:
    return _health(programmes, period, "health_check", "done_on")


def health_followed(programmes: set[int], period: Period) -> Answer:
    return _health(programmes, period, "follow_up", "started_on")


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
        hours,
        attendances,
        interviews_held,
        monthly_due,
        monthly_held,
        barriers_followed,
        barriers_identified,
        barriers_lifted,
        barriers_to_reassess,
        sessions_held,
        sessions_cancelled,
        sessions_planned,
        workshops_held,
        steps_started,
        steps_done,
        steps_open,
        outcomes_positive,
        health_informed,
        health_proposed,
        health_done,
        health_followed,
        budget_charges,
        budget_products,
    )
}
