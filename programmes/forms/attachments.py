"""Form of an attachment."""

from autoprod.core.uploads import StoredFileForm
from programmes.models import Attachment


class AttachmentForm(StoredFileForm):
    """A file to keep with a programme."""

    class Meta:
        model = Attachment
        fields = ["title", "keep_until"]
