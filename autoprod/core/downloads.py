"""Files that leave: downloads that no browser runs, guesses about or keeps.

The caller has read the content through its scope and writes the audit event.
"""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def made(content: bytes, *, filename: str, content_type: str) -> HttpResponse:
    """Return what was just made as a download."""
    disposition = {"Content-Disposition": content_disposition_header(True, filename)}
    return HttpResponse(content, content_type=content_type, headers=_HEADERS | disposition)


def stored(file: FieldFile, *, filename: str, content_type: str) -> FileResponse:
    """Return a stored file as a download, sent without being read whole."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=filename,
        content_type=content_type,
        headers=_HEADERS,
    )
