"""`manage.py update_installation`: after new code is in place, before the service restarts."""

from django.core.management.base import BaseCommand, CommandError

from autoprod.operating import health, running, upgrading


class Command(BaseCommand):
    """Backs up, migrates, collects, checks; `make update` installs the dependencies first."""

    help = "Met la base et les fichiers statiques au niveau du code, service arrêté."

    def handle(self, *args, **options) -> None:
        """Do what is missing, then say whether the installation is sound."""
        try:
            running.hold()
            for line in upgrading.bring_up_to_date():
                self.stdout.write(line)
        except (running.RunningError, upgrading.UpgradeError) as error:
            raise CommandError(str(error)) from error
        for name in ("database", "migrations", "disk"):
            finding = health.checks()[name]()
            self.stdout.write(f"{name} : {finding.message}")
            if finding.state == health.FAILED:
                raise CommandError(finding.message)
        self.stdout.write("installation à jour")
