"""Names and words that have no place in the tree."""

import pytest

from tests.house import names
from tests.house.tree import PROJECT, Tree

_GUARDIANS = [
    names.attic_files,
    names.marks,
    names.machine_paths,
    names.registries,
    names.plain_http,
]


@pytest.mark.parametrize("guardian", _GUARDIANS, ids=lambda g: g.__name__)
def test_the_project_keeps_it(guardian):
    assert guardian(PROJECT) == []


@pytest.mark.parametrize(
    ("guardian", "line"),
    [
        (names.marks, "# TODO: later"),
        (names.marks, "FIXME"),
        (names.machine_paths, 'open("/root/data.csv")'),
        (names.machine_paths, "cd /home/claire"),
        (names.registries, f"https://{'.'.join(names.REGISTRIES[0])}/simple"),
        (names.registries, "pip install --index-url x"),
        (names.plain_http, "http://exemple.fr/page"),
    ],
)
def test_a_breach_is_seen(tmp_path, guardian, line):
    (tmp_path / "README.md").write_text(f"Bonjour.\n{line}\n")
    found = guardian(Tree(tmp_path))
    assert len(found) == 1
    assert found[0].startswith("README.md:2 ")


@pytest.mark.parametrize(
    "line",
    [
        "tout faire, tout de suite",
        "static/work/x and <b>a</b>/home/x",
        "https://www.legifrance.gouv.fr/",
        "http://127.0.0.1:8000/ http://localhost/ http://www.w3.org/2000/svg",
    ],
)
def test_ordinary_text_passes(tmp_path, line):
    (tmp_path / "README.md").write_text(line)
    assert [found for guardian in _GUARDIANS for found in guardian(Tree(tmp_path))] == []


@pytest.mark.parametrize("name", ["gardens/utils.py", "gardens/common/plots.py"])
def test_an_attic_is_seen(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert names.attic_files(Tree(tmp_path)) == [name]
