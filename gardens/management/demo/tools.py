"""The demo's tool library: the tools of the published fiche; loans and repairs are invented."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from beneficiaries.models import Enrolment
from gardens.models import Loan, Repair, Tool
from programmes.enums import Role
from programmes.models import Membership, Organisation, Programme, ReferenceCode, Site

HERE = Path(__file__).resolve().parent
#: Two loads further apart tell other loans: the oldest told goes back two months.
_LATELY = timedelta(days=70)
_SECOND_MOWER = "010"


def load(*, programme: Programme, on: date) -> None:
    """Create the tools, then what was lent and mended around a day.

    Loaded again weeks later, what was out is back and other loans are told.
    """
    with (HERE / "tools.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sites = {site.name: site for site in Site.objects.filter(programmes=programme)}
    kinds = {code.code: code for code in ReferenceCode.objects.filter(list="tool_kinds")}
    for row in rows:
        Tool.objects.get_or_create(
            programme=programme,
            number=row["number"],
            defaults={
                "name": row["name"],
                "kind": kinds[row["kind"]],
                "site": sites.get(row["site"]),
                "accessories": row["accessories"],
                "value": Decimal(row["value"]),
                "acquired_on": date.fromisoformat(row["acquired_on"]),
            },
        )
    lent = Loan.objects.filter(tool__programme=programme)
    if not lent.filter(lent_on__gt=on - _LATELY).exists():
        _settle(programme)
        _load_loans(programme, on)
        _load_repairs(programme, on)


def _settle(programme: Programme) -> None:
    """Bring back what is out, and put back in service what is in repair, on its day."""
    for loan in Loan.objects.out().filter(tool__programme=programme):
        loan.returned_on = loan.due_on
        loan.save()
    for repair in Repair.objects.filter(tool__programme=programme, ends_on=None):
        repair.ends_on = repair.starts_on + timedelta(days=20)
        repair.save()


def _tools(programme: Programme) -> dict[str, Tool]:
    return {tool.number: tool for tool in Tool.objects.filter(programme=programme)}


def _load_loans(programme: Programme, on: date) -> None:
    tools = _tools(programme)
    rows = Enrolment.objects.filter(programme=programme).ongoing(on)
    people = list({row.person_id: row for row in rows.order_by("pk")}.values())[:4]
    lender = Membership.objects.filter(programme=programme, role=Role.WORKSHOP_LEADER).first()
    site = Site.objects.filter(programmes=programme).order_by("pk").last()
    helped = Organisation.objects.filter(territory=programme.territory).order_by("pk").first()
    #: Number, who, how long ago it went out and came back; due a week later.
    told = [
        ("001", {"organisation": helped}, 61, 52, ""),
        ("004", {"site": site}, 40, 33, ""),
        ("005", {"site": site}, 3, None, ""),
    ]
    if len(people) == 4:
        told += [
            ("003", {"enrolment": people[0]}, 30, 22, "à affûter"),
            ("006", {"enrolment": people[1]}, 25, 20, ""),
            ("001", {"enrolment": people[2]}, 12, None, ""),
            ("002", {"enrolment": people[3]}, 2, None, ""),
        ]
    Loan.objects.bulk_create(
        Loan(
            tool=tools[number],
            lent_on=on - timedelta(days=out),
            due_on=on - timedelta(days=out - 7),
            returned_on=on - timedelta(days=back) if back is not None else None,
            state_in=state,
            lent_by=lender.user if lender else None,
            **borrower,
        )
        for number, borrower, out, back, state in told
    )


def _load_repairs(programme: Programme, on: date) -> None:
    tools = _tools(programme)
    Repair.objects.bulk_create(
        [
            Repair(
                tool=tools["009"],
                starts_on=on - timedelta(days=12),
                problem="Câble d’embrayage cassé",
            ),
            Repair(
                tool=tools[_SECOND_MOWER],
                starts_on=on - timedelta(days=90),
                ends_on=on - timedelta(days=76),
                problem="Lame à changer",
                cost=Decimal("48.50"),
            ),
        ]
    )
