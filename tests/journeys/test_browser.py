"""The harness itself: what must never pass on a page does not pass."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from programmes.models import Territory
from tests.factories.programmes import make_territory
from tests.journeys.browser import check, expect, login, visit

GOOD = """<!doctype html><html lang="fr"><title>Essai</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<main><h1>Essai</h1>{}</main></html>"""

#: What each page of the trial holds that no page may hold.
FAULTS = {
    "unlabelled": ('<input type="text">', "label"),
    "unsaid": ('<img src="/static/img/favicon.svg">', "image-alt"),
    "pale": ('<p><font color="#bbb">Texte trop clair</font></p>', "color-contrast"),
    "wide": ("<pre>" + "x" * 400 + "</pre>", "scrolls sideways"),
    "inline": ('<p style="color:red">Rouge</p>', "CSP"),
    "script": ("<script>alert(1)</script>", "CSP"),
    "outside": ('<img alt="" src="http://example.org/a.png">', "CSP"),
}


@login_not_required
def trial(request, name: str) -> HttpResponse:
    """Serve a page that has one fault, or none."""
    return HttpResponse(GOOD.format(FAULTS[name][0] if name in FAULTS else ""))


urlpatterns = [path("essai/<slug:name>/", trial)]


@pytest.fixture
def trial_pages(settings):
    """Serve the trial's pages instead of the site's."""
    settings.ROOT_URLCONF = __name__


def test_a_plain_page_passes(trial_pages, page):
    visit(page, "/essai/good/")

    expect(page.get_by_role("heading", name="Essai")).to_be_visible()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_page_does_not_pass(trial_pages, page, fault):
    with pytest.raises(AssertionError, match=FAULTS[fault][1]):
        visit(page, f"/essai/{fault}/")


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_rows_and_pages_mix_in_one_test(trial_pages, page):
    visit(page, "/essai/good/")
    territory = make_territory("Anzin")
    page.reload()
    check(page)

    assert Territory.objects.get() == territory


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_login_opens_a_session(world, page):
    login(page, world.here.garden.social_worker)

    response = page.request.get("/", max_redirects=0)

    assert response.status == 200
