"""Fixtures of the journeys: a browser for the run, a fresh tab per test, on a phone and a desk."""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.browser import CHROMIUM, DESK, PHONE, Browser, Page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder that open a tab, so that `make check` leaves them out."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the run's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(params=[PHONE, DESK])
def page(request, browser, live_server) -> Iterator[Page]:
    """Return a tab on the test's own server; each test runs on a phone, then at a desk.

    For one size only: `@pytest.mark.parametrize("page", ["phone"], indirect=True)`.
    """
    page = browser.open(live_server.url, request.param, request.node.name)
    yield page
    browser.close_tab(page)


@pytest.fixture
def open_tab(request, browser, live_server, page) -> Iterator[Callable[..., Page]]:
    """Return a function that opens another tab, somebody else's: no cookie in common.

    It has the size of the page unless another `viewport` is asked for.
    """
    tabs: list[Page] = []

    def open_one(viewport: str = "", **options) -> Page:
        name = f"{request.node.name}-tab-{len(tabs) + 2}"
        tabs.append(browser.open(live_server.url, viewport or page.viewport, name, **options))
        return tabs[-1]

    yield open_one
    for tab in tabs:
        browser.close_tab(tab)
