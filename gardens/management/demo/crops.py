"""The demo's crops: a believable plan on four-year blocks, done up to the day of the demo.

The three gardens and their heirloom vegetables are the published fiche's; what is sown, where and
when is invented. A bed is told by its number in a first season: each year the whole plan moves by
one block. Loading again adds what is missing and dates what has come.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from beneficiaries.management.demo.lots import lot
from gardens.enums import PlantingMethod
from gardens.models import Garden, Planting, Plot, Species, Variety
from programmes.models import Programme

HERE = Path(__file__).resolve().parent
#: For each garden, what a bed is called, how many turn, and how many a block holds.
RINGS = {
    "Blaise Pascal": ("Planche", 16, 4),
    "Le Rôleur": ("Planche", 12, 3),
    "Le Vignoble": ("Bande", 20, 5),
}
FIRST_SEASON = 2015
#: What was due so little before the day of the demo may still be to do.
_JUST_NOW = timedelta(days=6)
_REAL = {"sow_on": "sown_on", "plant_on": "planted_on", "end_on": "ended_on"}
_COLUMNS = {"sow": "sow_on", "plant": "plant_on", "harvest": "harvest_on", "end": "end_on"}


@dataclass(frozen=True)
class Known:
    """What the rows of the file name."""

    programme: Programme
    plots: dict[tuple[str, str], Plot]
    species: dict[str, Species]
    varieties: dict[tuple[str, str], Variety]


def load(*, programme: Programme, gardens: dict[str, Garden], years: list[int], on: date) -> None:
    """Create what is missing of the crops of these years and of the one before the demo's."""
    known = _known(programme, gardens)
    stored = {_key(row): row for row in Planting.objects.filter(programme=programme)}
    seasons = sorted({*years, on.year - 1, on.year})
    missing = []
    for row in _rows(known, seasons, on):
        before = stored.get(_key(row))
        if before is None:
            missing.append(row)
        elif before.version == 1:
            # Nobody has touched it: what has come since is dated.
            Planting.objects.filter(pk=before.pk).update(
                **{name: getattr(row, name) for name in _REAL.values()}
            )
    Planting.objects.bulk_create(missing, batch_size=200)


def _known(programme: Programme, gardens: dict[str, Garden]) -> Known:
    plots = Plot.objects.filter(garden__in=gardens.values()).select_related("garden__site")
    varieties = Variety.objects.filter(territory=None).select_related("species")
    return Known(
        programme=programme,
        plots={(plot.garden.site.name, plot.name): plot for plot in plots},
        species={row.code: row for row in Species.objects.filter(territory=None)},
        varieties={(row.species.code, row.name): row for row in varieties},
    )


def _key(row: Planting) -> tuple:
    return (row.plot_id, row.species_id, row.variety_id, row.sow_on, row.plant_on)


def _rows(known: Known, seasons: list[int], on: date) -> Iterator[Planting]:
    with (HERE / "crops.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        if line["method"] == PlantingMethod.PERENNIAL:
            day = date.fromisoformat(line["plant"])
            yield _row(known, line, line["place"], {"plant_on": day, "planted_on": day})
            continue
        for season in seasons:
            planned = {
                field: _day(line[column], season)
                for column, field in _COLUMNS.items()
                if line[column]
            }
            dates = planned | _real(line, planned, on)
            yield _row(known, line, _place(line, season), dates)


def _row(known: Known, line: dict[str, str], place: str, dates: dict[str, date]) -> Planting:
    """Return an unsaved crop of a line of the file."""
    plot = known.plots[line["garden"], place]
    return Planting(
        programme=known.programme,
        plot=plot,
        species=known.species[line["species"]],
        variety=known.varieties.get((line["species"], line["variety"])),
        method=line["method"],
        plant_count=int(line["plants"]) if line["plants"] else None,
        **dates,
    )


def _place(line: dict[str, str], season: int) -> str:
    """Return the name of the plot of a line in a season: a number turns, a name stays."""
    if not line["place"].isdecimal():
        return line["place"]
    name, count, block = RINGS[line["garden"]]
    turned = int(line["place"]) - 1 + block * (season - FIRST_SEASON)
    return f"{name} {turned % count + 1}"


def _day(text: str, season: int) -> date:
    """Return the day of « 05-18 » in a season; « +02-28 » is of the year after."""
    year = season + 1 if text.startswith("+") else season
    return date.fromisoformat(f"{year}-{text.lstrip('+')}")


def _real(line: dict[str, str], planned: dict[str, date], on: date) -> dict[str, date]:
    """Return what was really done by the day of the demo, a few days around the plan, in order."""
    done, last = {}, None
    for name, real in _REAL.items():
        if name not in planned:
            continue
        luck = lot("culture", line["garden"], line["place"], line["species"], planned[name], name)
        day = planned[name] + timedelta(days=int(luck * 7) - 1)
        if last and day < last:
            day = last
        is_waiting = on - _JUST_NOW <= planned[name] and luck > 0.4
        if day > on or is_waiting:
            break
        done[real] = last = day
    return done
