"""`manage.py rescue_account`: when nobody is left inside to open an account's door again."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from autoprod.accounts import second_factor, sessions
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.links import make_link, whole_address
from autoprod.accounts.models import User
from autoprod.core.scoping import Scope


class Command(BaseCommand):
    """Prints a one-time link; an administrator does the same from the pages."""

    help = "Donne un lien de nouveau mot de passe au dernier administrateur qui a perdu le sien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the account."""
        parser.add_argument("email", help="adresse e-mail du compte")
        parser.add_argument(
            "--second-factor",
            action="store_true",
            help="retirer aussi la double vérification (téléphone et codes perdus)",
        )

    def handle(self, *args, **options) -> None:
        """Make the link, in one transaction with the removal."""
        user = User.objects.active().filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Aucun compte actif n’a cette adresse.")
        scope = Scope.everything(reason="dépannage d’un compte")
        with transaction.atomic():
            if options["second_factor"]:
                second_factor.remove(user, scope=scope)
                sessions.revoke(user)
            path = make_link(user, LinkKind.RESET, scope=scope)
        self.stdout.write("Lien à ouvrir une seule fois, dans la journée :")
        self.stdout.write(whole_address(path))
