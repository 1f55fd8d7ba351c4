"""What the tests' browser refuses in a page, though Django would serve it."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client

_LEFTOVER = re.compile(r"\{\{|\{%|\{#|%\}")
_ELSEWHERE = re.compile(r"^(https?:)?//", re.IGNORECASE)
#: Elements whose address the browser fetches by itself.
_FETCHED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "use": "href"}


class _Reader(HTMLParser):
    """Collects what the strict content policy would block, and doubled identifiers."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.ids: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        # A block of JSON is data: the policy lets it be.
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.problems.append("inline <script>")
        if tag == "style":
            self.problems.append("inline <style>")
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.problems.append(f"attribute {name} on <{tag}>")
            if name in {"href", "action"} and (value or "").lower().startswith("javascript:"):
                self.problems.append(f"javascript: address on <{tag}>")
        fetched = values.get(_FETCHED.get(tag, "")) or ""
        if _ELSEWHERE.match(fetched):
            self.problems.append(f"<{tag}> fetched from elsewhere: {fetched}")
        if "id" in values:
            self.ids[values["id"] or ""] += 1


def page_problems(html: str) -> list[str]:
    """Return what is wrong with a page or a part of one, in words; empty when nothing is."""
    reader = _Reader()
    reader.feed(html)
    problems = reader.problems
    problems += [f"id used {n} times: {key}" for key, n in reader.ids.items() if n > 1]
    if leftover := _LEFTOVER.search(html):
        start = max(leftover.start() - 30, 0)
        problems.append(f"template code left over: {html[start : leftover.end() + 30]!r}")
    return problems


def check_page(response: HttpResponse) -> None:
    """Fail the test when an HTML answer breaks a rule of the house."""
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    if response.streaming or not is_html:
        return
    problems = page_problems(response.content.decode(response.charset))
    assert not problems, f"{response.request['PATH_INFO']}: {'; '.join(problems)}"


@pytest.fixture(scope="session", autouse=True)
def pages_are_checked() -> Iterator[None]:
    """Check every HTML answer that any test client receives."""
    patch = pytest.MonkeyPatch()
    request = Client.request

    def checked_request(self, **kwargs):
        response = request(self, **kwargs)
        check_page(response)
        return response

    patch.setattr(Client, "request", checked_request)
    yield
    patch.undo()
