"""Sizes of files, templates and views."""

import pytest

from tests.house import sizes
from tests.house.tree import PROJECT, Tree


def test_files_are_small():
    assert sizes.long_files(PROJECT) == []


def test_views_are_small():
    assert sizes.long_views(PROJECT) == []


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("gardens/models/plots.py", 400),
        ("tests/gardens/test_plots.py", 400),
        ("templates/gardens/plots/list.html", 150),
    ],
)
def test_one_line_too_many_is_seen(tmp_path, name, limit):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("x\n" * limit)
    assert sizes.long_files(Tree(tmp_path)) == []
    path.write_text("x\n" * (limit + 1))
    assert sizes.long_files(Tree(tmp_path)) == [f"{name}: {limit + 1} lines, at most {limit}"]


@pytest.mark.parametrize("lines", [24, 25])
def test_a_long_view_is_seen_whatever_its_docstring(tmp_path, lines):
    path = tmp_path / "gardens" / "views.py"
    path.parent.mkdir()
    path.write_text('class Page:\n    def get(self):\n        """\n        Say.\n        """\n')
    with path.open("a") as file:
        file.write("        x = 1\n" * lines)
    expected = [] if lines == 24 else ["gardens/views.py:2 get: 26 lines"]
    assert sizes.long_views(Tree(tmp_path)) == expected


def test_migrations_may_be_long(tmp_path):
    path = tmp_path / "gardens" / "migrations" / "0001_initial.py"
    path.parent.mkdir(parents=True)
    path.write_text("x\n" * 900)
    assert sizes.long_files(Tree(tmp_path)) == []
