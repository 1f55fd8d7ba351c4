"""What happens to the demo's stays: pauses, other levels, why people leave, news of them after."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from beneficiaries.enums import Level
from beneficiaries.management.demo.cohorts import Someone, Stay
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.lots import draw, lot
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import Enrolment, FollowUp, LevelChange, Suspension
from programmes.models import Programme

#: What somebody who leaves becomes, by why they leave; the others are not documented.
_REASONS = {
    "terme": ("7", "7", "10", "12", "3", "6"),
    "abandon": ("8", "8", "7", ""),
    "reorientation": ("12", "2", "5", ""),
    "demenagement": ("", "8"),
}
_NEWS_AFTER, _NEWS_TAKEN = timedelta(days=183), 0.85
_SITUATIONS = ("3", "7", "10", "12")
_BATCH = 200

Line = tuple[Someone, Stay, Enrolment]


def load(*, programme: Programme, people: Iterable[Someone], stays: Stays, on: date) -> None:
    """Create what happened to the stays by a day, move on what is there."""
    lines = list(_lines(people, stays))
    _load_suspensions(programme, lines, on)
    _load_levels(programme, lines, on)
    _document_exits(lines)
    _load_news(programme, lines, on)


def _lines(people: Iterable[Someone], stays: Stays) -> Iterator[Line]:
    for someone in people:
        for stay in someone.stays:
            enrolment = stays.get((someone.key, stay.known_on))
            if enrolment is not None and enrolment.entered_on is not None:
                yield someone, stay, enrolment


def _load_suspensions(programme: Programme, lines: list[Line], on: date) -> None:
    rows = Suspension.objects.filter(enrolment__programme=programme).order_by("pk")
    there = {(row.enrolment_id, row.starts_on): row for row in rows}
    reasons, new, over = codes("suspension_reasons"), [], []
    for someone, stay, enrolment in lines:
        for pause in someone.pauses:
            if pause.starts_on > on or not stay.covers(pause.starts_on):
                continue
            ends_on = pause.ends_on if pause.ends_on <= on else None
            row = there.get((enrolment.pk, pause.starts_on))
            if row is None:
                reason = reasons[pause.reason]
                row = Suspension(enrolment=enrolment, starts_on=pause.starts_on, reason=reason)
                row.ends_on = ends_on
                new.append(row)
            elif row.ends_on is None and ends_on:
                row.ends_on = ends_on
                row.version += 1
                over.append(row)
    Suspension.objects.bulk_create(new, batch_size=_BATCH)
    Suspension.objects.bulk_update(over, ["ends_on", "version"], batch_size=_BATCH)


def _load_levels(programme: Programme, lines: list[Line], on: date) -> None:
    rows = LevelChange.objects.filter(enrolment__programme=programme).order_by("pk")
    there = set(rows.values_list("enrolment", "since"))
    new, changed = [], []
    for someone, stay, enrolment in lines:
        for since, level in someone.levels:
            is_known = since > on or (enrolment.pk, since) in there
            if is_known or not stay.covers(since) or enrolment.level == level:
                continue
            before, enrolment.level = enrolment.level, Level(level)
            enrolment.version += 1
            changed.append(enrolment)
            new.append(LevelChange(enrolment=enrolment, since=since, level=level, before=before))
    LevelChange.objects.bulk_create(new, batch_size=_BATCH)
    Enrolment.objects.bulk_update(changed, ["level", "version"], batch_size=_BATCH)


def _document_exits(lines: list[Line]) -> None:
    """Say what those who left became, unless an outcome or somebody says it."""
    reasons, changed = codes("exit_reasons_asp"), []
    for someone, stay, enrolment in lines:
        is_told = enrolment.exit_reason_id or enrolment.exit_outcome_id
        motive = stay.exit_motive
        if enrolment.left_on != stay.left_on or is_told or motive not in _REASONS:
            continue
        reason = draw(_REASONS[motive], "exit", stay.left_on, *someone.key)
        if reason:
            enrolment.exit_reason = reasons[reason]
            enrolment.version += 1
            changed.append(enrolment)
    Enrolment.objects.bulk_update(changed, ["exit_reason", "version"], batch_size=_BATCH)


def _load_news(programme: Programme, lines: list[Line], on: date) -> None:
    rows = FollowUp.objects.filter(enrolment__programme=programme).order_by("pk")
    there = set(rows.values_list("enrolment", flat=True))
    results, reasons = codes("followup_results"), codes("exit_reasons_asp")
    new = []
    for someone, stay, enrolment in lines:
        is_over = enrolment.left_on == stay.left_on and enrolment.pk not in there
        if not is_over or lot("news", *someone.key) >= _NEWS_TAKEN:
            continue
        done_on = stay.left_on + _NEWS_AFTER + timedelta(days=int(lot("when", *someone.key) * 14))
        if done_on > on:
            continue
        is_found = lot("found", *someone.key) < _NEWS_TAKEN
        situation = draw(_SITUATIONS, "news", *someone.key)
        new.append(
            FollowUp(
                enrolment=enrolment,
                done_on=done_on,
                result=results["relevee" if is_found else "injoignable"],
                situation=reasons[situation] if is_found else None,
            )
        )
    FollowUp.objects.bulk_create(new, batch_size=_BATCH)
