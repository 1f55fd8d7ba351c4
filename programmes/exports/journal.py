"""The journal as a table: the same columns on the screen and in the file of a month."""

from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from autoprod.audit.models import AuditEvent
from autoprod.core.formatting import moment
from autoprod.core.spreadsheets import Sheet
from autoprod.core.tables import Column

#: Fields of forms that are not fields of their model.
_ASKED = {
    "place": "lieu du droit",
    "email": "adresse e-mail",
    "first_name": "prénom",
    "last_name": "nom",
}


@cache
def field_label(kind: str, name: str) -> str:
    """Return the French label of a field of a model (`programmes.site`), the name if unknown."""
    try:
        field = apps.get_model(kind)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return _ASKED.get(name, name)
    return str(getattr(field, "verbose_name", name))


def changed_labels(event: AuditEvent) -> str:
    """Return « nom, adresse »: the fields that changed, never what they hold."""
    return ", ".join(field_label(event.object_kind, name) for name in event.changed)


#: Keys and labels only: the journal never holds a person's name.
JOURNAL = (
    Column("Quand", lambda event: event.at, moment),
    Column("Qui", lambda event: event.actor_label),
    Column("Fait", lambda event: event.get_verb_display()),
    Column("Sur quoi", lambda event: event.object_label),
    Column("Champs modifiés", changed_labels),
    Column("Motif", lambda event: event.reason),
)


def journal_sheet(events: Iterable[AuditEvent], *, title: str) -> Sheet:
    """Return the events as a sheet to write, the columns of the screen and the instants as such."""
    return Sheet(
        title=title,
        columns=[column.label for column in JOURNAL],
        rows=[[column.value(event) for column in JOURNAL] for event in events],
    )
