"""Pages of persons: the list of a programme, a newcomer, names and telephones, a deletion."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from autoprod.core.formatting import counted
from autoprod.core.htmx import wants_part
from autoprod.core.scoping import Action
from autoprod.core.tables import Table
from autoprod.core.views import DeletePage, ListPage, PageMixin, ScopedMixin, UpdatePage
from beneficiaries.columns.enrolments import DISTRICT, PERSONS
from beneficiaries.enums import Whereabouts
from beneficiaries.forms.enrolments import EnrolmentFilter
from beneficiaries.forms.persons import NewcomerForm, PersonForm, WordsForm
from beneficiaries.models import Enrolment, Person, Situation
from beneficiaries.services import persons
from beneficiaries.services.enrolments import counted_over, enrol, seen_over
from beneficiaries.services.identities import missing_contact
from beneficiaries.views.person_files import OfPerson, list_url, programme_of
from programmes.models import Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme


class PersonList(InPeriod, ListPage):
    """The persons of a programme: whose stay shares a day with the period, and who waits.

    Words of a name are sent in the body, and the other filters with them; without words, these
    stand in the address.
    """

    model = Enrolment
    action = Action.VIEW_PERSONS
    template_name = "beneficiaries/persons/list.html"
    partial_template_name = "beneficiaries/persons/_rows.html"
    title = "Personnes"
    select_related = ("person", "referent", "co_referent")
    empty_icon = "users"
    empty_title = "Personne sur cette période"
    empty_text = "Inscrivez la première personne, ou choisissez une autre période en haut."
    create_label = "Inscrire une personne"

    @property
    def filter_form(self) -> partial:
        """Return the filters, with the referents of this programme."""
        return partial(EnrolmentFilter, programme=self.parent)

    def get_asked(self) -> QueryDict:
        """Return the filters sent with the words; a tab that is pressed then says the state."""
        if self.request.method != "POST":
            return super().get_asked()
        asked = self.request.POST.copy()
        for name in ("csrfmiddlewaretoken", "words"):
            asked.pop(name, None)
        if tab := asked.pop("tab", None):
            asked["state"] = tab[-1]
        return asked

    def get_queryset(self) -> QuerySet:
        """Return the enrolments of the state asked, narrowed by the filters and the words."""
        self.form = WordsForm(self.request.POST or None)
        rows = super().get_queryset()
        if self.form.is_bound and self.form.is_valid():
            named = Person.objects.for_scope(self.scope, self.action)
            rows = rows.filter(person__in=named.matching(self.form.cleaned_data["words"]))
        self.counts = counted_over(self.period, rows)
        asked = self.filter.data.get("state")
        self.state = Whereabouts(asked) if asked in Whereabouts.values else None
        return seen_over(self.period, rows, self.state)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the list narrowed to the words sent; without any, its address says the rest."""
        if request.POST.get("words", "").strip() or wants_part(request):
            return self.get(request, *args, **kwargs)
        kept = {name: value for name, value in self.get_asked().items() if value}
        return redirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)

    def get_paginate_by(self, queryset: QuerySet) -> int | None:
        """Keep what a search found on one page: the next one would have lost the words."""
        return None if self.form.is_bound else self.paginate_by

    def get_subtitle(self) -> str:
        """Return the programme, the period, and how many."""
        number = counted(sum(self.counts.values()), "inscription", "inscriptions")
        return f"{self.parent} · {self.period.label} · {number}"

    def get_create_url(self) -> str:
        """Return where a newcomer is enrolled, empty when this user may not."""
        if not self.scope.opens(Action.EDIT_PERSONS, self.parent):
            return ""
        return reverse("beneficiaries:person_create", args=[self.parent.pk])

    def get_links(self) -> list[dict]:
        """Lead to who waits, and to the files that may be of one person, for who writes them."""
        if not self.scope.opens(Action.EDIT_PERSONS, self.parent):
            return []
        url = reverse("beneficiaries:double_list")
        waiting = reverse("beneficiaries:waiting_list", args=[self.parent.pk])
        return [
            {"label": "Liste d’attente", "url": waiting, "icon": "clock"},
            {"label": "Doublons possibles", "url": url, "icon": "copy"},
        ]

    def row_url(self, row: Enrolment) -> str:
        """Lead to the person."""
        return reverse("beneficiaries:person_detail", args=[row.person_id])

    def get_table(self, rows: list[Enrolment]) -> Table:
        """Return the table; with districts for who may see situations."""
        if self.scope.opens(Action.VIEW_SITUATIONS, self.parent):
            self.columns = (*PERSONS, DISTRICT)
            self.give_situations(rows)
        else:
            self.columns = PERSONS
        return super().get_table(rows)

    def give_situations(self, rows: list[Enrolment]) -> None:
        """Give each row the last situation known at the end of the period, in one query."""
        known = Situation.objects.for_scope(self.scope, Action.VIEW_SITUATIONS)
        known = known.filter(person__in=[row.person_id for row in rows]).known_on(self.period.end)
        by_person = {row.person_id: row for row in known.select_related("district")}
        for row in rows:
            row.situation = by_person.get(row.person_id)

    def get_tabs(self) -> list[dict]:
        """Return the states as tabs; pressed, they send the filters and the words again."""
        return [
            {
                "label": state.label if state else "Tout le monde",
                "button": {"form": "filtrer", "name": "tab", "value": state or ""},
                "current": state == self.state,
                "count": self.counts[state] if state else sum(self.counts.values()),
            }
            for state in (None, *Whereabouts)
        ]

    def get_empty_state(self) -> dict:
        """Say that nobody has this name, or what to do first."""
        if self.form.is_bound or self.state:
            return {
                "icon": "search",
                "title": "Personne ne correspond",
                "text": "Essayez avec moins de lettres, un autre onglet ou une autre période.",
            }
        return super().get_empty_state()

    def get_context_data(self, **kwargs) -> dict:
        """Add the tabs and the search."""
        return super().get_context_data(tabs=self.get_tabs(), form=self.form, **kwargs)


class PersonCreate(InProgramme, ScopedMixin, PageMixin, FormView):
    """Enrol somebody new: everything known on the first day, on one page."""

    action = Action.EDIT_PERSONS
    parent_model = Programme
    form_class = NewcomerForm
    template_name = "beneficiaries/persons/create.html"
    title = "Inscrire une personne"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_subtitle(self) -> str:
        """Return where."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Personnes", list_url(self.parent))]

    def get_form(self, form_class: type | None = None) -> NewcomerForm:
        """Return the form; what was typed when it is sent."""
        data = self.request.POST if self.request.method == "POST" else None
        # A request of today, for whoever comes from the waiting list.
        initial = {"referred_on": timezone.localdate()} if "demande" in self.request.GET else None
        return NewcomerForm(data, scope=self.scope, programme=self.parent, initial=initial)

    def form_valid(self, form: NewcomerForm) -> HttpResponse:
        """Write the file, after asking about somebody of the same names."""
        homonyms = persons.homonyms_of(self.scope, form.row)
        if homonyms and "another" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, homonyms=homonyms))
        rows = form.rows()
        person = enrol(scope=self.scope, **rows)
        messages.success(self.request, "Inscription enregistrée.")
        if missing := missing_contact(person, rows.get("identity")):
            messages.warning(self.request, missing)
        return redirect("beneficiaries:person_detail", pk=person.pk)

    def get_context_data(self, **kwargs) -> dict:
        """Add where « Annuler » leads."""
        return super().get_context_data(cancel_url=list_url(self.parent), **kwargs)


class PersonUpdate(OfPerson, UpdatePage):
    """Edit names and telephones."""

    model = Person
    form_class = PersonForm
    action = Action.EDIT_PERSONS
    tab = "person_enrolments"

    def get_person(self) -> Person:
        """Return whose file it is."""
        return self.object

    def get_delete_url(self) -> str:
        """Lead to the deletion of the file."""
        return reverse("beneficiaries:person_delete", args=[self.object.pk])


class PersonDelete(OfPerson, DeletePage):
    """Delete a file opened by mistake."""

    model = Person
    action = Action.EDIT_PERSONS
    template_name = "beneficiaries/persons/delete.html"

    def get_person(self) -> Person:
        """Return whose file it is."""
        return self.object

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete the file, or say what holds it."""
        person = self.get_object()
        programme = programme_of(self.scope, person)
        try:
            persons.delete(scope=self.scope, person=person)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("beneficiaries:person_detail", pk=person.pk)
        messages.success(request, "Fiche supprimée.")
        return redirect(list_url(programme))
