"""Columns of what leaves the lots."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core.formatting import counted, day, kilograms
from autoprod.core.tables import Column
from gardens.enums import Destination
from gardens.models import Movement

#: What is counted at each destination.
NOUNS = {
    Destination.GROWERS: ("jardinier", "jardiniers"),
    Destination.BASKET: ("panier", "paniers"),
    Destination.GROCERY: ("client", "clients"),
    Destination.TABLE: ("portion", "portions"),
}


def people(destination: str, count: int | None) -> str:
    """Return « 30 paniers »; empty when nobody counted."""
    if count is None:
        return ""
    return counted(count, *NOUNS.get(Destination(destination), ("personne", "personnes")))


def whither(row: Movement) -> str:
    """Return where food went: « Table solidaire », « Secours populaire », « Lot 2026-0050 »."""
    kind = row.get_destination_display()
    if row.into_id:
        return f"{kind}\u00a0: lot {row.into.number}"
    return f"{kind}\u00a0: {row.organisation}" if row.organisation_id else kind


def said(row: Movement) -> str:
    """Return what was written of a movement, its cancelling first."""
    if row.reverses_id:
        return f"Annule la sortie du {day(row.reverses.on)}\u00a0: {row.reason}"
    cancelled = "Annulé" if getattr(row, "is_reversed", False) else ""
    return ". ".join(part for part in (cancelled, row.reason, row.note) if part)


def on_one_line(number: str) -> SafeString:
    """Return a lot's number, never cut at its hyphen."""
    return format_html('<span class="nowrap">{}</span>', number)


#: Rows come with their lot, its product and its place, and with `is_reversed`.
MOVEMENTS = (
    Column("Jour", lambda row: row.on, day),
    Column("Produit", lambda row: str(row.lot.product)),
    Column("Lot", lambda row: row.lot.number, on_one_line),
    Column("Poids", lambda row: row.grams, kilograms, align="end"),
    Column("Vers", whither),
    Column("Pour", lambda row: people(row.destination, row.recipients)),
    Column("Séance", lambda row: row.session and f"{row.session}, {row.session.on:%d/%m/%Y}"),
    Column("Précision", said),
)

#: On the page of a lot, whose product and number are in the title.
OF_A_LOT = tuple(column for column in MOVEMENTS if column.label not in {"Produit", "Lot"})
