"""The choices of every form and filter stay in the scope: a list must not name the neighbour."""

from collections.abc import Iterator

import pytest
from django import forms
from django.db.models import Model

from autoprod.accounts.models import User
from gardens.models import Product, Species, Variety
from programmes.models import ReferenceCode, Territory
from tests.access.asking import ask
from tests.access.homes import home_of
from tests.access.matrix import MATRIX

pytestmark = [pytest.mark.long, pytest.mark.one_engine]

_READ = sorted(name for name, entry in MATRIX.items() if "GET" in entry.methods)


def _choices(context) -> Iterator[tuple[str, Model]]:
    """Yield the rows offered by the forms of a page, each with its field."""
    for key in ("form", "filter_form"):
        form = context.get(key) if context else None
        for name, field in form.fields.items() if form else ():
            if isinstance(field, forms.ModelChoiceField):
                yield from ((name, row) for row in field.queryset)


def _assert_of(territory: Territory, row: Model, strangers: set[int]) -> None:
    if isinstance(row, User):
        assert row.pk not in strangers
    elif isinstance(row, ReferenceCode | Product | Species | Variety):
        assert row.territory in {None, territory}
    else:
        assert home_of(row)[1] == {territory}


@pytest.mark.parametrize("name", _READ)
def test_choices_and_words_are_of_the_territory(name, stage):
    """Whatever a page says, it says nothing of a territory its reader knows nothing of."""
    entry, world = MATRIX[name], stage.world
    path = entry.target(name, world.here, world.here.garden).path + entry.query
    strangers = {user.pk for user in stage.people_of(world.elsewhere)}
    for role, user in stage.members(world.here).items():
        if entry.opens_to(role):
            response = ask(stage.browser(user), "GET", path)
            text = "" if response.streaming else response.content.decode(errors="replace")
            assert world.elsewhere.territory.name not in text, role
            for _, row in _choices(response.context):
                _assert_of(world.here.territory, row, strangers)
