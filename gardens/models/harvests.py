"""Harvests: one weighing of one product, with or without a planting."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.fields import GramsField
from autoprod.core.models import BaseModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from gardens.enums import Quality
from gardens.models.crops import Planting
from gardens.models.species import Product, Variety
from programmes.models import Programme, Session, Site


class HarvestQuerySet(ScopedQuerySet):
    """Reads of harvests."""

    def in_period(self, period: Period) -> "HarvestQuerySet":
        """Return the harvests of a period."""
        return self.filter(on__gte=period.start, on__lte=period.end)


class Harvest(BaseModel):
    """A weighing, never changed: its lot says what becomes of it, a wrong weight included.

    `grams` is the weight without the crate; `tare` is the crate's.
    """

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="harvests"
    )
    site = models.ForeignKey(
        Site, verbose_name="jardin", on_delete=models.PROTECT, related_name="harvests"
    )
    session = models.ForeignKey(
        Session,
        verbose_name="séance",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="harvests",
    )
    planting = models.ForeignKey(
        Planting,
        verbose_name="culture",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="harvests",
    )
    product = models.ForeignKey(
        Product, verbose_name="produit", on_delete=models.PROTECT, related_name="harvests"
    )
    variety = models.ForeignKey(
        Variety,
        verbose_name="variété",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="harvests",
    )
    on = models.DateField("récolté le")
    grams = GramsField("poids (kg)")
    tare = GramsField("tare (kg)", default=0)
    pieces = models.PositiveIntegerField("pièces", null=True, blank=True)
    #: From a number of pieces and their mean weight, instead of the scales.
    is_estimated = models.BooleanField("poids estimé", default=False)
    quality = models.CharField(
        "qualité", max_length=12, choices=Quality.choices, default=Quality.FIRST
    )
    weighed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="pesé par",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    client_uuid = models.UUIDField("appui", unique=True, default=uuid.uuid4, editable=False)
    observed_at = models.DateTimeField("constaté le", editable=False)

    objects = HarvestQuerySet.as_manager()

    class Meta:
        verbose_name = "récolte"
        verbose_name_plural = "récoltes"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["programme", "on"], name="gardens_harvest_days")]
        constraints = [
            models.CheckConstraint(
                name="gardens_harvest_weight",
                condition=Q(grams__gt=0),
                violation_error_message="Une récolte pèse quelque chose.",
            ),
            models.CheckConstraint(
                name="gardens_harvest_estimate",
                condition=Q(is_estimated=False) | Q(pieces__gte=1),
                violation_error_message="Un poids estimé vient d’un nombre de pièces.",
            ),
        ]

    def __str__(self) -> str:
        return f"Récolte n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id
