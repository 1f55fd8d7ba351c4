"""Forms of the codes a territory adds to a list."""

import re
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from autoprod.core.forms import FilterForm, ScopedModelForm
from programmes.models import ReferenceCode
from programmes.services import session_kinds

_CODE = re.compile(r"[0-9A-Za-z_-]{1,80}", re.ASCII)
_HELP = {
    "label": "Ce qu’on lira dans les formulaires.",
    "code": (
        "Laissez vide\u00a0: il sera tiré du libellé. Sinon, des lettres sans accent, des chiffres "
        "et des tirets. Il ne changera plus."
    ),
    "valid_from": "Laissez vide si la valeur a toujours existé.",
    "valid_to": "Dernier jour où la valeur est proposée. Les fiches qui l’emploient la gardent.",
}


class CodeFilter(FilterForm):
    """Search in a list."""

    text = forms.CharField(
        label="Chercher", max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    shown = forms.ChoiceField(
        label="Valeurs", choices=[("", "en vigueur"), ("all", "toutes, même closes")]
    )

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Return the codes that match; those in force unless all are asked for."""
        if text := self.cleaned_data["text"].strip():
            rows = rows.filter(Q(label__icontains=text) | Q(code__icontains=text))
        return rows


class LocalLabelForm(ScopedModelForm):
    """Relabel or close a value the territory added; its code stays."""

    class Meta:
        model = ReferenceCode
        fields = ["label", "valid_from", "valid_to"]
        help_texts = _HELP

    def clean_label(self) -> str:
        """Refuse a label people would confuse with another of the list."""
        label = self.cleaned_data["label"].strip()
        if self._list().filter(label__iexact=label).exists():
            raise ValidationError("Cette liste a déjà une valeur de ce nom.")
        return label

    def _list(self) -> QuerySet:
        """Return the codes of the list this user sees, the record itself left out."""
        codes = ReferenceCode.objects.for_scope(self.scope, self.action)
        return codes.in_list(self.instance.list).exclude(pk=self.instance.pk)


class LocalCodeForm(LocalLabelForm):
    """A value a territory adds; `fixed` gives the list."""

    class Meta:
        model = ReferenceCode
        fields = ["territory", "label", "code", "valid_from", "valid_to"]
        help_texts = _HELP

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the territory only when there is a choice; the code may be left out."""
        super().__init__(*args, **kwargs)
        territories = list(self.fields["territory"].queryset[:2])
        self.fields["territory"].required = True
        if len(territories) == 1:
            del self.fields["territory"]
            self.fixed["territory"] = self.instance.territory = territories[0]
        self.fields["code"].required = False

    def choices_of_territory(self, choices: QuerySet) -> QuerySet:
        """Offer the territories whose lists this user may complete."""
        return choices.for_scope(self.scope, self.action)

    def clean_code(self) -> str:
        """Return the code typed, or one made from the label; an official code is never shadowed."""
        code = self.cleaned_data["code"].strip()
        code = code or slugify(self.cleaned_data.get("label", ""))[:80]
        if not _CODE.fullmatch(code):
            raise ValidationError("Donnez un code fait de lettres sans accent, chiffres et tirets.")
        if self._list().filter(code__iexact=code).exists():
            raise ValidationError("Ce code existe déjà dans cette liste. Choisissez-en un autre.")
        return code


class CountsMixin(ScopedModelForm):
    """What a kind of session counts for, beside the presences and their hours."""

    counts = forms.MultipleChoiceField(
        label="Compte aussi pour",
        required=False,
        choices=[
            (one.key, f"{one.label[0].upper()}{one.label[1:]}\u00a0: {one.help}")
            for one in session_kinds.COUNTS
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="Les présences et leurs heures comptent toujours.",
    )

    #: What the journal calls the field.
    journaled = {"counts": "meta"}

    def __init__(self, *args, instance: ReferenceCode | None = None, **kwargs) -> None:
        """Show what the kind counts for."""
        known = {"counts": session_kinds.counts_of(instance)} if instance else {}
        initial = known | (kwargs.pop("initial", None) or {})
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean(self) -> dict:
        """Write the choices down among the correspondences."""
        cleaned = super().clean()
        keys = cleaned.get("counts", [])
        self.instance.meta = session_kinds.with_counts(self.instance.meta, keys)
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the names of the model's fields that change."""
        return [self.journaled.get(name, name) for name in super().changed_data]


class KindLabelForm(CountsMixin, LocalLabelForm):
    """Relabel a kind of session, or say what it counts for."""

    class Meta(LocalLabelForm.Meta):
        pass


class LocalKindForm(CountsMixin, LocalCodeForm):
    """A kind of session that a territory adds."""

    class Meta(LocalCodeForm.Meta):
        pass
