"""`manage.py restore`: reads a backup, or puts it in the place of what is there."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from autoprod.operating import backups, restoring, running
from autoprod.operating.dumps.facts import DumpError


class Command(BaseCommand):
    """Checks first, asks, then replaces all or nothing."""

    help = "Relit une sauvegarde (--check) ou la remet en place, service arrêté."
    # The base in place may be damaged or absent: nothing is asked of it beforehand.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the archive and how far to go."""
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="relire l’archive sans toucher à rien"
        )
        parser.add_argument("--yes", action="store_true", help="ne pas demander confirmation")

    def handle(self, *args, **options) -> None:
        """Check or restore; every refusal is a sentence and touches nothing."""
        try:
            if options["check"]:
                self._check(options["archive"])
            else:
                self._restore(options["archive"], confirmed=options["yes"])
        except (backups.ArchiveError, DumpError, running.RunningError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Rien n’a été remplacé : {error.strerror}.") from error

    def _check(self, archive: Path) -> None:
        checked = restoring.check(archive)
        self.stdout.write(f"sauvegarde lisible : {checked.summary}")
        if not checked.restored_aside:
            self.stdout.write(
                "La base n’a pas été restaurée à blanc : le rôle PostgreSQL n’a pas le droit "
                "CREATEDB. Ses données ont été lues en entier."
            )

    def _restore(self, archive: Path, *, confirmed: bool) -> None:
        running.hold()
        manifest = backups.verify(archive)
        if reason := restoring.refusal(manifest):
            raise CommandError(reason)
        if not (confirmed or self._agreed(manifest)):
            raise CommandError("Rien n’a été remplacé.")
        self._keep_current()
        checked = restoring.restore(archive)
        call_command("migrate", interactive=False, verbosity=0)
        record(
            Scope.everything(reason="restauration"),
            Verb.COMMAND,
            reason=f"restauration de la sauvegarde du {manifest.created_at[:10]}",
        )
        self.stdout.write(f"sauvegarde restaurée : {checked.summary}")

    def _agreed(self, manifest: backups.Manifest) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("Sans terminal, confirmez avec --yes.")
        content = backups.summary(manifest.counts, manifest.file_count)
        self.stdout.write(f"Sauvegarde du {manifest.created_at} : {content}.")
        self.stdout.write("Elle remplacera la base et les fichiers de cette installation.")
        return input("Écrivez « oui » pour continuer : ").strip(" «»\u00a0").lower() == "oui"

    def _keep_current(self) -> None:
        """Back up what is about to be replaced, when there is something readable."""
        try:
            if restoring.current_is_demo() is None:
                return
            kept = backups.create()
        except (DatabaseError, DumpError, backups.ArchiveError):
            self.stdout.write("La base en place ne se lit pas : elle n’a pas pu être sauvegardée.")
        else:
            self.stdout.write(f"La base en place est sauvegardée : {kept}")
