"""Walks the URL resolver: every address of the project, whatever file declares it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address: its path as written, its full name (« programmes:site_list ») and its view."""

    path: str
    name: str
    pattern: URLPattern


def routes(
    patterns: Iterable[URLPattern | URLResolver] | None = None, path: str = "/", space: str = ""
) -> list[Route]:
    """Return every route under the patterns, those of the project by default."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = f"{path}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += routes(pattern.url_patterns, here, inner)
        else:
            found.append(Route(here, f"{space}{pattern.name}" if pattern.name else "", pattern))
    return found


def undeclared(found: Iterable[Route], *, declared: Collection[str]) -> list[str]:
    """Return the routes nobody said who may open, those without a name first of all."""
    return [
        f"{route.path} ({route.name or 'no name'})"
        for route in found
        if not route.name or route.name not in declared
    ]
