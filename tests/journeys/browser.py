"""A real browser for tests: `visit` a page and everything that must hold on any page is checked.

Playwright's synchronous interface keeps an event loop running in its thread, and Django refuses
database calls in such a thread. So Playwright has a thread to itself: `Remote` carries each call
there and brings the answer back, and tests mix pages and rows freely.
"""

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Request, sync_playwright
from playwright.sync_api import expect as _expect

from autoprod.accounts.models import User
from tests.harness.clients import log_in

CHROMIUM = Path("/usr/bin/chromium")
#: Debian's Chromium as root in a container, calling nobody at start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing outside this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PHONE, DESK = "phone", "desk"
VIEWPORTS = {PHONE: {"width": 390, "height": 844}, DESK: {"width": 1440, "height": 900}}
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
#: Milliseconds before a missing element is a failure.
PATIENCE = 10_000

#: Told by the browser as errors of the page; kept on the page until read.
_WATCH_CSP = """
addEventListener("securitypolicyviolation", event =>
  console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""
_OVERFLOWING = """width => {
  const asked = document.documentElement.scrollWidth;
  if (asked <= width) return [];
  // A wide text has no box of its own: the page's width is said first, then the boxes.
  const boxes = [...document.querySelectorAll("body *")]
    .filter(box => box.getBoundingClientRect().right > width + 1);
  return [`${asked} px`, ...boxes.slice(0, 5).map(box => box.outerHTML.slice(0, 120))];
}"""


def _is_remote(value: object) -> bool:
    return callable(value) or type(value).__module__.startswith("playwright")


class Remote:
    """Stands for an object of Playwright that lives in the browser's thread."""

    def __init__(self, thread: ThreadPoolExecutor, target: Any) -> None:
        """Remember where the object lives."""
        self._thread, self._target = thread, target

    def _do(self, function: Callable, *args, **kwargs) -> Any:
        """Run a function in the browser's thread and return what it gives, standing for it."""
        return self._stand(self._thread.submit(function, *args, **kwargs).result())

    def _stand(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._stand(item) for item in value]
        return Remote(self._thread, value) if _is_remote(value) else value

    def __getattr__(self, name: str) -> Any:
        """Return the object's attribute."""
        return self._do(getattr, self._target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep our own names here; Playwright's objects are never written to."""
        object.__setattr__(self, name, value)

    def __call__(self, *args, **kwargs) -> Any:
        """Call the object."""
        named = {name: _real(value) for name, value in kwargs.items()}
        return self._do(self._target, *map(_real, args), **named)

    def __enter__(self) -> Any:
        """Enter `page.expect_…()`."""
        return self._do(self._target.__enter__)

    def __exit__(self, *error) -> Any:
        """Leave it, which waits for what was expected."""
        return self._do(self._target.__exit__, *error)

    def __repr__(self) -> str:
        """Return what the object says of itself."""
        return f"Remote({self._target!r})"


class Page(Remote):
    """A tab, with what its browser complained about since the last visit."""

    def __init__(self, thread: ThreadPoolExecutor, target: Any, name: str, viewport: str) -> None:
        """Start with a clean slate."""
        super().__init__(thread, target)
        self.name, self.viewport = name, viewport
        self.problems: list[str] = []
        self.shots = 0


def _real(value: Any) -> Any:
    return value._target if isinstance(value, Remote) else value


def expect(actual: Remote, message: str | None = None) -> Remote:
    """Return Playwright's assertions on a page or locator: `expect(link).to_be_visible()`."""
    return actual._do(_expect, actual._target, message)


class Browser:
    """One Chromium for the whole run."""

    def __init__(self) -> None:
        """Start it in its thread."""
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
        self.playwright, self.chromium = self.thread.submit(self._start).result()

    @staticmethod
    def _start() -> tuple[Any, Any]:
        playwright = sync_playwright().start()
        return playwright, playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)

    def open(self, base_url: str, viewport: str, name: str, *, scripts: bool = True) -> Page:
        """Return a tab in a session of its own, French, that reaches this machine only."""
        return self.thread.submit(self._open, base_url, viewport, name, scripts).result()

    def _open(self, base_url: str, viewport: str, name: str, scripts: bool) -> Page:
        options = _options(base_url, viewport)
        context = self.chromium.new_context(java_script_enabled=scripts, **options)
        return self._tab(context, viewport, name)

    def open_lasting(self, base_url: str, folder: Path) -> Page:
        """Return a phone's tab whose browser keeps what it stores in a folder, once closed too."""
        return self.thread.submit(self._open_lasting, base_url, folder).result()

    def _open_lasting(self, base_url: str, folder: Path) -> Page:
        context = self.playwright.chromium.launch_persistent_context(
            folder,
            executable_path=str(CHROMIUM),
            args=ARGUMENTS,
            **_options(base_url, PHONE),
        )
        return self._tab(context, PHONE, folder.name)

    def _tab(self, context: Any, viewport: str, name: str) -> Page:
        context.set_default_timeout(PATIENCE)
        # Put there by the browser, not by the page: its policy stays as it is.
        context.add_init_script(path=AXE)
        context.add_init_script(script=_WATCH_CSP)
        page = Page(self.thread, context.new_page(), name, viewport)
        page._target.on("request", lambda request: _note_request(request, page))
        page._target.on("console", lambda message: _note_console(message, page))
        page._target.on("pageerror", lambda error: page.problems.append(f"script: {error}"))
        return page

    def close_tab(self, page: Page) -> None:
        """Close the tab and forget its session."""
        self.thread.submit(page._target.context.close).result()

    def close(self) -> None:
        """End the browser."""

        def end() -> None:
            self.chromium.close()
            self.playwright.stop()

        self.thread.submit(end).result()
        self.thread.shutdown()


def _options(base_url: str, viewport: str) -> dict:
    return {
        "base_url": base_url,
        "viewport": VIEWPORTS[viewport],
        "has_touch": viewport == PHONE,
        "is_mobile": viewport == PHONE,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "reduced_motion": "reduce",
    }


def _note_request(request: Request, page: Page) -> None:
    # Listened to, not routed: a routed tab keeps no cache, and asks for each file on each page.
    host = urlsplit(request.url).hostname
    if host not in {"localhost", "127.0.0.1", "::1", None}:
        page.problems.append(f"request outside this machine: {host}")


def _note_console(message: Any, page: Page) -> None:
    # Chromium looks for an icon by itself where a page names none (a file, a line of JSON).
    if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
        page.problems.append(f"console: {message.text}")


def login(page: Page, user: User) -> None:
    """Give the tab a session of the user, second factor given where their roles owe one."""
    client = log_in(user)
    url = page.evaluate("location.origin")
    if not url.startswith("http"):
        page.goto("/sante/")
        url = page.evaluate("location.origin")
    cookies = [
        {"name": name, "value": cookie.value, "url": url} for name, cookie in client.cookies.items()
    ]
    page.context.add_cookies(cookies)


def visit(page: Page, url: str, *, status: int = 200) -> None:
    """Go to a path of the site, expect its status, and check what must hold on every page."""
    page.problems.clear()
    response = page.goto(url)
    assert response.status == status, f"{url} answered {response.status}"
    if status >= 400:
        # The browser itself reports the status it was given.
        page.problems[:] = [text for text in page.problems if f"status of {status}" not in text]
    check(page)


def check(page: Page) -> None:
    """Fail on an error of the console, a refused source, a page too wide, or what axe finds.

    For a page reached by a click or a form; `visit` does it by itself.
    """
    page.wait_for_load_state("load")
    _screenshot(page)
    where = f"{page.evaluate('location.pathname')} ({page.viewport})"
    assert not page.problems, f"{where}:\n" + "\n".join(page.problems)
    wide = page.evaluate(_OVERFLOWING, VIEWPORTS[page.viewport]["width"])
    assert not wide, f"{where} scrolls sideways:\n" + "\n".join(wide)
    axe(page)


def axe(page: Page) -> None:
    """Fail on any accessibility violation axe-core finds, naming each element."""
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    lines = [
        f"{violation['id']}: {violation['help']}\n    "
        + "\n    ".join(
            f"{node['html'][:160]}\n      {node['failureSummary'].splitlines()[-1].strip()}"
            for node in violation["nodes"][:5]
        )
        for violation in found["violations"]
    ]
    where = f"{page.evaluate('location.pathname')} ({page.viewport})"
    assert not lines, f"{where}:\n" + "\n".join(lines)


def _screenshot(page: Page) -> None:
    """Keep a picture when AUTOPROD_SCREENSHOTS is set: var/screenshots/<test>-<n>.png."""
    if not os.environ.get("AUTOPROD_SCREENSHOTS"):
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.shots += 1
    name = re.sub(r"[^\w-]+", "-", page.name).strip("-")
    page.screenshot(path=SCREENSHOTS / f"{name}-{page.shots}.png", full_page=True)
