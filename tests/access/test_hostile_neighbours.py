"""Somebody who works for two territories mixes their rows up."""

from collections.abc import Iterator

import pytest
from django import forms
from django.db.models import Model
from django.test import Client

from programmes.enums import Role
from tests.access.asking import ask
from tests.access.filling import filled
from tests.access.matrix import MATRIX
from tests.access.test_hostile import every_form
from tests.factories import programmes as make
from tests.harness.clients import log_in

pytestmark = [pytest.mark.long, pytest.mark.one_engine]

TEAM = (Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR)


@pytest.fixture
def both(stage) -> dict[Role, Client]:
    """Return the browsers of people with a role in both territories."""
    here, elsewhere = stage.world.here, stage.world.elsewhere
    for place in (here, elsewhere):
        for name in ("cancellation_reasons", "session_kinds", "workshop_themes", "step_kinds"):
            make.make_code(place.territory, name)
    browsers = {}
    for role in TEAM:
        user = make.make_member(role, here.territory)
        make.make_membership(user, role, elsewhere.territory)
        browsers[role] = log_in(user)
    return browsers


def territory_of(row: Model) -> int | None:
    """Return the key of the territory a row belongs to, None for what all share."""
    return getattr(row, "territory_id", None) or getattr(row, "audit_territory_key", None)


def stolen(form: forms.BaseForm, territory: int) -> Iterator[tuple[str, Model]]:
    """Yield (field, row) for each choice offered that belongs to another territory.

    Where the territory itself is asked, the choice is theirs.
    """
    fields = {} if "territory" in form.fields else form.fields
    for name, field in fields.items():
        if isinstance(field, forms.ModelChoiceField):
            for row in field.queryset:
                if territory_of(row) not in {None, territory}:
                    yield name, row
                    break


@every_form
def test_a_row_of_the_other_territory_is_refused_to_who_works_in_both(name, both, stage):
    entry, place = MATRIX[name], stage.world.here
    role = next((role for role in TEAM if entry.opens_to(role)), None)
    if role is None:
        return
    path = entry.target(name, place, place.garden).path + entry.query
    form = ask(both[role], "GET", path).context.get("form")
    for field, row in list(stolen(form, place.territory.pk)) if form else []:
        several = isinstance(form.fields[field], forms.ModelMultipleChoiceField)
        answer = ask(
            both[role], "POST", path, filled(form) | {field: [row.pk] if several else row.pk}
        )
        assert answer.status_code == 200, (field, row)
        assert field in answer.context["form"].errors, (field, row)
