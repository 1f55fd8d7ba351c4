"""`manage.py load_demo`: a base of invented people, that says so on every page."""

from datetime import date, datetime, time

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.models import Installation
from autoprod.core.scoping import Scope
from beneficiaries.management.demo import everyone
from gardens.management.demo import everyone as gardens
from programmes.management.demo import frame, grants, money, outreach, sessions
from programmes.models import Territory


class Command(BaseCommand):
    """Loads the demo; refuses a base that holds anything else."""

    help = "Charge la démonstration (données fictives) dans une base vide ou déjà de démonstration."

    def add_arguments(self, parser) -> None:
        """Take the day the demo is lived on."""
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            default=None,
            help="Jour de la démonstration, AAAA-MM-JJ (aujourd’hui par défaut).",
        )

    def handle(self, *args, **options) -> None:
        """Load in one transaction: all of it or nothing."""
        on = options["on"] or timezone.localdate()
        with transaction.atomic():
            self._claim()
            programme = frame.load(on=on)
            money.load(programme=programme, on=on)
            years = frame.years(programme, on=on)
            grants.load(programme=programme, on=on, years=years)
            held = sessions.load(programme=programme, on=on, years=years)
            outreach.load(programme=programme, on=on, years=years)
            until = self._until(on)
            everyone.load(programme=programme, sessions=held, years=years, on=on, until=until)
            gardens.load(programme=programme, years=years, on=on, until=until)
        self.stdout.write(f"Démonstration prête au {on:%d/%m/%Y}.")

    def _until(self, on: date) -> datetime:
        """Return how far the day is lived: all of it, or up to now when it is today."""
        midnight = timezone.make_aware(datetime.combine(on, time.max))
        return timezone.now() if on == timezone.localdate() else midnight

    def _claim(self) -> None:
        """Mark an empty base as a demo; refuse a real one, or one already in use."""
        installation = Installation.current()
        if installation and not installation.is_demo:
            raise CommandError("Cette base est réelle\u00a0: la démonstration n’y entre pas.")
        if installation is None:
            if User.objects.exists() or Territory.objects.exists():
                raise CommandError("La base n’est pas vide\u00a0: la démonstration n’y entre pas.")
            Installation.objects.create(pk=1, is_demo=True)
            record(
                Scope.everything(reason="démonstration"),
                Verb.COMMAND,
                label="chargement de la démonstration",
            )
