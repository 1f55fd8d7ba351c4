"""Columns of the lists, for the screen and for the export."""

from datetime import date

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core.fields import display_phone
from autoprod.core.formatting import day, euros, number
from autoprod.core.tables import Column

TERRITORIES = (
    Column("Territoire", lambda row: row.name),
    Column("Nature", lambda row: row.kind.label),
    Column("Responsable des données", lambda row: row.controller),
    Column("Actions", lambda row: row.programme_count, number, "end"),
)

DISTRICTS = (
    Column("Quartier", lambda row: row.name),
    Column("Code QPV", lambda row: row.qpv_code),
    Column("N’est plus utilisé depuis le", lambda row: row.closed_on, day),
)

ORGANISATIONS = (
    Column("Organisation", lambda row: row.name),
    Column("Nature", lambda row: row.kind.label),
    Column("Téléphone", lambda row: row.phone, display_phone),
    Column("Adresse e-mail", lambda row: row.email),
    Column("Commune", lambda row: row.city),
)

PROGRAMMES = (
    Column("Action", lambda row: row.name),
    Column("Genre", lambda row: row.get_kind_display()),
    Column("Territoire", lambda row: row.territory.name),
    Column("Depuis", lambda row: row.started_on, day),
    Column("Éditions", lambda row: row.edition_count, number, "end"),
)

SITES = (
    Column("Site", lambda row: row.name),
    Column("Nature", lambda row: row.kind.label),
    Column("Quartier", lambda row: row.district and row.district.name),
    Column("Surface", lambda row: row.area_m2, lambda value: f"{number(value)} m²", "end"),
    Column("Fermé le", lambda row: row.closed_on, day),
)

EDITIONS = (
    Column("Édition", lambda row: row.label),
    Column("Du", lambda row: row.starts_on, day),
    Column("Au", lambda row: row.ends_on, day),
    Column("Personnes visées", lambda row: row.target_persons, number, "end"),
    Column("Numéro chez le financeur", lambda row: row.operation_number),
)

PARTNERSHIPS = (
    Column("Organisation", lambda row: row.organisation.name),
    Column("Rôle", lambda row: row.get_role_display()),
    Column("Thématique", lambda row: row.theme and row.theme.label),
    Column("Ce qu’elle apporte", lambda row: row.purpose),
    Column("Depuis", lambda row: row.starts_on, day),
    Column("Jusqu’au", lambda row: row.ends_on, day),
)

PARTNERSHIPS_OF_ORGANISATION = (
    Column("Action", lambda row: row.programme.name),
    *PARTNERSHIPS[1:],
)

BUDGETS = (
    Column("Action", lambda row: row.edition.programme.name),
    Column("Édition", lambda row: row.edition.label),
    Column("Charges", lambda row: row.charges, euros, "end"),
    Column("Produits", lambda row: row.products, euros, "end"),
    Column("Validé le", lambda row: row.validated_on, day),
)

#: « J-16 » is said of what is to be done soon: beyond, the day is enough.
SOON = 60


def countdown(due: date) -> tuple[str, str]:
    """Return how far a day is (« J-16 », « en retard ») and the tone of its tag."""
    days = (due - timezone.localdate()).days
    if days < 0:
        return "en retard", "red"
    return (f"J-{days}" if days else "aujourd’hui"), ("ochre" if days <= 30 else "blue")


def show_due(due: date) -> str | SafeString:
    """Return the day, with its countdown when it is near."""
    if (due - timezone.localdate()).days > SOON:
        return day(due)
    words, tone = countdown(due)
    return format_html('{} <span class="tag tag-{}">{}</span>', day(due), tone, words)


GRANTS = (
    Column("Financeur", lambda row: row.funder.name),
    Column("Dispositif", lambda row: row.title),
    Column("Édition", lambda row: row.edition.label),
    Column("État", lambda row: row.state.label),
    Column("Demandé", lambda row: row.requested, euros, "end"),
    Column("Attribué", lambda row: row.awarded, euros, "end"),
    Column("Versé", lambda row: row.awarded and row.paid, euros, "end"),
    Column("Justifié", lambda row: row.awarded and row.drawn, euros, "end"),
    Column("Reste à justifier", lambda row: row.to_use, euros, "end"),
    Column("Compte rendu", lambda row: row.report_awaited_on, show_due),
)

SCHEDULES = (
    Column("Créneau", str),
    Column("Semaine", lambda row: row.week_told),
    Column("Du", lambda row: row.starts_on, day),
    Column("Au", lambda row: row.ends_on, day),
    Column("Encadrant", lambda row: row.leader and str(row.leader)),
)

CLOSED_PERIODS = (
    Column("Fermeture", lambda row: row.label),
    Column("Du", lambda row: row.starts_on, day),
    Column("Au", lambda row: row.ends_on, day),
)
