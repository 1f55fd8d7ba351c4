"""The tab of situations of a person's page, and the forms it leads to."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from beneficiaries.columns.enrolments import place_of
from beneficiaries.forms.situations import SituationForm
from beneficiaries.models import Person, Situation
from beneficiaries.services.situations import (
    CODES,
    last_of,
    proposed_from,
    with_incomes,
    without_detail,
)
from beneficiaries.views.person_files import OfPerson, PersonFile


class PersonSituation(PersonFile):
    """Who somebody is and what was true of them, day by day."""

    tab = "person_situation"
    template_name = "beneficiaries/situations/detail.html"

    def get_situations(self) -> list[dict]:
        """Return the situations, the newest first, with what each says."""
        rows = Situation.objects.for_scope(self.scope, Action.VIEW_SITUATIONS).of(self.object)
        rows = rows.select_related("district", *CODES).order_by("-observed_on", "pk")
        return [{"row": row, "facts": facts_of(row)} for row in with_incomes(rows)]

    def get_context_data(self, **kwargs) -> dict:
        """Add both cards, each under its right."""
        context = super().get_context_data(**kwargs)
        sees_situations = self.opens(Action.VIEW_SITUATIONS)
        return context | {
            "sees_situations": sees_situations,
            "side_panels": self.get_panels("person_situation_side"),
            "situations": self.get_situations() if sees_situations else [],
        }


def facts_of(situation: Situation) -> list[tuple]:
    """Return what a situation says; what nobody asked is shown as empty."""
    labels = [(name, getattr(situation, name)) for name in CODES]
    named = {name: without_detail(code.label) if code else "" for name, code in labels}
    return [
        ("Quartier", place_of(situation)),
        ("Logement", named["housing_status"]),
        ("Foyer", named["household_type"]),
        ("Niveau de formation", named["education_level"]),
        ("Emploi", named["employment_status"]),
        ("Minima sociaux", ", ".join(code.label for code in situation.incomes)),
    ]


class SituationPage(OfPerson):
    """A page about one situation: both to see it and to edit persons."""

    model = Situation
    form_class = SituationForm
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

    def get_initial(self) -> dict:
        """Return the last situation, as of today; 404 for who may not see it."""
        seen = Person.objects.for_scope(self.scope, Action.VIEW_SITUATIONS)
        person = get_or_404(seen, pk=self.parent.pk)
        return proposed_from(last_of(self.scope, person)) | {"observed_on": timezone.localdate()}

    def get_subtitle(self) -> str:
        """Say what is proposed."""
        return "Ce qui était déjà connu est repris\u00a0: changez ce qui a changé."


class SituationUpdate(SituationPage, UpdatePage):
    """Correct a situation."""

    def get_title(self) -> str:
        """Return « Situation au … »."""
        return f"Situation au {day(self.object.observed_on)}"

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("beneficiaries:situation_delete", args=[self.object.pk])


class SituationDelete(SituationPage, DeletePage):
    """Delete a situation noted by mistake."""

    def get_title(self) -> str:
        """Return the question."""
        return f"Supprimer la situation au {day(self.object.observed_on)}\u00a0?"
