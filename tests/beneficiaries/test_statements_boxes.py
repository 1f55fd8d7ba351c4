"""Months of one to sixty lines in one file: no signature box is cut."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

from autoprod.core.pdf import Pile
from beneficiaries.documents.statements import statement_paper
from tests.beneficiaries.test_statements_prints import FOOT, HEIGHT, MILLIMETRE, SAID, TOP, of_lines
from tests.harness.prints import texts_of

#: In millimetres: the widths of the three boxes, their heights on a short month and on a long one.
WIDTHS, HEIGHTS = (72, 50, 50), (34, 29)
#: Short months, each length around the one that fills its page, and full ones.
LENGTHS = (1, 2, 3, 8, 16, 24, *range(30, 47), 52, 59, 60)
#: What the page has around its square, from the second one on.
BELOW_SQUARE = 38
CHANGES = ["Ajouté\u00a0: 16 mars 2016, 8 h – 12 h, Jardin de la maison de quartier"] * 5


@dataclass(frozen=True)
class Frame:
    """What is drawn on a page, in millimetres from its foot and its left side."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


def frames_of(page: PdfPage) -> Iterator[Frame]:
    """Return the frames as wide as a box: each whole one, and each piece of one that is cut."""
    for drawn in page.get_objects(filter=[FPDF_PAGEOBJ_PATH], max_depth=8):
        frame = Frame(*(at / MILLIMETRE for at in drawn.get_bounds()))
        # A line of the table is thinner than the shortest piece with both its borders.
        if frame.height > 1.5 and any(abs(frame.width - width) < 0.5 for width in WIDTHS):
            yield frame


@pytest.mark.one_engine
@pytest.mark.long
def test_no_box_of_months_of_one_to_sixty_lines_is_cut(karim):
    pile, lengths = Pile(), []
    for number in LENGTHS:
        karim.person.last_name = f"Nom{number:02}x" + " de la très longue lignée" * (number % 3)
        row = of_lines(karim, number)
        row.number = 2 if number % 4 == 0 else 1
        changes = CHANGES if row.number == 2 else ()
        document, context = statement_paper(row, SAID, changes=changes)
        lengths.append(len(PdfDocument(pile.add(document, context=context))))

    content = pile.write()
    pages, texts = list(PdfDocument(content)), texts_of(content)
    assert len(pages) == len(texts) == sum(lengths)
    assert set(lengths) == {1, 2}, "both a month on one page and one that goes on are tried"
    for number, length in zip(LENGTHS, lengths, strict=True):
        mine, said = pages[:length], " ".join(texts[:length])
        last, pages, texts = texts[length - 1], pages[length:], texts[length:]
        assert f"NOM{number:02}X" in said, number
        assert said.count("14 h – 16 h") == number, number
        assert "En tout" in last, number
        frames = [(at, frame) for at, page in enumerate(mine) for frame in frames_of(page)]
        # All three, side by side on the last page, as high as they should be.
        assert [at for at, _ in frames] == [length - 1] * 3, number
        found = sorted((frame for _, frame in frames), key=lambda one: one.left)
        assert [round(one.width) for one in found] == [*WIDTHS], number
        (height,) = {round(one.height, 1) for one in found}
        assert height in HEIGHTS, number
        (bottom,) = {round(one.bottom, 1) for one in found}
        assert bottom >= FOOT, number
        highest = HEIGHT - (TOP if length == 1 else BELOW_SQUARE)
        assert max(one.top for one in found) <= highest, number
