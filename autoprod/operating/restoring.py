"""Putting a backup back: everything is checked aside first, then put in place whole."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from autoprod.core.models import Installation
from autoprod.operating import backups
from autoprod.operating.backups import ArchiveError, Manifest
from autoprod.operating.dumps import ENGINES, engine


@dataclass(frozen=True)
class Checked:
    """An archive that was read whole: its manifest, and whether its base was restored aside."""

    manifest: Manifest
    #: False when the database's role may not create the base of the trial.
    restored_aside: bool

    @property
    def summary(self) -> str:
        """Return « 56 personnes, 3 actions, 12 fichiers »."""
        return backups.summary(self.manifest.counts, self.manifest.file_count)


def check(path: Path) -> Checked:
    """Verify every hash, restore the base aside, compare its counts, and return what was found.

    Nothing of the installation is touched. Raise ArchiveError or DumpError at the first doubt.
    """
    manifest = backups.verify(path)
    with backups.scratch() as folder:
        _extract(path, folder, files=False)
        return _check_base(folder, manifest)


def _check_base(folder: Path, manifest: Manifest) -> Checked:
    module = _module_of(manifest)
    if module.LABEL == ENGINES["postgresql"].LABEL and module is not engine():
        raise ArchiveError("Pour lire une archive PostgreSQL, DATABASE_URL doit nommer un serveur.")
    facts = module.read(folder / module.MEMBER)
    if facts and (facts.counts, facts.is_demo) != (manifest.counts, manifest.is_demo):
        raise ArchiveError("La base de l’archive n’a pas le contenu annoncé par son manifeste.")
    return Checked(manifest, restored_aside=facts is not None)


def _module_of(manifest: Manifest):
    found = [module for module in ENGINES.values() if manifest.engine == module.LABEL]
    if not found or found[0].MEMBER not in manifest.members:
        raise ArchiveError("L’archive ne dit pas de quel moteur vient sa base.")
    return found[0]


def refusal(manifest: Manifest) -> str:
    """Return why this archive may not replace this installation (French), or nothing."""
    if manifest.engine != engine().LABEL:
        return (
            f"L’archive vient d’une base {manifest.engine}, cette installation utilise "
            f"{engine().LABEL}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if set(manifest.migrations) - known:
        return (
            "L’archive vient d’une version plus récente d’Autoprod : mettez d’abord "
            "l’application à jour."
        )
    try:
        current = current_is_demo()
    except DatabaseError:
        # Damaged: that is why one restores, and nothing says what it was.
        current = None
    if current is False and manifest.is_demo:
        return "Cette base contient des données réelles, l’archive est une démonstration."
    if current is True and manifest.is_demo is False:
        return (
            "Cette base est une démonstration, l’archive contient des données réelles : "
            "restaurez-la dans un autre dossier de données."
        )
    return ""


def current_is_demo() -> bool | None:
    """Return what the base in place says it is, None when it is empty.

    Raise DatabaseError when it cannot be read.
    """
    if Installation._meta.db_table not in connection.introspection.table_names():
        return None
    installation = Installation.current()
    return installation.is_demo if installation else None


def restore(path: Path) -> Checked:
    """Replace the database and the files by the archive's, all or nothing; return what it was.

    The old files stay aside until the new base is in place; the base comes last, in one rename
    (SQLite) or one transaction (PostgreSQL). Raise ArchiveError or DumpError, with nothing changed.
    """
    manifest = backups.verify(path)
    if reason := refusal(manifest):
        raise ArchiveError(reason)
    root = Path(settings.MEDIA_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with backups.scratch() as folder:
        _extract(path, folder, files=True)
        checked = _check_base(folder, manifest)
        staged = root.with_name(f"{root.name}.restoring")
        shutil.rmtree(staged, ignore_errors=True)
        shutil.move(folder / backups.FILES, staged)
        _swap(root, staged, lambda: engine().replace(folder / engine().MEMBER))
    return checked


def _swap(root: Path, staged: Path, then: Callable[[], None]) -> None:
    """Put `staged` in the place of `root`, run `then`, and come back if it fails."""
    aside = root.with_name(f"{root.name}.before")
    if aside.exists() and not root.exists():
        # A restore was cut between the two renames: the old files are there.
        aside.rename(root)
    shutil.rmtree(aside, ignore_errors=True)
    if root.exists():
        root.rename(aside)
    try:
        staged.rename(root)
        then()
    except BaseException:
        if root.exists():
            root.rename(staged)
        if aside.exists():
            aside.rename(root)
        shutil.rmtree(staged, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _extract(path: Path, folder: Path, *, files: bool) -> None:
    """Write the base, and the files when asked, in a folder; names were checked by `verify`."""
    (folder / backups.FILES).mkdir(mode=0o700)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith(f"{backups.FILES}/") and not files:
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            target.chmod(0o600)
