"""What a session held in a neighbourhood gave: people met, oriented, entered; never a name."""

from django.db import models
from django.db.models import F, Q

from autoprod.core.models import VersionedModel
from programmes.models.sessions import Session


class Outreach(VersionedModel):
    """Three counts of a session whose kind goes towards people; all of them without a name."""

    SCOPE_PATH = "session__programme"

    session = models.OneToOneField(
        Session, verbose_name="séance", on_delete=models.PROTECT, related_name="outreach"
    )
    met = models.PositiveIntegerField("personnes rencontrées", default=0)
    oriented = models.PositiveIntegerField("personnes orientées", default=0)
    entered = models.PositiveIntegerField("personnes entrées dans l’action", default=0)

    class Meta:
        verbose_name = "personnes rencontrées"
        verbose_name_plural = "personnes rencontrées"
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_outreach_funnel",
                condition=Q(oriented__lte=F("met"), entered__lte=F("oriented")),
                violation_error_message=(
                    "Les personnes orientées sont parmi les rencontrées, les entrées parmi les "
                    "orientées."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Rencontres n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.session.programme.territory_id
