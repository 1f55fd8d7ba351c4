"""Page of a month's closing: what is missing, in order, each line a link."""

from django.urls import reverse
from django.views.generic import TemplateView

from autoprod.core.formatting import counted, day_and_month
from autoprod.core.periods import Kind
from autoprod.core.scoping import Action
from autoprod.core.views import PageMixin, ScopedMixin
from beneficiaries.models import Enrolment, Statement, StatementObjection
from beneficiaries.services import months
from beneficiaries.services.months import MonthEnd
from programmes.models import Session
from programmes.views.periods import InPeriod

#: What each step is called while something is left, and once nothing is.
WORDS = {
    "sessions": ("Séances à clôturer", "Toutes les séances passées sont clôturées"),
    "to_prepare": ("États à préparer", "Tous les états sont préparés"),
    "to_sign": ("États à faire signer", "Aucun état n’attend de signature"),
    "contested": ("Lignes contestées à régler", "Aucune ligne n’est contestée"),
    "to_lock": ("États signés à verrouiller", "Tous les états signés sont verrouillés"),
    "unmet": ("Entretiens du mois à tenir", "Chaque personne accompagnée a eu son entretien"),
}
#: What stands on a line, and where it leads.
Named = tuple[str, str]
#: How many are named before « et 12 autres ».
MOST_NAMED = 12


class MonthClosing(InPeriod, ScopedMixin, PageMixin, TemplateView):
    """One month of a programme: sessions, statements, interviews, words of the bilan."""

    action = Action.VIEW_PERSONS
    period_kinds = (Kind.MONTH,)
    template_name = "beneficiaries/months/closing.html"

    def get_title(self) -> str:
        """Return « Clôture de mars 2016 », « d’avril » before a vowel."""
        label = self.period.label
        return f"Clôture d’{label}" if label[0] in "ao" else f"Clôture de {label}"

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    def get_context_data(self, **_) -> dict:
        """Add the steps, in the order they are done; what the URL names is known already."""
        end = months.ends_of(self.scope, [self.parent], self.period)[0]
        keys = [self.parent.pk, self.period]
        return super().get_context_data(
            end=end,
            steps=steps_of(end),
            hours_url=reverse("beneficiaries:hours_detail", args=keys),
        )


def steps_of(end: MonthEnd) -> list[dict]:
    """Return the steps of this floor; those with nothing left are told as done."""
    keys = [end.programme.pk, end.period]
    sessions = reverse("beneficiaries:attendance_list", args=keys)
    statements = reverse("beneficiaries:statement_month", args=keys)
    agenda = reverse("beneficiaries:agenda_period", args=[end.period])
    # Nothing is there to open yet of what is to prepare: the page of the month does it.
    to_prepare = [(str(row.person), statements) for row in end.to_prepare]
    steps = [
        _step("sessions", sessions, [_of_session(row) for row in end.sessions]),
        _step("to_prepare", statements, to_prepare),
        _step("to_sign", statements, [_of_statement(row) for row in end.to_sign]),
        _step("contested", statements, [_of_objection(row) for row in end.contested]),
        _step("to_lock", statements, [_of_statement(row) for row in end.to_lock]),
    ]
    if end.sees_pathways:
        steps.append(_step("unmet", agenda, [_of_person(row) for row in end.unmet]))
    return steps


def _step(name: str, url: str, rows: list[Named]) -> dict:
    title, done = WORDS[name]
    more = len(rows) - MOST_NAMED
    return {
        "title": title if rows else done,
        "url": url,
        "number": len(rows),
        "rows": rows[:MOST_NAMED],
        "more": counted(more, "autre", "autres") if more > 0 else "",
    }


def _of_session(row: Session) -> Named:
    url = reverse("beneficiaries:attendance_tick", args=[row.pk])
    return f"{row}, {day_and_month(row.on)}, {row.hours}", url


def _of_statement(row: Statement) -> Named:
    url = reverse("beneficiaries:statement_detail", args=[row.pk])
    return str(row.enrolment.person), url


def _of_objection(row: StatementObjection) -> Named:
    name, url = _of_statement(row.statement)
    return f"{name}, {day_and_month(row.on)}", url


def _of_person(row: Enrolment) -> Named:
    url = reverse("beneficiaries:interview_create", args=[row.person_id])
    return str(row.person), url
