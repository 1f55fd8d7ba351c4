"""Columns of an operation's questionnaires still to complete."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core.formatting import counted, day
from autoprod.core.tables import Column
from beneficiaries.models.fse import EXIT_DAYS, EXIT_REMINDERS


def _exit_state(days: int) -> SafeString:
    """Return since when an exit waits for its answers, or that their time is over."""
    if days > EXIT_DAYS:
        return format_html('<span class="tag tag-red">{}</span>', "délai passé")
    since = counted(days, "jour", "jours")
    if days >= EXIT_REMINDERS[1]:
        return format_html('<span class="tag tag-red">{}, à faire vite</span>', since)
    return format_html('<span class="tag tag-ochre">{}</span>', since)


RECORDS = (
    Column("Personne", lambda row: str(row.participation.person)),
    Column("Entrée", lambda row: row.participation.entered_on, day),
    Column("Sortie", lambda row: row.participation.left_on, day),
    Column("Sortie à compléter depuis", lambda row: row.waiting_days, _exit_state),
    Column("Il reste à demander", lambda row: row.completeness.in_short()),
)
