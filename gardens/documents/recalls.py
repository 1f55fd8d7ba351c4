"""The list of a recall, to print: the lots, who received some, what is left, the words to say."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day
from autoprod.core.pdf import MAX_ROWS, Document, render
from autoprod.core.scoping import Scope
from autoprod.core.tables import table
from gardens.columns.lots import TRACED
from gardens.columns.movements import MOVEMENTS
from gardens.models import Lot, Movement
from programmes.models import Programme

TEMPLATE = "gardens/pdf/recall.html"


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


def recall_pdf(
    scope: Scope, programme: Programme, trace: object, movements: QuerySet[Movement]
) -> tuple[Document, bytes]:
    """Return the list and its PDF; `trace` is what `services.recalls.trace` returns."""
    numbers = ", ".join(lot.number for lot in trace.lots if lot.pk in trace.asked)
    shown = list(movements[: MAX_ROWS + 1])
    document = Document(
        template=TEMPLATE,
        title="Rappel de lots" if len(trace.asked) > 1 else "Rappel d’un lot",
        subtitle=f"{programme} · {numbers}"[:200],
        filename="rappel",
        audience="interne",
        orientation="landscape",
        organisation=programme.territory.controller,
    )
    context = {
        "trace": trace,
        "lots": table(TRACED, trace.lots, caption="Lots"),
        "movements": table(MOVEMENTS, shown[:MAX_ROWS], caption="Mouvements"),
        "has_more": len(shown) > MAX_ROWS,
        "words": words_of(trace.lots, trace.asked) if trace.lots else [],
    }
    content = render(document, context=context)
    label = f"Liste de rappel\u00a0: {numbers}"[:200]
    record(scope, Verb.DOCUMENT, programme, label=label)
    return document, content
