"""A template that prints an undefined variable fails the test.

`{% if x %}`, `{% for y in x %}` and `{% firstof x %}` accept an undefined `x` (Django reads it as
None there); so does `{{ x|default:"…" }}`, which says what to print. Anything else is a mistake
that a page hides by printing nothing.
"""

import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template import defaultfilters, engines
from django.template.base import FilterExpression

_RESOLVE = FilterExpression.resolve.__code__


class Undefined(str):
    """Django's `string_if_invalid`: empty for code that tests it, a failure once printed.

    FilterExpression.resolve asks, in this order: is it true, does it hold « %s », and then formats
    it with the variable's name (django/template/base.py).
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        """Say yes to the question of `resolve`, unless the next filter is `default`."""
        caller = sys._getframe(1)
        if caller.f_code is not _RESOLVE:
            return False
        filters = caller.f_locals["self"].filters
        return not (filters and filters[0][0] is defaultfilters.default)

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        pytest.fail(f"undefined template variable: {variable}")

    def __str__(self) -> str:  # noqa: PLE0307 - it never returns
        pytest.fail("a template prints a variable that has no value")


@pytest.fixture(scope="session", autouse=True)
def undefined_variables_fail() -> Iterator[None]:
    """Give every template engine of the project the strict `string_if_invalid`."""
    undefined = Undefined()
    for config in settings.TEMPLATES:
        config.setdefault("OPTIONS", {})["string_if_invalid"] = undefined
    for backend in engines.all():  # those built before this fixture
        backend.engine.string_if_invalid = undefined
    yield
    for backend in engines.all():
        backend.engine.string_if_invalid = ""
