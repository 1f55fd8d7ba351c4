"""What happens during a stay: another level, a pause, and the news taken six months after."""

from django.db import models

from autoprod.core.fields import PlainTextField
from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import Level
from beneficiaries.models.enrolments import Enrolment
from programmes.models import ReferenceField


class LevelChange(VersionedModel):
    """From a day on, somebody is accompanied otherwise; before the first change, as it says."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name="inscription",
        on_delete=models.CASCADE,
        related_name="level_changes",
    )
    since = models.DateField("à partir du")
    level = models.CharField("accompagnement", max_length=14, choices=Level.choices)
    before = models.CharField("avant", max_length=14, choices=Level.choices)

    class Meta:
        verbose_name = "changement d’accompagnement"
        verbose_name_plural = "changements d’accompagnement"
        ordering = ["enrolment", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_levelchange_day",
                fields=["enrolment", "since"],
                violation_error_message="Un changement est déjà noté ce jour-là.",
            ),
            models.CheckConstraint(
                name="beneficiaries_levelchange_differs",
                condition=~models.Q(level=models.F("before")),
                violation_error_message="C’est déjà l’accompagnement de cette personne.",
            ),
        ]

    def __str__(self) -> str:
        return f"Changement n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class SuspensionQuerySet(ScopedQuerySet):
    """Reads of suspensions."""

    def in_force(self, on) -> "SuspensionQuerySet":
        """Return the pauses of a day, bounds included; without an end, they last."""
        return self.filter(in_force(on))


class Suspension(VersionedModel):
    """A pause in a stay: nobody is expected, nothing is due; the reason is a category."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.CASCADE, related_name="suspensions"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField(
        "au", null=True, blank=True, help_text="Dernier jour de la pause, s’il est connu."
    )
    reason = ReferenceField("suspension_reasons", verbose_name="raison", null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = "pause"
        verbose_name_plural = "pauses"
        ordering = ["enrolment", "-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_suspension_open",
                fields=["enrolment"],
                condition=models.Q(ends_on=None),
                violation_error_message="Le parcours est déjà en pause.",
            ),
            dates_in_order(
                "beneficiaries_suspension_dates",
                "starts_on",
                "ends_on",
                "La pause finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Pause n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class FollowUp(VersionedModel):
    """What became of somebody six months after: known, or not reached; no row means not asked.

    Source: regulation (EU) 2021/1057, annex I (EECR05, EECR06).
    """

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.OneToOneField(
        Enrolment, verbose_name="inscription", on_delete=models.CASCADE, related_name="follow_up"
    )
    done_on = models.DateField("fait le")
    result = ReferenceField("followup_results", verbose_name="résultat")
    situation = ReferenceField(
        "exit_reasons_asp", verbose_name="situation six mois après", null=True, blank=True
    )
    words = PlainTextField("précision", max_length=300, blank=True)

    class Meta:
        verbose_name = "suivi à six mois"
        verbose_name_plural = "suivis à six mois"
        ordering = ["enrolment", "pk"]

    def __str__(self) -> str:
        return f"Suivi à six mois n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id
