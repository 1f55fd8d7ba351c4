"""The test harness, made of the pieces of `tests/harness`."""

import gc

import pytest

# A run makes and drops many rows and keeps a large world: looking for cycles at each 700 objects
# takes a twentieth of its time.
gc.set_threshold(100_000, 20, 100)

pytest.register_assert_rewrite("tests.harness")

pytest_plugins = [
    "tests.harness.clients",
    "tests.harness.database",
    "tests.harness.network",
    "tests.harness.ordering",
    "tests.harness.pages",
    "tests.harness.stack",
    "tests.harness.templates",
    "tests.world",
]
