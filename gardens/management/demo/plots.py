"""The demo's plots, where they lie, and who holds the tubs and the small shared gardens."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from beneficiaries.models import Enrolment, HouseholdMember
from gardens.management.demo.gardens import code, organisation
from gardens.models import Garden, Plot, PlotHolding
from programmes.models import Programme

HERE = Path(__file__).resolve().parent
_PLACE = ("plan_x", "plan_y", "plan_width", "plan_height")
#: The neighbourhoods whose committee holds a small garden of the Vignoble, and since when.
COMMITTEES = ("Dutemple", "Chasse Royale", "St Waast", "Fg de Cambrai")
SHARED_SINCE = date(2013, 4, 1)
#: The city lends its heated greenhouses while the seeds come up.
GREENHOUSE, LENDER = "Serre chauffée de la ville, {year}", "Service Cadre de vie de la ville"
TUB, TUBS = "Bac de balcon {number}", 4


def load(*, programme: Programme, gardens: dict[str, Garden], on: date) -> None:
    """Create what is missing of the plots, and of who holds them on a day."""
    plots: dict[tuple[str, str], Plot] = {}
    with (HERE / "plots.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parent = plots.get((row["garden"], row["parent"]))
            plots[row["garden"], row["name"]] = _plot(gardens[row["garden"]], row, parent)
    _borrow(programme, gardens["Blaise Pascal"], on)
    _give_shared(programme, plots)
    _give_tubs(programme, plots, on)


def _plot(garden: Garden, row: dict[str, str], parent: Plot | None) -> Plot:
    plot, _ = Plot.objects.get_or_create(
        garden=garden,
        name=row["name"],
        defaults={
            "parent": parent,
            "kind": code("plot_kinds", row["kind"]),
            "area": Decimal(row["area"]),
            **{name: int(row[name]) if row[name] else None for name in _PLACE},
        },
    )
    return plot


def _borrow(programme: Programme, garden: Garden, on: date) -> None:
    Plot.objects.get_or_create(
        garden=garden,
        name=GREENHOUSE.format(year=on.year),
        defaults={
            "kind": code("plot_kinds", "serre"),
            "area": Decimal(120),
            "lender": organisation(programme.territory, LENDER, "commune"),
            "starts_on": date(on.year, 2, 1),
            "ends_on": date(on.year, 5, 31),
        },
    )


def _give_shared(programme: Programme, plots: dict[tuple[str, str], Plot]) -> None:
    for number, district in enumerate(COMMITTEES, start=1):
        committee = organisation(
            programme.territory, f"Comité de quartier {district}", "association"
        )
        plot = plots["Le Vignoble", f"Petit jardin partagé {number}"]
        PlotHolding.objects.get_or_create(
            plot=plot, organisation=committee, defaults={"starts_on": SHARED_SINCE}
        )


def _give_tubs(programme: Programme, plots: dict[tuple[str, str], Plot], on: date) -> None:
    """Give each tub that nobody holds to the home of somebody who is there."""
    tubs = [plots["Blaise Pascal", TUB.format(number=number + 1)] for number in range(TUBS)]
    held = PlotHolding.objects.filter(plot__in=tubs)
    free = [tub for tub in tubs if tub.pk not in set(held.values_list("plot", flat=True))]
    homes = _homes(programme, on, without=set(held.values_list("household", flat=True)))
    for tub, (home, entered_on) in zip(free, homes, strict=False):
        PlotHolding.objects.create(plot=tub, household_id=home, starts_on=entered_on)


def _homes(programme: Programme, on: date, *, without: set[int]) -> list[tuple[int, date]]:
    """Return the homes of who is there on a day, with the day they came, the first come first."""
    stays = Enrolment.objects.filter(programme=programme).participants().ongoing(on)
    came = dict(stays.order_by("-entered_on", "-pk").values_list("person", "entered_on"))
    members = HouseholdMember.objects.filter(person__in=came, left_on=None)
    homes = {
        home: came[person]
        for person, home in members.order_by("pk").values_list("person", "household")
        if home not in without
    }
    return sorted(homes.items(), key=lambda pair: (pair[1], pair[0]))
