"""Forms of doubles: which file stays; two files named by hand."""

from django import forms
from django.core.exceptions import ValidationError

from autoprod.core.forms import KEY_DIGITS
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Person

UNKNOWN = "Aucune fiche de ce numéro ne vous est ouverte."


class KeptForm(forms.Form):
    """Which of two files stays; the other one joins it."""

    kept = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label="Fiche à garder")

    def __init__(self, *args, files: list[Person], **kwargs) -> None:
        """Offer the two files, the older one first and proposed."""
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(row.pk, f"{row}, fiche n° {row.pk}") for row in files]
        self.initial.setdefault("kept", files[0].pk)


class PairForm(forms.Form):
    """Two files, by the number their pages show."""

    one = forms.IntegerField(label="Fiche n°", min_value=1, max_value=10**KEY_DIGITS)
    other = forms.IntegerField(label="et fiche n°", min_value=1, max_value=10**KEY_DIGITS)
    hides_optional_mark = True

    def __init__(self, *args, scope: Scope, **kwargs) -> None:
        """Keep the scope: a file out of it is as if absent."""
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_one(self) -> Person:
        """Return the first file."""
        return self._file("one")

    def clean_other(self) -> Person:
        """Return the second file; another one."""
        found = self._file("other")
        if found == self.cleaned_data.get("one"):
            raise ValidationError("Écrivez le numéro d’une autre fiche.")
        return found

    def _file(self, name: str) -> Person:
        rows = Person.objects.for_scope(self.scope, Action.EDIT_PERSONS)
        found = rows.filter(pk=self.cleaned_data[name]).first()
        if found is None:
            raise ValidationError(UNKNOWN)
        return found
