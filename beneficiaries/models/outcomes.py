"""Outcomes: events that somebody's pathway led to (a contract, a training), with their proof."""

from django.db import models

from autoprod.core.files import StoredFile
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.models.enrolments import Enrolment
from programmes.models import Edition, Organisation, ReferenceField


class OutcomeQuerySet(ScopedQuerySet):
    """Reads of outcomes."""

    def in_period(self, period: Period) -> "OutcomeQuerySet":
        """Return the outcomes that start in a period."""
        return self.filter(starts_on__gte=period.start, starts_on__lte=period.end)

    def positive(self) -> "OutcomeQuerySet":
        """Return the outcomes the list calls positive."""
        return self.filter(kind__meta__positive=True)


class Outcome(VersionedModel):
    """An event: a contract or a training that starts; a promise is not one."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.PROTECT, related_name="outcomes"
    )
    kind = ReferenceField("outcome_kinds", verbose_name="nature")
    contract = ReferenceField("contract_kinds", verbose_name="contrat", null=True, blank=True)
    employer = models.ForeignKey(
        Organisation,
        verbose_name="chez",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
    )
    label = models.CharField("précision", max_length=160, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "orientation"
        verbose_name_plural = "orientations"
        ordering = ["starts_on", "pk"]
        constraints = [
            dates_in_order(
                "beneficiaries_outcome_dates",
                "starts_on",
                "ends_on",
                "La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.kind.label

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class OutcomeProof(StoredFile):
    """A contract, a certificate: the proof of an outcome."""

    SCOPE_PATH = "outcome__enrolment__programme"

    outcome = models.ForeignKey(
        Outcome, verbose_name="orientation", on_delete=models.PROTECT, related_name="proofs"
    )

    class Meta:
        verbose_name = "justificatif d’orientation"
        verbose_name_plural = "justificatifs d’orientation"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.outcome.enrolment.programme.territory_id


class OutcomeSurvey(VersionedModel):
    """Whether the outcomes of an edition are all known: until closed, a count is « au moins »."""

    SCOPE_PATH = "edition__programme"

    edition = models.OneToOneField(
        Edition, verbose_name="édition", on_delete=models.CASCADE, related_name="outcome_survey"
    )
    closed_on = models.DateField(
        "relevé complet au",
        null=True,
        blank=True,
        help_text="Laissez vide tant que des suites restent à connaître.",
    )

    class Meta:
        verbose_name = "relevé des orientations"
        verbose_name_plural = "relevés des orientations"
        ordering = ["edition", "pk"]

    def __str__(self) -> str:
        return f"Relevé n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.edition.programme.territory_id
