"""The FSE+ questionnaire of a person for an operation, and who is still to ask in it."""

from collections.abc import Callable
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from autoprod.core.formatting import day_range
from autoprod.core.scoping import Action
from autoprod.core.tables import Table, table
from autoprod.core.views import PageMixin, ScopedMixin, UpdatePage
from beneficiaries.columns.fse import RECORDS
from beneficiaries.forms.fse import FseEntryForm, FseExitForm
from beneficiaries.models import FseAnswers, Person
from beneficiaries.services import completeness, fse
from beneficiaries.services.completeness import Record
from beneficiaries.services.fse import Participation
from beneficiaries.views.person_files import OfPerson
from programmes.models import Edition, Programme
from programmes.views.programmes import InProgramme


class FsePage(OfPerson, UpdatePage):
    """A page of the questionnaire: both to read such answers and to edit persons."""

    model = FseAnswers
    action = Action.EDIT_PERSONS
    parent_model = Person
    tab = "person_situation"
    template_name = "beneficiaries/fse/form.html"

    def get_person(self) -> Person:
        """Return who answers."""
        return self.parent

    @cached_property
    def participation(self) -> Participation:
        """The participation asked about; 404 outside the scope, or when there is none."""
        found = fse.of_persons(scope=self.scope, persons=[self.parent.pk])
        for one in found:
            if one.edition.pk == self.kwargs["edition"] and self.may_ask(one.edition.programme):
                return one
        raise Http404

    def may_ask(self, programme: Programme) -> bool:
        """Tell whether this user may read and write answers there."""
        rights = (Action.VIEW_FSE, Action.EDIT_PERSONS)
        return all(self.scope.opens(right, programme) for right in rights)

    def get_programme(self) -> Programme:
        """Return the programme of the operation, for the top bar."""
        return self.participation.edition.programme

    def get_fixed(self) -> dict:
        """Return whose answers they are, and to what."""
        return {"person": self.parent, "edition": self.participation.edition}

    def get_stored(self) -> FseAnswers | None:
        """Return the answers already written."""
        rows = fse.answers_to(scope=self.scope, found=[self.participation])
        return rows.get(self.participation.key)

    def get_object(self, queryset=None) -> FseAnswers:
        """Return the answers, blank ones the first time, written by this user."""
        by = int(self.scope.actor_key) if self.scope.actor_key else None
        return self.get_stored() or FseAnswers(recorded_by_id=by)

    def get_form_kwargs(self) -> dict:
        """Edit what is there now: a colleague may have written it meanwhile."""
        return super().get_form_kwargs() | {"instance": self.get_object()}

    def get_subtitle(self) -> str:
        """Return whose answers, and in which operation."""
        one = self.participation
        name = one.edition.operation_title or f"{one.edition.programme} · {one.edition}"
        return f"{self.parent} · {name}"

    def get_context_data(self, **kwargs) -> dict:
        """Add the participation."""
        return super().get_context_data(participation=self.participation, **kwargs)


class FseUpdate(FsePage):
    """The questionnaire of the entry."""

    form_class = FseEntryForm
    title = "Questionnaire FSE+"

    def get_title(self) -> str:
        """Return what is asked."""
        return self.title


class FseExit(FsePage):
    """The questionnaire of the exit, once somebody has left and answered at entry."""

    form_class = FseExitForm
    title = "Questionnaire FSE+ à la sortie"
    template_name = "beneficiaries/fse/exit.html"

    def get_title(self) -> str:
        """Return what is asked."""
        return self.title

    def get_object(self, queryset=None) -> FseAnswers:
        """Return the answers; 404 as long as the person has not left."""
        if not self.participation.has_left(timezone.localdate()):
            raise Http404
        return super().get_object(queryset)

    def get_form_kwargs(self) -> dict:
        """Give the form the day of exit."""
        return super().get_form_kwargs() | {"left_on": self.participation.left_on}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the questions, or lead to those of the entry when nobody has asked them."""
        return self.after_entry(super().get)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Save the answers, never before those of the entry."""
        return self.after_entry(super().post)

    def after_entry(self, answer: Callable) -> HttpResponse:
        """Answer, once the person was told why and asked at the entry."""
        self.get_object()
        if self.get_stored() is None:
            messages.info(self.request, "Commencez par les questions de l’entrée, puis celles-ci.")
            return redirect("beneficiaries:fse_update", **self.kwargs)
        return answer(self.request, **self.kwargs)


class FseList(InProgramme, ScopedMixin, PageMixin, TemplateView):
    """Who is still to ask in an operation, exits that wait first."""

    action = Action.VIEW_FSE
    parent_model = Edition
    parent_kwarg = "edition"
    template_name = "beneficiaries/fse/list.html"
    title = "À compléter"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.programme

    def get_subtitle(self) -> str:
        """Return the operation and its days."""
        days = day_range(self.parent.starts_on, self.parent.ends_on)
        return f"{self.parent.operation_title or self.parent.programme} · {days}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        edition = self.parent
        url = reverse("programmes:edition_detail", args=[edition.pk])
        return [(f"{edition.programme} · {edition}", url)]

    def get_table(self, records: list[Record]) -> Table:
        """Return the table of those to complete: exits still in time, late ones, the others."""
        rows = [record for record in records if record.completeness.missing]
        rows.sort(key=lambda record: record.rank)
        return table(
            RECORDS,
            rows,
            caption=self.title,
            url=lambda record: self.url_of(record.participation.person),
            empty_state={
                "icon": "circle-check",
                "title": "Tous les questionnaires sont complets",
                "text": "",
            },
        )

    @staticmethod
    def url_of(person: Person) -> str:
        """Lead to the tab where everything is asked."""
        return reverse("beneficiaries:person_situation", args=[person.pk])

    def get_context_data(self, **kwargs) -> dict:
        """Add the rate and the table; 404 for an edition that is no operation."""
        if not fse.is_operation(self.parent):
            raise Http404
        records = completeness.of_edition(self.scope, self.parent)
        return super().get_context_data(
            rate=completeness.rate_of(self.parent, records), table=self.get_table(records), **kwargs
        )
