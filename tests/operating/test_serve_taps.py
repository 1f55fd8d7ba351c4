"""Taps through the real service: killed in the middle of a thousand, measured by the bench."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from evaluation.management.bench.tapping import Leader
from evaluation.management.bench.taps import Answer
from tests.operating.conftest import Place
from tests.operating.servers import Server, are_gone

pytestmark = [pytest.mark.server, pytest.mark.long]

CLIENTS, PERSONS, SHEETS = 4, 100, 10
#: The server is killed once so many were answered, a thousand being asked.
ENOUGH = 450

WORLD = f"""
import json
from evaluation.management.bench.taps import TapWorld
world = TapWorld(leaders={CLIENTS}, persons={PERSONS})
sheets = [key for _ in range({SHEETS}) for key in world.sheets(1)]
print("world:" + json.dumps([world.emails, world.enrolments, world.site.pk, sheets]))
"""


@pytest.fixture
def serve() -> Iterator:
    """Return a function that starts the service of a place; what is left at the end is killed."""
    started: list[Server] = []

    def start(place: Place) -> Server:
        started.append(Server(place))
        return started[-1]

    yield start
    for server in started:
        server.close()


class Tappers:
    """Leaders who tick a thousand lines, each their share of every sheet, until nobody answers."""

    def __init__(self, port: int, emails: list[str], taps: list[Answer], site: int) -> None:
        """Log them in."""
        self.site, self.taps = site, taps
        self.answered: list[Answer] = []
        self.sent = Counter()
        self.enough = threading.Event()
        leaders = [Leader(port).enter(email) for email in emails]
        self.threads = [
            threading.Thread(target=self._tick, args=(leader, taps[n :: len(leaders)]))
            for n, leader in enumerate(leaders)
        ]

    def start(self) -> None:
        """Let them tick; return once enough was answered."""
        for thread in self.threads:
            thread.start()
        assert self.enough.wait(120)

    def join(self) -> None:
        """Wait until the last has noticed that nobody answers."""
        for thread in self.threads:
            thread.join(60)

    def _tick(self, leader: Leader, taps: list[Answer]) -> None:
        # The server goes away in the middle: that answer never comes.
        with suppress(OSError, http.client.HTTPException):
            for tap in taps:
                self.sent[tap.mark] += 1
                self.answered.append(leader.tap(tap, site=self.site))
                if len(self.answered) >= ENOUGH:
                    self.enough.set()


def lines(place: Place) -> Counter:
    """Return how often each (mark, session, enrolment) is in the base."""
    rows = place.query(
        "SELECT client_uuid, session_id, enrolment_id FROM beneficiaries_attendance "
        "WHERE status = 'present' AND version = 1"
    )
    return Counter((UUID(str(mark)), session, enrolment) for mark, session, enrolment in rows)


def keys(answers: list[Answer]) -> set[tuple]:
    return {(one.mark, one.session, one.enrolment) for one in answers}


def test_a_thousand_taps_survive_kill_9(place, serve):
    said = place.run("shell", "--verbosity=0", "-c", WORLD).partition("world:")[2]
    emails, enrolments, site, sheets = json.loads(said)
    taps = [Answer(sheet, one, "present", uuid4()) for sheet in sheets for one in enrolments]
    assert len(taps) == 1000
    server = serve(place)
    tappers = Tappers(server.port, emails, taps, site)

    tappers.start()
    killed = server.kill()
    tappers.join()
    assert are_gone(killed)
    server = serve(place)

    held, answered = lines(place), keys(tappers.answered)
    assert ENOUGH <= len(answered) < len(taps), "killed in the middle"
    assert answered <= set(held), "what was answered is there"
    assert set(held.values()) == {1}
    assert set(held) <= keys([tap for tap in taps if tappers.sent[tap.mark]])
    # At most one answer per leader was on its way.
    assert len(held) <= len(answered) + CLIENTS

    # What was not answered is sent again, with its mark; and some that were, as a phone would.
    leader = Leader(server.port).enter(emails[0])
    late = [tap for tap in taps if tappers.sent[tap.mark] and not keys([tap]) <= answered]
    assert late
    for tap in (*late, *tappers.answered[-20:]):
        leader.tap(tap, site=site)
    leader.rest()

    again = lines(place)
    assert again == Counter(answered | keys(late))
    journal = place.query(
        "SELECT object_key FROM audit_auditevent WHERE object_kind = 'beneficiaries.attendance'"
    )
    assert len(journal) == len(set(journal)) == len(again)
    if place.is_sqlite:
        assert place.query("PRAGMA integrity_check") == [("ok",)]
        assert place.query("PRAGMA foreign_key_check") == []


def test_the_bench_ticks_through_the_real_server(place):
    said = place.run("bench", "pointage", "--clients=1", "--clients=3", "--taps=12")

    told = [line for line in said.splitlines() if "appuis/s" in line]
    assert [line.split("×")[0].strip() for line in told] == ["1", "3", "3"]
    assert all("12 répondus, tous en base" in line and "rapport" in line for line in told)
