"""A stack of scanned statements to upload, and what is decided of a page nobody could file."""

import hashlib
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from autoprod.core.files import PDF, CheckedUpload, check_upload, content_type_of, title_of
from autoprod.core.forms import CHOOSE, ScopedModelForm, guard
from autoprod.core.scans import BrokenStackError, Stack, joined
from beneficiaries.models import Statement, StatementScan, StatementScanPage
from beneficiaries.services.statements import month_of

#: Sixty sheets in colour at 300 dots per inch weigh about 1 MB each; other files stop at 10 MB.
MAX_SIZE = 60 * 1024 * 1024
#: A year of thirty people, and more than the tray of an office scanner holds.
MAX_PAGES = 400
#: Each photograph is drawn again while the browser waits: about a second each.
MAX_PHOTOS = 20

TOO_BIG = (
    "Cette pile dépasse 60\u00a0Mo. Numérisez-la en gris à 200 points par pouce, ou en deux fois."
)
BROKEN = "Ce PDF est abîmé, vide, ou demande un mot de passe. Numérisez la pile une nouvelle fois."
TOO_LONG = "Cette pile dépasse {pages} pages. Envoyez-la en deux fois."
TOO_MANY = "Envoyez {photos} photos au plus à la fois."
TO_COME = "Cette date est à venir\u00a0: notez le jour où les états ont été signés."


class _Files(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class StackField(forms.FileField):
    """One PDF, or several photographs and PDFs; its cleaned value is one PDF to keep."""

    widget = _Files(attrs={"accept": "application/pdf,image/jpeg,image/png,image/heic,.heic"})

    def clean(self, data: object, initial: object = None) -> CheckedUpload:
        """Check each file and the whole, and return them one behind the other."""
        files = data if isinstance(data, list) else [data]
        uploads = [super(StackField, self).clean(file, initial) for file in files or [None]]
        if sum(upload.size for upload in uploads) > MAX_SIZE:
            raise ValidationError(TOO_BIG, code="too_big")
        try:
            content, self.page_count = _stacked(uploads)
        except BrokenStackError as error:
            raise ValidationError(BROKEN, code="broken") from error
        if self.page_count > MAX_PAGES:
            raise ValidationError(TOO_LONG.format(pages=MAX_PAGES), code="too_long")
        title = title_of(uploads[0].name or "")
        return CheckedUpload(title, content, PDF, hashlib.sha256(content).hexdigest())


def _stacked(uploads: Sequence[UploadedFile]) -> tuple[bytes, int]:
    """Return the pages of the files in one PDF, and how many; a lone PDF stays as it was sent."""
    parts = [_part(upload) for upload in uploads]
    if sum(kind != PDF for _, kind in parts) > MAX_PHOTOS:
        raise ValidationError(TOO_MANY.format(photos=MAX_PHOTOS), code="too_many")
    content = parts[0][0] if len(parts) == 1 and parts[0][1] == PDF else joined(parts)
    with Stack(content) as stack:
        return content, len(stack)


def _part(upload: UploadedFile) -> tuple[bytes, str]:
    """Return the content of a file and its type; a photograph is drawn again."""
    upload.seek(0)
    if content_type_of(upload.read(32)) == PDF:
        upload.seek(0)
        return upload.read(), PDF
    checked = check_upload(upload)
    return checked.content, checked.content_type


class StatementScanForm(ScopedModelForm):
    """The stack, and the day its sheets were signed."""

    document = StackField(
        label="La pile numérisée",
        help_text=(
            "Un PDF de 60\u00a0Mo au plus, ou jusqu’à 20 photos. L’ordre et le sens des feuilles "
            "n’ont pas d’importance."
        ),
        error_messages={"required": "Choisissez le PDF ou les photos de la pile."},
    )

    class Meta:
        model = StatementScan
        fields = ("signed_on",)
        help_texts = {
            "signed_on": "La date écrite à la main n’est pas lue\u00a0: celle-ci vaut pour la pile."
        }

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the file first."""
        super().__init__(*args, **kwargs)
        self.order_fields(["document", "signed_on"])

    def clean_signed_on(self):
        """Refuse a day to come."""
        on = self.cleaned_data["signed_on"]
        if on > timezone.localdate():
            raise ValidationError(TO_COME, code="future")
        return on

    def save(self, commit: bool = True) -> StatementScan:
        """Store the stack, then its row."""
        self.instance = StatementScan.from_upload(
            self.cleaned_data["document"],
            by=self.scope.actor_key,
            signed_on=self.cleaned_data["signed_on"],
            page_count=self.fields["document"].page_count,
            **self.fixed,
        )
        return super().save(commit=commit)


class _Choice(forms.ModelChoiceField):
    """Statements, told by the month and the person: the list runs from the last month."""

    def label_from_instance(self, statement: Statement) -> str:
        """Return « mars 2016 · Karim Diallo »."""
        return f"{month_of(statement).label} · {statement.enrolment.person}"


class FilePageForm(forms.Form):
    """Whose statement a page is."""

    statement = _Choice(label="État de", queryset=Statement.objects.none(), empty_label=CHOOSE)

    def __init__(self, *args, waiting, **kwargs) -> None:
        """Offer the statements that wait for a sheet."""
        super().__init__(*args, **kwargs)
        self.fields["statement"].queryset = waiting


class SetAsideForm(forms.Form):
    """Why a page is filed nowhere."""

    words = forms.CharField(
        label="Pourquoi",
        max_length=StatementScanPage._meta.get_field("found").max_length,
        help_text="Par exemple\u00a0: page blanche, feuille en double.",
    )

    def __init__(self, *args, **kwargs) -> None:
        """Refuse a social security number in the words."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
