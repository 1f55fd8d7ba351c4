"""The real service: pages and jobs together, one at a time, nothing answered is ever lost."""

import http.client
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from os import kill

import pytest

from tests.operating.conftest import Place
from tests.operating.servers import Server, Visitor, are_gone, free_port

pytestmark = pytest.mark.server

CREATE = "/organisations/nouvelle/"
CLIENTS, POSTS, ENOUGH = 4, 200, 60

#: A colleague who may write organisations and owes no second factor, and their session.
COLLEAGUE = """
from django.test import Client
from autoprod.accounts.models import User
from programmes.models import Membership, Territory
user = User.objects.create_user("karim@example.fr", first_name="Karim", last_name="Benali")
Membership.objects.create(
    user=user, role="social_worker", territory=Territory.objects.get(), starts_on="2020-01-01"
)
client = Client()
client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
print("session:" + client.cookies["session"].value)
"""


@pytest.fixture
def serve() -> Iterator:
    """Return a function that starts the service of a place; what is left at the end is killed."""
    started: list[Server] = []

    def start(place: Place, *options: str, port: int = 0) -> Server:
        started.append(Server(place, *options, port=port))
        return started[-1]

    yield start
    for server in started:
        server.close()


def session_of(place: Place) -> str:
    """Open a colleague's session and return its cookie."""
    said = place.run("shell", "--verbosity=0", "-c", COLLEAGUE)
    return said.partition("session:")[2].split()[0]


@pytest.mark.one_engine
def test_it_serves_pages_and_stops_whole(place, serve):
    server = serve(place)
    server.wait_for("ready")

    with Visitor(server.port) as visitor:
        status, text = visitor.get("/sante/")
        login, page = visitor.get("/connexion/")
    family = server.family()
    code = server.stop()

    assert (status, json.loads(text)["ok"]) == (200, True)
    assert login == 200
    assert "/static/" in page
    # The supervisor, the server and at least one of its processes, the worker.
    assert len(family) >= 4
    assert code == 0
    assert are_gone(family)


@pytest.mark.one_engine
def test_static_files_are_served_hashed_and_packed(place, serve):
    server = serve(place)
    with Visitor(server.port) as visitor:
        _, page = visitor.get("/connexion/")
        address = page.partition('href="/static/')[2].partition('"')[0]

        visitor.connection.request("GET", f"/static/{address}", headers={"Accept-Encoding": "gzip"})
        response = visitor.connection.getresponse()
        response.read()

    assert response.status == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "gzip"


@pytest.mark.one_engine
def test_a_worker_that_dies_is_started_again(place, serve):
    server = serve(place)
    server.wait_for("ready")
    first = server.worker()

    kill(first, signal.SIGKILL)
    server.wait_for("ready", times=2)

    assert server.worker() != first
    assert server.stop() == 0


@pytest.mark.one_engine
def test_nothing_survives_the_supervisor(place, serve):
    server = serve(place)
    server.wait_for("ready")
    family = server.family()

    kill(server.process.pid, signal.SIGKILL)
    server.process.wait()

    assert are_gone(family)
    assert place.run("backup")


def test_one_service_at_a_time_and_none_during_a_restore(place, serve):
    place.run("backup")
    (archive,) = (place.data / "backups").glob("*.zip")
    serve(place)
    rows = place.rows()

    again = place.refused("serve", "--bind", f"127.0.0.1:{free_port()}")
    restore = place.refused("restore", str(archive), "--yes")

    assert "est en marche" in again
    assert "arrêtez d’abord le service" in restore
    assert place.rows() == rows


@pytest.mark.one_engine
def test_a_taken_port_is_said(place, serve, new_place):
    port = serve(place).port

    said = new_place("other").refused("serve", "--bind", f"127.0.0.1:{port}")

    assert f"127.0.0.1:{port} est déjà pris" in said


def spoilt_demo(new_place) -> Place:
    """Return a demo that cannot be loaded further: a code its territory needs is gone."""
    demo = new_place("demo")
    demo.query("INSERT INTO core_installation VALUES (1, true, '2026-01-01 00:00:00+00')")
    demo.query(
        "UPDATE programmes_referencecode SET code = 'autre' "
        "WHERE list = 'territory_kinds' AND code = 'commune'"
    )
    return demo


@pytest.mark.one_engine
def test_a_demo_takes_the_next_free_port(place, serve, new_place):
    port = serve(place).port

    server = serve(spoilt_demo(new_place), "--demo", port=port)

    (said,) = [line for line in server.lines if "répond sur" in line]
    assert int(said.rpartition(":")[2].strip("/")) > port


@pytest.mark.one_engine
@pytest.mark.parametrize("options", [["--demo"], []])
def test_a_demo_that_cannot_be_loaded_further_opens_and_says_so(serve, new_place, options):
    server = serve(spoilt_demo(new_place), *options)

    (said,) = [line for line in server.lines if "reste telle qu’elle était" in line]
    assert said.endswith("ajouter les jours passés (DoesNotExist).")
    with Visitor(server.port) as visitor:
        assert visitor.get("/connexion/")[0] == 200


def test_a_demo_never_touches_real_records(place):
    place.query("DELETE FROM django_migrations WHERE app = 'otp_static'")
    rows = place.rows()

    said = place.refused("serve", "--demo", "--bind", f"127.0.0.1:{free_port()}")

    assert "données réelles" in said
    assert place.rows() == rows


def test_an_empty_base_is_opened_first(new_place):
    assert "first_start" in new_place().refused("serve", "--bind", f"127.0.0.1:{free_port()}")


def test_a_base_newer_than_the_code_is_not_served(place):
    place.query(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('programmes', '0999_tomorrow', '2026-01-01 00:00:00+00')"
    )

    said = place.refused("serve", "--bind", f"127.0.0.1:{free_port()}")

    assert "version plus récente" in said


def test_a_pending_migration_is_preceded_by_a_backup(place, serve):
    # As after an update that brings an application: its tables are not there yet.
    place.query("DELETE FROM django_migrations WHERE app = 'otp_static'")
    place.query("DROP TABLE otp_static_statictoken")
    place.query("DROP TABLE otp_static_staticdevice")

    server = serve(place)

    assert any("sauvegarde avant mise à jour" in line for line in server.lines)
    assert len(list((place.data / "backups").glob("autoprod-*.zip"))) == 1
    assert "otp_static_staticdevice" in place.tables()


class Writers:
    """Several people adding organisations at once, until the connection breaks."""

    def __init__(self, server: Server, session: str, kind: str) -> None:
        """Prepare them."""
        self.port, self.session, self.kind = server.port, session, kind
        self.answered: list[str] = []
        self.enough = threading.Event()
        self.threads = [
            threading.Thread(target=self._write, args=(number,)) for number in range(CLIENTS)
        ]

    def start(self) -> None:
        """Let them write; return once enough was answered."""
        for thread in self.threads:
            thread.start()
        assert self.enough.wait(60)

    def join(self) -> None:
        """Wait until the last has noticed that nobody answers."""
        for thread in self.threads:
            thread.join(60)

    def _write(self, number: int) -> None:
        # The server goes away in the middle: that answer never comes.
        with (
            suppress(OSError, http.client.HTTPException),
            Visitor(self.port, self.session) as visitor,
        ):
            token = visitor.token(CREATE)
            for index in range(POSTS):
                name = f"Organisation {number}-{index}"
                if visitor.post(CREATE, token, name=name, kind=self.kind) == 302:
                    self.answered.append(name)
                if len(self.answered) >= ENOUGH:
                    self.enough.set()


def test_what_was_answered_survives_kill_9(place, serve):
    session = session_of(place)
    ((kind,),) = place.query(
        "SELECT id FROM programmes_referencecode "
        "WHERE list = 'organisation_kinds' AND code = 'association'"
    )
    server = serve(place)
    writers = Writers(server, session, str(kind))

    writers.start()
    killed = server.kill()
    writers.join()
    assert are_gone(killed)
    serve(place)

    written = dict(
        place.query("SELECT name, id FROM programmes_organisation WHERE name LIKE '%-%'")
    )
    journal = place.query(
        "SELECT object_key FROM audit_auditevent WHERE verb = 'create' "
        "AND object_kind = 'programmes.organisation' AND actor_label = 'karim@example.fr'"
    )
    assert set(writers.answered) <= set(written)
    # At most one answer per person was on its way, and each row has its line in the journal.
    assert len(written) <= len(writers.answered) + CLIENTS
    assert sorted(key for (key,) in journal) == sorted(str(key) for key in written.values())
    if place.is_sqlite:
        assert place.query("PRAGMA integrity_check") == [("ok",)]
        assert place.query("PRAGMA foreign_key_check") == []


def test_a_backup_taken_while_people_write_is_whole(place, serve):
    session = session_of(place)
    ((kind,),) = place.query(
        "SELECT id FROM programmes_referencecode "
        "WHERE list = 'organisation_kinds' AND code = 'association'"
    )
    server = serve(place)
    writers = Writers(server, session, str(kind))

    writers.start()
    before = set(writers.answered)
    place.run("backup")
    server.stop()
    writers.join()
    (archive,) = (place.data / "backups").glob("*.zip")
    place.run("restore", str(archive), "--yes")

    kept = {name for (name,) in place.query("SELECT name FROM programmes_organisation")}
    assert before <= kept
