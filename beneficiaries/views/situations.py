"""The tab of situations of a person's page, and the forms it leads to."""

from collections.abc import Iterator
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from beneficiaries.forms.situations import RestOfSituationForm, SituationForm
from beneficiaries.models import Enrolment, FseAnswers, Person, Situation
from beneficiaries.services import completeness, education
from beneficiaries.services.fse import Participation, reminder
from beneficiaries.services.situations import (
    LEVEL,
    NOT_ASKED,
    Answer,
    answers_of,
    imported_level,
    proposed_from,
    seen_of,
    still_to_ask,
    with_answers,
)
from beneficiaries.views.person_files import OfPerson, PersonFile
from programmes.models import Programme


class PersonSituation(PersonFile):
    """Who somebody is, what was true of them day by day, and what is still to ask."""

    tab = "person_situation"
    template_name = "beneficiaries/situations/detail.html"

    @cached_property
    def situations(self) -> list[Situation]:
        """The situations open to this user, the newest first, with all they say."""
        return with_answers(seen_of(self.scope, self.object))

    def get_situation(self) -> Situation | None:
        """Return the newest situation, None when unknown or closed to this user."""
        return next(iter(self.situations), None)

    @cached_property
    def levels(self) -> education.Levels:
        """The levels of the shipped list, read once; none is needed without class nor diploma."""
        is_read = any(row.last_class_id or row.diploma_id for row in self.situations)
        return education.levels() if is_read else {}

    def get_questions(self) -> dict:
        """Return what is missing and by when, and the operations of the person, newest first."""
        person = self.object.pk
        known = completeness.read(
            self.scope,
            [person],
            situations=self.situations[:1],
            identities=[self.identity] if self.identity else [],
        )
        deadline = completeness.entry_deadline(self.main)
        return {
            "to_ask": known.of(person),
            "deadline": deadline if deadline and deadline >= timezone.localdate() else None,
            "operations": [
                operation_of(one, known.answers_of(one))
                for one in reversed(known.operations_of(person))
            ],
        }

    def get_exit(self) -> Enrolment | None:
        """Return the last stay, once over, when no situation was noted since it ended."""
        left_on = self.main.left_on
        if left_on is None or left_on > timezone.localdate() or self.main.entered_on is None:
            return None
        noted = any(row.observed_on >= left_on for row in self.situations)
        return None if noted else self.main

    def get_context_data(self, **kwargs) -> dict:
        """Add the cards, each under its right."""
        context = super().get_context_data(**kwargs)
        sees_situations = self.opens(Action.VIEW_SITUATIONS)
        return context | {
            "sees_situations": sees_situations,
            "side_panels": self.get_panels("person_situation_side"),
            "situations": [
                {
                    "row": row,
                    "sections": sections_of(row, self.levels),
                    "is_complete": not still_to_ask(row),
                }
                for row in self.situations
            ],
            "exit": self.get_exit() if sees_situations else None,
            **self.get_questions(),
        }


def operation_of(one: Participation, answers: FseAnswers | None) -> dict:
    """Return what the page says of a participation and of its questionnaire."""
    today = timezone.localdate()
    return {
        "row": one,
        "answers": answers,
        "has_left": one.has_left(today),
        "waiting_days": reminder(one, answers, on=today),
    }


def sections_of(situation: Situation, levels: education.Levels) -> list[tuple[str, list[tuple]]]:
    """Return the sections of a situation with what each answer says, for the page."""
    return [
        (title, [fact for answer in answers for fact in _facts(situation, answer, levels)])
        for title, answers in answers_of(situation)
    ]


def _facts(situation: Situation, answer: Answer, levels: education.Levels) -> Iterator[tuple]:
    """Return what an answer says; the level is told on every scale that knows it."""
    yield answer.label, shown(answer)
    if answer.label == LEVEL and (scales := education.other_scales(situation, levels)):
        yield "Sur les autres échelles", scales


def shown(answer: Answer) -> str | SafeString:
    """Return an answer for the page: not asked and declined never look like « aucun »."""
    if not answer.is_asked:
        return format_html('<span class="muted">{}</span>', NOT_ASKED)
    if answer.is_declined:
        return format_html('<span class="tag tag-neutral">{}</span>', answer.text)
    return answer.text


class SituationPage(OfPerson):
    """A page about one situation: both to see it and to edit persons."""

    model = Situation
    form_class = SituationForm
    template_name = "beneficiaries/situations/form.html"
    action = Action.EDIT_PERSONS
    tab = "person_situation"
    select_related = ("person", "district")

    def get_queryset(self) -> QuerySet:
        """Return the situations this user may see and write."""
        return super().get_queryset().for_scope(self.scope, Action.VIEW_SITUATIONS)

    def get_person(self) -> Person:
        """Return whose situation it is."""
        return self.parent or self.object.person

    def get_fixed(self) -> dict:
        """Return the person."""
        return {"person": self.get_person()}


class SituationCreate(SituationPage, CreatePage):
    """Note a situation, starting from the last one."""

    parent_model = Person
    title = "Noter une situation"

    @cached_property
    def last(self) -> Situation | None:
        """The last situation, with all it says; 404 for who may not see it."""
        seen = Person.objects.for_scope(self.scope, Action.VIEW_SITUATIONS)
        person = get_or_404(seen, pk=self.get_person().pk)
        return next(iter(with_answers(seen_of(self.scope, person)[:1])), None)

    def get_fixed(self) -> dict:
        """Return the person, and a level that an import noted without its diploma."""
        return super().get_fixed() | {"education_level": imported_level(self.last)}

    def get_initial(self) -> dict:
        """Return the last situation, as of today."""
        return proposed_from(self.last) | {"observed_on": timezone.localdate()}

    def get_subtitle(self) -> str:
        """Say what is proposed."""
        return "Ce qui était déjà connu est repris\u00a0: changez ce qui a changé."


class SituationExit(SituationCreate):
    """Note what is true of somebody as they leave: only what changed is typed again."""

    parent_model = Enrolment
    parent_kwarg = "enrolment"
    title = "Situation à la sortie"

    def get_person(self) -> Person:
        """Return who leaves."""
        return self.parent.person

    def get_programme(self) -> Programme:
        """Return the programme left, for the top bar."""
        return self.parent.programme

    def get_initial(self) -> dict:
        """Return the last situation, as of the exit; 404 before it."""
        if self.parent.left_on is None or self.parent.left_on > timezone.localdate():
            raise Http404
        return super().get_initial() | {"observed_on": self.parent.left_on}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the form, or the situation already noted that day."""
        if self.last and self.last.observed_on == self.parent.left_on:
            return redirect("beneficiaries:situation_update", self.last.pk)
        return super().get(request, *args, **kwargs)


class SituationUpdate(SituationPage, UpdatePage):
    """Correct a situation."""

    def get_title(self) -> str:
        """Return « Situation au … »."""
        return f"Situation au {day(self.object.observed_on)}"

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("beneficiaries:situation_delete", args=[self.object.pk])


class SituationComplete(SituationUpdate):
    """Ask what was not asked on the first day; what is known stays as it is."""

    form_class = RestOfSituationForm

    def get_title(self) -> str:
        """Return what is done."""
        return "Compléter la situation"

    def get_subtitle(self) -> str:
        """Say whose, of which day, and that nothing is compulsory."""
        since = day(self.object.observed_on)
        return f"{self.object.person} · situation au {since} · rien n’est obligatoire"

    def get_delete_url(self) -> str:
        """Return nothing: one came to add."""
        return ""


class SituationDelete(SituationPage, DeletePage):
    """Delete a situation noted by mistake."""

    template_name = DeletePage.template_name

    def get_title(self) -> str:
        """Return the question."""
        return f"Supprimer la situation au {day(self.object.observed_on)}\u00a0?"
