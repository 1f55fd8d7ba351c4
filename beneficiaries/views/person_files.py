"""The page of one person: what stands above its tabs, and those of this floor."""

from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import panels
from autoprod.core.fields import display_phone
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import DetailPage
from beneficiaries.models import Enrolment, Person, PersonIdentity, Situation
from beneficiaries.services import (
    barriers,
    objectives,
    outcomes,
    reminders,
    rhythm,
    threads,
    weekly_hours,
)
from beneficiaries.services.person_files import PathwayFile, read
from beneficiaries.services.persons import headline, rank
from beneficiaries.services.presences import weeks_of
from beneficiaries.services.situations import last_of
from beneficiaries.services.stays import pause_words, with_pauses
from programmes.models import Programme
from programmes.views.programmes import InProgramme

#: Tab, URL name, and the actions of which one at least opens it.
TABS = (
    ("Parcours", "person_detail", {Action.VIEW_PATHWAYS}),
    ("Situation", "person_situation", {Action.VIEW_SITUATIONS, Action.VIEW_IDENTITIES}),
    ("Présences", "person_attendance", {Action.VIEW_PERSONS}),
    ("Acquis", "person_skills", {Action.VIEW_PERSONS}),
    ("Inscriptions", "person_enrolments", {Action.VIEW_PERSONS}),
    ("Documents", "person_papers", {Action.VIEW_PATHWAYS}),
)


def list_url(programme: Programme) -> str:
    """Return the list of a programme's persons over this month."""
    month = Period.containing(timezone.localdate(), Kind.MONTH)
    return reverse("beneficiaries:person_list", args=[programme.pk, month])


def crumbs_of(person: Person) -> list[tuple]:
    """Return the way back to a person."""
    return [(str(person), reverse("beneficiaries:person_detail", args=[person.pk]))]


def programme_of(scope: Scope, person: Person) -> Programme:
    """Return the programme that says where a person is, of those the scope opens."""
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).of(person)
    return max(rows.select_related("programme__territory"), key=rank).programme


class ReadsFile:
    """A page that shows a person's file: whoever opens it is noted, once per page."""

    def get_person(self) -> Person:
        """Return whose file it is."""
        return self.object

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the page, and note it."""
        response = super().get(request, *args, **kwargs)
        record(self.scope, Verb.READ, self.get_person())
        return response


class OfPerson(ReadsFile, InProgramme):
    """A page about something kept of a person; `tab` is the URL name of where one comes from."""

    tab = "person_detail"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return programme_of(self.scope, self.get_person())

    def get_breadcrumbs(self) -> list:
        """Return the way back to the person."""
        return crumbs_of(self.get_person())

    def get_cancel_url(self) -> str:
        """Return to the tab."""
        return self.get_success_url()

    def get_success_url(self) -> str:
        """Go back to the tab."""
        return reverse(f"beneficiaries:{self.tab}", args=[self.get_person().pk])


class PersonFile(ReadsFile, InProgramme, DetailPage):
    """One tab of a person's page; each table of facts is read under its own right."""

    model = Person
    action = Action.VIEW_PERSONS
    #: URL name of the tab.
    tab = ""

    def get_object(self, queryset: QuerySet | None = None) -> Person:
        """Return whose file it is: who is enrolled in a programme of the scope, 404 otherwise."""
        rows = Enrolment.objects.for_scope(self.scope, self.action)
        links = ("person", "programme__territory", "referent", "co_referent", "referral_source")
        # By its key, not by the link: a key that no column holds is then nobody's, not an error.
        rows = rows.filter(person__pk=self.kwargs["pk"]).select_related(*links, "referred_by")
        rows = with_pauses(rows.with_exits(), timezone.localdate())
        #: The newest first.
        self.enrolments = sorted(rows, key=rank, reverse=True)
        if not self.enrolments:
            raise Http404
        person = self.enrolments[0].person
        for row in self.enrolments:
            row.person = person
        return person

    @cached_property
    def main(self) -> Enrolment:
        """The enrolment that says where the person is."""
        return self.enrolments[0]

    def opens(self, action: Action) -> bool:
        """Tell whether the action is open on one of the person's programmes."""
        return any(self.scope.opens(action, row.programme) for row in self.enrolments)

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.main.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Personnes", list_url(self.get_programme()))]

    def get_identity(self) -> PersonIdentity | None:
        """Return the identity, None when unknown or closed to this user."""
        rows = PersonIdentity.objects.for_scope(self.scope, Action.VIEW_IDENTITIES)
        return rows.of(self.object).select_related("sex").first()

    def get_situation(self) -> Situation | None:
        """Return the newest situation, None when unknown or closed to this user."""
        return last_of(self.scope, self.object)

    def get_pause(self) -> list[str]:
        """Return since when the stay is suspended; never why, which is of the pathway."""
        words = pause_words(self.main.paused_since, self.main.paused_until)
        return [f"en pause {words}"] if words else []

    def get_tabs(self) -> list[dict]:
        """Return the tabs this user may open."""
        return [
            {
                "label": label,
                "url": reverse(f"beneficiaries:{name}", args=[self.object.pk]),
                "current": name == self.tab,
            }
            for label, name, actions in TABS
            if any(self.opens(action) for action in actions)
        ]

    def get_panels(self, slot: str) -> list[dict]:
        """Return what a subject shows in a slot of this page."""
        return panels.shown(slot, self.scope, [self.object])[self.object.pk]

    def get_context_data(self, **kwargs) -> dict:
        """Add what stands above the tabs."""
        self.identity, self.situation = self.get_identity(), self.get_situation()
        waiting = [row for row in self.enrolments if row.entered_on is None and not row.left_on]
        return super().get_context_data(
            phone=display_phone(self.object.phone),
            contact_phone=display_phone(self.object.contact_phone),
            facts=headline(self.main, self.identity, self.situation) + self.get_pause(),
            tabs=self.get_tabs(),
            can_edit=self.opens(Action.EDIT_PERSONS),
            waiting=next((r for r in waiting if self.may_edit(r)), None),
            **kwargs,
        )

    def may_edit(self, enrolment: Enrolment) -> bool:
        """Tell whether this user may change the enrolment."""
        return self.scope.opens(Action.EDIT_PERSONS, enrolment.programme)


class PersonAttendance(PersonFile):
    """When somebody came; drawn by the subject of presences."""

    tab = "person_attendance"
    template_name = "beneficiaries/persons/attendance.html"

    def get_context_data(self, **kwargs) -> dict:
        """Add what the subject shows."""
        context = super().get_context_data(**kwargs)
        return context | {"panels": self.get_panels("person_attendance")}


class PersonDetail(PersonFile):
    """The first tab: the pathway, read in one query; presences for who may not see it."""

    @cached_property
    def shows_pathway(self) -> bool:
        """Tell whether the pathway is open to this user."""
        return self.opens(Action.VIEW_PATHWAYS)

    @cached_property
    def file(self) -> PathwayFile:
        """The person's pathway, as this user may see it."""
        return read(self.scope, self.object, self.enrolments, timezone.localdate())

    @property
    def tab(self) -> str:
        """Return the tab drawn here."""
        return "person_detail" if self.shows_pathway else "person_attendance"

    def get_template_names(self) -> list[str]:
        """Return the tab's template."""
        if self.shows_pathway:
            return ["beneficiaries/persons/pathway.html"]
        return [PersonAttendance.template_name]

    def get_identity(self) -> PersonIdentity | None:
        """Return what the file holds already."""
        return self.file.identity if self.shows_pathway else super().get_identity()

    def get_situation(self) -> Situation | None:
        """Return what the file holds already."""
        return self.file.situation if self.shows_pathway else super().get_situation()

    def get_pause(self) -> list[str]:
        """Return what the reminders of the pathway do not say already."""
        return [] if self.shows_pathway else super().get_pause()

    def get_context_data(self, **kwargs) -> dict:
        """Add the pathway."""
        context = super().get_context_data(**kwargs)
        if not self.shows_pathway:
            return context | {"panels": self.get_panels("person_attendance")}
        file, asked = self.file, self.request.GET
        chips = barriers.of_file(file)
        dues = rhythm.of_file(file).values()
        return context | {
            "facts": context["facts"] + reminders.facts_of(file),
            "chips": chips,
            "work": objectives.of_file(file),
            "thread": threads.of_file(
                file, theme=asked.get("fil", ""), is_whole=asked.get("depuis") == "debut"
            ),
            "themes": threads.Theme,
            "reminders": reminders.of_file(file, chips, list(dues)),
            "weeks": weeks_of(file.attendances, file.stays.values()),
            "agreed": weekly_hours.of_file(file),
            "outcomes": outcomes.of_file(file),
            "can_add": file.writable is not None,
        }
