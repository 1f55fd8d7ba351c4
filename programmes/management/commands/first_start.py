"""`manage.py first_start`: opens a real installation, by questions or by options."""

import sys
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from autoprod.accounts.links import whole_address
from autoprod.core.models import Installation
from autoprod.core.scoping import Scope
from autoprod.operating import running
from programmes.forms.first_start import FirstStartForm
from programmes.services.first_start import open_installation


class Command(BaseCommand):
    """Asks what the options do not say, then creates everything in one transaction."""

    help = "Ouvre une base réelle : territoire, première action, premier compte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one option per field of the form."""
        for name, field in FirstStartForm.base_fields.items():
            parser.add_argument(_option(name), dest=name, metavar="…", help=field.label)

    def handle(self, *args, **options) -> None:
        """Refuse a base in use, read the answers, create."""
        try:
            running.check_account()
        except running.RunningError as error:
            raise CommandError(str(error)) from error
        self._refuse_base_in_use()
        call_command("migrate", interactive=False, verbosity=0)
        given = {name: options[name] for name in FirstStartForm.base_fields}
        form = self._asked(given) if sys.stdin.isatty() else _form(given)
        if not form.is_valid():
            raise CommandError("\n".join(_errors(form)))
        scope = Scope.everything(reason="premier démarrage")
        path = open_installation(scope=scope, answers=form.cleaned_data)
        self.stdout.write(f"Le territoire {form.cleaned_data['territory']} est ouvert.")
        self.stdout.write(
            f"Lien du premier compte ({form.cleaned_data['email']}), à ouvrir une seule fois, "
            "sous 7 jours :"
        )
        self.stdout.write(whole_address(path))

    def _refuse_base_in_use(self) -> None:
        if Installation._meta.db_table not in connection.introspection.table_names():
            return
        installation = Installation.current()
        if installation and installation.is_demo:
            raise CommandError(
                "Cette base est une démonstration : elle ne peut pas devenir une base réelle. "
                "Choisissez un autre dossier de données (AUTOPROD_DATA) ou une autre base."
            )
        if installation:
            raise CommandError(
                "Cette base est déjà ouverte : ajoutez les comptes et les actions depuis les pages."
            )

    def _asked(self, given: dict[str, str | None]) -> FirstStartForm:
        """Ask for what is missing, then again for what is refused."""
        missing = [name for name, value in given.items() if value is None]
        while missing:
            for name in missing:
                given[name] = self._ask(name)
            form = _form(given)
            missing = [name for name in given if name in form.errors]
            for line in _errors(form):
                self.stderr.write(line)
        return _form(given)

    def _ask(self, name: str) -> str:
        field = FirstStartForm.base_fields[name]
        hint = ""
        if field.initial:
            hint = f" [{field.initial}]"
        elif not field.required:
            hint = " (facultatif)"
        return input(f"{field.label}{hint} : ").strip() or str(field.initial or "")


def _form(given: dict[str, str | None]) -> FirstStartForm:
    values = {name: value for name, value in given.items() if value is not None}
    if "kind" not in values:
        values["kind"] = FirstStartForm.base_fields["kind"].initial
    return FirstStartForm(values)


def _errors(form: FirstStartForm) -> list[str]:
    """Return « --email : … », one line per error."""
    return [
        f"{_option(name)} : {message}"
        for name, messages in form.errors.items()
        for message in messages
    ]


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
