"""The demo's gestures: rain tanks and compost read every fortnight, watering, what was seen."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db.models import QuerySet

from autoprod.accounts.models import User
from beneficiaries.management.demo.lots import lot
from gardens.models import Garden, Operation
from programmes.management.demo.sessions import LEADER
from programmes.models import Programme, ReferenceCode, Session

HERE = Path(__file__).resolve().parent
#: Litres of a full tank, by garden that has one.
TANKS = {"Blaise Pascal": 3_000, "Le Rôleur": 5_000}
#: Litres of a watering, by garden.
WATERINGS = {"Blaise Pascal": 350, "Le Rôleur": 400, "Le Vignoble": 1_200}
#: How full a tank is, month by month: the summer drinks it.
_FULL = (85, 90, 85, 70, 60, 45, 30, 20, 35, 55, 75, 85)
_SUMMER = (5, 6, 7, 8, 9)
#: Days from that of the demo, garden, gesture, quantity: what is to do around it.
TO_DO = (
    (-4, "Blaise Pascal", "compost_retournement", "Le tas du fond, qui chauffe encore."),
    (0, "Le Rôleur", "eau_pluie", ""),
    (
        1,
        "Le Vignoble",
        "paillage",
        "Feuilles mortes livrées par la ville, au pied des petits fruits.",
    ),
    (2, "Blaise Pascal", "compost_apport", ""),
    (3, "Le Vignoble", "taille", "Commencer par les pommiers du fond."),
    (9, "Le Rôleur", "reparation", "La porte de l’abri."),
)

_Key = tuple[int, int, date | None, date | None]


def load(*, programme: Programme, gardens: dict[str, Garden], years: list[int], on: date) -> None:
    """Create what is missing of the gestures of these years, up to the day of the demo."""
    leader = User.objects.get(email=LEADER)
    sessions = _first_of_days(programme)
    stored = {_key(row) for row in Operation.objects.filter(programme=programme)}
    wanted = [
        *_readings(sessions, years, on),
        *_seen(sessions, years, on),
    ]
    kinds = {row.code: row for row in _kinds()}
    rows = []
    for day, name, kind, fields in wanted:
        row = Operation(
            programme=programme,
            garden=gardens[name],
            kind=kinds[kind],
            done_on=day,
            session=sessions[day],
            noted_by=leader,
            **fields,
        )
        rows.append(row)
    for days, name, kind, note in TO_DO:
        planned = on + timedelta(days=days)
        values = {"garden": gardens[name], "kind": kinds[kind], "planned_on": planned}
        rows.append(Operation(programme=programme, note=note, noted_by=leader, **values))
    missing = [row for row in rows if _key(row) not in stored]
    Operation.objects.bulk_create(missing, batch_size=200)


def _kinds() -> QuerySet:
    return ReferenceCode.objects.in_list("operation_kinds").filter(territory=None)


def _key(row: Operation) -> _Key:
    return (row.garden_id, row.kind_id, row.done_on, row.planned_on)


def _first_of_days(programme: Programme) -> dict[date, Session]:
    """Return the first session held on each day."""
    found: dict[date, Session] = {}
    rows = Session.objects.filter(programme=programme, cancelled_on=None)
    for row in rows.order_by("starts_at", "pk"):
        found.setdefault(row.on, row)
    return found


def _readings(
    sessions: dict[date, Session], years: list[int], on: date
) -> Iterator[tuple[date, str, str, dict]]:
    """Yield what is read every second Monday, and what is watered each week of the summer."""
    weeks: dict[tuple[int, int], date] = {}
    for day in sorted(sessions):
        if day < on and day.year in {*years, on.year - 1}:
            weeks.setdefault(tuple(day.isocalendar()[:2]), day)
    for (_, week), day in weeks.items():
        if week % 2:
            for name, full in TANKS.items():
                share = _FULL[day.month - 1] / 100 * (0.85 + 0.3 * lot("cuve", name, day))
                litres = min(int(full * share) // 10 * 10, full)
                yield day, name, "eau_pluie", {"quantity": Decimal(litres)}
        else:
            for name in WATERINGS:
                grams = 6 + int(lot("compost", name, day) * 180) / 10
                yield day, name, "compost_apport", {"quantity": Decimal(str(round(grams, 1)))}
        if day.month in _SUMMER:
            yield from _waterings(day)


def _waterings(day: date) -> Iterator[tuple[date, str, str, dict]]:
    for name, litres in WATERINGS.items():
        luck = lot("arrosage", name, day)
        yield (
            day,
            name,
            "arrosage",
            {
                "quantity": Decimal(int(litres * (0.7 + 0.6 * luck)) // 10 * 10),
                "minutes": 30 + int(luck * 4) * 15,
                "people": 2 + int(luck * 4),
            },
        )


def _seen(
    sessions: dict[date, Session], years: list[int], on: date
) -> Iterator[tuple[date, str, str, dict]]:
    """Yield what the file tells, each year, on the first day at work from its day on."""
    with (HERE / "observations.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    days = sorted(sessions)
    for year in sorted({*years, on.year - 1}):
        for line in lines:
            asked = date.fromisoformat(f"{year}-{line['day']}")
            day = next((day for day in days if day >= asked), None)
            if day and day < on and day.year == year:
                luck = lot("geste", line["garden"], day)
                effort = {"minutes": 45 + int(luck * 4) * 15, "people": 2 + int(luck * 5)}
                yield day, line["garden"], line["kind"], {"note": line["note"], **effort}
