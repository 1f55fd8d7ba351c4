"""A day of a statement that its person does not agree with, and what was answered."""

from django.urls import reverse
from django.utils import timezone

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, UpdatePage
from beneficiaries.forms.statements import AnswerForm, ObjectionForm
from beneficiaries.models import Attendance, Statement, StatementObjection
from beneficiaries.services.statements import month_of
from beneficiaries.views.statements import crumbs_of
from programmes.models import Programme
from programmes.views.programmes import InProgramme

A = Action.TICK_ATTENDANCE


class OfStatement(InProgramme):
    """A page about what is contested of a statement."""

    action = A

    def get_statement(self) -> Statement:
        """Return the statement."""
        return self.object.statement

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.get_statement().enrolment.programme

    def get_subtitle(self) -> str:
        """Return whose statement, and of which month."""
        row = self.get_statement()
        return f"{row.enrolment.person} · {month_of(row).label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back."""
        return crumbs_of(self.get_statement())

    def get_success_url(self) -> str:
        """Go back to the statement."""
        return reverse("beneficiaries:statement_detail", args=[self.get_statement().pk])


class ObjectionCreate(OfStatement, CreatePage):
    """Note what somebody says of a line, or of a day that is missing."""

    model = StatementObjection
    form_class = ObjectionForm
    parent_model = Statement
    parent_kwarg = "statement"
    title = "Noter une contestation"
    success_message = "Noté\u00a0: à régler avec la personne avant sa signature."

    def get_statement(self) -> Statement:
        """Return the statement the URL names."""
        return self.parent

    def get_line(self) -> Attendance | None:
        """Return the presence contested, when the address names one of the statement's."""
        key = self.request.GET.get("ligne", "")
        known = {str(line["attendance"]) for line in self.parent.lines}
        rows = Attendance.objects.for_scope(self.scope, A).filter(enrolment=self.parent.enrolment)
        return rows.filter(pk=key).first() if key in known else None

    def get_fixed(self) -> dict:
        """Return the statement and the line."""
        return {"statement": self.parent, "attendance": self.get_line()}

    def get_initial(self) -> dict:
        """Propose the day of the line, and today."""
        line = self.get_line()
        return {"on": line.on if line else None, "made_on": timezone.localdate()}


class ObjectionAnswer(OfStatement, UpdatePage):
    """Write what was answered, once it is settled with the person."""

    model = StatementObjection
    form_class = AnswerForm
    select_related = ("statement__enrolment__person", "statement__enrolment__programme__territory")
    success_message = "Réponse notée."

    def get_title(self) -> str:
        """Return what is answered."""
        return "Répondre à la contestation"
