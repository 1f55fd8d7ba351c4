"""Contracts: the weekly hours somebody agreed to, when their contract says any."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.fields import MinutesField
from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from beneficiaries.models.enrolments import Enrolment
from programmes.models import ReferenceField


class EngagementContractQuerySet(ScopedQuerySet):
    """Reads of contracts."""

    def kept_from_others(self, scope: Scope, action: Action) -> Q:
        """Keep the hours for the referents: they are between them and the person."""
        key = int(scope.actor_key or 0)
        return Q(enrolment__referent=key) | Q(enrolment__co_referent=key)

    def in_force(self, on) -> "EngagementContractQuerySet":
        """Return the contracts of a day, bounds included."""
        return self.filter(in_force(on))


class EngagementContract(VersionedModel):
    """« Contrat d’engagement »: hours a week, adaptable, or an exemption and its reason.

    Source: loi n° 2023-1196 du 18 décembre 2023 (plein emploi), code du travail L.5411-6. Read by
    the referents only; in no list, no export, no figure.
    """

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.CASCADE, related_name="contracts"
    )
    signed_on = models.DateField("signé le", null=True, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    weekly_minutes = MinutesField(
        "heures par semaine",
        null=True,
        blank=True,
        help_text="Telles que convenues avec la personne\u00a0; elles peuvent être adaptées.",
    )
    exemption = ReferenceField("exemption_reasons", verbose_name="dispense", null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.PROTECT,
        null=True,
        related_name="engagement_contracts",
    )

    objects = EngagementContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat d’engagement"
        verbose_name_plural = "contrats d’engagement"
        ordering = ["enrolment", "-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_engagementcontract_open",
                fields=["enrolment"],
                condition=Q(ends_on=None),
                violation_error_message="Un contrat est déjà en cours\u00a0: notez d’abord sa fin.",
            ),
            models.CheckConstraint(
                name="beneficiaries_engagementcontract_hours",
                condition=Q(weekly_minutes=None)
                | Q(weekly_minutes__gte=1, weekly_minutes__lte=48 * 60, exemption=None),
                violation_error_message="Des heures par semaine ou une dispense, pas les deux.",
            ),
            dates_in_order(
                "beneficiaries_engagementcontract_dates",
                "starts_on",
                "ends_on",
                "La fin du contrat précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"Contrat n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id
