"""Forms of bilans: the text beside the figures, and the publication."""

from django import forms
from django.core.exceptions import ValidationError

from autoprod.core.fields import validate_no_nir
from autoprod.core.forms import ScopedModelForm
from evaluation.models import ReportNote

MEANWHILE = (
    "Ce bilan vient d’être publié par quelqu’un d’autre. Si vous publiez de nouveau, ce sera la "
    "version\u00a0{number}\u00a0: dites pourquoi."
)


class NoteForm(ScopedModelForm):
    """What marked the period."""

    class Meta:
        model = ReportNote
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args, **kwargs) -> None:
        """Take a form opened before the text existed as an older version of it."""
        super().__init__(*args, **kwargs)
        if "version" in self.fields:
            self.fields["version"].required = False


class PublishForm(forms.Form):
    """The version to publish, and why when it is not the first."""

    reason = forms.CharField(
        label="Motif de la nouvelle version",
        max_length=300,
        validators=[validate_no_nir],
        help_text="Par exemple «\u00a0séance du 12 clôturée en retard\u00a0». "
        "Il est écrit dans la liste des bilans.",
    )
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, number: int, **kwargs) -> None:
        """Ask for a reason from the second version on."""
        super().__init__(*args, **kwargs)
        self.version = number
        self.fields["number"].initial = number
        if number == 1:
            del self.fields["reason"]

    def clean_reason(self) -> str:
        """Refuse a reason that says nothing."""
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < 3:
            raise ValidationError("Dites en quelques mots ce qui change.")
        return reason

    def clean(self) -> dict:
        """Refuse what was asked before somebody else published."""
        super().clean()
        if self.cleaned_data.get("number") != self.version:
            self.add_error(None, MEANWHILE.format(number=self.version))
            self.data = self.data.copy()
            self.data[self.add_prefix("number")] = self.version
        return self.cleaned_data
