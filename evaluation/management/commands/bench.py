"""`manage.py bench`: how many times slower than bare SQL figures and taps are."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from autoprod.core.models import Installation
from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from evaluation.columns.harvests import GARDEN_ASKS
from evaluation.enums import Audience, Unit
from evaluation.management.bench import handwritten
from evaluation.management.bench.serving import serving
from evaluation.management.bench.tapping import Leader, Measure, RefusedError, measure
from evaluation.management.bench.taps import TapWorld, lost
from evaluation.management.bench.worlds import SIZES, World
from evaluation.results import Part, Result, Selection, compute
from evaluation.services.dashboards import ASKS

YEAR = Period.year(2015)
#: Devices that tick at once: somebody alone, a team, a whole network of gardens.
CLIENTS = (1, 8, 32)


class Command(BaseCommand):
    """Works in a base of its own, on the configured engine, removed afterwards."""

    help = (
        "Mesure les chiffres du tableau de bord, ou le pointage à travers le vrai serveur, face au "
        "SQL écrit à la main, dans une base à part (SQLite ou PostgreSQL, selon DATABASE_URL)."
    )

    def add_arguments(self, parser) -> None:
        """Take what to measure and how much of it."""
        parser.add_argument("what", nargs="?", choices=["chiffres", "pointage"], default="chiffres")
        parser.add_argument("--size", choices=[*SIZES], action="append", help="S, M, ou les deux.")
        parser.add_argument("--repeat", type=int, default=15, help="Mesures de chaque côté.")
        parser.add_argument(
            "--clients", type=int, action="append", help="Appareils à la fois (1, 8 et 32)."
        )
        parser.add_argument("--taps", type=int, default=640, help="Appuis par ligne.")

    def handle(self, *args, **options) -> None:
        """Measure each size, or each number of clients, and print one line each."""
        if options["what"] == "pointage":
            with _base_apart() as folder:
                self._tap(folder, options["clients"] or CLIENTS, options["taps"])
            return
        for name in options["size"] or SIZES:
            with _base_apart():
                self._measure(name, options["repeat"])

    def _tap(self, folder: Path, clients: Sequence[int], taps: int) -> None:
        most = max(clients)
        world = TapWorld(leaders=most, persons=max(taps // 2, most))
        Installation.objects.create(pk=1, is_demo=False)
        self.stdout.write(
            f"{connection.vendor} · pointage\u00a0: {taps} appuis par ligne, une moitié ajoute, "
            "l’autre change"
        )
        # The other processes open their own connections: nothing of this one stands in their way.
        connection.close()
        try:
            with serving(folder) as port:
                leaders = [Leader(port).enter(email) for email in world.emails]
                for number, is_shared in _cases(clients):
                    found = measure(world, leaders[:number], taps=taps, is_shared=is_shared)
                    if missing := lost(found.answers):
                        raise CommandError(f"{len(missing)} appuis répondus ne sont pas en base.")
                    self.stdout.write(_told(found))
        except RefusedError as error:
            raise CommandError(str(error)) from error

    def _measure(self, name: str, repeat: int) -> None:
        size = SIZES[name]
        self.stdout.write(f"{connection.vendor} · {name}\u00a0: {size.attendances} présences…")
        world = World(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        programme = world.programmes[-1].pk
        selection = Selection(Scope.everything(reason="mesure"), frozenset({programme}), YEAR)

        def ours() -> dict[str, Result]:
            asks = (*ASKS, *GARDEN_ASKS)
            return compute(selection, asks, audience=Audience.INTERNAL, threshold=5)

        def theirs() -> dict:
            return handwritten.figures(programme, YEAR)

        compare(ours(), theirs())
        mine, best = _side_by_side(ours, theirs, repeat)
        self.stdout.write(
            f"  chiffres {mine * 1000:.1f} ms · SQL à la main {best * 1000:.1f} ms · "
            f"rapport {mine / best:.2f} (but\u00a0: 2 au plus)"
        )


def _cases(clients: Sequence[int]) -> list[tuple[int, bool]]:
    """Return (number of clients, whether they share one sheet); alone, it is the same."""
    return [(number, shared) for number in clients for shared in (True, False)[: min(number, 2)]]


def _told(found: Measure) -> str:
    """Return the line of a measure."""
    median, slowest = found.milliseconds
    sheets = "une feuille" if found.is_shared else "chacun sa feuille"
    return (
        f"  {found.clients:>2} × {sheets:<17} {found.rate:6.1f} appuis/s · "
        f"médiane {median:.1f} ms, p95 {slowest:.1f} ms · SQL seul {found.bare_rate:.0f}/s · "
        f"rapport {found.ratio:.1f} · {len(found.answers)} répondus, tous en base"
    )


@contextmanager
def _base_apart() -> Iterator[Path]:
    """Create an empty base on the engine, make it the current one, and drop it; yield a folder."""
    creation, before = connection.creation, connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        test = connection.settings_dict["TEST"]
        asked = test.get("NAME")
        if connection.vendor == "sqlite":
            test["NAME"] = str(Path(folder) / "bench.sqlite3")
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield Path(folder)
        finally:
            creation.destroy_test_db(before, verbosity=0)
            test["NAME"] = asked


def _side_by_side(ours: Callable, theirs: Callable, repeat: int) -> tuple[float, float]:
    """Return the median seconds of each, measured in turn so that both meet the same machine."""
    ours(), theirs()
    mine, best = [], []
    for _ in range(repeat):
        for measured, call in ((mine, ours), (best, theirs)):
            started = time.perf_counter()
            call()
            measured.append(time.perf_counter() - started)
    return statistics.median(mine), statistics.median(best)


def compare(found: dict[str, Result], expected: dict) -> None:
    """Refuse to compare two sides that do not give the same figures, every one of them."""
    for code, result in found.items():
        for name, parts in result.parts.items():
            mine = {_key(part): int(part.value * _scale(result)) for part in parts}
            _same(f"{code} / {name}", mine, expected.get((code, name), {}))
        # The whole of a table is the sum of its lines.
        if not result.parts:
            lines = expected.get((code, ""), {})
            _same(code, int(result.value * _scale(result)), lines.get("", 0))
    is_minimum = found["outcomes_positive"].is_minimum
    _same("outcomes_positive", is_minimum, bool(expected["open editions", ""][""]))


def _scale(result: Result) -> int:
    """Return what turns a value into what the base adds up.

    Cents, grams, millilitres, and thousandths of a cent where a price is that of a kilogram.
    """
    words = result.definition
    if words.unit == Unit.EUROS:
        return 100 if words.code.startswith("budget") else 100_000
    return 1000 if words.unit in {Unit.KILOGRAMS, Unit.LITRES} else 1


def _key(part: Part) -> str | None:
    """Return the key of a part as SQL writes it; None for the unknown."""
    if part.is_unknown:
        return None
    (key,) = part.keys
    return f"{key:%Y-%m}" if hasattr(key, "year") else str(key)


def _same(what: str, mine: object, theirs: object) -> None:
    if mine != theirs:
        raise CommandError(f"{what}\u00a0: {mine} d’un côté, {theirs} de l’autre.")
