"""Leaders who tick through the server, measured beside the bare statements of the same lines."""

import http.client
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier, BrokenBarrierError, Thread
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection

from beneficiaries.enums import Presence
from evaluation.management.bench.taps import PASSWORD, Answer, TapWorld, bare_taps

#: Seconds before an answer that does not come is a failure, and before a line is long enough.
PATIENCE, LONGEST = 30, 60
#: The two sides take turns so many times, so that both meet the same machine.
TURNS = 4
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class RefusedError(Exception):
    """The server did not answer « Enregistré »."""


class Leader:
    """A leader's browser, reduced to the requests of ticking over one connection."""

    def __init__(self, port: int) -> None:
        """Open no connection yet."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies: dict[str, str] = {}

    def enter(self, email: str, password: str = PASSWORD) -> "Leader":
        """Log in by the page, as anybody does."""
        _, page = self._send("GET", "/connexion/")
        token = _TOKEN.search(page)[1]
        sent = {"username": email, "password": password, "csrfmiddlewaretoken": token}
        status, _ = self._send("POST", "/connexion/", sent)
        if status != 302:
            raise RefusedError(f"connexion\u00a0: réponse {status}")
        self.rest()
        return self

    def tap(self, answer: Answer, *, site: int, version: int = 0) -> Answer:
        """Send a tap as the page does and return what was answered, with its seconds.

        RefusedError on another answer than « Enregistré »; OSError or HTTPException when none
        comes.
        """
        sent = {
            "status": answer.status,
            "version": version,
            "client_uuid": answer.mark,
            "current_site": site,
            "csrfmiddlewaretoken": self.cookies["csrf"],
        }
        began = time.perf_counter()
        path = f"/seances/{answer.session}/pointer/{answer.enrolment}/"
        status, text = self._send("POST", path, sent)
        spent = time.perf_counter() - began
        if status != 200 or 'data-saved="Enregistré' not in text:
            raise RefusedError(f"pointage\u00a0: réponse {status}")
        return Answer(answer.session, answer.enrolment, answer.status, answer.mark, spent)

    def _send(self, method: str, path: str, fields: dict | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        self.connection.request(method, path, urlencode(fields or {}), headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, text

    def rest(self) -> None:
        """Close the connection, which the server would, idle: the next request opens one."""
        self.connection.close()


@dataclass
class Measure:
    """One line of the bench: what both sides took, and what the server answered."""

    clients: int
    is_shared: bool
    answers: list[Answer] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    seconds: float = 0
    bare_seconds: float = 0

    @property
    def rate(self) -> float:
        """Return the taps answered in a second."""
        return len(self.answers) / self.seconds

    @property
    def bare_rate(self) -> float:
        """Return the bare statements done in a second by as many connections."""
        return len(self.bare) / self.bare_seconds

    @property
    def ratio(self) -> float:
        """Return how many bare statements take the time of one tap."""
        return self.bare_rate / self.rate

    @property
    def milliseconds(self) -> tuple[float, float]:
        """Return the median and the 95th percentile of a tap, in milliseconds."""
        spent = [answer.seconds * 1000 for answer in self.answers]
        return statistics.median(spent), statistics.quantiles(spent, n=20, method="inclusive")[-1]


def measure(world: TapWorld, leaders: Sequence[Leader], *, taps: int, is_shared: bool) -> Measure:
    """Let each leader tick persons of their own, all on one sheet or each on theirs.

    Every person is ticked, then changed; the bare statements write as many other lines.
    """
    found, number = Measure(len(leaders), is_shared), len(leaders)
    each = max(1, taps // (2 * number))
    people = [world.enrolments[n * each : (n + 1) * each] for n in range(number)]
    ours, theirs = (world.sheets(1 if is_shared else number) for _ in range(2))
    for turn in range(TURNS):
        mine = [keys[turn::TURNS] for keys in people]
        acts = [
            partial(_tick, leader, _at(ours, n), world.site.pk, mine[n])
            for n, leader in enumerate(leaders)
        ]
        found.seconds += _together(acts, found.answers)
        acts = [partial(bare_taps, _at(theirs, n), world.site.pk, mine[n]) for n in range(number)]
        found.bare_seconds += _together(acts, found.bare)
        if found.seconds + found.bare_seconds > LONGEST:
            break
    return found


def _at(sheets: Sequence[int], number: int) -> int:
    return sheets[number % len(sheets)]


def _tick(leader: Leader, sheet: int, site: int, enrolments: Sequence[int]) -> list[Answer]:
    """Tick each person, then change each; return what was answered."""
    answers = []
    for version, status in enumerate((Presence.PRESENT, Presence.ABSENT)):
        for key in enrolments:
            asked = Answer(sheet, key, status, uuid4())
            answers.append(leader.tap(asked, site=site, version=version))
    leader.rest()
    return answers


def _together(acts: Sequence[Callable[[], list]], into: list) -> float:
    """Run the acts at the same instant, put together what they return; return the seconds spent.

    The first error of any of them is raised once all have ended.
    """
    began: list[float] = []
    start = Barrier(len(acts), action=lambda: began.append(time.perf_counter()))
    ended, errors = [], []

    def run(act: Callable[[], list]) -> None:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            into.extend(act())
            ended.append(time.perf_counter())
        except Exception as error:  # noqa: BLE001 - raised below, in the thread that measures
            start.abort()
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in sorted(errors, key=lambda one: isinstance(one, BrokenBarrierError)):
        raise error
    return max(ended) - began[0]
