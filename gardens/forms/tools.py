"""Forms of tools: the card of one, the filter of the list, its photo."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import JPEG, PNG, CheckedUpload, DocumentField, gone_with_rows
from autoprod.core.forms import FilterForm, ScopedModelForm
from autoprod.core.scoping import Action
from autoprod.core.uploads import StoredFileForm
from gardens.enums import ToolStanding, ToolState
from gardens.models import Loan, Tool, ToolPhoto
from gardens.services.tools import LENT_NOW
from programmes.forms.days import LONGEST_SIDE, NOT_A_PHOTO
from programmes.models import Programme


class ToolForm(ScopedModelForm):
    """One physical tool, with its number."""

    class Meta:
        model = Tool
        fields = [
            "number",
            "name",
            "kind",
            "site",
            "accessories",
            "value",
            "giver",
            "acquired_on",
            "state",
            "note",
        ]
        help_texts = {
            "number": "Celui qui est écrit sur l’outil.",
            "accessories": "Séparés par des virgules\u00a0: ils se cochent au prêt et au retour.",
        }

    def __init__(self, *args, **kwargs) -> None:
        """Propose the next number of the programme; a new tool is in service."""
        super().__init__(*args, **kwargs)
        if not self.is_edit:
            del self.fields["state"]
            self.fields["number"].initial = self._next_number()

    def _next_number(self) -> str:
        rows = Tool.objects.for_scope(self.scope, self.action).of(self.fixed["programme"])
        known = [int(n) for n in rows.values_list("number", flat=True) if n.isdecimal()]
        return f"{max(known, default=0) + 1:03d}"

    def choices_of_site(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the sites of the programme."""
        rows = rows.for_scope(self.scope, Action.VIEW_FRAME)
        return rows.filter(programmes=self._programme())

    def choices_of_giver(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the territory."""
        rows = rows.for_scope(self.scope, Action.VIEW_FRAME)
        return rows.filter(territory=self._programme().territory_id)

    def _programme(self) -> Programme:
        return self.fixed.get("programme") or self.instance.programme

    def clean_state(self) -> str:
        """Refuse to retire a tool that somebody has."""
        state = self.cleaned_data["state"]
        out = Loan.objects.for_scope(self.scope, self.action).of(self.instance).out()
        if state == ToolState.RETIRED and out.exists():
            raise ValidationError(LENT_NOW, code="lent")
        return state


class ToolFilter(FilterForm):
    """Find a tool by its number, its name, where it is."""

    words = forms.CharField(label="Numéro ou nom", max_length=60)
    standing = forms.ChoiceField(
        label="État", choices=[("", "Tous les états"), *ToolStanding.choices]
    )

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the tools that match."""
        if words := self.cleaned_data.get("words"):
            rows = rows.matching(words)
        if standing := self.cleaned_data.get("standing"):
            rows = rows.standing(standing, timezone.localdate())
        return rows


class ToolPhotoForm(StoredFileForm):
    """The photo of a tool, in place of the one there was; `fixed` gives the tool."""

    document = DocumentField(
        label="Photo", longest=LONGEST_SIDE, help_text="JPEG, PNG ou HEIC, 10\u00a0Mo au plus."
    )

    class Meta:
        model = ToolPhoto
        fields = ["title"]
        labels = {"title": "Légende"}

    def clean_document(self) -> CheckedUpload:
        """Refuse what is not a picture."""
        document = self.cleaned_data["document"]
        if document.content_type not in (JPEG, PNG):
            raise ValidationError(NOT_A_PHOTO, code="not_a_photo")
        return document

    def validate_unique(self) -> None:
        """Accept a second one: it takes the place of the first."""

    def save(self, commit: bool = True) -> ToolPhoto:
        """Store the photo, the one before taken away with its file."""
        with gone_with_rows(), transaction.atomic():
            rows = ToolPhoto.objects.for_scope(self.scope, self.action)
            for before in rows.of(self.fixed["tool"]).select_related("tool__programme"):
                record(self.scope, Verb.DELETE, before)
                before.delete()
            return super().save(commit=commit)
