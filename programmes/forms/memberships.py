"""Forms of rights: a role, one place that fits it, dates."""

from django import forms
from django.db import models
from django.utils import timezone

from autoprod.core.forms import CHOOSE, ScopedModelForm
from programmes.enums import Role
from programmes.models import Membership, Organisation, Programme, Territory
from programmes.services.accounts import open_account
from programmes.services.memberships import ANCHORS, keeping_an_administrator, lasting, rights_in

#: What each role is for, told before the role is chosen.
ROLE_HELP = {
    Role.SOCIAL_WORKER: "Suit des personnes, tient les entretiens et les parcours.",
    Role.WORKSHOP_LEADER: "Fait l’appel, note les cultures et les récoltes.",
    Role.PROGRAMME_MANAGER: "Pilote l’action\u00a0: éditions, objectifs, budgets, bilans.",
    Role.COMMITTEE_MEMBER: "Lit les chiffres et les bilans, sans aucun nom de personne.",
    Role.NETWORK_COORDINATOR: "Compare les actions d’un réseau, sans aucun nom de personne.",
    Role.ADMINISTRATOR: "Ouvre les comptes, tient les listes, lit le journal\u00a0; aucun dossier.",
}

_GROUPS = (
    ("territory", "Tout un territoire", Territory),
    ("programme", "Une action", Programme),
    ("organisation", "Les actions d’une organisation", Organisation),
)
_PLACE_HELP = (
    "Une organisation ouvre les actions qu’elle porte\u00a0; à un membre de comité, celles qu’elle "
    "finance ou dont elle est membre\u00a0; à une tête de réseau, celles de son réseau."
)


def place_of(right: Membership) -> str:
    """Return « programme-5 », the value of the place's list."""
    for name in ANCHORS:
        if key := getattr(right, f"{name}_id"):
            return f"{name}-{key}"
    return ""


class MembershipForm(ScopedModelForm):
    """A right; `fixed` gives the account and, for a new right, the role."""

    place = forms.ChoiceField(label="Pour", help_text=_PLACE_HELP)

    refused_field = "ends_on"
    field_order = ["email", "first_name", "last_name", "role", "place", "starts_on", "ends_on"]

    class Meta:
        model = Membership
        fields = ["role", "starts_on", "ends_on"]
        help_texts = {"ends_on": "Dernier jour compris. Laissez vide si vous ne le savez pas."}

    def __init__(self, *args, instance: Membership | None = None, **kwargs) -> None:
        """Offer only places where the user is administrator."""
        initial = {"place": place_of(instance)} if instance else {"starts_on": timezone.localdate()}
        initial |= kwargs.pop("initial", None) or {}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        role = self.fixed.get("role")
        if role:
            del self.fields["role"]
        if role == Role.ADMINISTRATOR:
            self.fields["place"].help_text = "Un administrateur l’est pour tout un territoire."
        self._places = self._read_places(role)
        groups = [(label, [*self._choices(name)]) for name, label, _ in _GROUPS]
        filled = [(label, choices) for label, choices in groups if choices]
        self.fields["place"].choices = [("", CHOOSE), *filled]

    def _read_places(self, role: str | None) -> dict[str, models.Model]:
        """Return the places on offer by their value, in reading order."""
        return {
            f"{name}-{row.pk}": row
            for name, _, model in _GROUPS
            if name == "territory" or role != Role.ADMINISTRATOR
            for row in model.objects.for_scope(self.scope, self.action)
        }

    def _choices(self, name: str):
        for value, row in self._places.items():
            if value.startswith(f"{name}-"):
                yield value, str(row)

    def clean(self) -> dict:
        """Put the place on the right, so that the base's rules are asked about it."""
        place = self._places.get(self.cleaned_data.get("place", ""))
        if place:
            chosen = dict.fromkeys(ANCHORS) | {place._meta.model_name: place}
            self.fixed |= chosen
            for name, value in chosen.items():
                setattr(self.instance, name, value)
        cleaned = super().clean()
        if place and self.instance.user_id and self._is_double():
            self.add_error("place", "Cette personne a déjà ce droit à ces dates.")
        return cleaned

    def _is_double(self) -> bool:
        cleaned = self.cleaned_data
        if not cleaned.get("starts_on"):
            return False
        same = {name: getattr(self.instance, name) for name in (*ANCHORS, "replaces")}
        role = cleaned.get("role") or self.instance.role
        rows = rights_in(self.scope).filter(user=self.instance.user_id, role=role, **same)
        rows = lasting(rows, since=cleaned["starts_on"], until=cleaned.get("ends_on"))
        return rows.exclude(pk=self.instance.pk).exists()

    def _display(self, name: str, stored: object) -> str:
        """Name the place somebody else chose meanwhile."""
        return str(self._places[stored]) if name == "place" else super()._display(name, stored)

    def save(self, commit: bool = True) -> Membership:
        """Save; raise LastAdministratorError when nobody would administer a territory."""
        territories = rights_in(self.scope).filter(pk=self.instance.pk, role=Role.ADMINISTRATOR)
        with keeping_an_administrator(territories.values_list("territory_id", flat=True)):
            return super().save(commit=commit)


class MembershipEndForm(ScopedModelForm):
    """The last day of a right."""

    refused_field = "ends_on"

    class Meta:
        model = Membership
        fields = ["ends_on"]
        labels = {"ends_on": "Dernier jour"}

    def __init__(self, *args, **kwargs) -> None:
        """Propose today; the start is there for the rule between the two days."""
        super().__init__(*args, **kwargs)
        self.fixed["starts_on"] = self.instance.starts_on
        self.fields["ends_on"].required = True
        # Proposed, not stored: once sent, today is a change like any other day.
        if not self.is_bound and not self.instance.ends_on:
            self.initial["ends_on"] = timezone.localdate()

    def save(self, commit: bool = True) -> Membership:
        """Save; raise LastAdministratorError when nobody would administer a territory."""
        administered = (
            [self.instance.territory_id] if self.instance.role == Role.ADMINISTRATOR else []
        )
        with keeping_an_administrator(administered):
            return super().save(commit=commit)


class InvitationForm(MembershipForm):
    """A person and their first right, together: an account without right would open nothing."""

    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        help_text="Personnelle, non partagée\u00a0: c’est elle qui ouvre la session.",
    )
    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)

    #: The kind of one-time link to hand over once saved; None for an account already in use.
    link_kind = None

    def clean(self) -> dict:
        """Refuse a right the address already has here; say nothing of elsewhere."""
        email = (self.cleaned_data.get("email") or "").strip().lower()
        known = rights_in(self.scope).filter(user__email=email).first()
        if known:
            self.instance.user = known.user
        return super().clean()

    def save(self, commit: bool = True) -> Membership:
        """Save the account and the right; set `link_kind`."""
        asked = {name: self.cleaned_data[name] for name in ("email", "first_name", "last_name")}
        self.instance.user, self.link_kind = open_account(scope=self.scope, **asked)
        return super().save(commit=commit)
