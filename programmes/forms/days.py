"""What is noted of a session's day: counts without a name, the note, the photo."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import JPEG, PNG, CheckedUpload, DocumentField, gone_with_rows
from autoprod.core.forms import ScopedModelForm
from autoprod.core.uploads import StoredFileForm
from programmes.models import Session, SessionPhoto
from programmes.services.days import MOST, counts_of

#: Pixels: wider than any page shows it, a tenth of the weight of what telephones take.
LONGEST_SIDE = 1_600
NOT_A_PHOTO = "Choisissez une photo (JPEG, PNG, HEIC)\u00a0: un PDF se joint à l’action."


class CountsForm(forms.Form):
    """Numbers typed, beside those the page showed; « step » is a button that adds or takes one."""

    step = forms.RegexField(r"^[a-z]+:(-1|1)$", required=False)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        """Ask for what the kind of the session counts."""
        super().__init__(*args, **kwargs)
        self.names = list(counts_of(session))
        for name in self.names:
            for field in (name, f"seen_{name}"):
                self.fields[field] = forms.IntegerField(min_value=0, max_value=MOST, initial=0)

    @property
    def changes(self) -> dict[str, int]:
        """Return what to add to each count that changes: what was typed, and one tap."""
        cleaned = self.cleaned_data
        added = {name: cleaned[name] - cleaned[f"seen_{name}"] for name in self.names}
        name, _, step = cleaned["step"].partition(":")
        if name in added:
            added[name] += int(step)
        return {name: more for name, more in added.items() if more}


class NoteForm(ScopedModelForm):
    """The note of the day."""

    class Meta:
        model = Session
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"note": "Deux lignes\u00a0: météo, matériel, fait marquant. Aucun nom."}


class PhotoForm(StoredFileForm):
    """The photo of the day, in place of the one there was; `fixed` gives the session."""

    document = DocumentField(
        label="Photo",
        longest=LONGEST_SIDE,
        help_text="JPEG, PNG ou HEIC, 10\u00a0Mo au plus. Sans visage que l’on reconnaisse.",
    )

    class Meta:
        model = SessionPhoto
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

    def save(self, commit: bool = True) -> SessionPhoto:
        """Store the photo, the one before taken away with its file."""
        with gone_with_rows(), transaction.atomic():
            rows = SessionPhoto.objects.for_scope(self.scope, self.action)
            for before in rows.of(self.fixed["session"]).select_related("session__programme"):
                record(self.scope, Verb.DELETE, before)
                before.delete()
            return super().save(commit=commit)
