"""Core application."""

from django.apps import AppConfig

from autoprod.core import periods


class CoreConfig(AppConfig):
    """Registers the system checks and the URL converters."""

    name = "autoprod.core"
    label = "core"
    verbose_name = "noyau"

    def ready(self) -> None:
        """Import the checks for their registration."""
        from autoprod.core import checks  # noqa: F401 - models must be loaded first

        periods.register_converters()
