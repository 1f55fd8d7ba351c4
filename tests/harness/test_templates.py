"""Undefined variables: what fails, and what says on purpose that a value may be missing."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, engines


def _render(source: str, **context) -> str:
    return engines["django"].engine.from_string(source).render(Context(context))


class _Missing:
    """Raises as a reverse one-to-one without row does."""

    @property
    def garden(self):
        raise ObjectDoesNotExist


@pytest.mark.parametrize(
    "source",
    [
        "{{ missing }}",
        "{{ known.missing }}",
        "{{ missing|upper }}",
        "{{ missing|default_if_none:'x' }}",
        "{% with x=missing %}{% endwith %}",
        "{% include 'core/home.html' with x=missing %}",
    ],
)
def test_an_undefined_variable_fails(source):
    with pytest.raises(pytest.fail.Exception, match="missing"):
        _render(source, known={})


def test_printing_a_missing_related_row_fails():
    with pytest.raises(pytest.fail.Exception, match="no value"):
        _render("{{ site.garden }}", site=_Missing())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if missing %}a{% else %}b{% endif %}", "b"),
        ("{% if missing == 3 %}a{% else %}b{% endif %}", "b"),
        ("{% for x in missing %}a{% empty %}b{% endfor %}", "b"),
        ("{% firstof missing 'b' %}", "b"),
        ("{{ missing|default:'b' }}", "b"),
        ("{% if site.garden %}a{% else %}b{% endif %}", "b"),
        ("{{ known }}", "b"),
    ],
)
def test_what_says_that_a_value_may_be_missing_passes(source, expected):
    assert _render(source, known="b", site=_Missing()) == expected
