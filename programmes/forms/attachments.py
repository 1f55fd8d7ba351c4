"""Form of an attachment."""

from autoprod.core.files import DocumentField
from autoprod.core.forms import ScopedModelForm
from programmes.models import Attachment


class AttachmentForm(ScopedModelForm):
    """A file to keep with a programme; its name is taken from the file unless one is given."""

    document = DocumentField(label="Fichier", help_text="PDF ou photo, 10 Mo au plus.")

    class Meta:
        model = Attachment
        fields = ["title", "keep_until"]

    def __init__(self, *args, **kwargs) -> None:
        """Let the title be empty, and ask for the file first."""
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = "Laissez vide pour garder le nom du fichier."
        self.order_fields(["document", "title", "keep_until"])

    def save(self, commit: bool = True) -> Attachment:
        """Store the checked content under a random name, then the row."""
        values = {
            "programme": self.fixed["programme"],
            "keep_until": self.cleaned_data.get("keep_until"),
        }
        if title := self.cleaned_data.get("title"):
            values["title"] = title
        self.instance = Attachment.from_upload(
            self.cleaned_data["document"], by=self.scope.actor_key, **values
        )
        return super().save(commit=commit)
