"""`manage.py backup`: one archive of the database and the files, while people work."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from autoprod.operating import backups, running
from autoprod.operating.dumps.facts import DumpError


class Command(BaseCommand):
    """Writes, reads back, then names the archive."""

    help = "Sauvegarde la base et les fichiers dans une archive, sans arrêter le service."
    # A page that does not load must not stop the night's backup.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where to write."""
        parser.add_argument(
            "--to", type=Path, metavar="DOSSIER", help="autre dossier, ou fichier .zip précis"
        )
        parser.add_argument(
            "--with-secret", action="store_true", help="ajouter la clé secrète de l’installation"
        )

    def handle(self, *args, **options) -> None:
        """Write the archive, then the journal."""
        try:
            running.check_account()
            path = backups.create(options["to"], with_secret=options["with_secret"])
            manifest = backups.verify(path)
        except (backups.ArchiveError, DumpError, running.RunningError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"La sauvegarde n’a pas pu s’écrire : {error.strerror}.") from error
        record(Scope.everything(reason="sauvegarde"), Verb.COMMAND, reason="sauvegarde écrite")
        megabytes = f"{path.stat().st_size / 1024**2:.1f}".replace(".", ",")
        self.stdout.write(f"{path} ({megabytes} Mo)")
        self.stdout.write(
            "sauvegarde écrite et relue : " + backups.summary(manifest.counts, manifest.file_count)
        )
