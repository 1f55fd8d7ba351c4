"""Forms about accounts: search, reasons, replacements, handovers."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.core.fields import search_key
from autoprod.core.forms import CHOOSE, DateInput, FilterForm, guard
from autoprod.core.scoping import Scope
from programmes.enums import Role
from programmes.services.accounts import UNUSABLE, accounts_in, is_email_taken
from programmes.services.memberships import rights_in

_STATES = [
    ("", "tous"),
    ("active", "ouverts"),
    ("new", "jamais connectés"),
    ("closed", "désactivés"),
]


class AccountFilter(FilterForm):
    """Search among the accounts."""

    text = forms.CharField(
        label="Nom ou adresse", max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label="Rôle", choices=[("", "tous"), *Role.choices])
    state = forms.ChoiceField(label="État", choices=_STATES)

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Return the accounts that match."""
        for word in self.cleaned_data["text"].split():
            rows = rows.filter(Q(sort_key__contains=search_key(word)) | Q(email__icontains=word))
        if role := self.cleaned_data["role"]:
            rights = rights_in(self.scope).active(timezone.localdate()).filter(role=role)
            rows = rows.filter(pk__in=rights.order_by().values("user"))
        state = self.cleaned_data["state"]
        if state == "new":
            rows = rows.filter(last_login=None)
        return rows.filter(is_active=state != "closed") if state else rows


class ReasonForm(forms.Form):
    """Why an act on an account is done: it goes to the journal."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Il est gardé dans le journal. N’y écrivez rien de personnel.",
    )

    def __init__(self, *args, is_required: bool = True, **kwargs) -> None:
        """Ask for the reason, or leave it open."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
        self.fields["reason"].required = is_required


class IdentityForm(ReasonForm):
    """The names and the e-mail of an account."""

    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)
    email = forms.EmailField(
        label="Adresse e-mail", max_length=254, help_text="Celle qui sert à se connecter."
    )

    field_order = ["first_name", "last_name", "email", "reason"]

    def __init__(self, *args, account: User, **kwargs) -> None:
        """Start from what is stored."""
        super().__init__(*args, **kwargs)
        self.account = account
        for name in ("first_name", "last_name", "email"):
            self.fields[name].initial = getattr(account, name)

    def clean_email(self) -> str:
        """Refuse the e-mail of another account, in the words used for any unusable one."""
        email = self.cleaned_data["email"].lower()
        if is_email_taken(email, but_by=self.account):
            raise ValidationError(UNUSABLE)
        return email

    @property
    def identity(self) -> dict[str, str]:
        """Return the values to store."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")}


class _ColleagueForm(ReasonForm):
    """A colleague chosen among the accounts the administrator sees."""

    colleague = ""

    def __init__(self, *args, scope: Scope, account: User, **kwargs) -> None:
        """Offer the open accounts but the one the page is about."""
        super().__init__(*args, **kwargs)
        others = accounts_in(scope).active().exclude(pk=account.pk)
        self.fields[self.colleague].queryset = others


class ReplacementForm(_ColleagueForm):
    """Who replaces, between which days."""

    colleague = "substitute"

    substitute = forms.ModelChoiceField(
        User.objects.none(), label="Remplacé par", empty_label=CHOOSE
    )
    starts_on = forms.DateField(label="Du", widget=DateInput)
    ends_on = forms.DateField(label="Au", widget=DateInput, help_text="Dernier jour compris.")

    field_order = ["substitute", "starts_on", "ends_on", "reason"]

    def clean(self) -> dict:
        """Refuse days in the wrong order, or all past."""
        cleaned = super().clean()
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "Le remplacement finit avant d’avoir commencé.")
        elif end and end < timezone.localdate():
            self.add_error(
                "ends_on", "Cette date est passée\u00a0: le remplacement ne servirait à rien."
            )
        return cleaned


class CutShortForm(ReasonForm):
    """The new last day of a replacement."""

    last_day = forms.DateField(label="Dernier jour du remplacement", widget=DateInput)

    field_order = ["last_day", "reason"]

    def clean_last_day(self):
        """Refuse a day that is past: what was done then stays done."""
        last_day = self.cleaned_data["last_day"]
        if (timezone.localdate() - last_day).days > 1:
            raise ValidationError("Choisissez hier, aujourd’hui ou un jour à venir.")
        return last_day


class HandOverForm(_ColleagueForm):
    """Who takes over, from which day."""

    colleague = "successor"

    successor = forms.ModelChoiceField(User.objects.none(), label="Confier à", empty_label=CHOOSE)
    on = forms.DateField(
        label="À partir du",
        widget=DateInput,
        help_text="Premier jour du successeur\u00a0; la personne qui part s’arrête la veille.",
    )

    field_order = ["successor", "on", "reason"]
