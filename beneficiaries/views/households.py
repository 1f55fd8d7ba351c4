"""The forms of a household, reached from the file of somebody who lives there."""

from functools import cached_property

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from beneficiaries.forms.households import LeaveForm, MemberForm, NewMemberForm
from beneficiaries.models import HouseholdMember, Person
from beneficiaries.services import households
from beneficiaries.views.person_files import OfPerson


class MemberPage(OfPerson):
    """A page about a member of somebody's household: both to see situations and to edit persons."""

    model = HouseholdMember
    action = Action.EDIT_PERSONS
    parent_model = Person
    tab = "person_situation"

    @cached_property
    def resident(self) -> Person:
        """From whose file one comes; 404 for who may not see situations."""
        seen = Person.objects.for_scope(self.scope, Action.VIEW_SITUATIONS)
        return get_or_404(seen, pk=self.parent.pk)

    def get_person(self) -> Person:
        """Return from whose file one comes."""
        return self.resident

    def get_queryset(self) -> QuerySet:
        """Return the members of the person's homes, but for files out of the scope."""
        rows = HouseholdMember.objects.for_scope(self.scope, Action.VIEW_SITUATIONS)
        homes = rows.of(self.resident).values("household")
        opened = Person.objects.for_scope(self.scope, self.action)
        reached = Q(person=None) | Q(person__in=opened.values("pk"))
        return rows.filter(reached, household__in=homes).select_related("person", "household")

    def get_subtitle(self) -> str:
        """Return whose home it is."""
        return f"Foyer de {self.parent}"


class MemberCreate(MemberPage, CreatePage):
    """Add somebody to a home: « Chercher » proposes files, « Ajouter » writes."""

    form_class = NewMemberForm
    template_name = "beneficiaries/households/create.html"
    title = "Ajouter quelqu’un au foyer"
    submit_label = "Ajouter"
    success_message = "Le foyer est à jour."

    def get_form_kwargs(self) -> dict:
        """Give the resident; a search keeps what was typed without judging it."""
        kwargs = super().get_form_kwargs() | {"resident": self.resident}
        if "search" in self.request.POST:
            typed = kwargs.pop("data")
            del kwargs["files"]
            kwargs["initial"] = {name: typed[name] for name in typed if typed[name]}
        return kwargs

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the files found, or write the member."""
        if "search" in request.POST:
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)


class MemberUpdate(MemberPage, UpdatePage):
    """Correct what somebody is in a household."""

    form_class = MemberForm

    def get_title(self) -> str:
        """Return who it is about."""
        return str(self.object.person or self.object.first_name)

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        keys = [self.parent.pk, self.object.pk]
        return reverse("beneficiaries:household_member_delete", args=keys)


class MemberLeave(MemberUpdate):
    """Note that somebody leaves a household."""

    form_class = LeaveForm
    submit_label = "Noter le départ"
    success_message = "Le départ est noté."

    def get_title(self) -> str:
        """Return who leaves."""
        return f"Départ de {super().get_title()}"

    def get_delete_url(self) -> str:
        """Return nothing: a departure is noted, not deleted."""
        return ""


class MemberDelete(MemberPage, DeletePage):
    """Take away somebody noted by mistake."""

    template_name = "beneficiaries/households/delete.html"

    def get_title(self) -> str:
        """Return the question."""
        return f"Retirer {self.object.person or self.object.first_name} du foyer\u00a0?"

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Take the member away, then go back to the file."""
        households.remove(scope=self.scope, member=self.get_object())
        return redirect(self.get_success_url())
