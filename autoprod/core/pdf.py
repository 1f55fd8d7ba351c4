"""PDF documents: the only place that knows WeasyPrint.

Documents are tagged and aimed at PDF/UA-1; nobody has certified them. Keep lists under
`MAX_ROWS` rows: the time of a render grows faster than its pages, a longer list is a spreadsheet.
"""

import atexit
import datetime
import functools
import mimetypes
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils._os import safe_join
from PIL import ImageFile

from autoprod.core import downloads, formatting
from autoprod.core.models import Installation

MAX_ROWS = 300
SCHEME = "static:"
STYLESHEET = "static:css/pdf.css"
AUDIENCES = {"interne": "Édition interne", "diffusion": "Édition pour diffusion"}
ORIENTATIONS = ("portrait", "landscape")
VARIANT = "pdf/ua-1"

# Pango and fontconfig keep their state per process, and crashes under threads are reported
# (WeasyPrint, issue 1402). Rendering holds the interpreter anyway: one at a time loses nothing.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Document:
    """What a document is, apart from its content.

    `template` extends `pdf/base.html`; `filename` has no extension; `audience` is « interne »,
    « diffusion » or None; `fingerprint` is the mark of the figures printed in it, if any.
    `demo` None means: ask the installation.
    """

    template: str
    title: str
    filename: str
    audience: str | None = None
    orientation: str = "portrait"
    subtitle: str = ""
    organisation: str = ""
    edited_at: datetime.datetime | None = None
    fingerprint: str = ""
    demo: bool | None = None

    def __post_init__(self) -> None:
        if self.audience is not None and self.audience not in AUDIENCES:
            raise ValueError("an audience is interne, diffusion or None")
        if self.orientation not in ORIENTATIONS:
            raise ValueError("an orientation is portrait or landscape")


def _footer(document: Document, edited_at: datetime.datetime) -> str:
    """Return « Édition interne. Édité le 4 avril 2016 à 9 h 04 — empreinte 7f3a 91c2 »."""
    parts = [AUDIENCES[document.audience]] if document.audience else []
    footer = ". ".join([*parts, formatting.edited(edited_at)])
    if document.fingerprint:
        mark = document.fingerprint
        footer += f" — empreinte des chiffres {mark[:4]}\u00a0{mark[4:]}"
    return footer


def _is_demo(document: Document) -> bool:
    if document.demo is not None:
        return document.demo
    installation = Installation.current()
    return installation is not None and installation.is_demo


def static_file(name: str) -> Path:
    """Return one of our static files; FileNotFoundError for anything else.

    The sources are looked at first, then the collected files of an installation without them.
    """
    try:
        found = finders.find(name)
        if not found and settings.STATIC_ROOT:
            found = safe_join(settings.STATIC_ROOT, name)
    except SuspiciousFileOperation as error:
        raise FileNotFoundError(name) from error
    if not found or not Path(found).is_file():
        raise FileNotFoundError(name)
    return Path(found)


def render(document: Document, *, context: Mapping[str, object]) -> bytes:
    """Return the PDF of a document: A4, our fonts, tagged, every page dated and numbered.

    Nothing is read but our static files: an address in the content (file:, http:) is left blank.
    """
    html = _html(document, context)
    with _one_at_a_time:
        return _laid_out(html).write_pdf(pdf_variant=VARIANT)


class Pile:
    """Documents laid out one after the other: each alone, and all of them in one file to print.

    The pages of each keep their own numbers, whatever its place in the pile.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._documents: list = []

    def add(self, document: Document, *, context: Mapping[str, object]) -> bytes:
        """Put a document on the pile, and return its PDF alone, as `render` does."""
        html = _html(document, context)
        with _one_at_a_time:
            self._documents.append(_laid_out(html))
            return self._documents[-1].write_pdf(pdf_variant=VARIANT)

    def write(self) -> bytes:
        """Return the PDF of the whole pile, under the title of the first; IndexError for none."""
        pages = [page for document in self._documents for page in document.pages]
        with _one_at_a_time:
            return self._documents[0].copy(pages).write_pdf(pdf_variant=VARIANT)


def _html(document: Document, context: Mapping[str, object]) -> str:
    edited_at = timezone.localtime(document.edited_at)
    return render_to_string(
        document.template,
        {
            **context,
            "document": document,
            "edited_at": edited_at,
            "footer": _footer(document, edited_at),
            "is_demo": _is_demo(document),
            "stylesheet": STYLESHEET,
        },
    )


def _laid_out(html: str) -> object:
    # Imported here: it takes two seconds and 50 MB, which commands and pages without a document
    # should not pay; and GLib must not be loaded before a server forks (WeasyPrint, issue 167).
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    # WeasyPrint tells Pillow, for the whole process, to accept images cut short: an uploaded
    # photograph that lost its end would then be kept, grey, without a word.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    class StaticFetcher(URLFetcher):
        """Serves our static files, and refuses every other address."""

        def fetch(self, url, headers=None):
            """Return the static file named after `static:`; ValueError for any other scheme."""
            if not url.startswith(SCHEME):
                raise ValueError("only static files go into a document")
            path = static_file(url.removeprefix(SCHEME))
            # Without its type, a style sheet is ignored.
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    page = HTML(string=html, url_fetcher=StaticFetcher())
    return page.render(pdf_variant=VARIANT, font_config=_fonts())


def _fonts() -> object:
    """Return the fonts of every document of this process.

    Unpacked once, in a temporary folder: unpacking them for each document takes a third of a short
    one's time. Unpacked again when that folder is gone: systems clean /tmp of what is ten days old.
    """
    folder = _unpacked()._folder
    if folder and not folder.is_dir():
        _unpacked.cache_clear()
    return _unpacked()


@functools.cache
def _unpacked() -> object:
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_unpacked.cache_clear)
    return FontConfiguration()


def response(document: Document, content: bytes) -> HttpResponse:
    """Return the PDF as a download that browsers do not keep."""
    filename = f"{document.filename}.pdf"
    return downloads.made(content, filename=filename, content_type="application/pdf")
