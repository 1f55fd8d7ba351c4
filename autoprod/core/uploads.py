"""The form that keeps a file with a record, and the answer that sends it back."""

from django.http import FileResponse, HttpRequest

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import DocumentField, StoredFile, file_response
from autoprod.core.forms import ScopedModelForm
from autoprod.core.scoping import ScopedQuerySet
from autoprod.core.views import get_or_404


class StoredFileForm(ScopedModelForm):
    """A file to keep with what `fixed` names; its title is the file's name unless one is given."""

    document = DocumentField(label="Fichier", help_text="PDF ou photo, 10\u00a0Mo au plus.")

    def __init__(self, *args, **kwargs) -> None:
        """Let the title be empty, and ask for the file first."""
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = "Laissez vide pour garder le nom du fichier."
        self.order_fields(["document", "title", "keep_until"])

    def save(self, commit: bool = True) -> StoredFile:
        """Store the checked content under a random name, then the row."""
        values = {**self.fixed, "keep_until": self.cleaned_data.get("keep_until")}
        if title := self.cleaned_data.get("title"):
            values["title"] = title
        self.instance = self._meta.model.from_upload(
            self.cleaned_data["document"], by=self.scope.actor_key, **values
        )
        return super().save(commit=commit)


def send(request: HttpRequest, rows: ScopedQuerySet, pk: int) -> FileResponse:
    """Return a file as a download, and write that it was read; 404 when it is not in `rows`."""
    stored = get_or_404(rows, pk=pk)
    record(request.scope, Verb.READ, stored)
    return file_response(stored)
