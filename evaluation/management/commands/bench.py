"""`manage.py bench`: how many times slower than SQL written by hand the dashboard's figures are."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from evaluation.enums import Audience
from evaluation.management.bench import handwritten
from evaluation.management.bench.worlds import SIZES, World
from evaluation.results import Part, Result, Selection, compute
from evaluation.services.dashboards import ASKS

YEAR = Period.year(2015)


class Command(BaseCommand):
    """Works in a base of its own, on the configured engine, removed afterwards."""

    help = (
        "Mesure les chiffres du tableau de bord face au SQL écrit à la main, dans une base à part "
        "(SQLite ou PostgreSQL, selon DATABASE_URL)."
    )

    def add_arguments(self, parser) -> None:
        """Take the sizes and the number of measures."""
        parser.add_argument("--size", choices=[*SIZES], action="append", help="S, M, ou les deux.")
        parser.add_argument("--repeat", type=int, default=15, help="Mesures de chaque côté.")

    def handle(self, *args, **options) -> None:
        """Measure each size and print one line each."""
        for name in options["size"] or SIZES:
            with _base_apart():
                self._measure(name, options["repeat"])

    def _measure(self, name: str, repeat: int) -> None:
        size = SIZES[name]
        self.stdout.write(f"{connection.vendor} · {name}\u00a0: {size.attendances} présences…")
        world = World(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        programme = world.programmes[-1].pk
        selection = Selection(Scope.everything(reason="mesure"), frozenset({programme}), YEAR)

        def ours() -> dict[str, Result]:
            return compute(selection, ASKS, audience=Audience.INTERNAL, threshold=5)

        def theirs() -> dict:
            return handwritten.figures(programme, YEAR)

        compare(ours(), theirs())
        mine, best = _side_by_side(ours, theirs, repeat)
        self.stdout.write(
            f"  chiffres {mine * 1000:.1f} ms · SQL à la main {best * 1000:.1f} ms · "
            f"rapport {mine / best:.2f} (but\u00a0: 2 au plus)"
        )


@contextmanager
def _base_apart() -> Iterator[None]:
    """Create an empty base on the engine, make it the current one, and drop it."""
    creation, before = connection.creation, connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        test = connection.settings_dict["TEST"]
        asked = test.get("NAME")
        if connection.vendor == "sqlite":
            test["NAME"] = str(Path(folder) / "bench.sqlite3")
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
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
            mine = {_key(part): int(part.value * _scale(code)) for part in parts}
            _same(f"{code} / {name}", mine, expected.get((code, name), {}))
        # The whole of a table is the sum of its lines.
        if not result.parts:
            lines = expected.get((code, ""), {})
            _same(code, int(result.value * _scale(code)), lines.get("", 0))
    is_minimum = found["outcomes_positive"].is_minimum
    _same("outcomes_positive", is_minimum, bool(expected["open editions", ""][""]))


def _scale(code: str) -> int:
    """Return what turns a value into what the base keeps: euros into cents."""
    return 100 if code.startswith("budget") else 1


def _key(part: Part) -> str | None:
    """Return the key of a part as SQL writes it; None for the unknown."""
    if part.is_unknown:
        return None
    (key,) = part.keys
    return f"{key:%Y-%m}" if hasattr(key, "year") else str(key)


def _same(what: str, mine: object, theirs: object) -> None:
    if mine != theirs:
        raise CommandError(f"{what}\u00a0: {mine} d’un côté, {theirs} de l’autre.")
