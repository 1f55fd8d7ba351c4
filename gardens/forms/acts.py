"""What the forms of the ledger share: the rows of one programme, and a mark that counts one tap."""

from datetime import timedelta
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import KILOGRAMS
from autoprod.core.forms import CHOOSE, NOTHING_CHOSEN, DateInput, guard
from autoprod.core.scoping import Action, Scope
from gardens.models import Lot, Product
from programmes.models import Organisation, Programme, Session, Site

#: How far back a session is proposed: what left is noted within the month.
_RECENT = timedelta(days=31)
NAMELESS = "Sans nom de personne."
#: Of a text that tells the source of a figure: it goes out of the team with the figure.
READ_BY_ALL = f"Imprimé avec les chiffres et lu par les comités. {NAMELESS}"
NO_WEIGHT = "Écrivez un poids au-dessus de zéro."


def kilograms(label: str, **kwargs) -> AmountFormField:
    """Return a field of kilograms."""
    return AmountFormField(unit=KILOGRAMS, label=label, **kwargs)


def products_of(scope: Scope, programme: Programme) -> QuerySet[Product]:
    """Return the products shipped, and those the territory of a programme added."""
    rows = Product.objects.for_scope(scope, Action.VIEW_GARDENS)
    return rows.filter(Q(territory=None) | Q(territory=programme.territory_id))


def sites_of(scope: Scope, programme: Programme) -> QuerySet[Site]:
    """Return the sites that a programme uses today."""
    rows = Site.objects.for_scope(scope, Action.VIEW_GARDENS)
    return rows.used_by(programme).open(timezone.localdate())


def organisations_of(scope: Scope, programme: Programme) -> QuerySet[Organisation]:
    """Return the organisations of the territory still active."""
    rows = Organisation.objects.for_scope(scope, Action.VIEW_GARDENS)
    return rows.filter(territory=programme.territory_id).open(timezone.localdate())


def sessions_of(scope: Scope, programme: Programme) -> QuerySet[Session]:
    """Return the sessions of the last month, the last one first."""
    today = timezone.localdate()
    rows = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    rows = rows.latest_until(today).filter(on__gte=today - _RECENT)
    return rows.select_related("kind", "programme__territory")


def lots_of(scope: Scope, programme: Programme) -> QuerySet[Lot]:
    """Return the lots of a programme of which something is left, the first to be eaten first."""
    rows = Lot.objects.for_scope(scope, Action.EDIT_GARDENS).of(programme).in_stock()
    return rows.select_related("product", "variety", "site", "balance").oldest_first()


_CHOICES = {
    Product: products_of,
    Site: sites_of,
    Organisation: organisations_of,
    Session: sessions_of,
}


class SessionField(forms.ModelChoiceField):
    """A session, told by its day."""

    def __init__(self, **kwargs) -> None:
        """Start without any choice: the form gives those of its programme."""
        super().__init__(queryset=Session.objects.none(), **kwargs)

    def label_from_instance(self, session: Session) -> str:
        """Return « Table solidaire, 26/11/2026 »."""
        return f"{session}, {session.on:%d/%m/%Y}"


class ActForm(forms.Form):
    """A gesture of the ledger; sent twice, it counts once."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def __init__(self, *args, scope: Scope, programme: Programme, **kwargs) -> None:
        """Narrow every choice to the programme and the scope."""
        self.scope, self.programme = scope, programme
        super().__init__(*args, **kwargs)
        self.prepare()
        guard(self.fields.values())
        for field in self.fields.values():
            if isinstance(field, forms.ModelMultipleChoiceField):
                continue
            if isinstance(field, forms.ModelChoiceField):
                if rows := _CHOICES.get(field.queryset.model):
                    field.queryset = rows(scope, programme)
                field.empty_label = CHOOSE if field.required else NOTHING_CHOSEN
            elif type(field) is forms.DateField:
                field.widget = DateInput(attrs=field.widget.attrs)

    def prepare(self) -> None:
        """Add or change fields before they are narrowed."""

    def clean(self) -> dict:
        """Refuse a weight of nothing."""
        cleaned = super().clean()
        if cleaned.get("grams") == 0:
            self.add_error("grams", NO_WEIGHT)
        return cleaned

    @property
    def mark(self) -> UUID:
        """Return the mark of this sending."""
        return self.cleaned_data.get("client_uuid") or uuid4()

    def refuse(self, error: ValidationError) -> None:
        """Put a refusal of the ledger beside the fields it speaks of, above them otherwise."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, told in error.message_dict.items():
            self.add_error(name if name in self.fields else None, told)
