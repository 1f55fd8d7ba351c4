"""What the cards of a garden draw: its harvests, where they go, who shares them."""

from collections.abc import Sequence
from dataclasses import replace

from autoprod.core.charts import ChartRow, ChartTable
from autoprod.core.periods import Kind
from evaluation.columns import harvests as words
from evaluation.columns.reports import Found
from evaluation.services.cards import Card, Link, breakdown, monthly
from evaluation.services.figures import Reader

_EMPTY = "Rien n’est pesé ni sorti sur la période. Une pesée au jardin suffit pour commencer."


def harvests(reader: Reader, found: Found, link: Link) -> list[Card | None]:
    """Return the cards of a programme that has a garden; none for the others."""
    if "food_out" not in found:
        return []
    grown, food = (words.lines(found, codes) for codes in (words.GROWN, words.FOOD))
    if not (grown or food):
        return [Card(words.SHARED, "food_harvested", notes=(_EMPTY,))]
    return [
        _shared(reader, found, link),
        _harvested(reader, found, link),
        _told(words.PRODUCTS, "food_given", words.HEAD, food, words.of_values(found)),
        _told(words.GARDEN, "varieties_grown", words.HEAD, grown, words.of_varieties(found)),
        _growers(found),
    ]


def _shared(reader: Reader, found: Found, link: Link) -> Card | None:
    out = found["food_out"]
    card = breakdown(reader, out, "destination", link, by_size=True)
    return card and replace(card, title=words.SHARED)


def _harvested(reader: Reader, found: Found, link: Link) -> Card | None:
    result = found["food_harvested"]
    if not result.value:
        return None
    if reader.period.kind != Kind.MONTH:
        return replace(monthly(reader, result, link), title="Récoltes par mois")
    largest = {"product": words.largest(result.parts["product"])}
    card = breakdown(reader, replace(result, parts=largest), "product", link, by_size=True)
    return card and replace(card, title="Récoltes par produit")


def _growers(found: Found) -> Card | None:
    header = (words.GROWERS, "Ensemble", "Par foyer")
    rows = words.growers(found)
    return _told(words.GROWERS, "growers_share", header, rows, words.of_growers(found))


def _told(
    title: str,
    code: str,
    header: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    notes: Sequence[str],
) -> Card | None:
    """Return a table in words, None without a row."""
    table = ChartTable(title, header, tuple(ChartRow(cells) for cells in rows))
    card = Card(title, code, table=table, is_folded=False, notes=tuple(notes))
    return card if rows else None
