"""`manage.py run_worker`: does the jobs of the database."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from autoprod.jobs.worker import Worker


class Command(BaseCommand):
    """Runs until SIGTERM, which lets the current job end."""

    # A worker serves no page: the checks of the URLs belong to the web process.
    requires_system_checks = ()

    help = "Exécute les travaux de fond. SIGTERM termine le travail en cours, puis arrête."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare how long to run."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--once", action="store_true", help="un travail au plus, puis s’arrête")
        group.add_argument(
            "--burst", action="store_true", help="les travaux en attente, puis s’arrête"
        )

    def handle(self, *args, **options) -> None:
        """Do the jobs."""
        worker = Worker()
        worker.stop_on_signals()
        if options["once"]:
            worker.run_one()
        elif options["burst"]:
            worker.run_burst()
        else:
            worker.run_forever()
