"""Names and words that have no place in the tree."""

import re

from tests.house.tree import Tree

#: Rooms where everything ends up because nothing has its place there.
ATTIC = frozenset({"utils", "util", "helpers", "helper", "common", "commons", "misc", "signals"})

#: These two files write what they look for.
_SELF = frozenset({"tests/house/names.py", "tests/house/test_names.py"})

_MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_MACHINE_PATH = re.compile(r"(?<![\w.<>~%}/-])/(?:work|tmp|root|home)/\w")
#: Registries as (name, ends): joined below, so that no file names one, this one included.
REGISTRIES = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
_REGISTRY = re.compile(
    "|".join([rf"\b{name}\.{end}\b" for name, end in REGISTRIES] + ["index-url"]), re.IGNORECASE
)
_PLAIN_HTTP = re.compile(r"http://([\w.\[\]:-]+)")
#: Names that identify a vocabulary and are never opened, and this very machine.
_PLAIN_HTTP_ALLOWED = re.compile(
    r"(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|testserver|www\.w3\.org|purl\.org"
    r"|ns\.adobe\.com|schemas\.openxmlformats\.org)(:\d*)?\.?$"
)


def attic_files(tree: Tree) -> list[str]:
    """Return the modules and folders called utils, helpers, common, signals."""
    return [
        source.name
        for source in tree.sources
        if source.name.endswith(".py") and ATTIC & set(source.parts)
    ]


def _found(tree: Tree, pattern: re.Pattern) -> list[tuple[str, re.Match]]:
    """Return « file:line » and the match, for each match in the tree."""
    return [
        (f"{source.name}:{number} {match[0]}", match)
        for source in tree.sources
        if source.name not in _SELF
        for number, line in enumerate(source.text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def marks(tree: Tree) -> list[str]:
    """Return the marks of unfinished work."""
    return [found for found, _ in _found(tree, _MARKS)]


def machine_paths(tree: Tree) -> list[str]:
    """Return the paths of one machine."""
    return [found for found, _ in _found(tree, _MACHINE_PATH)]


def registries(tree: Tree) -> list[str]:
    """Return the package registries named: which one serves is the machine's affair."""
    return [found for found, _ in _found(tree, _REGISTRY)]


def plain_http(tree: Tree) -> list[str]:
    """Return the addresses in clear outside this machine and names of vocabularies.

    Tests may write some: a form must be able to refuse them.
    """
    return [
        found
        for found, match in _found(tree, _PLAIN_HTTP)
        if not found.startswith("tests/") and not _PLAIN_HTTP_ALLOWED.match(match[1])
    ]
