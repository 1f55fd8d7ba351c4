"""The gift note to sign by both, and the yearly statement of an organisation."""

from collections.abc import Sequence
from decimal import Decimal

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day
from autoprod.core.pdf import Document, render
from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from gardens.columns.lots import expiry_of, what
from gardens.models import GiftNote, Movement
from programmes.models import Organisation, Programme


def lines_of(movements: Sequence[Movement]) -> list[dict]:
    """Return the lines of a note; what was taken back since weighs nothing, and says it."""
    return [
        {
            "product": what(row.lot),
            "lot": row.lot.number,
            "expiry": expiry_of(row.lot),
            "grams": Decimal(0) if row.is_reversed else row.grams,
            "is_reversed": row.is_reversed,
            "note": row.note,
        }
        for row in movements
    ]


def gift_note(
    scope: Scope, note: GiftNote, movements: Sequence[Movement]
) -> tuple[Document, bytes]:
    """Return a note and its PDF; `movements` come with their lot and `is_reversed`."""
    programme, lines = note.programme, lines_of(movements)
    document = Document(
        template="gardens/pdf/gift_note.html",
        title=f"Bon de don n°\u00a0{note.number}",
        subtitle=f"{programme} · {day(note.on)}",
        filename=f"bon-{note.number}",
        organisation=programme.territory.controller,
    )
    context = {
        "note": note,
        "programme": programme,
        "lines": lines,
        "total": sum((line["grams"] for line in lines), Decimal(0)),
        "address": _address(note.organisation),
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, note)
    return document, content


def gift_statement(
    scope: Scope,
    programme: Programme,
    organisation: Organisation,
    period: Period,
    rows: Sequence[dict],
) -> tuple[Document, bytes]:
    """Return what an organisation was given over a period, by product, and its PDF."""
    document = Document(
        template="gardens/pdf/gift_statement.html",
        title="Relevé des dons",
        subtitle=f"{programme} · {period}",
        filename=f"dons-{organisation.pk}-{period.slug}",
        organisation=programme.territory.controller,
    )
    context = {
        "programme": programme,
        "organisation": organisation,
        "period": period,
        "rows": rows,
        "total": sum((row["grams"] for row in rows), Decimal(0)),
        "address": _address(organisation),
    }
    content = render(document, context=context)
    label = f"Relevé des dons, organisation n° {organisation.pk}, {period}"
    record(scope, Verb.DOCUMENT, programme, label=label)
    return document, content


def _address(organisation: Organisation) -> list[str]:
    city = " ".join(part for part in (organisation.postcode, organisation.city) if part)
    return [line for line in (organisation.name, organisation.address, city) if line]
