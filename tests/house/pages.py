"""Templates: each is used, and loads only what it uses."""

import ast
import fnmatch
import re
from collections.abc import Iterator

from django.template import engines
from django.template.library import import_library

from tests.house.tree import Source, Tree

#: Django looks for these by their names.
_FOUND_BY_NAME = re.compile(r"^(\d{3}(_csrf)?\.html|django/.*|import_export/.*|admin/.*)$")
_REFERENCE = re.compile(r"""["']([\w/.-]+\.(?:html|txt))["']""")
_LOAD = re.compile(r"\{%\s*load\s+([^%]*?)\s*%\}")
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", re.DOTALL)
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def _named_in_code(source: Source) -> Iterator[str]:
    """Yield the template names in the strings of a file; a computed part becomes « * »."""
    for node in ast.walk(source.parsed):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(p.value if isinstance(p, ast.Constant) else "*" for p in node.values)


def unused_templates(tree: Tree) -> list[str]:
    """Return the templates that no file names."""
    named = {name for source in tree.python for name in _named_in_code(source)}
    named = {name for name in named if name.endswith((".html", ".txt"))}
    for source in tree.templates:
        own = source.name.removeprefix("templates/")
        named |= {name for name in _REFERENCE.findall(source.text) if name != own}
    # A computed name says at least its folder: otherwise it would vouch for every template.
    patterns = [name for name in named if "*" in name and "*" not in name.partition("/")[0]]
    names = [source.name.removeprefix("templates/") for source in tree.templates]
    return [
        name
        for name in names
        if name not in named
        and not _FOUND_BY_NAME.match(name)
        and not any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    ]


def _vocabulary(library: str) -> frozenset[str]:
    found = import_library(engines["django"].engine.libraries[library])
    return frozenset(found.tags) | frozenset(found.filters)


def _unused(source: Source) -> Iterator[str]:
    text = _COMMENT.sub("", source.text)
    code = " ".join(part for part in _CODE.findall(text) if not _LOAD.match(part))
    used = set(re.findall(r"\w+", code))
    for loaded in _LOAD.findall(text):
        words = loaded.split()
        if "from" in words:
            yield from (word for word in words[: words.index("from")] if word not in used)
        else:
            yield from (word for word in words if not _vocabulary(word) & used)


def unused_loads(tree: Tree) -> list[str]:
    """Return the libraries that a template loads and does not use."""
    return [f"{source.name}: {name}" for source in tree.templates for name in _unused(source)]
