"""Pages of persons: the list of a programme, a newcomer, names and telephones, a deletion."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from autoprod.core.formatting import counted
from autoprod.core.scoping import Action
from autoprod.core.tables import Table
from autoprod.core.views import DeletePage, ListPage, PageMixin, ScopedMixin, UpdatePage
from beneficiaries.columns.enrolments import DISTRICT, PERSONS
from beneficiaries.enums import Whereabouts
from beneficiaries.forms.enrolments import EnrolmentFilter
from beneficiaries.forms.persons import NewcomerForm, PersonForm
from beneficiaries.models import Enrolment, Person, Situation
from beneficiaries.services import persons
from beneficiaries.services.enrolments import counted_over, enrol, seen_over
from beneficiaries.services.identities import missing_contact
from beneficiaries.views.person_files import OfPerson, list_url, programme_of
from beneficiaries.views.reviews import batch_links
from beneficiaries.views.words import SearchedByWords
from programmes.models import Programme
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme


class PersonList(SearchedByWords, InPeriod, ListPage):
    """The persons of a programme: whose stay shares a day with the period, and who waits."""

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
    tab_filter = "state"

    @property
    def filter_form(self) -> partial:
        """Return the filters, with the referents of this programme."""
        return partial(EnrolmentFilter, programme=self.parent)

    def get_queryset(self) -> QuerySet:
        """Return the enrolments of the state asked, narrowed by the filters and the words."""
        rows, named = super().get_queryset(), self.get_named()
        if named is not None:
            rows = rows.filter(person__in=named)
        self.counts = counted_over(self.period, rows)
        asked = self.filter.data.get("state")
        self.state = Whereabouts(asked) if asked in Whereabouts.values else None
        return seen_over(self.period, rows, self.state)

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
        """Lead to the bilans of the month, to who waits and to what may be one file twice."""
        bilans = batch_links(self.scope, self.parent, self.period)
        if not self.scope.opens(Action.EDIT_PERSONS, self.parent):
            return bilans
        url = reverse("beneficiaries:double_list")
        waiting = reverse("beneficiaries:waiting_list", args=[self.parent.pk])
        return [
            {"label": "Liste d’attente", "url": waiting, "icon": "clock"},
            {"label": "Doublons possibles", "url": url, "icon": "copy"},
            *bilans,
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

    @property
    def is_request(self) -> bool:
        """Tell whether one comes from the waiting list, to write down what is asked today."""
        return "demande" in self.request.GET

    def get_title(self) -> str:
        """Return what is being written."""
        return "Noter une demande" if self.is_request else self.title

    def get_subtitle(self) -> str:
        """Return where."""
        return str(self.parent)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Personnes", list_url(self.parent))]

    def get_form(self, form_class: type | None = None) -> NewcomerForm:
        """Return the form; what was typed when it is sent."""
        data = self.request.POST if self.request.method == "POST" else None
        initial = {"referred_on": timezone.localdate()} if self.is_request else None
        return NewcomerForm(data, scope=self.scope, programme=self.parent, initial=initial)

    def form_valid(self, form: NewcomerForm) -> HttpResponse:
        """Write the file, after asking about somebody of the same names."""
        homonyms = persons.homonyms_of(self.scope, form.row)
        if homonyms and "another" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, homonyms=homonyms))
        rows = form.rows()
        person = enrol(scope=self.scope, **rows)
        said = "Demande enregistrée." if self.is_request else "Inscription enregistrée."
        messages.success(self.request, said)
        if missing := missing_contact(person, rows.get("identity")):
            messages.warning(self.request, missing)
        return redirect("beneficiaries:person_detail", pk=person.pk)

    def get_context_data(self, **kwargs) -> dict:
        """Add the words of the two buttons, and where « Annuler » leads."""
        cancel_url = list_url(self.parent)
        if self.is_request:
            cancel_url = reverse("beneficiaries:waiting_list", args=[self.parent.pk])
        verb = "Noter la demande" if self.is_request else "Inscrire"
        return super().get_context_data(cancel_url=cancel_url, verb=verb, **kwargs)


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
