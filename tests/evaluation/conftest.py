"""Fixtures of bilans: a garden, and its month of March 2016."""

import pytest

from tests.evaluation.bilans import build_march


@pytest.fixture
def frame(world):
    return world.here.garden


@pytest.fixture
def march(frame) -> dict:
    return build_march(frame)
