"""An installation of the test's own: a data folder, a database, the real commands."""

import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]

#: What opens the installations of these tests.
ANSWERS = {
    "--territory": "Valenciennes",
    "--insee": "59606",
    "--controller": "CCAS de Valenciennes",
    "--programme": "Les Jardins du cœur",
    "--kind": "garden",
    "--email": "claire.vasseur@example.fr",
    "--first-name": "Claire",
    "--last-name": "Vasseur",
}


def answers(**changed: str | None) -> list[str]:
    """Return the options of `first_start`, some changed (`first_name="…"`) or left out (None)."""
    named = {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    chosen = {**ANSWERS, **named}
    return [text for pair in chosen.items() if pair[1] is not None for text in pair]


@dataclass
class Place:
    """One installation, driven from outside as an operator drives it."""

    data: Path
    url: str
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its commands: production settings, nothing inherited."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "autoprod.settings.production",
            "AUTOPROD_DATA": str(self.data),
            "AUTOPROD_HTTPS": "no",
            "DATABASE_URL": self.url,
            **self.extra,
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a command without a terminal and return what it said."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def run(self, *arguments: str) -> str:
        """Run a command that must succeed and return its output."""
        done = self.manage(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """Run a command that must refuse and return its words, which hold no traceback."""
        done = self.manage(*arguments)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr.replace("\u00a0", " ")

    @property
    def is_sqlite(self) -> bool:
        """Tell which engine this is."""
        return self.url.startswith("sqlite")

    def query(self, text: str) -> list[tuple]:
        """Run SQL on the base, past Django."""
        if self.is_sqlite:
            with closing(sqlite3.connect(self.data / "autoprod.sqlite3")) as base:
                rows = base.execute(text).fetchall()
                base.commit()
                return rows
        with psycopg.connect(self.url) as base:
            found = base.execute(text)
            return found.fetchall() if found.description else []

    def tables(self) -> list[str]:
        """Return the names of the tables."""
        catalogue = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if self.is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return sorted(name for (name,) in self.query(catalogue))

    def rows(self) -> dict[str, list[str]]:
        """Return every row of every table, as text, in a settled order."""
        return {
            table: sorted(map(repr, self.query(f'SELECT * FROM "{table}"')))
            for table in self.tables()
        }

    def files(self) -> dict[str, str]:
        """Return the hash of every stored file by its path."""
        root = self.data / "files"
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*")
            if path.is_file()
        }

    def add_file(self, name: str, content: bytes) -> None:
        """Store a file as an upload would."""
        path = self.data / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _server() -> str:
    """Return the URL of the run's PostgreSQL server, empty on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@contextmanager
def _installation(folder: Path, *, source: Place | None = None) -> Iterator[Place]:
    """Give an installation in a folder that is not there yet: a copy of another, or nothing."""
    if source:
        shutil.copytree(source.data, folder)
    else:
        folder.mkdir()
    server = _server()
    if not server:
        yield Place(folder, f"sqlite:///{folder / 'autoprod.sqlite3'}")
        return
    name = f"autoprod_test_{secrets.token_hex(6)}"
    template = urlsplit(source.url).path.removeprefix("/") if source else "template0"
    with psycopg.connect(server, autocommit=True) as base:
        made, copied = sql.Identifier(name), sql.Identifier(template)
        base.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(made, copied))
        try:
            yield Place(folder, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
        finally:
            base.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(made))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Iterator[Place]:
    """Return what new installations are copied from: a base with its tables and lists."""
    with _installation(tmp_path_factory.mktemp("migrated") / "data") as place:
        place.run("migrate", "--verbosity=0")
        yield place


@pytest.fixture(scope="session")
def opened(migrated, tmp_path_factory) -> Iterator[Place]:
    """Return what open installations are copied from; a test works on `place`, its own copy."""
    with _installation(tmp_path_factory.mktemp("opened") / "data", source=migrated) as place:
        place.run("first_start", *answers())
        place.add_file("2026/a1/convention.pdf", b"%PDF-1.7 convention")
        place.add_file("2026/b2/photo.jpg", bytes(range(256)) * 40)
        yield place


@pytest.fixture(scope="session")
def archive(opened, tmp_path_factory) -> Path:
    """Return a backup of what `place` starts from; it is read, never changed."""
    folder = tmp_path_factory.mktemp("archive")
    with _installation(folder / "data", source=opened) as place:
        place.run("backup", "--to", str(folder / "autoprod.zip"))
    return folder / "autoprod.zip"


@pytest.fixture
def new_place(migrated, tmp_path) -> Iterator[Callable[..., Place]]:
    """Return a function that makes an installation with empty tables, or without any."""
    with ExitStack() as made:

        def make(label: str = "new", *, empty: bool = False) -> Place:
            source = None if empty else migrated
            return made.enter_context(_installation(tmp_path / label, source=source))

        yield make


@pytest.fixture
def place(opened, tmp_path) -> Iterator[Place]:
    """Return an open installation: a territory, a programme, an account, two files."""
    with _installation(tmp_path / "data", source=opened) as place:
        yield place
