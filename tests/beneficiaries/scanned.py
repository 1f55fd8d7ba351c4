"""Stacks of scanned statements for tests: printed pages, as a scanner gives them back."""

import random
from collections.abc import Iterable
from datetime import date
from io import BytesIO

import pypdfium2
import segno
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter

from autoprod.core.files import PDF
from beneficiaries.documents.statement_codes import qr_text
from beneficiaries.models import StatementScan
from programmes.models import Programme

#: A4 at 150 dots per inch: what an office scanner does unless told.
SIZE = (1240, 1754)
PAPER = 255


def blank() -> Image.Image:
    """Return a page with nothing on it."""
    return Image.new("L", SIZE, PAPER)


def printed(code: str, page: int = 1) -> Image.Image:
    """Return a page with its square of 28 mm at the top right, and lines of text."""
    sheet, drawn = blank(), BytesIO()
    segno.make(qr_text(code, page), error="h", micro=False).save(drawn, kind="png", scale=8)
    square = Image.open(drawn).convert("L").resize((165, 165), Image.Resampling.NEAREST)
    sheet.paste(square, (SIZE[0] - 165 - 90, 90))
    pen = ImageDraw.Draw(sheet)
    for line in range(30):
        pen.text((90, 320 + 40 * line), f"{line + 1:02} mars 2016   8 h - 12 h   Jardin", fill=30)
    return sheet


def drawn(pdf: bytes) -> list[Image.Image]:
    """Return the pages of a printed PDF as a scanner sees them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            page.render(scale=SIZE[1] / page.get_height(), grayscale=True).to_pil().copy()
            for page in document
        ]
    finally:
        document.close()


def turned(page: Image.Image, degrees: float) -> Image.Image:
    """Return the page turned, or askew."""
    return page.rotate(degrees, expand=True, fillcolor=PAPER, resample=Image.Resampling.BICUBIC)


def pale(page: Image.Image) -> Image.Image:
    """Return the page as a scanner set too light gives it."""
    return page.point(lambda grey: 150 + grey * 90 // 255)


def folded(page: Image.Image) -> Image.Image:
    """Return the page with the corner of its square folded over it."""
    kept, width = page.copy(), page.width
    corner = [(width - 150, 0), (width, 0), (width, 150)]
    ImageDraw.Draw(kept).polygon(corner, fill=200)
    return kept


def torn(page: Image.Image) -> Image.Image:
    """Return the page with half of its square torn away."""
    kept, width = page.copy(), page.width
    ImageDraw.Draw(kept).rectangle([width - 180, 0, width, 400], fill=PAPER)
    return kept


def specked(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return the page with the grain and the specks of a scanner's glass."""
    grain = Image.frombytes("L", (310, 439), chance.randbytes(310 * 439)).resize(page.size)
    kept = Image.blend(page, grain, 0.12).filter(ImageFilter.GaussianBlur(0.6))
    pen = ImageDraw.Draw(kept)
    for _ in range(200):
        left, top = chance.randrange(kept.width), chance.randrange(kept.height)
        pen.ellipse([left, top, left + 2, top + 2], fill=chance.randrange(120))
    return kept


def stacked(pages: Iterable[Image.Image]) -> bytes:
    """Return the pages as one PDF of pictures, as a scanner sends it."""
    first, *others = pages
    output = BytesIO()
    first.save(output, "PDF", save_all=True, append_images=others, resolution=150, quality=60)
    return output.getvalue()


def sent(content: bytes | None = None, name: str = "pile.pdf") -> SimpleUploadedFile:
    """Return a stack as a browser sends it: a blank page unless told."""
    content = stacked([blank()]) if content is None else content
    return SimpleUploadedFile(name, content, PDF)


def kept(programme: Programme, content: bytes, signed_on: date | None = None) -> StatementScan:
    """Return a stack as its upload leaves it."""
    values = {"signed_on": signed_on} if signed_on else {}
    return StatementScan.objects.create(
        programme=programme,
        title="Pile",
        file=ContentFile(content, name="x.pdf"),
        content_type=PDF,
        size=len(content),
        sha256="0" * 64,
        **values,
    )
