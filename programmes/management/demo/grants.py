"""The demo's grants: the four funders of the fiche, paid and used as the months go by.

The amounts are those of the budget's lines. The days and the share of each quarter are invented,
and each spending says so. Everything has a day: what comes after `on` is not there yet, so that a
later day only adds.
"""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from autoprod.core.periods import Period
from programmes.models import (
    BudgetLine,
    Edition,
    Grant,
    GrantDraw,
    GrantPayment,
    Organisation,
    Programme,
    ReferenceCode,
)

ROWS = Path(__file__).resolve().parent / "grants.csv"
#: Of the four quarters: more is spent while the gardens are worked.
QUARTERS = (20, 30, 30, 20)
SOURCE = "démonstration"


def load(*, programme: Programme, on: date, years: list[int]) -> None:
    """Create what is missing of the grants of these years' editions, up to the day `on`."""
    labels = [str(year) for year in years]
    editions = Edition.objects.filter(programme=programme, label__in=labels)
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for edition in editions:
        for row in rows:
            _load(edition, row, on)


def _day(written: str, year: int) -> date:
    """Return the day of « -1 11-14 »: 14 November of the year before."""
    offset, month_and_day = written.split()
    return date.fromisoformat(f"{year + int(offset)}-{month_and_day}")


def _load(edition: Edition, row: dict[str, str], on: date) -> None:
    year = edition.starts_on.year
    days = {name: _day(value, year) for name, value in row.items() if name.endswith("_on")}
    grant = _grant(edition, row, days) if days["requested_on"] <= on else None
    if grant is None or days["awarded_on"] > on:
        return
    if grant.awarded is None:
        grant.awarded, grant.awarded_on = grant.requested, days["awarded_on"]
        grant.save()
    _payments(grant, Decimal(row["advance"]), days, on)
    _draws(grant, year, on)
    if days["reported_on"] <= on and grant.reported_on is None:
        grant.reported_on = days["reported_on"]
        grant.save()


def _code(list_name: str, code: str) -> ReferenceCode:
    return ReferenceCode.objects.get(list=list_name, code=code, territory=None)


def _grant(edition: Edition, row: dict[str, str], days: dict[str, date]) -> Grant | None:
    """Return the grant of a payer of the budget; None where its line is no longer there."""
    funder = Organisation.objects.get(territory=edition.programme.territory_id, name=row["funder"])
    line = BudgetLine.objects.filter(budget__edition=edition, payer=funder).first()
    if line is None:
        return None
    grant, _ = Grant.objects.get_or_create(
        edition=edition,
        funder=funder,
        title=row["title"],
        defaults={
            "number": row["number"].format(year=edition.starts_on.year),
            "requested": line.amount,
            "requested_on": days["requested_on"],
            "report_due_on": days["report_due_on"],
            "frequency": _code("grant_frequencies", "renouvellement"),
            "span": _code("grant_periods", "ponctuelle"),
            "purpose": _code("grant_purposes", "projet"),
            "kind": _code("grant_forms", "numeraire"),
        },
    )
    return grant


def _payments(grant: Grant, advance: Decimal, days: dict[str, date], on: date) -> None:
    first = grant.awarded * advance / 100
    for label, amount, day in (
        ("Avance", first, days["advance_on"]),
        ("Solde", grant.awarded - first, days["balance_on"]),
    ):
        if day <= on:
            GrantPayment.objects.get_or_create(
                grant=grant, label=label, defaults={"amount": amount, "paid_on": day}
            )


def _draws(grant: Grant, year: int, on: date) -> None:
    for number, part in enumerate(QUARTERS, start=1):
        quarter = Period.quarter(year, number)
        if quarter.end <= on:
            GrantDraw.objects.get_or_create(
                grant=grant,
                source_type=SOURCE,
                source_key=quarter.slug,
                defaults={
                    "amount": grant.awarded * part / 100,
                    "on": quarter.end,
                    "label": f"Part des dépenses prévues au budget, {quarter.label}",
                },
            )
