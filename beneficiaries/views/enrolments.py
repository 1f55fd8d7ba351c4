"""The tab of enrolments of a person's page, and the forms it leads to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from autoprod.core.fields import display_phone
from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404, requires
from beneficiaries.enums import ExitCategory
from beneficiaries.forms.enrolments import EnrolmentForm, ExitForm
from beneficiaries.forms.stays import other_level
from beneficiaries.models import Enrolment, FollowUp, Person
from beneficiaries.services import enrolments
from beneficiaries.services.identities import missing_contact
from beneficiaries.services.outcomes import exit_of
from beneficiaries.services.stay_cards import Story, stories
from beneficiaries.services.stays import pause_words
from beneficiaries.views.person_files import OfPerson, PersonFile
from programmes.models import Programme

HELD = (
    "Cette inscription ne peut pas être supprimée\u00a0: une présence, une démarche ou une "
    "orientation en dépend. Notez plutôt la sortie."
)


class PersonEnrolments(PersonFile):
    """How to reach somebody, and each of their enrolments."""

    tab = "person_enrolments"
    template_name = "beneficiaries/enrolments/list.html"

    def get_contact_facts(self) -> list[tuple]:
        """Return what the card of the contact says."""
        row = self.object
        return [
            ("Prénom", row.first_name),
            ("Nom", row.last_name),
            ("Nom d’usage", row.usual_name),
            ("Téléphone", display_phone(row.phone)),
            ("Référent de contact", row.contact_name),
            ("Téléphone du contact", display_phone(row.contact_phone)),
            ("Personne à prévenir", row.emergency_name),
            ("Téléphone de cette personne", display_phone(row.emergency_phone)),
            ("Consignes d’activité", row.activity_notes),
        ]

    def get_context_data(self, **kwargs) -> dict:
        """Add the contact and the enrolments."""
        told = stories(self.scope, self.enrolments)
        cards = [
            {
                "row": row,
                "facts": facts_of(row, story=told.get(row.pk)),
                "story": told.get(row.pk),
                "can_edit": self.may_edit(row),
                "can_follow": self.scope.opens(Action.EDIT_PATHWAYS, row.programme),
                "other_level": other_level(row.level).label.lower(),
                "waiting_days": enrolments.waiting_since(row),
                "is_undocumented": is_undocumented(row),
            }
            for row in self.enrolments
        ]
        context = super().get_context_data(contact=self.get_contact_facts(), cards=cards, **kwargs)
        # An e-mail is known to those who read identities only.
        is_told = self.opens(Action.EDIT_PERSONS) and self.opens(Action.VIEW_IDENTITIES)
        missing = missing_contact(self.object, self.identity) if is_told else ""
        return context | {"missing_contact": missing}


def facts_of(row: Enrolment, *, story: Story | None) -> list[tuple]:
    """Return what is known of an enrolment, what is not left out.

    Who sent somebody, who follows them elsewhere, why they left and for what is of their pathway:
    not for who takes the roll, who has no story.
    """
    facts = [
        ("À titre de", row.get_part_display()),
        ("Accompagnement", row.get_level_display()),
        ("Référent", row.referent and str(row.referent)),
        ("Second référent", row.co_referent and str(row.co_referent)),
        *(origin_facts(row) if story else ()),
        ("Orientation", row.referred_on and day(row.referred_on)),
        ("Accord", row.accepted_on and day(row.accepted_on)),
        ("Entrée", row.entered_on and day(row.entered_on)),
        ("Pause", "" if story or row.left_on else pause_words(row.paused_since, row.paused_until)),
        ("Sortie", row.left_on and day(row.left_on)),
        *(exit_facts(row, story) if story else ()),
    ]
    return [(label, value) for label, value in facts if value]


def origin_facts(row: Enrolment) -> list[tuple]:
    """Return who sent somebody, and who follows them elsewhere."""
    return [
        ("Origine de la demande", row.referral_source and row.referral_source.label),
        ("Orienté par", row.referred_by and row.referred_by.name),
        ("Référent extérieur", row.outside_referent),
    ]


def exit_facts(row: Enrolment, story: Story) -> list[tuple]:
    """Return why somebody left, for what, and their news since."""
    is_known = row.left_on and row.entered_on and not is_undocumented(row)
    return [
        ("Motif de sortie", row.exit_motive and row.exit_motive.label),
        ("Situation à la sortie", row.exit_reason and row.exit_reason.label),
        ("Sortie vers", row.exit_outcome and str(row.exit_outcome)),
        ("Compte comme", exit_of(row).label if is_known else ""),
        ("Nouvelles à six mois", story.follow_up and news_of(story.follow_up)),
    ]


def is_undocumented(row: Enrolment) -> bool:
    """Tell whether a stay is over and nothing says what somebody became."""
    is_exit = row.entered_on is not None and row.left_on is not None
    return is_exit and exit_of(row) == ExitCategory.UNDOCUMENTED


def news_of(row: FollowUp) -> str:
    """Return « Situation relevée le 3 mars 2026 · Au chômage »."""
    told = f"{row.result.label} le {day(row.done_on)}"
    situation = row.situation.label if row.situation else ""
    return " · ".join(part for part in (told, situation, row.words) if part)


class EnrolmentPage(OfPerson):
    """A form about an enrolment; a stay that shares days with another is told beside its day."""

    model = Enrolment
    action = Action.EDIT_PERSONS
    tab = "person_enrolments"
    select_related = ("person", "programme__territory")

    def get_person(self) -> Person:
        """Return who is enrolled."""
        return self.parent or self.object.person


class EnrolmentCreate(EnrolmentPage, CreatePage):
    """Enrol again somebody who has a file."""

    form_class = EnrolmentForm
    parent_model = Person
    success_message = "Inscription enregistrée."

    def get_title(self) -> str:
        """Return « Inscrire … »."""
        return f"Inscrire {self.parent}"

    def get_fixed(self) -> dict:
        """Return the person."""
        return {"person": self.parent}

    @property
    def is_proposed(self) -> bool:
        """Tell whether one comes from the form of a newcomer, with what was typed there."""
        return "proposed" in self.request.POST

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Save; or show what was typed elsewhere, to be read before it is saved."""
        if self.is_proposed:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """Take what was typed elsewhere as first values."""
        kwargs = super().get_form_kwargs()
        if self.is_proposed and "data" in kwargs:
            typed = kwargs.pop("data")
            del kwargs["files"]
            names = EnrolmentForm.base_fields
            kwargs["initial"] = {name: typed[name] for name in names if typed.get(name)}
        return kwargs


class EnrolmentUpdate(EnrolmentPage, UpdatePage):
    """Accept, welcome, change the level or the referent."""

    form_class = EnrolmentForm

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("beneficiaries:enrolment_delete", args=[self.object.pk])

    def get_title(self) -> str:
        """Return what is written."""
        return "Inscription" if self.object.entered_on else "Demande en attente"

    def get_subtitle(self) -> str:
        """Return whose enrolment it is, and where."""
        return f"{self.object.person} · {self.object.programme}"


class EnrolmentExit(EnrolmentUpdate):
    """Note that somebody leaves, or that a request is closed."""

    form_class = ExitForm
    template_name = "beneficiaries/enrolments/exit.html"
    success_message = "Sortie enregistrée."

    @property
    def submit_label(self) -> str:
        """Return what the button does."""
        return "Noter la sortie" if self.object.entered_on else "Clore la demande"

    def get_title(self) -> str:
        """Return what is done."""
        return self.submit_label

    def get_delete_url(self) -> str:
        """Return nothing: an exit is undone, not deleted."""
        return ""


class EnrolmentDelete(EnrolmentPage, DeletePage):
    """Delete an enrolment written by mistake."""

    def get_title(self) -> str:
        """Return the question."""
        return "Supprimer cette inscription\u00a0?"

    def get_subtitle(self) -> str:
        """Return whose enrolment it is, and where."""
        return f"{self.object.person} · {self.object.programme}"

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete it, or say what holds it."""
        self.object = self.get_object()
        target = self.get_success_url()
        try:
            enrolments.delete(scope=self.scope, enrolment=self.object)
        except ProtectedError:
            messages.error(request, HELD)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Inscription supprimée.")
        return redirect(target)


@require_POST
@requires(Action.EDIT_PERSONS)
def enrolment_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exit away, or say why it stays."""
    rows = Enrolment.objects.for_scope(request.scope, Action.EDIT_PERSONS)
    enrolment = get_or_404(rows.select_related("person", "programme"), pk=pk)
    try:
        enrolments.undo_exit(scope=request.scope, enrolment=enrolment)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "La sortie est annulée.")
    return redirect(reverse("beneficiaries:person_enrolments", args=[enrolment.person_id]))
