"""Filters of the caseload: a tab, a programme, a level."""

from django import forms
from django.db import models
from django.utils import timezone

from autoprod.core.forms import FilterForm
from autoprod.core.scoping import Action
from beneficiaries.enums import Level, Whose
from programmes.models import Programme


class CaseloadFilter(FilterForm):
    """The caseload: whose persons (the tabs), in which programme, how far accompanied."""

    whose = forms.ChoiceField(choices=[("", ""), *Whose.choices], widget=forms.HiddenInput)
    programme = forms.ModelChoiceField(label="Action", queryset=Programme.objects.none())
    level = forms.ChoiceField(label="Accompagnement", choices=[("", "Tout"), *Level.choices])

    hides_optional_mark = True

    def __init__(self, *args, **kwargs) -> None:
        """Offer the programmes where this user accompanies; one alone is no question."""
        super().__init__(*args, **kwargs)
        rows = Programme.objects.for_scope(self.scope, Action.EDIT_PATHWAYS)
        self.fields["programme"].queryset = rows.ongoing(timezone.localdate())
        if len(self.scope.keys("programme", Action.EDIT_PATHWAYS)) == 1:
            del self.fields["programme"]

    @property
    def whose_shown(self) -> Whose:
        """Return the tab asked for; one's own persons first."""
        asked = self.data.get("whose")
        return Whose(asked) if asked in Whose.values else Whose.MINE

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the stays that match; the tab is the page's affair: it counts them all."""
        asked = {name: self.cleaned_data.get(name) for name in ("programme", "level")}
        return rows.filter(**{name: value for name, value in asked.items() if value})
