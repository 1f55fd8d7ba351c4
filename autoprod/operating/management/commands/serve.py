"""`manage.py serve`: everything a small installation needs, in one command."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from autoprod.core.models import Installation
from autoprod.operating import restoring, running, upgrading
from autoprod.operating.supervisor import Address, port_is_free

#: Nothing was added, nothing is lost: loading is one transaction.
STAYS = (
    "La démonstration reste telle qu’elle était\u00a0: ce que les visiteurs y ont changé empêche "
    "d’y ajouter les jours passés ({error})."
)


class Command(BaseCommand):
    """Checks, brings the base up to date, then becomes the supervisor of the two processes."""

    help = "Lance le service : pages et travaux de fond. Ctrl-C ou SIGTERM arrête tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the address."""
        parser.add_argument(
            "--bind", default="127.0.0.1:8000", metavar="ADRESSE:PORT", help="où répondre"
        )
        parser.add_argument(
            "--demo",
            action="store_true",
            help="ouvrir la démonstration, vécue jusqu’à ce jour",
        )

    def handle(self, *args, **options) -> None:
        """Prepare, then give this process's place to the supervisor."""
        address = self._address(options["bind"], any_port=options["demo"])
        try:
            lock = running.hold()
        except running.RunningError as error:
            raise CommandError(str(error)) from error
        if options["demo"] and restoring.current_is_demo() is False:
            # Before anything is written: DATABASE_URL may name the real base by mistake.
            raise CommandError("Cette base contient des données réelles : sans --demo.")
        self._prepare()
        self._ensure_installation(demo=options["demo"])
        connections.close_all()
        # Nothing of this process is needed any more: the supervisor is small and stays.
        sys.stdout.flush()
        arguments = ["-m", "autoprod.operating.supervisor", str(address), str(lock)]
        os.environ["DJANGO_SETTINGS_MODULE"] = settings.SETTINGS_MODULE
        os.chdir(Path(settings.BASE_DIR))
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell

    def _address(self, text: str, *, any_port: bool) -> Address:
        try:
            address = Address.parse(text)
        except ValueError as error:
            raise CommandError(f"--bind : {text} n’est pas de la forme 127.0.0.1:8000.") from error
        while not port_is_free(address):
            if not any_port or address.port >= 65535:
                raise CommandError(
                    f"--bind : {address} est déjà pris. Arrêtez l’autre service ou changez de port."
                )
            address = Address(address.host, address.port + 1)
        return address

    def _prepare(self) -> None:
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            for line in upgrading.bring_up_to_date():
                self.stdout.write(line)
        except upgrading.UpgradeError as error:
            raise CommandError(str(error)) from error

    def _ensure_installation(self, *, demo: bool) -> None:
        installation = Installation.current()
        if demo or (installation and installation.is_demo):
            self._load_demo(first=installation is None)
            return
        if installation is None and sys.stdin.isatty():
            call_command("first_start")
        elif installation is None:
            raise CommandError(
                "La base est vide. Lancez d’abord « manage.py first_start » : il ouvre "
                "le territoire, la première action et le premier compte."
            )

    def _load_demo(self, *, first: bool) -> None:
        """Load the demo, or the days gone by since the last start: loading again only adds."""
        if "load_demo" not in get_commands():
            return
        try:
            call_command("load_demo")
        except Exception as error:
            # Visitors may change anything: whatever it clashes with, the rest is there to be seen.
            if first:
                raise
            self.stdout.write(STAYS.format(error=type(error).__name__))
