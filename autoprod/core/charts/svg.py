"""SVG elements, the colours of the series, and the room a text takes.

No `style` attribute and no class: the content security policy forbids the first, and WeasyPrint
does not carry a page's CSS into a drawing. Colours and fonts are attributes of each element.
"""

import re
import unicodedata
from xml.etree import ElementTree

from django.utils.safestring import SafeString

INK, MUTED, GRID, SURFACE = "#1b2a22", "#56655c", "#dfd9ca", "#ffffff"
#: The colours of series, and what is legible on each (contrast of 4.5 at least).
SERIES = (
    ("#1f6a45", "#ffffff"),
    ("#2f6594", "#ffffff"),
    ("#d19a2a", INK),
    ("#7b4a78", "#ffffff"),
    ("#b9552f", "#ffffff"),
    ("#75857b", "#000000"),
)
#: Number of each of these colours in the style sheets (`series-1` …).
SERIES_NUMBERS = (1, 3, 2, 5, 4, 6)
GREEN, GREEN_PALE, GREY = SERIES[0][0], "#e2f0e7", "#b7c4bb"
FONT = "'Atkinson Hyperlegible Next', 'DejaVu Sans', sans-serif"

# Advance widths of the regular font, in twentieths of an em; bold is about 5 % wider.
_WIDTHS = {
    char: width
    for width, chars in {
        4: "',.:;’", 5: "`ijl|", 6: ' !"()[f\u00a0', 7: "-]_rt{}°", 8: "/1I\\", 9: "svyz\u202f",
        10: "*7?Jackx–", 11: "2<>EFLT^bdeghnopqu~×", 12: "$+345689BPRSVXYZ«»", 13: "#0=ACDK€",
        14: "GHNOQUw…", 15: "&", 16: "@M—", 17: "Wmæ", 18: "%œ", 20: "Œ",
    }.items()
    for char in chars
}  # fmt: skip
_UNKNOWN_WIDTH = 20
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is at a font size, never much less than it really is."""
    units = 0
    for char in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(char):
            units += _WIDTHS.get(char, _UNKNOWN_WIDTH)
    return units * size / 20 * (1.06 if bold else 1)


def fit(text: str, size: float, width: float) -> str:
    """Return the text, cut with « … » when it is wider than `width`."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, size: float, width: float) -> list[str]:
    """Return the text on one or two lines, the second one cut when it must be."""
    if text_width(text, size) <= width:
        return [text]
    first, words = "", text.split()
    while words and text_width(f"{first} {words[0]}".strip(), size) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first or not words:
        return [fit(text, size, width)]
    return [first, fit(" ".join(words), size, width)]


def number(value: float) -> str:
    """Return a length with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def clean(text: str) -> str:
    """Return the text without the characters that XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)


class Drawing:
    """An SVG image being built; every text is escaped by the serialiser."""

    def __init__(self, title: str, description: str, width: float, height: float) -> None:
        """`title` is the alternative text, in a PDF too; `description` says the figures."""
        self.root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "width": number(width),
                "height": number(height),
                "role": "img",
            },
        )
        ElementTree.SubElement(self.root, "title").text = clean(title)
        ElementTree.SubElement(self.root, "desc").text = clean(description)
        self.parent = self.root

    def add(self, tag: str, **attributes: float | str) -> ElementTree.Element:
        """Add an element; `font_size=11` is written font-size="11"."""
        written = {
            name.replace("_", "-"): clean(value) if isinstance(value, str) else number(value)
            for name, value in attributes.items()
        }
        return ElementTree.SubElement(self.parent, tag, written)

    def open_link(self, href: str) -> None:
        """Put what is added next in a link, until `close_link`.

        An image hides what it contains from assistive technologies, so one with links is a group.
        """
        self.root.set("role", "group")
        self.parent = self.root
        self.parent = self.add("a", href=href)

    def close_link(self) -> None:
        """Add what comes next outside any link."""
        self.parent = self.root

    def text(self, x: float, y: float, text: str, size: float, **attributes: str) -> None:
        """Write a text whose baseline is at `y`; nothing when it is empty."""
        if not text:
            return
        defaults = {"font_family": FONT, "fill": INK}
        self.add("text", x=x, y=y, font_size=size, **{**defaults, **attributes}).text = clean(text)

    def bar(self, box: tuple[float, float, float, float], fill: str) -> None:
        """Draw a bar (x, y, width, height) with slightly rounded corners; nothing when flat."""
        x, y, width, height = box
        if width > 0 and height > 0:
            radius = min(2, width / 2, height / 2)
            self.add("rect", x=x, y=y, width=width, height=height, rx=radius, fill=fill)

    def rule(self, start: tuple[float, float], end: tuple[float, float], stroke: str) -> None:
        """Draw a thin straight line."""
        (x1, y1), (x2, y2) = start, end
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=1)

    def render(self) -> SafeString:
        """Return the markup."""
        return SafeString(ElementTree.tostring(self.root, encoding="unicode"))
