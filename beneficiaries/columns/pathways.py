"""Columns of the steps: the state is a tag, whose words tell it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core.formatting import day
from autoprod.core.tables import Column
from beneficiaries.enums import StepState

#: What has begun and is not over draws the eye.
TONES = {
    StepState.PLANNED: "blue",
    StepState.STARTED: "ochre",
    StepState.DONE: "green",
    StepState.ABANDONED: "neutral",
}


def state_tag(state: StepState) -> SafeString:
    """Return the state as a tag."""
    return format_html('<span class="tag tag-{}">{}</span>', TONES[state], state.label)


STEPS = (
    Column("Personne", lambda row: str(row.enrolment.person)),
    Column("Volet", lambda row: row.strand.label),
    Column("Démarche", lambda row: row.name),
    Column("Partenaire", lambda row: row.partner and row.partner.name),
    Column("État", lambda row: row.state, state_tag),
    Column("Prévue le", lambda row: row.planned_on, day),
    Column("Engagée le", lambda row: row.started_on, day),
    Column("Terminée le", lambda row: row.done_on or row.abandoned_on, day),
)
