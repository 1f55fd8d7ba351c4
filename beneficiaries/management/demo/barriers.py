"""The demo's barriers, and the objectives of its people in their own words."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Model

from beneficiaries.management.demo.cohorts import Someone, working_day_of
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.pathways import Fact, facts_of
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import Barrier, Enrolment, Objective, Step
from programmes.models import Programme

_BATCH = 200
_BARRIER_DAYS = ("worked_since", "reassessed_on", "lifted_on")
_OBJECTIVE_DAYS = ("reached_on", "abandoned_on")


def load(*, programme: Programme, people: Iterable[Someone], stays: Stays, on: date) -> None:
    """Create the barriers and objectives known on a day, move on those that are there."""
    people = list(people)
    barriers = list(facts_of(people, "barriers", "identified_on"))
    objectives = list(facts_of(people, "objectives", "agreed_on"))
    _load_barriers(programme, barriers, stays, on)
    _load_objectives(programme, objectives, stays, on)
    _link_steps(programme, objectives, stays)


def _known(
    facts: Iterable[Fact], first_day: str, stays: Stays, on: date
) -> Iterable[tuple[dict[str, str], Someone, Enrolment, date]]:
    """Yield the rows whose day has come, in a stay that is still theirs."""
    for row, someone, stay in facts:
        day = working_day_of(row[first_day], someone.year)
        enrolment = stays.get((someone.key, stay.known_on)) if stay else None
        if enrolment is not None and day <= on:
            yield row, someone, enrolment, day


def _moves_on(row: Model, told: dict[str, str], year: int, days: Sequence[str], on: date) -> bool:
    """Write the days that have come where there is none; tell whether anything changed."""
    before = [getattr(row, name) for name in days]
    for name in days:
        day = working_day_of(told[name], year)
        if getattr(row, name) is None and day is not None and day <= on:
            setattr(row, name, day)
    return before != [getattr(row, name) for name in days]


def _load_barriers(programme: Programme, facts: list[Fact], stays: Stays, on: date) -> None:
    kinds, impacts = codes("barriers"), codes("barrier_impact")
    situations = codes("barrier_situations")
    rows = Barrier.objects.filter(enrolment__programme=programme).order_by("pk")
    there = {(row.enrolment_id, row.kind_id, row.identified_on): row for row in rows}
    new, changed, links = [], [], []
    for told, someone, enrolment, day in _known(facts, "identified_on", stays, on):
        kind = kinds[told["kind"]]
        row = there.get((enrolment.pk, kind.pk, day))
        if row is None:
            impact = impacts[told["impact"]]
            row = Barrier(enrolment=enrolment, kind=kind, impact=impact, identified_on=day)
            _moves_on(row, told, someone.year, _BARRIER_DAYS, on)
            new.append(row)
            links.append((row, situations[told["situations"]]))
        elif not row.lifted_on and _moves_on(row, told, someone.year, _BARRIER_DAYS, on):
            row.version += 1
            changed.append(row)
    Barrier.objects.bulk_create(new, batch_size=_BATCH)
    Barrier.objects.bulk_update(changed, [*_BARRIER_DAYS, "version"], batch_size=_BATCH)
    link = Barrier.situations.through
    link.objects.bulk_create(
        (link(barrier=row, referencecode=situation) for row, situation in links),
        batch_size=_BATCH,
    )


def _load_objectives(programme: Programme, facts: list[Fact], stays: Stays, on: date) -> None:
    strands = codes("pathway_strands")
    barriers = Barrier.objects.filter(enrolment__programme=programme).select_related("kind")
    known = {(row.enrolment_id, row.kind.code): row for row in barriers.order_by("pk")}
    rows = Objective.objects.filter(enrolment__programme=programme).order_by("pk")
    there = {(row.enrolment_id, row.words): row for row in rows}
    new, changed = [], []
    for told, someone, enrolment, day in _known(facts, "agreed_on", stays, on):
        row = there.get((enrolment.pk, told["words"]))
        if row is None:
            row = Objective(
                enrolment=enrolment,
                words=told["words"],
                strand=strands[told["strand"]],
                barrier=known.get((enrolment.pk, told["barrier"])),
                agreed_on=day,
                due_on=working_day_of(told["due_on"], someone.year),
            )
            _moves_on(row, told, someone.year, _OBJECTIVE_DAYS, on)
            new.append(row)
            continue
        is_over = row.reached_on or row.abandoned_on
        if not is_over and _moves_on(row, told, someone.year, _OBJECTIVE_DAYS, on):
            row.version += 1
            changed.append(row)
    Objective.objects.bulk_create(new, batch_size=_BATCH)
    Objective.objects.bulk_update(changed, [*_OBJECTIVE_DAYS, "version"], batch_size=_BATCH)


def _link_steps(programme: Programme, facts: list[Fact], stays: Stays) -> None:
    """Say of each step that serves an objective which one, unless somebody said it."""
    rows = Objective.objects.filter(enrolment__programme=programme).order_by("pk")
    agreed = {(row.enrolment_id, row.words): row for row in rows}
    wanted = {}
    for told, someone, stay in facts:
        enrolment = stays.get((someone.key, stay.known_on)) if stay else None
        objective = agreed.get((enrolment.pk, told["words"])) if enrolment else None
        if objective and told["step"]:
            wanted[enrolment.pk, told["step"]] = objective
    steps = Step.objects.filter(enrolment__programme=programme, objective=None)
    changed = []
    for step in steps.select_related("kind").order_by("pk"):
        objective = wanted.get((step.enrolment_id, step.kind.code if step.kind else ""))
        if objective:
            step.objective = objective
            step.version += 1
            changed.append(step)
    Step.objects.bulk_update(changed, ["objective", "version"], batch_size=_BATCH)
