"""Forms of loans: a tool goes out in one choice, comes back in one tap."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.core.formatting import day, day_and_month
from autoprod.core.forms import CHOOSE, ScopedModelForm
from autoprod.core.scoping import Action
from beneficiaries.models import Enrolment
from gardens.models import Loan, Repair, Tool
from gardens.services import loans
from gardens.services.tools import mend
from programmes.models import Organisation, Session, Site

#: Sessions one may take a tool to: those about now.
BEFORE, AFTER = timedelta(days=14), timedelta(days=7)
TOO_LONG = "Dites-le plus court\u00a0: {number} caractères de trop."
NOT_LATER = "Choisissez un jour après le {on}, retour prévu aujourd’hui."
FUTURE = "Un retour se note quand l’outil est là, pas à l’avance."
_LONGEST = 200

#: What a choice of borrower begins with, and the field of the loan it fills.
_FIELDS = {
    "personne": "enrolment",
    "organisation": "organisation",
    "seance": "session",
    "lieu": "site",
}


def accessories_of(tool: Tool) -> list[str]:
    """Return the accessories of a tool, one by one: they are written with commas."""
    return [name.strip() for name in tool.accessories.split(",") if name.strip()]


class AccessoriesMixin:
    """Asks which accessories are there; those that are not are said with the state."""

    state_field = ""
    lacking = ""

    def ask_accessories(self, tool: Tool, label: str) -> None:
        """Offer the accessories, all ticked; nothing for a tool without any."""
        names = accessories_of(tool)
        if not names:
            del self.fields["accessories"]
            return
        field = self.fields["accessories"]
        field.label, field.choices = label, [(name, name) for name in names]
        field.initial = names

    def missing(self) -> list[str]:
        """Return the accessories left unticked."""
        if "accessories" not in self.fields:
            return []
        there = self.cleaned_data.get("accessories") or []
        return [name for name, _ in self.fields["accessories"].choices if name not in there]

    def add_missing(self) -> None:
        """Write what is missing after the state; refuse what the base would cut."""
        if not (missing := self.missing()):
            return
        said = self.cleaned_data.get(self.state_field) or ""
        words = "\u00a0; ".join(filter(None, [said, f"{self.lacking}\u00a0: {', '.join(missing)}"]))
        if (over := len(words) - _LONGEST) > 0:
            self.add_error(self.state_field, ValidationError(TOO_LONG.format(number=over)))
        else:
            self.cleaned_data[self.state_field] = words


class ProposingMixin:
    """A form whose proposed values count as typed: the row does not hold them yet."""

    proposed: tuple[str, ...] = ()

    def propose(self, **values: date) -> None:
        """Show these values; what is saved is compared with the row, not with them."""
        self.initial.update(values)

    @property
    def changed_data(self) -> list[str]:
        """Return what changes, what was proposed and kept included."""
        return list(dict.fromkeys([*super().changed_data, *self.proposed]))


def _accessories() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"})
    )


class LoanForm(AccessoriesMixin, ScopedModelForm):
    """Who takes a tool, and until when."""

    state_field, lacking = "state_out", "sans"

    borrower = forms.ChoiceField(label="Qui l’emporte")
    accessories = _accessories()

    class Meta:
        model = Loan
        fields = ["lent_on", "due_on", "state_out", "override_reason"]
        help_texts = {
            "lent_on": "Un prêt oublié se note avec son jour.",
            "state_out": "Laissez vide s’il n’y a rien à signaler.",
            "override_reason": (
                "Seulement si l’outil est en réparation, ou un autre attendu de l’emprunteur."
            ),
        }
        labels = {"override_reason": "Prêter quand même, parce que"}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today and a week; offer who may take it."""
        super().__init__(*args, **kwargs)
        tool, today = self.fixed["tool"], timezone.localdate()
        self.fields["borrower"].choices = [("", CHOOSE), *self._groups(tool, today)]
        self.fields["lent_on"].initial = today
        self.fields["due_on"].initial = loans.due_from(today)
        self.ask_accessories(tool, "Accessoires remis")
        if not loans.may_override(self.scope, tool):
            del self.fields["override_reason"]
        self.order_fields(["borrower", "due_on", "lent_on", "accessories", "state_out"])

    def _groups(self, tool: Tool, today: date) -> Iterable[tuple[str, list]]:
        """Yield who may take the tool, by kind; a kind without anybody is left out."""
        named = {
            "Personnes": self._people(tool, today),
            "Séances": self._sessions(tool, today),
            "Lieux et chantiers": self._sites(tool, today),
            "Organisations": self._organisations(tool, today),
        }
        return [(label, rows) for label, rows in named.items() if rows]

    def _people(self, tool: Tool, today: date) -> list[tuple[str, str]]:
        rows = Enrolment.objects.for_scope(self.scope, Action.VIEW_PERSONS).ongoing(today)
        rows = rows.filter(programme=tool.programme_id).select_related("person")
        rows = rows.order_by("person__sort_key", "pk")
        there = {row.person_id: (f"personne-{row.pk}", str(row.person)) for row in rows}
        return list(there.values())

    def _sessions(self, tool: Tool, today: date) -> list[tuple[str, str]]:
        rows = Session.objects.for_scope(self.scope, Action.VIEW_SESSIONS)
        rows = rows.filter(programme=tool.programme_id, cancelled_on=None)
        rows = rows.on_days(today - BEFORE, today + AFTER).select_related("kind")
        rows = rows.order_by("-starts_at", "pk")
        return [(f"seance-{row.pk}", f"{day_and_month(row.on)}\u00a0: {row}") for row in rows]

    def _sites(self, tool: Tool, today: date) -> list[tuple[str, str]]:
        rows = Site.objects.for_scope(self.scope, Action.VIEW_FRAME).used_by(tool.programme)
        return [(f"lieu-{row.pk}", row.name) for row in rows.open(today)]

    def _organisations(self, tool: Tool, today: date) -> list[tuple[str, str]]:
        rows = Organisation.objects.for_scope(self.scope, Action.VIEW_FRAME).open(today)
        rows = rows.filter(territory=tool.programme.territory_id)
        return [(f"organisation-{row.pk}", row.name) for row in rows]

    def clean(self) -> dict:
        """Fill the loan with who takes the tool; say what it goes out without."""
        super().clean()
        if chosen := self.cleaned_data.get("borrower"):
            kind, _, key = chosen.partition("-")
            setattr(self.instance, f"{_FIELDS[kind]}_id", int(key))
        self.add_missing()
        return self.cleaned_data

    def save(self, commit: bool = True) -> Loan:
        """Lend under a lock on the tool; ValidationError, beside its field, when it may not be."""
        reason = self.cleaned_data.get("override_reason", "")
        return loans.lend(scope=self.scope, loan=self.instance, reason=reason)


class ReturnForm(AccessoriesMixin, ProposingMixin, ScopedModelForm):
    """A tool that comes back: in what state, with what, and whether it goes to repair."""

    proposed = ("returned_on",)
    refused_field = "problem"
    state_field, lacking = "state_in", "il manque"

    accessories = _accessories()
    problem = forms.CharField(
        label="À réparer",
        required=False,
        max_length=200,
        help_text="Une panne écrite ici le retire du prêt jusqu’à sa réparation.",
    )

    class Meta:
        model = Loan
        fields = ["returned_on", "state_in"]
        help_texts = {"state_in": "Laissez vide s’il n’y a rien à signaler."}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        self.propose(returned_on=timezone.localdate())
        self.fields["returned_on"].required = True
        self.ask_accessories(self.instance.tool, "Accessoires rendus")
        self.order_fields(["accessories", "state_in", "problem", "returned_on"])

    def clean_returned_on(self) -> date:
        """Refuse a day to come."""
        if self.cleaned_data["returned_on"] > timezone.localdate():
            raise ValidationError(FUTURE, code="future")
        return self.cleaned_data["returned_on"]

    def clean(self) -> dict:
        """Say what is missing with the state."""
        super().clean()
        self.add_missing()
        return self.cleaned_data

    def save(self, commit: bool = True) -> Loan:
        """Save the return, and the repair it asks for."""
        with transaction.atomic():
            loan = super().save(commit=commit)
            if problem := self.cleaned_data["problem"]:
                repair = Repair(tool=loan.tool, starts_on=loan.returned_on, problem=problem)
                mend(scope=self.scope, repair=repair)
        return loan


class RenewForm(ProposingMixin, ScopedModelForm):
    """A loan that lasts longer."""

    proposed = ("due_on",)

    class Meta:
        model = Loan
        fields = ["due_on"]
        labels = {"due_on": "Nouveau retour prévu"}

    def __init__(self, *args, **kwargs) -> None:
        """Propose a week from today, or from the day it was due when that is later."""
        super().__init__(*args, **kwargs)
        self.before = self.instance.due_on
        self.propose(due_on=loans.due_from(max(self.before, timezone.localdate())))

    def clean_due_on(self) -> date:
        """Refuse a day that is not later."""
        due = self.cleaned_data["due_on"]
        if due <= self.before:
            raise ValidationError(NOT_LATER.format(on=day(self.before)), code="earlier")
        return due


class RepairForm(ScopedModelForm):
    """What is broken, what mending it costs, since when and until when."""

    refused_field = "problem"

    class Meta:
        model = Repair
        fields = ["problem", "starts_on", "cost"]

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        if not self.is_edit:
            self.fields["starts_on"].initial = timezone.localdate()

    def save(self, commit: bool = True) -> Repair:
        """Save; a new one under a lock on the tool."""
        if self.is_edit:
            return super().save(commit=commit)
        return mend(scope=self.scope, repair=self.instance)


class RepairEndForm(ProposingMixin, ScopedModelForm):
    """A tool back in service, and what it cost."""

    proposed = ("ends_on",)

    class Meta:
        model = Repair
        fields = ["ends_on", "cost"]

    def __init__(self, *args, **kwargs) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = True
        self.propose(ends_on=self.instance.ends_on or timezone.localdate())
