"""Bringing an installation to the version of the code: backup, migrations, static files."""

from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from autoprod.operating import backups
from autoprod.operating.dumps.facts import DumpError


class UpgradeError(Exception):
    """The base cannot be brought to this version; the message is French, for the operator."""


def bring_up_to_date() -> Iterator[str]:
    """Do what is missing and yield a French line per thing done.

    A base with rows is backed up before its schema changes. A base newer than the code is
    refused: older code would misread it.
    """
    executor = MigrationExecutor(connection)
    applied = set(executor.loader.applied_migrations)
    if unknown := applied - set(executor.loader.disk_migrations):
        raise UpgradeError(
            f"La base vient d’une version plus récente ({len(unknown)} migrations inconnues) : "
            "installez cette version ou restaurez une sauvegarde d’avant."
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        if applied:
            yield f"sauvegarde avant mise à jour : {_backup()}"
        call_command("migrate", interactive=False, verbosity=0)
        record(
            Scope.everything(reason="mise à jour de la base"),
            Verb.COMMAND,
            reason=f"{len(plan)} migrations appliquées",
        )
        yield f"base mise à jour : {len(plan)} migrations"
    if not getattr(settings, "WHITENOISE_USE_FINDERS", False):
        call_command("collectstatic", interactive=False, verbosity=0)


def _backup() -> str:
    try:
        return str(backups.create())
    except (backups.ArchiveError, DumpError, OSError) as error:
        raise UpgradeError(f"Rien n’a été mis à jour, la sauvegarde a échoué : {error}") from error
