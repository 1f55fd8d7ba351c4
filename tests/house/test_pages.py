"""Templates: each is used, and loads only what it uses."""

import pytest

from tests.house import pages
from tests.house.tree import PROJECT, Tree


def _tree(root, **files) -> Tree:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)


def test_every_template_is_used():
    assert pages.unused_templates(PROJECT) == []


def test_every_load_is_used():
    assert pages.unused_loads(PROJECT) == []


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ('template_name = "plots/list.html"', []),
        ('f"plots/{kind}.html"', []),
        ('f"{folder}/{kind}.html"', ["plots/list.html"]),
        ('"plots/other.html"', ["plots/list.html"]),
    ],
)
def test_a_template_named_by_code_is_used(tmp_path, code, unused):
    files = {"templates__plots__list.html": "", "gardens__views.py": code}
    assert pages.unused_templates(_tree(tmp_path, **files)) == unused


def test_a_template_that_only_names_itself_is_unused(tmp_path):
    files = {
        "templates__a.html": '{% include "a.html" %}',
        "templates__b.html": "{% include 'c.html' %}",
        "templates__c.html": '{% extends "b.html" %}',
        "templates__404.html": "",
    }
    assert pages.unused_templates(_tree(tmp_path, **files)) == ["a.html"]


@pytest.mark.parametrize(
    ("html", "unused"),
    [
        ("{% load french %}{{ x|euros }}", []),
        ("{% load french components %}{{ x|euros }}", ["components"]),
        ("{% load static %}{# {% static 'x' %} #}", ["static"]),
        ("{% load day month from french %}{{ x|day }}", ["month"]),
    ],
)
def test_an_unused_load_is_seen(tmp_path, html, unused):
    found = pages.unused_loads(_tree(tmp_path, **{"templates__a.html": html}))
    assert found == [f"templates/a.html: {name}" for name in unused]
