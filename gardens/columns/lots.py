"""Columns of lots, and what their dates and their recall say of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from autoprod.core.formatting import day, kilograms
from autoprod.core.tables import Column
from gardens.enums import DateKind
from gardens.models import Lot

#: From when a date is near enough to be said.
SOON = timedelta(days=3)


@dataclass(frozen=True)
class Warning:
    """What must be known of a lot before touching it: words and an icon, never a colour alone."""

    text: str
    tone: str
    icon: str


def warning_of(lot: Lot, today: date) -> Warning | None:
    """Return what a lot warns of on a day, the gravest thing; None when it is fine."""
    if lot.recalled_on:
        return Warning(f"Rappelé le {day(lot.recalled_on)}", "red", "shield-alert")
    if not lot.expires_on or lot.expires_on > today + SOON:
        return None
    name = "DLC" if lot.date_kind == DateKind.USE_BY else "DDM"
    if lot.expires_on >= today:
        return Warning(f"{name} {_when(lot.expires_on, today)}", "ochre", "clock")
    if lot.date_kind == DateKind.USE_BY:
        return Warning(f"DLC passée le {day(lot.expires_on)}", "red", "triangle-alert")
    return Warning(
        f"DDM passée le {day(lot.expires_on)}\u00a0: à goûter", "ochre", "triangle-alert"
    )


def _when(expires_on: date, today: date) -> str:
    days = (expires_on - today).days
    if days < 2:
        return ("aujourd’hui", "demain")[days]
    return f"dans {days}\u00a0jours"


def expiry_of(lot: Lot) -> str:
    """Return « DLC 3 mars 2026 », empty without a date."""
    if not lot.expires_on:
        return ""
    return f"{'DLC' if lot.date_kind == DateKind.USE_BY else 'DDM'} {day(lot.expires_on)}"


def what(lot: Lot) -> str:
    """Return « Courgette (Ronde de Nice) »."""
    return f"{lot.product} ({lot.variety})" if lot.variety else str(lot.product)


#: Lots of a recall, each with its balance.
TRACED = (
    Column("Lot", lambda row: row.number),
    Column("Produit", lambda row: str(row.product)),
    Column("Origine", lambda row: row.get_origin_display()),
    Column("Fournisseur", lambda row: row.supplier and row.supplier.name),
    Column("Lot du fournisseur", lambda row: row.supplier_lot),
    Column("Entré le", lambda row: row.on, day),
    Column("Pesait", lambda row: row.grams, kilograms, align="end"),
    Column("Reste", lambda row: row.balance.left, kilograms, align="end"),
    Column("Lieu", lambda row: row.site.name),
)
