"""What the test browser refuses in a page, and what it lets pass."""

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from tests.harness.pages import page_problems


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<script>alert(1)</script>", "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ("<p style='color:red'>a</p>", "attribute style on <p>"),
        ("<button onclick='go()'>a</button>", "attribute onclick on <button>"),
        ("<a href='javascript:go()'>a</a>", "javascript: address on <a>"),
        ("<script src='https://cdn.exemple.fr/x.js'></script>", "<script> fetched from elsewhere"),
        ("<img src='//exemple.fr/x.png' alt=''>", "<img> fetched from elsewhere"),
        ("<p id='a'></p><p id='a'></p>", "id used 2 times: a"),
        ("<p>{{ nom }}</p>", "template code left over"),
        ("<p>{% endif %}</p>", "template code left over"),
    ],
)
def test_problems_are_named(html, problem):
    found = page_problems(html)
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    "html",
    [
        "<script src='/static/js/app.js' defer></script>",
        "<script type='application/json' id='data'>{}</script>",
        "<a href='https://www.legifrance.gouv.fr/'>loi</a>",
        "<svg fill='none'><use href='/static/icons.svg#x'></use></svg>",
        "<p id='a' class='only'>{ 3 }</p><p id='b'>once</p>",
    ],
)
def test_what_is_allowed_passes(html):
    assert page_problems(html) == []


urlpatterns = [
    path("mauvaise/", lambda request: HttpResponse("<p style='x'>a</p>")),
    path("donnees/", lambda request: JsonResponse({"html": "<p style='x'>{{ a }}</p>"})),
]
_PLAIN = override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])


def test_every_client_checks_html():
    with _PLAIN, pytest.raises(AssertionError, match="/mauvaise/: attribute style on <p>"):
        Client().get("/mauvaise/")


def test_other_answers_are_not_read():
    with _PLAIN:
        assert Client().get("/donnees/").status_code == 200
