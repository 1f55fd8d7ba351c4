"""Backups: one archive holding the database, the files and a manifest that proves both."""

import hashlib
import json
import os
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from autoprod.operating.dumps import ENGINES, engine
from autoprod.operating.dumps.facts import Facts

#: Raised when the layout of the archive changes; an older code refuses a newer archive.
FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret_key"  # noqa: S105 - the member's name
FILES = "files"
PATTERN = "autoprod-*.zip"
_BLOCK = 1024 * 1024


class ArchiveError(Exception):
    """The archive cannot be trusted or used; the message is French, for the operator."""


@dataclass(frozen=True)
class Manifest:
    """What the archive says of itself; `members` gives each member's SHA-256 and size."""

    version: str
    engine: str
    created_at: str
    is_demo: bool | None
    migrations: list[str]
    counts: dict[str, int]
    members: dict[str, dict]
    format: int = FORMAT

    @property
    def file_count(self) -> int:
        """Return how many stored files the archive holds."""
        return sum(1 for name in self.members if name.startswith(f"{FILES}/"))


@dataclass(frozen=True)
class _Counted:
    label: str
    one: str
    model: str


_counted: list[_Counted] = []


def count_as(label: str, model: str, *, one: str = "") -> None:
    """Say that a backup's summary counts this model: `count_as("actions", "programmes.Programme")`.

    `one` is the singular when it is not the label without its last letter. Called from `ready`.
    """
    item = _Counted(label, one or label.removesuffix("s"), model)
    if item not in _counted:
        _counted.append(item)


def summary(counts: Mapping[str, int], files: int) -> str:
    """Return « 56 personnes, 3 actions, 12 fichiers »: the registered models, then the files."""
    words = []
    for item in _counted:
        table = apps.get_model(item.model)._meta.db_table
        if table in counts:
            words.append(_plural(counts[table], item.one, item.label))
    return ", ".join([*words, _plural(files, "fichier", "fichiers")])


def _plural(count: int, one: str, several: str) -> str:
    return f"{count} {one if count < 2 else several}"


def version() -> str:
    """Return the application's version, as pyproject.toml says it."""
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a private folder on the disk of the backups, removed after the block."""
    base = Path(settings.BACKUP_DIR)
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=base, prefix=".scratch-") as folder:
        yield Path(folder)


def create(destination: Path | None = None, *, with_secret: bool = False) -> Path:
    """Write an archive and return its path; raise DumpError, ArchiveError or OSError.

    `destination` is a folder (settings.BACKUP_DIR by default) or a .zip file. The archive is read
    back before it takes its name: a file called autoprod-….zip is complete.
    """
    target = _target(destination)
    partial = target.with_name(f".{target.name}.partial")
    try:
        with scratch() as folder, _private(partial) as handle:
            dump = folder / engine().MEMBER
            # The database first: a file added meanwhile is in excess, never missing.
            facts = engine().write(dump)
            _fill(handle, dump, facts, with_secret=with_secret)
        verify(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    if destination is None or destination.is_dir():
        prune(target.parent, settings.BACKUP_KEEP)
    return target


def prune(folder: Path, keep: int) -> list[Path]:
    """Delete all archives of a folder but the `keep` latest, by name, and return the deleted."""
    archives = sorted(folder.glob(PATTERN), key=lambda path: path.name, reverse=True)
    for old in archives[max(keep, 1) :]:
        old.unlink()
    return archives[max(keep, 1) :]


def _target(destination: Path | None) -> Path:
    if destination is None:
        destination = Path(settings.BACKUP_DIR)
        destination.mkdir(parents=True, exist_ok=True, mode=0o700)
    if destination.suffix == ".zip":
        return destination
    if not destination.is_dir():
        raise ArchiveError(f"Le dossier {destination} n’existe pas.")
    # UTC, to the microsecond: names sort by age even when the clock goes back an hour.
    moment = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
    return destination / f"autoprod-{moment}.zip"


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """Open a new file only its owner may read, and have it on the disk at the end."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _fill(handle: BinaryIO, dump: Path, facts: Facts, *, with_secret: bool) -> None:
    members = {}
    with zipfile.ZipFile(handle, "w") as archive:
        for name, path in _contents(dump, with_secret=with_secret):
            try:
                members[name] = _add(archive, name, path)
            except FileNotFoundError:
                # Erased since the folder was listed: nothing refers to it any more.
                continue
        manifest = Manifest(
            version=version(),
            engine=engine().LABEL,
            created_at=timezone.now().isoformat(timespec="seconds"),
            is_demo=facts.is_demo,
            migrations=facts.migrations,
            counts=facts.counts,
            members=members,
        )
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
        archive.writestr(_information(MANIFEST), text)


def _contents(dump: Path, *, with_secret: bool) -> Iterator[tuple[str, Path]]:
    yield dump.name, dump
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{FILES}/{path.relative_to(root).as_posix()}", path
    secret = Path(settings.DATA_DIR) / SECRET
    if with_secret:
        if not secret.is_file():
            raise ArchiveError("La clé secrète n’est pas dans un fichier : copiez-la à part.")
        yield SECRET, secret


def _information(name: str) -> zipfile.ZipInfo:
    now = timezone.localtime()
    information = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
    information.external_attr = 0o600 << 16
    # Stored files are already compressed (PDF, images); a SQLite base is not.
    packed = name.endswith((".sqlite3", ".json"))
    information.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    return information


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict:
    digest, size = hashlib.sha256(), 0
    with (
        path.open("rb") as source,
        archive.open(_information(name), "w", force_zip64=True) as member,
    ):
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            member.write(block)
    return {"sha256": digest.hexdigest(), "size": size}


def verify(path: Path) -> Manifest:
    """Read the whole archive and return its manifest; raise ArchiveError at the first doubt."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _check_names(archive, manifest)
            for name, expected in manifest.members.items():
                if _measure(archive, name) != expected:
                    raise ArchiveError(f"L’archive est abîmée : {name} a changé.")
            return manifest
    except FileNotFoundError as error:
        raise ArchiveError(f"L’archive {path} n’existe pas.") from error
    except (OSError, EOFError, ValueError, NotImplementedError) as error:
        raise ArchiveError(f"L’archive {path.name} ne se lit pas.") from error
    except (zipfile.BadZipFile, zlib.error) as error:
        raise ArchiveError("L’archive est abîmée, ou ce n’est pas une sauvegarde.") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        content = json.loads(archive.read(MANIFEST))
        if content.get("format") != FORMAT:
            raise ArchiveError("L’archive vient d’une version plus récente d’Autoprod.")
        return Manifest(**content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ArchiveError("Ce n’est pas une sauvegarde d’Autoprod.") from error


def _check_names(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Refuse what the manifest does not list, and any name that would leave its folder."""
    names = archive.namelist()
    if sorted(names) != sorted([*manifest.members, MANIFEST]):
        raise ArchiveError("L’archive est abîmée : son contenu n’est pas celui de son manifeste.")
    for name in names:
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or "\\" in name:
            raise ArchiveError(f"L’archive contient un nom interdit : {name}.")
    if not any(module.MEMBER in names for module in ENGINES.values()):
        raise ArchiveError("L’archive ne contient pas de base.")


def _measure(archive: zipfile.ZipFile, name: str) -> dict:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as member:
        while block := member.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return {"sha256": digest.hexdigest(), "size": size}
