"""French typography of what people read: templates, strings of the code, labels of the lists.

Curly apostrophes, a non-breaking space (U+00A0 or U+202F) before « : ; ? ! » and inside « », a real
ellipsis. Docstrings and comments are English and are not read.
"""

import ast
import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.house.tree import Source, Tree

_NBSP = "\u00a0\u202f"
_END = r"(?=\s|$|<)"

#: Wrong in any language of the house: English puts no space there, and elides nothing so.
_ALWAYS = {
    "straight apostrophe": re.compile(
        r"(?<![\w'])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|aujourd|presqu|quelqu)'"
        r"(?=[a-zàâéèêëîïôûùœ])",
        re.IGNORECASE,
    ),
    "breaking space before punctuation": re.compile(rf"(?<=[\w»)%€’])[ \t\r\n]+[:;?!]{_END}"),
    "no non-breaking space inside « »": re.compile(
        rf"«(?![{_NBSP}])[ \w]|(?:(?![{_NBSP}])[ \w.!?…)])»"
    ),
}
#: Wrong in French only.
_IN_FRENCH = {
    "no space before punctuation": re.compile(rf"(?<=[a-zà-ÿœ»)])[:;?!]{_END}"),
    "three dots": re.compile(r"\.\.\."),
}
_FRENCH = re.compile(
    r"[àâçéèêëîïôûùœ’]|\b(?:le|la|les|des|une|vous|votre|vos|cette|est|sur|pour|dans|avec|aux)\b",
    re.IGNORECASE,
)
_REGULAR_EXPRESSION = re.compile(r"\\[dwsbSWD.]|\(\?|\[\^")


def faults(text: str, *, is_french: bool | None = None) -> list[str]:
    """Return what is wrong with a text, each fault with the words around it."""
    rules = dict(_ALWAYS)
    if _FRENCH.search(text) if is_french is None else is_french:
        rules |= _IN_FRENCH
    return [
        f"{name}: « {text[max(found.start() - 20, 0) : found.end() + 15].strip()} »"
        for name, rule in rules.items()
        for found in rule.finditer(text)
    ]


def _prose(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each string of a syntax tree; an f-string's values become « x »."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else "x" for p in node.values]
        yield node.lineno, "".join(parts)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    for child in ast.iter_child_nodes(node):
        yield from _prose(child)


def python_faults(tree: Tree) -> list[str]:
    """Return the faults in the strings of our Python files."""
    return [
        f"{source.name}:{line} {fault}"
        for source in tree.python
        for line, text in _prose(source.parsed)
        if len(text) > 2 and not _REGULAR_EXPRESSION.search(text)
        for fault in faults(text)
    ]


_TAGS = re.compile(
    r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|(?P<tag>\{%.*?%\})|(?P<value>\{\{.*?\}\})",
    re.DOTALL,
)
_QUOTED = re.compile(r""""([^"]*)"|(?<=[\s=:,])'([^']*)'""")
_SPOKEN = frozenset({"title", "alt", "aria-label", "placeholder", "label", "content", "value"})


class _Texts(HTMLParser):
    """Collects the texts a page shows or says aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.texts += [
            value or "" for name, value in attrs if name in _SPOKEN or name.startswith("data-")
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def _template_texts(source: Source) -> list[str]:
    quoted = []

    def leave_out(found: re.Match) -> str:
        if found["tag"] or found["value"]:
            quoted.extend(a or b for a, b in _QUOTED.findall(found[0]))
        return "x" if found["value"] else ""

    reader = _Texts()
    reader.feed(_TAGS.sub(leave_out, source.text))
    reader.close()
    return reader.texts + [text for text in quoted if " " in text]


def template_faults(tree: Tree) -> list[str]:
    """Return the faults in the texts of templates, the strings of their tags included."""
    return [
        f"{source.name} {fault}"
        for source in tree.templates
        for text in _template_texts(source)
        for fault in faults(text, is_french=True)
    ]


def list_faults(tree: Tree) -> list[str]:
    """Return the faults in the labels of the reference lists."""
    lists = [s for s in tree.sources if s.floor and s.name.endswith(".csv") and "data" in s.parts]
    return [
        f"{source.name} {fault}"
        for source in lists
        for row in csv.DictReader(io.StringIO(source.text))
        for column in ("label", "help")
        for fault in faults(row.get(column) or "", is_french=True)
    ]
