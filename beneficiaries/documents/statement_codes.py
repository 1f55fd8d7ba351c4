"""The code printed on a statement: letters for people, a square for the scanner."""

import segno
from django.utils.safestring import SafeString, mark_safe

#: Whose square it is, among all those a sheet may carry. Capitals and « : » keep it small.
PREFIX = "AUTOPROD"
#: How many modules stay white around the square (ISO/IEC 18004 asks for four).
QUIET = 4
TITLE = "Code de l’état, à lire par le scanner"


def in_groups(code: str) -> str:
    """Return the code as it is printed for people: three groups of four."""
    return "\u00a0".join(code[start : start + 4] for start in range(0, len(code), 4))


def qr_text(code: str, page: int = 1) -> str:
    """Return what the square of a page says: the product, the code, the number of the page."""
    return f"{PREFIX}:{code}:{page}"


def square(code: str, page: int = 1) -> SafeString:
    """Return the square as an SVG without style; 25 to 30 mm wide, a scan at 200 dpi reads it.

    The highest level of correction: three tenths of it may be torn, stained or folded.
    """
    drawing = segno.make(qr_text(code, page), error="h", micro=False, boost_error=False)
    svg = drawing.svg_inline(border=QUIET, light="#ffffff", omitsize=True, title=TITLE)
    return mark_safe(svg)  # noqa: S308 (drawn by segno from a code of ours)
