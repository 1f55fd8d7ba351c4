"""The world and everybody's browser, built once per module: the matrix asks thousands of pages."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
from django.db import transaction
from django.test import Client

from autoprod.accounts.models import User
from programmes.enums import Role
from tests.harness.clients import log_in
from tests.world import Frame, Place, World, build_world


@dataclass(frozen=True)
class Stage:
    """The world, and one browser per user."""

    world: World
    browsers: dict[int, Client]

    def browser(self, user: User) -> Client:
        """Return the browser where the user is logged in."""
        return self.browsers[user.pk]

    def members(self, place: Place, *, other: bool = False) -> dict[Role, User]:
        """Return who holds each role in the place's garden; `other`: in its kitchen."""
        if other:
            roles = [role for role in Role if role != Role.ADMINISTRATOR]
            return {role: place.kitchen.member(role) for role in roles}
        return {role: place.member(role) for role in Role}

    def strangers(self) -> list[User]:
        """Return the users without a membership in force."""
        return [self.world.nobody, self.world.former, self.world.upcoming]

    def people_of(self, place: Place) -> list[User]:
        """Return the users whose rights are in the place."""
        return _people(place, place.garden, place.kitchen)


def _people(*holders: World | Place | Frame) -> list[User]:
    values = [getattr(holder, f.name) for holder in holders for f in fields(holder)]
    return [value for value in values if isinstance(value, User)]


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    # A transaction around the module's tests, each of which is a savepoint in it.
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        users = _people(world)
        for place in (world.here, world.elsewhere):
            users += _people(place, place.garden, place.kitchen)
        yield Stage(world, {user.pk: log_in(user) for user in users})
        transaction.set_rollback(True)


@pytest.fixture
def stage(_built, db) -> Stage:
    """Return the world with everybody's browser; what a test writes is undone after it."""
    return _built
