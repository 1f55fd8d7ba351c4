"""Every read of a page goes through the scope: no bare manager, no related manager.

Read in the syntax tree of the rooms that answer people; models and services are handed rows that a
page has already read through the scope.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from django.db import models

from tests.house.tree import Source, Tree

#: Rooms that answer people.
ROOMS = frozenset(
    {"views", "forms", "imports", "exports", "documents", "panels", "navigation", "columns"}
    | {"pages", "tables", "context"}
)
#: What may follow `.objects`: the scope, or nothing at all.
_OPENINGS = frozenset({"for_scope", "none"})
#: Rows below the memberships have another key than a programme; each has one way in.
_OWN_RULE = {
    "AuditEvent": frozenset({"for_territories"}),
    "Job": frozenset({"owned_by"}),
    "UserSession": frozenset({"of"}),
    "AccessLink": frozenset({"of"}),
}
#: The ground floor reads accounts and jobs before any scope exists; its own tests watch it.
_BELOW_SCOPES = ("autoprod/accounts/", "autoprod/audit/", "autoprod/jobs/")

_MANAGERS = frozenset({"_base_manager", "_default_manager"})
#: Ways to the base, or to the whole of it, that a page never takes.
_BACK_DOORS = frozenset({"connection", "connections"})
_QUERYSET_METHODS = frozenset(
    name
    for owner in (models.Manager, models.QuerySet)
    for name in dir(owner)
    if not name.startswith("_")
) | {"for_scope", "of", "add", "remove", "set", "clear"}


def rooms_of_pages(tree: Tree) -> list[Source]:
    """Return the files these locks read."""
    return [s for s in tree.in_rooms(ROOMS) if not s.name.startswith(_BELOW_SCOPES)]


def accessors(classes: Iterable[type[models.Model]]) -> frozenset[str]:
    """Return the names under which a row of these models gives a manager of other rows."""
    names = set()
    for model in classes:
        names |= {field.name for field in model._meta.many_to_many}
        names |= {
            relation.get_accessor_name()
            for relation in model._meta.related_objects
            if relation.multiple and relation.get_accessor_name()
        }
    return frozenset(names)


def _owner(node: ast.expr) -> str:
    """Return the last word of what stands before a dot: « Site » in `models.Site.objects`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def _opens_by(node: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> str:
    """Return the method called on a manager: « for_scope » in `Site.objects.for_scope(…)`."""
    method = parents.get(node)
    call = parents.get(method)
    is_call = isinstance(call, ast.Call) and call.func is method
    return method.attr if isinstance(method, ast.Attribute) and is_call else ""


def _bare_manager(node: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> str:
    if node.attr in _MANAGERS:
        return ast.unparse(node)
    if node.attr == "everything" and _owner(node.value) == "Scope":
        return "Scope.everything is for commands"
    allowed = _OPENINGS | _OWN_RULE.get(_owner(node.value), frozenset())
    if node.attr == "objects" and _opens_by(node, parents) not in allowed:
        return f"{ast.unparse(node)} without for_scope"
    return ""


def _bare_read(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """Say what is wrong with one node of a page's code, if anything."""
    if isinstance(node, ast.Attribute):
        return _bare_manager(node, parents)
    if isinstance(node, ast.ImportFrom) and node.module == "django.db":
        doors = _BACK_DOORS & {alias.name for alias in node.names}
        return f"import of {', '.join(sorted(doors))}" if doors else ""
    if isinstance(node, ast.Call) and _owner(node.func) == "getattr":
        named = {a.value for a in node.args if isinstance(a, ast.Constant)}
        return ast.unparse(node) if named & {"objects", *_MANAGERS} else ""
    return ""


def _bare_reads(source: Source) -> Iterator[tuple[int, str]]:
    parents = _parents(source.parsed)
    for node in ast.walk(source.parsed):
        if fault := _bare_read(node, parents):
            yield node.lineno, fault


def unscoped_reads(tree: Tree) -> list[str]:
    """Return the reads of pages that no scope limits."""
    return [
        f"{source.name}:{line} {what}"
        for source in rooms_of_pages(tree)
        for line, what in _bare_reads(source)
    ]


def _followed(source: Source, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.parsed):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            relation = node.value
            # A Scope has sets of keys called like relations: `scope.programmes`.
            is_scope = _owner(relation.value) == "scope"
            if relation.attr in names and node.attr in _QUERYSET_METHODS and not is_scope:
                yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Call) and _owner(node.func) == "prefetch_related":
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield node.lineno, f"prefetch_related({argument.value!r})"


def related_reads(tree: Tree, names: frozenset[str]) -> list[str]:
    """Return the related managers that pages use; `names` comes from `accessors`."""
    return [
        f"{source.name}:{line} {what}"
        for source in rooms_of_pages(tree)
        for line, what in _followed(source, names)
    ]


_TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_CHAIN = re.compile(r"\.(\w+)\.(\w+)")


def related_reads_in_templates(tree: Tree, names: frozenset[str]) -> list[str]:
    """Return the related managers that templates use."""
    return [
        f"{source.name} {code[0]}"
        for source in tree.templates
        for code in _TEMPLATE_CODE.finditer(source.text)
        for relation, method in _CHAIN.findall(code[0])
        if relation in names and method in _QUERYSET_METHODS
    ]
