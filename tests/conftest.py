"""The test harness, made of the pieces of `tests/harness`."""

import pytest

pytest.register_assert_rewrite("tests.harness")

pytest_plugins = [
    "tests.harness.clients",
    "tests.harness.database",
    "tests.harness.network",
    "tests.harness.ordering",
    "tests.harness.pages",
    "tests.harness.templates",
    "tests.world",
]
