"""« Registre d’élevage »: what whoever sells or gives honey keeps for five years.

Source: order of 5 June 2000 on the register of livestock: the apiary and its address, the number
of hives, what comes in and goes out, visits, treatments with their prescription.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, kilograms, number
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Action, Scope
from gardens.columns.hives import weight_of
from gardens.models import (
    Apiary,
    ApiaryDeclaration,
    Colony,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
)

YEARS = 5
_A = Action.VIEW_GARDENS


@dataclass(frozen=True)
class Line:
    """A line of one of the tables: its cells, the first one being its heading."""

    first: str
    cells: tuple[str, ...]


def register(scope: Scope, apiary: Apiary, on: date) -> tuple[Document, bytes]:
    """Return the register of an apiary over the five years up to a day, and its PDF."""
    since = date(on.year - YEARS, 1, 1)
    colonies = list(Colony.objects.for_scope(scope, _A).of(apiary).since(since))
    colonies.sort(key=lambda row: (row.installed_on, row.number.zfill(6)))
    document = Document(
        template="gardens/pdf/register.html",
        title="Registre d’élevage",
        subtitle=f"{apiary}, du {day(since)} au {day(on)}",
        filename=f"registre-d-elevage-{apiary.pk}-{on.isoformat()}",
        audience="interne",
        orientation="landscape",
        organisation=apiary.programme.territory.controller,
    )
    context = {
        "facts": _facts(apiary, colonies),
        "colonies": [_colony(row) for row in colonies],
        "visits": _visits(scope, apiary, since),
        "treatments": _treatments(scope, apiary, since),
        "honey": _honey(scope, apiary, since),
        "declarations": _declarations(scope, apiary, since),
        "keeper": apiary.keeper,
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, apiary, label=f"Registre d’élevage du rucher n° {apiary.pk}")
    return document, content


def _facts(apiary: Apiary, colonies: Iterable[Colony]) -> list[tuple[str, str]]:
    site = apiary.site
    place = ", ".join(filter(None, [site.name, site.address, f"{site.postcode} {site.city}"]))
    return [
        ("Rucher", apiary.name),
        ("Emplacement", place.strip(", ")),
        ("Numéro d’apiculteur (NAPI)", apiary.number or "–"),
        ("Suivi par", apiary.keeper or "–"),
        ("Colonies à ce jour", number(sum(row.ended_on is None for row in colonies))),
    ]


def _colony(row: Colony) -> Line:
    ended = f"{day(row.ended_on)}, {row.get_end_display().lower()}" if row.ended_on else ""
    queen = str(row.queen_year or "")
    breed = row.breed.label if row.breed else ""
    return Line(row.number, (breed, queen, row.origin, day(row.installed_on), ended))


def _visits(scope: Scope, apiary: Apiary, since: date) -> list[Line]:
    """Return a line for each day: what was seen at each hive stays in few pages."""
    rows = HiveVisit.objects.for_scope(scope, _A).filter(colony__apiary=apiary, on__gte=since)
    by_day = defaultdict(list)
    for row in rows.select_related("colony", "noted_by").order_by("on", "pk"):
        by_day[row.on].append(row)
    return [
        Line(day(on), ("\u00a0; ".join(_seen(row) for row in sorted(seen, key=_rank)), _who(seen)))
        for on, seen in by_day.items()
    ]


def _rank(row: HiveVisit) -> str:
    """Sort ruche 2 before ruche 10."""
    return row.colony.number.zfill(6)


def _seen(row: HiveVisit) -> str:
    """Return « ruche 3 : force 4, reine vue, 2 varroas par jour, nourrie 1,5 kg »."""
    said = [
        f"force {row.strength}" if row.strength else "",
        "reine vue" if row.queen_seen else "",
        "ponte vue" if row.eggs_seen else "",
        f"varroas par jour\u00a0: {row.varroa_per_day}" if row.varroa_per_day is not None else "",
        f"nourrissement {kilograms(row.fed)}" if row.fed else "",
        row.note.strip(),
    ]
    words = ", ".join(filter(None, said)) or "visitée"
    return f"ruche\u00a0{row.colony.number}\u00a0: {words}"


def _who(rows: Iterable[HiveVisit]) -> str:
    names = [row.noted_by.get_full_name() for row in rows if row.noted_by]
    return ", ".join(dict.fromkeys(names))


def _treatments(scope: Scope, apiary: Apiary, since: date) -> list[Line]:
    """Return a line for each medicine given on a day, whatever the number of hives."""
    rows = HiveTreatment.objects.for_scope(scope, _A).filter(colony__apiary=apiary)
    alike = defaultdict(list)
    for row in rows.select_related("colony").order_by("starts_on", "pk"):
        if row.ends_on is None or row.ends_on >= since:
            said = (row.starts_on, row.ends_on, row.medicine, row.dose)
            alike[*said, row.prescription, row.waiting_days].append(row.colony.number)
    return [_treatment(said, numbers) for said, numbers in alike.items()]


def _treatment(said: tuple, numbers: list[str]) -> Line:
    starts_on, ends_on, medicine, dose, prescription, waiting = said
    hives = ", ".join(sorted(numbers, key=lambda text: text.zfill(6)))
    until = day(ends_on) if ends_on else "en place"
    days = f"{waiting}\u00a0j" if waiting else "aucun"
    return Line(day(starts_on), (until, hives, medicine, dose, prescription, days))


def _honey(scope: Scope, apiary: Apiary, since: date) -> list[Line]:
    rows = HoneyHarvest.objects.for_scope(scope, _A).of(apiary).filter(lot__on__gte=since)
    rows = list(rows.with_correction().order_by("lot__on", "pk"))
    numbers = defaultdict(list)
    hives = Colony.objects.for_scope(scope, _A).of(apiary).filter(honey_harvests__in=rows)
    for key, text in hives.values_list("honey_harvests", "number"):
        numbers[key].append(text)
    return [_taken(row, numbers[row.pk]) for row in rows]


def _taken(row: HoneyHarvest, numbers: list[str]) -> Line:
    hives = ", ".join(sorted(numbers, key=lambda text: text.zfill(6))) or "–"
    humidity = f"{number(row.humidity)}\u00a0%" if row.humidity is not None else ""
    cells = (row.lot.number, weight_of(row), hives, humidity, row.override_reason)
    return Line(day(row.lot.on), cells)


def _declarations(scope: Scope, apiary: Apiary, since: date) -> list[Line]:
    rows = ApiaryDeclaration.objects.for_scope(scope, _A).of(apiary).filter(year__gte=since.year)
    return [
        Line(str(row.year), (day(row.declared_on), number(row.colony_count), row.receipt))
        for row in rows.order_by("year")
    ]
