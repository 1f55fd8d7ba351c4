"""Stacks of scanned sheets: opened page by page, drawn, split, and the squares on them read."""

import threading
from collections.abc import Iterator, Sequence
from io import BytesIO
from types import TracebackType
from typing import IO, Self

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from autoprod.core.files import PDF

#: The longest side of a page drawn to be read, in pixels: A4 at 200 and 300 dots per inch.
#: In pixels, so that a page that says it is a hundred metres high costs no more than another.
SIDES = (2339, 3508)
#: The paper a photograph is laid on, in points: A4.
_PAPER = (595, 842)

# PDFium keeps its state per process and takes one call at a time.
_one_at_a_time = threading.RLock()


class BrokenStackError(Exception):
    """What was given is no PDF, a broken one, an empty one, or asks for a password."""


class Stack:
    """A PDF open page by page; pages are counted from 1."""

    def __init__(self, content: bytes | IO[bytes]) -> None:
        """Open it, or the file it is in; BrokenStackError when it cannot be."""
        with _one_at_a_time:
            try:
                self._document = pypdfium2.PdfDocument(content)
            except pypdfium2.PdfiumError as error:
                raise BrokenStackError from error
            self._count = len(self._document)
            if not self._count:
                self.close()
                raise BrokenStackError

    def __enter__(self) -> Self:
        """Return itself, open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def __len__(self) -> int:
        """Return how many pages there are."""
        return self._count

    def close(self) -> None:
        """Give back what the library holds."""
        with _one_at_a_time:
            self._document.close()

    def picture(self, number: int, side: int = SIDES[0]) -> Image.Image:
        """Return a page drawn in grey, its longest side of so many pixels."""
        with _one_at_a_time:
            try:
                page = self._document[number - 1]
                drawn = page.render(scale=side / max(page.get_size()), grayscale=True)
                picture = drawn.to_pil().copy()
                drawn.close()
                page.close()
            except pypdfium2.PdfiumError as error:
                raise BrokenStackError from error
        return picture

    def alone(self, number: int) -> bytes:
        """Return one page as a PDF of its own, as it was scanned."""
        with _one_at_a_time:
            return _written([(self._document, [number - 1])])


def _written(parts: Sequence[tuple[pypdfium2.PdfDocument, list[int] | None]]) -> bytes:
    """Return the pages of several documents in one; None takes them all."""
    made, output = pypdfium2.PdfDocument.new(), BytesIO()
    try:
        for document, pages in parts:
            made.import_pages(document, pages)
        made.save(output)
    finally:
        made.close()
    return output.getvalue()


def joined(parts: Sequence[tuple[bytes, str]]) -> bytes:
    """Return PDFs and photographs (their content and type), one behind the other, in one PDF."""
    with _one_at_a_time:
        documents = []
        try:
            for content, kind in parts:
                readable = content if kind == PDF else _on_paper(content)
                documents.append(pypdfium2.PdfDocument(readable))
            return _written([(document, None) for document in documents])
        except pypdfium2.PdfiumError as error:
            raise BrokenStackError from error
        finally:
            for document in documents:
                document.close()


def _on_paper(photograph: bytes) -> bytes:
    """Return a photograph as a page of A4 height or width."""
    output = BytesIO()
    with Image.open(BytesIO(photograph)) as image:
        image.thumbnail((SIDES[1], SIDES[1]))
        resolution = 72 * max(image.size) / max(_PAPER)
        image.convert("RGB").save(output, "PDF", resolution=resolution, quality=80)
    return output.getvalue()


def squares(stack: Stack, number: int) -> list[str]:
    """Return what the QR squares of a page say, each once; none when no way of looking finds any.

    Straight, turned, askew or pale: the reader sees to it. What it misses is looked at larger,
    then with its specks wiped off and its greys spread.
    """
    for picture in _looks(stack, number):
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        if said := list(dict.fromkeys(square.text for square in found if square.text)):
            return said
    return []


def _looks(stack: Stack, number: int) -> Iterator[Image.Image]:
    plain = stack.picture(number)
    yield plain
    yield stack.picture(number, SIDES[1])
    yield ImageOps.autocontrast(plain.filter(ImageFilter.MedianFilter(3)), cutoff=2)


def as_png(picture: Image.Image) -> bytes:
    """Return a picture for a page of the site."""
    output = BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()
