"""The demo's steps and outcomes, each written down from the day it is known."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from beneficiaries.management.demo.cohorts import (
    Someone,
    Stay,
    day_of,
    rows_of,
    working_day_of,
)
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import Enrolment, Outcome, OutcomeSurvey, Step
from programmes.models import Edition, Organisation, Programme

#: A step is agreed two weeks before it starts.
_AGREED_BEFORE = timedelta(days=14)
_BATCH = 200

#: A row of a file, whose it is, and the stay its first day falls in.
Fact = tuple[dict[str, str], Someone, Stay]


def load(
    *, programme: Programme, people: Iterable[Someone], stays: Stays, years: list[int], on: date
) -> None:
    """Create the steps and outcomes known on a day, move on the steps that are there."""
    people = list(people)
    _load_steps(programme, list(facts_of(people, "steps", "started_on")), stays, on)
    _load_outcomes(programme, list(facts_of(people, "outcomes", "starts_on")), stays, on)
    editions = Edition.objects.filter(programme=programme, label__in=[str(y) for y in years])
    for edition in editions.order_by("pk"):
        OutcomeSurvey.objects.get_or_create(edition=edition)


def facts_of(people: Iterable[Someone], name: str, first_day: str) -> Iterator[Fact]:
    """Yield the rows of a file, whose each is, and the stay its first day falls in."""
    for someone in people:
        for row in rows_of(someone, name):
            stay = someone.stay_on(working_day_of(row[first_day], someone.year))
            yield row, someone, stay


def partners(programme: Programme) -> dict[str, Organisation]:
    """Return the organisations of the territory, by name."""
    return {o.name: o for o in Organisation.objects.filter(territory=programme.territory)}


def _load_steps(programme: Programme, facts: list[Fact], stays: Stays, on: date) -> None:
    kinds, strands = codes("step_kinds"), codes("pathway_strands")
    organisations = partners(programme)
    steps = Step.objects.filter(enrolment__programme=programme).order_by("pk")
    there = {(step.enrolment_id, step.kind_id, step.planned_on): step for step in steps}
    new, changed = [], []
    for row, someone, stay in facts:
        started_on = working_day_of(row["started_on"], someone.year)
        if on < max(started_on - _AGREED_BEFORE, stay.entered_on):
            continue
        enrolment, kind = stays[someone.key, stay.known_on], kinds[row["kind"]]
        step = there.get((enrolment.pk, kind.pk, started_on))
        if step is not None:
            changed += [step] if _moves_on(step, row, someone.year, on) else []
            continue
        step = Step(
            enrolment=enrolment,
            strand=strands[kind.meta["strand"]],
            kind=kind,
            partner=organisations.get(row["partner"]),
            planned_on=started_on,
        )
        _moves_on(step, row, someone.year, on)
        step.version = 1
        new.append(step)
    Step.objects.bulk_create(new, batch_size=_BATCH)
    fields = ["started_on", "done_on", "abandoned_on", "version"]
    Step.objects.bulk_update(changed, fields, batch_size=_BATCH)


def _moves_on(step: Step, row: dict[str, str], year: int, on: date) -> bool:
    """Write what time brought to a step that is not over; tell whether anything changed."""
    if step.done_on or step.abandoned_on:
        return False
    before = step.started_on
    for name in ("started_on", "done_on", "abandoned_on"):
        day = working_day_of(row[name], year)
        if getattr(step, name) is None and day is not None and day <= on:
            setattr(step, name, day)
    if (step.started_on, step.done_on, step.abandoned_on) == (before, None, None):
        return False
    step.version += 1
    return True


def _load_outcomes(programme: Programme, facts: list[Fact], stays: Stays, on: date) -> None:
    kinds, contracts = codes("outcome_kinds"), codes("contract_kinds")
    organisations = partners(programme)
    outcomes = Outcome.objects.filter(enrolment__programme=programme).order_by("pk")
    there = set(outcomes.values_list("enrolment", "kind", "starts_on"))
    new, exits = [], []
    for row, someone, stay in facts:
        starts_on = working_day_of(row["starts_on"], someone.year)
        if starts_on > on:
            continue
        enrolment, kind = stays[someone.key, stay.known_on], kinds[row["kind"]]
        if (enrolment.pk, kind.pk, starts_on) in there:
            continue
        outcome = Outcome(
            enrolment=enrolment,
            kind=kind,
            contract=contracts.get(kind.meta.get("contract")),
            employer=organisations.get(row["employer"]),
            label=row["label"],
            starts_on=starts_on,
            ends_on=day_of(row["ends_on"], someone.year),
        )
        new.append(outcome)
        if row["is_exit"]:
            exits.append((enrolment, outcome))
    Outcome.objects.bulk_create(new, batch_size=_BATCH)
    _point_exits(exits)


def _point_exits(exits: list[tuple[Enrolment, Outcome]]) -> None:
    """Say of each exit what it leads to."""
    for enrolment, outcome in exits:
        enrolment.exit_outcome = outcome
        enrolment.version += 1
    fields = ["exit_outcome", "version"]
    Enrolment.objects.bulk_update([enrolment for enrolment, _ in exits], fields, batch_size=_BATCH)
