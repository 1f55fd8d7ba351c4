"""Columns of enrolments: the persons of a programme."""

from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core.fields import display_phone
from autoprod.core.formatting import day
from autoprod.core.tables import Column
from beneficiaries.enums import Level
from beneficiaries.models import Enrolment, Situation

WAITING = "en attente"
#: In a narrow column.
SHORT_LEVELS = {Level.PATHWAY: "Parcours", Level.PARTICIPATION: "Simple"}


def entry_of(enrolment: Enrolment) -> date | str:
    """Return the day of entry, « en attente » before, nothing when the request came to nothing."""
    if enrolment.entered_on is None and enrolment.left_on is None:
        return WAITING
    return enrolment.entered_on or ""


def _shown_entry(entry: date | str) -> str | SafeString:
    if entry == WAITING:
        return format_html('<span class="tag tag-ochre">{}</span>', WAITING)
    return day(entry)


def place_of(situation: Situation | None) -> str:
    """Return the district of a situation in words, empty when it is not known."""
    if situation is None:
        return ""
    if situation.no_fixed_address:
        return "sans domicile fixe"
    return situation.district.name if situation.district else ""


def referents_of(enrolment: Enrolment) -> list[str]:
    """Return the full names of who follows somebody in a programme, the first referent first."""
    named = (enrolment.referent, enrolment.co_referent)
    return [user.get_full_name() for user in named if user]


PERSONS = (
    Column("Personne", lambda row: str(row.person)),
    Column("Téléphone", lambda row: row.person.phone, display_phone),
    Column("Niveau", lambda row: SHORT_LEVELS[row.level]),
    Column("À titre de", lambda row: row.get_part_display()),
    Column("Entrée", entry_of, _shown_entry),
    Column("Sortie", lambda row: row.left_on, day),
    Column("Référent", lambda row: " et ".join(referents_of(row))),
)
#: For who may see situations: the rows come with their `situation`.
DISTRICT = Column("Quartier", lambda row: place_of(row.situation))
