"""Form of a programme."""

from django import forms

from programmes.enums import DEFAULT_MODULES, Module, ProgrammeKind
from programmes.forms.organisations import TerritoryOnceForm
from programmes.models import Programme


class ProgrammeForm(TerritoryOnceForm):
    """A programme; without a chosen module it starts with those of its kind."""

    modules = forms.MultipleChoiceField(
        label="Activités",
        choices=Module.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans choix, celles du genre d’action sont retenues.",
    )

    class Meta:
        model = Programme
        fields = ["territory", "name", "kind", "modules", "summary", "started_on", "ended_on"]

    def clean(self) -> dict:
        """Give a new programme the modules of its kind when none is ticked."""
        cleaned = super().clean()
        if not self.is_edit and not cleaned.get("modules") and cleaned.get("kind"):
            cleaned["modules"] = list(DEFAULT_MODULES[ProgrammeKind(cleaned["kind"])])
        return cleaned
