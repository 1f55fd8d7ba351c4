"""Pictograms of documents: an icon of the set, and four stairs for how far one has come.

Drawn in the page itself: WeasyPrint reads no sprite. Each bears words, which a reader says aloud.
"""

from functools import cache
from xml.etree import ElementTree as ET

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from autoprod.core.pdf import static_file
from autoprod.core.templatetags.components import SPRITE
from beneficiaries.enums import Mastery

_SVG = "{http://www.w3.org/2000/svg}"
#: A stair climbed, and one to climb: the second is hollow, not only paler.
_CLIMBED, _TO_CLIMB = "#1f6a45", "none"


@cache
def _symbols() -> dict[str, str]:
    """Return the drawing of each icon of the sprite, by name."""
    ET.register_namespace("", _SVG[1:-1])
    # Our own file, whose sum a test checks.
    tree = ET.fromstring(static_file(SPRITE).read_bytes())  # noqa: S314
    return {
        symbol.get("id"): "".join(ET.tostring(child, encoding="unicode") for child in symbol)
        for symbol in tree.iter(f"{_SVG}symbol")
    }


def pictogram(name: str, words: str) -> SafeString:
    """Return an icon of the sprite; `words` say what it shows. KeyError for an unknown icon."""
    drawing = mark_safe(_symbols()[name])  # noqa: S308 - our own file
    return format_html(
        '<svg class="pictogram" viewBox="0 0 24 24" fill="none" stroke="#1f6a45"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
        "<title>{}</title>{}</svg>",
        words,
        drawing,
    )


def stairs(level: int) -> SafeString:
    """Return four stairs, climbed up to a level of `Mastery`, which the words tell too."""
    words = f"{level} marche{'s' if level > 1 else ''} sur {len(Mastery)}"
    steps = "".join(
        f'<rect x="{(step - 1) * 14 + 1}" y="{29 - step * 7}" width="11" height="{step * 7}"'
        ' rx="1.5" stroke="#1f6a45" stroke-width="1.5"'
        f' fill="{_CLIMBED if step <= level else _TO_CLIMB}"/>'
        for step in Mastery.values
    )
    return format_html(
        '<svg class="stairs" viewBox="0 0 56 30"><title>{}</title>{}</svg>',
        words,
        mark_safe(steps),  # noqa: S308 - numbers only
    )
