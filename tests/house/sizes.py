"""Small files: what one reads on one screen one understands."""

import ast

from tests.house.tree import Source, Tree

FILE_LINES = 400
TEMPLATE_LINES = 150
VIEW_LINES = 25

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: Where views are: the room of each application, and the pages of the ground floor.
_VIEW_ROOMS = frozenset({"views", "pages"})


def long_files(tree: Tree) -> list[str]:
    """Return the Python files above 400 lines (data goes in CSV) and templates above 150."""
    tests = [s for s in tree.sources if s.parts[0] == "tests" and s.name.endswith(".py")]
    limits = [(source, FILE_LINES) for source in (*tree.python, *tests)]
    limits += [(source, TEMPLATE_LINES) for source in tree.templates]
    return [
        f"{source.name}: {source.line_count} lines, at most {limit}"
        for source, limit in limits
        if source.line_count > limit
    ]


def _length(function: ast.FunctionDef) -> int:
    """Count the lines of a function, decorators and docstring left out."""
    total = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        total -= first.end_lineno - first.lineno + 1
    return total


def _long_functions(source: Source) -> list[str]:
    functions = [node for node in ast.walk(source.parsed) if isinstance(node, _FUNCTIONS)]
    return [
        f"{source.name}:{function.lineno} {function.name}: {_length(function)} lines"
        for function in functions
        if _length(function) > VIEW_LINES
    ]


def long_views(tree: Tree) -> list[str]:
    """Return the views above 25 lines: scope, form, service, answer fit in less."""
    return [line for source in tree.in_rooms(_VIEW_ROOMS) for line in _long_functions(source)]
