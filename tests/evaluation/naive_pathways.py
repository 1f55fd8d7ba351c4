"""The figures of pathways as plain loops: interviews, barriers, steps, outcomes, exits, health."""

from datetime import date, timedelta

from django.utils import timezone

from autoprod.core.periods import Period
from beneficiaries.models import (
    Barrier,
    Enrolment,
    Outcome,
    OutcomeSurvey,
    Step,
    WorkshopParticipation,
)
from beneficiaries.services.stays import months_after
from programmes.models import Edition
from tests.evaluation.naive_rows import Answer, counted, interviews, participants, stays


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


EXITS = ("durable", "transition", "unknown_length", "positive", "autre", "retrait", "outside")


def exit_category(stay: Enrolment) -> int | None:
    """Return the place in `EXITS` of what an exit counts as, None when nothing documents it."""
    reason, outcome = stay.exit_reason, stay.exit_outcome
    if reason:
        return EXITS.index(reason.meta.get("category") or "outside")
    if not outcome:
        return None
    meta = outcome.contract.meta if outcome.contract else {}
    if "exit" in meta:
        return EXITS.index(meta["exit"] or "outside")
    if "exit_from_6_months" in meta:
        if not outcome.ends_on:
            return EXITS.index("unknown_length")
        lasts = outcome.ends_on + timedelta(days=1) >= months_after(outcome.starts_on, 6)
        key = "exit_from_6_months" if lasts else "exit_under_6_months"
        return EXITS.index(meta[key])
    return EXITS.index("positive" if outcome.kind.meta.get("positive") else "autre")


def _exits(programmes: set[int], period: Period, *kept: str) -> Answer:
    rows = [e for e in participants(programmes) if e.entered_on and e.left_on]
    found = [exit_category(e) for e in rows if period.contains(e.left_on)]
    found = [c for c in found if ("undocumented" if c is None else EXITS[c]) in kept]
    return len(found), {"category": counted(found, lambda category: category)}


def exits(programmes: set[int], period: Period) -> Answer:
    return _exits(programmes, period, "undocumented", *EXITS[:5])


def exits_dynamic(programmes: set[int], period: Period) -> Answer:
    return _exits(programmes, period, *EXITS[:4])


def exits_withdrawn(programmes: set[int], period: Period) -> Answer:
    return _exits(programmes, period, *EXITS[5:])


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
