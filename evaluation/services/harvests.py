"""What the cards of a garden draw: its harvests, where they go, who shares them."""

from collections.abc import Iterable, Sequence
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
    counted = words.lines(found, words.COUNTED)
    if not counted:
        return [Card(words.SHARED, "food_harvested", notes=(_EMPTY,))]
    return [
        _shared(reader, found, link),
        _harvested(reader, found, link),
        _told("Le jardin en chiffres", words.HEAD, counted, words.remarks(found)),
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
    rows = words.growers(found)
    if not rows:
        return None
    header = (words.GROWERS, "Ensemble", "Par foyer")
    card = _told(words.GROWERS, header, rows, words.of_growers(found))
    return replace(card, code="growers_share")


def _told(
    title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], notes: Sequence[str]
) -> Card:
    table = ChartTable(title, header, tuple(ChartRow(cells) for cells in rows))
    return Card(title, "varieties_grown", table=table, is_folded=False, notes=tuple(notes))
