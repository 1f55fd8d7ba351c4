"""Forms of gift notes: the day both signed, and the scan."""

from django import forms
from django.utils import timezone

from autoprod.core.files import DocumentField
from gardens.forms.acts import ActForm


class SignatureForm(ActForm):
    """When the note was signed, and a photograph of it."""

    signed_on = forms.DateField(label="Signé le", initial=timezone.localdate)
    document = DocumentField(
        label="Bon signé",
        required=False,
        help_text="PDF ou photo, 10\u00a0Mo au plus. Il remplace celui qui y est.",
    )
