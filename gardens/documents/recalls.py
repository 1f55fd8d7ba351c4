"""The list of a recall, to print: the lots, who received some, what is left, the words to say."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, day
from autoprod.core.pdf import MAX_ROWS, Document, render
from autoprod.core.scoping import Scope
from autoprod.core.tables import table
from gardens.columns.lots import TRACED
from gardens.columns.movements import MOVEMENTS
from gardens.models import Lot, Movement
from programmes.models import Programme

TEMPLATE = "gardens/pdf/recall.html"
#: Titles, of one lot and of several: recalled, or only looked for.
RECALLED = ("Rappel d’un lot", "Rappel de lots")
FOLLOWED = ("Ce qu’un lot est devenu", "Ce que des lots sont devenus")
#: Numbers named in the title: the table has them all.
_NAMED = 8


def words_of(lots: Sequence[Lot], asked: Collection[int]) -> list[str]:
    """Return what to say to whoever received some, one sentence a line; it accuses nobody."""
    named = [lot for lot in lots if lot.pk in asked] or list(lots)
    products = ", ".join(dict.fromkeys(str(lot.product).lower() for lot in lots))
    first, last = min(lot.on for lot in lots), max(lot.on for lot in lots)
    when = f"le {day(first)}" if first == last else f"entre le {day(first)} et le {day(last)}"
    reasons = list(dict.fromkeys(lot.recall_reason for lot in named if lot.recall_reason))
    what = f"un produit que vous avez pu recevoir\u00a0: {products}, entré chez nous {when}."
    return [
        f"Par prudence, nous rappelons {what}",
        *(f"Motif\u00a0: {reason.rstrip('.')}." for reason in reasons),
        "N’en mangez pas et n’en donnez pas. Rapportez-le, ou jetez-le et dites-nous combien.",
        "Si quelqu’un en a mangé et ne se sent pas bien, appelez un médecin, ou le 15.",
    ]


def numbers_of(lots: Iterable[Lot]) -> str:
    """Return « 2026-0001, 2026-0002 », the first ones and how many others."""
    numbers = [lot.number for lot in lots]
    others = len(numbers) - _NAMED
    rest = f" et {counted(others, 'autre lot', 'autres lots')}" if others > 0 else ""
    return ", ".join(numbers[:_NAMED]) + rest


def recall_pdf(
    scope: Scope, programme: Programme, trace: object, movements: QuerySet[Movement]
) -> tuple[Document, bytes]:
    """Return the list and its PDF; `trace` is what `services.recalls.trace` returns."""
    numbers = numbers_of(lot for lot in trace.lots if lot.pk in trace.asked)
    is_recall = bool(trace.lots) and trace.is_recalled
    title = RECALLED if is_recall else FOLLOWED
    shown = list(movements[: MAX_ROWS + 1])
    document = Document(
        template=TEMPLATE,
        title=title[len(trace.asked) > 1],
        subtitle=f"{programme} · {numbers}",
        filename="rappel" if is_recall else "suivi-de-lots",
        audience="interne",
        orientation="landscape",
        organisation=programme.territory.controller,
    )
    context = {
        "trace": trace,
        "lots": table(TRACED, trace.lots, caption="Lots"),
        "movements": table(MOVEMENTS, shown[:MAX_ROWS], caption="Mouvements"),
        "has_more": len(shown) > MAX_ROWS,
        # Nobody is told to give back what is not recalled.
        "words": words_of(trace.lots, trace.asked) if is_recall else [],
    }
    content = render(document, context=context)
    label = f"{title[True]}\u00a0: {numbers}"
    record(scope, Verb.DOCUMENT, programme, label=label)
    return document, content
