"""Fixtures of evaluation: the world of yesterday, a garden, and its month of March 2016."""

import pytest

from beneficiaries.models import Interview
from tests.evaluation.bilans import build_march
from tests.factories import programmes as make
from tests.world import World


@pytest.fixture
def world(world: World) -> World:
    """Return the world, whose interviews are of yesterday as its presences are."""
    Interview.objects.update(on=make.yesterday())
    return world


@pytest.fixture
def frame(world):
    return world.here.garden


@pytest.fixture
def march(frame) -> dict:
    return build_march(frame)
