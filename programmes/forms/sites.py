"""Forms of sites."""

from django import forms
from django.db import models

from autoprod.core.forms import FilterForm, RowsField
from autoprod.core.scoping import Action
from programmes.forms.organisations import TerritoryOnceForm
from programmes.models import Programme, Site


class SiteForm(TerritoryOnceForm):
    """A place where programmes happen."""

    class Meta:
        model = Site
        fields = [
            "territory",
            "name",
            "short_name",
            "kind",
            "programmes",
            "address",
            "postcode",
            "city",
            "district",
            "area_m2",
            "access_note",
            "opened_on",
            "closed_on",
        ]
        field_classes = {"programmes": RowsField}
        widgets = {"programmes": forms.CheckboxSelectMultiple}

    def choices_of_district(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the districts of the territories where this user may edit sites."""
        return choices.for_scope(self.scope, self.action).select_related("territory")

    def clean(self) -> dict:
        """Refuse a district or a programme of another territory."""
        cleaned = super().clean()
        territory = cleaned.get("territory") or self.fixed.get("territory")
        district = cleaned.get("district")
        if district and territory and district.territory_id != territory.pk:
            self.add_error("district", "Ce quartier est sur un autre territoire.")
        elsewhere = [
            p
            for p in cleaned.get("programmes") or []
            if territory and p.territory_id != territory.pk
        ]
        if elsewhere:
            self.add_error("programmes", "Une action choisie est sur un autre territoire.")
        return cleaned


class SiteFilter(FilterForm):
    """The sites of one programme, or all."""

    programme = forms.ModelChoiceField(label="Action", queryset=Programme.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        """Offer the programmes of the scope."""
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.for_scope(
            self.scope, Action.VIEW_FRAME
        )

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the sites that match."""
        if programme := self.cleaned_data.get("programme"):
            rows = rows.used_by(programme)
        return rows
