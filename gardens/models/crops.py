"""Crops: what grows where and since when, and what is done to it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.core.fields import GramsField, MinutesField, PlainTextField, SquareMetresField
from autoprod.core.files import StoredFile
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from gardens.enums import PlantingMethod
from gardens.models.gardens import Garden
from gardens.models.plots import Plot
from gardens.models.species import Species, Variety
from programmes.models import Programme, ReferenceField, Session


class PlantingQuerySet(ScopedQuerySet):
    """Reads of plantings."""

    def grown_in(self, period: Period) -> "PlantingQuerySet":
        """Return what was really in the ground in a period: begun by its end, not over before."""
        begun = self.filter(Q(sown_on__lte=period.end) | Q(planted_on__lte=period.end))
        return begun.filter(Q(ended_on=None) | Q(ended_on__gte=period.start))

    def ongoing(self, on) -> "PlantingQuerySet":
        """Return what is in the ground on a day."""
        return self.grown_in(Period(on, on))


class Planting(VersionedModel):
    """A series: a variety on a plot, from its sowing to its end, planned then real."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="plantings"
    )
    plot = models.ForeignKey(
        Plot, verbose_name="parcelle", on_delete=models.PROTECT, related_name="plantings"
    )
    species = models.ForeignKey(
        Species, verbose_name="espèce", on_delete=models.PROTECT, related_name="plantings"
    )
    variety = models.ForeignKey(
        Variety,
        verbose_name="variété",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plantings",
    )
    method = models.CharField("mode", max_length=9, choices=PlantingMethod.choices)
    sow_on = models.DateField("semis prévu", null=True, blank=True)
    plant_on = models.DateField("plantation prévue", null=True, blank=True)
    harvest_on = models.DateField("première récolte prévue", null=True, blank=True)
    end_on = models.DateField("fin prévue", null=True, blank=True)
    sown_on = models.DateField("semé le", null=True, blank=True)
    planted_on = models.DateField("planté le", null=True, blank=True)
    ended_on = models.DateField("arraché le", null=True, blank=True)
    plant_count = models.PositiveIntegerField("plants", null=True, blank=True)
    area = SquareMetresField("surface (m²)", null=True, blank=True)
    expected = GramsField("récolte attendue (kg)", null=True, blank=True)
    is_organic_seed = models.BooleanField("semence bio", default=True)
    note = PlainTextField("remarques", blank=True, max_length=1000)

    objects = PlantingQuerySet.as_manager()

    class Meta:
        verbose_name = "culture"
        verbose_name_plural = "cultures"
        ordering = ["-sow_on", "-plant_on", "species__sort_key", "pk"]
        constraints = [
            dates_in_order(
                "gardens_planting_plan",
                "sow_on",
                "plant_on",
                "La plantation prévue précède le semis.",
            ),
            dates_in_order(
                "gardens_planting_harvest",
                "plant_on",
                "harvest_on",
                "La récolte prévue précède la plantation.",
            ),
            dates_in_order(
                "gardens_planting_harvest_end",
                "harvest_on",
                "end_on",
                "La fin prévue précède la première récolte.",
            ),
            dates_in_order(
                "gardens_planting_real",
                "sown_on",
                "planted_on",
                "La plantation précède le semis.",
            ),
            models.CheckConstraint(
                name="gardens_planting_end",
                condition=Q(ended_on=None)
                | (Q(planted_on=None) | Q(ended_on__gte=F("planted_on")))
                & (Q(sown_on=None) | Q(ended_on__gte=F("sown_on")))
                & ~Q(sown_on=None, planted_on=None),
                violation_error_message="On n’arrache qu’après avoir semé ou planté.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.species}, {self.variety}" if self.variety_id else str(self.species)

    @property
    def begun_on(self):
        """Return the day it was really in the ground, None before."""
        return self.planted_on or self.sown_on

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class OperationQuerySet(ScopedQuerySet):
    """Reads of operations."""

    def to_do(self) -> "OperationQuerySet":
        """Return what is planned and not done."""
        return self.filter(done_on=None)

    def done_in(self, period: Period) -> "OperationQuerySet":
        """Return what was done in a period."""
        return self.filter(done_on__gte=period.start, done_on__lte=period.end)


class Operation(VersionedModel):
    """Something to do or done in a garden: sow, water, spread compost, read the rain tank, look.

    The kind says what its quantity is (`meta["unit"]`): litres, kilograms, degrees or none.
    """

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="operations"
    )
    garden = models.ForeignKey(
        Garden, verbose_name="jardin", on_delete=models.PROTECT, related_name="operations"
    )
    plot = models.ForeignKey(
        Plot,
        verbose_name="parcelle",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operations",
    )
    planting = models.ForeignKey(
        Planting,
        verbose_name="culture",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="operations",
    )
    session = models.ForeignKey(
        Session,
        verbose_name="séance",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="operations",
    )
    kind = ReferenceField("operation_kinds", verbose_name="geste")
    planned_on = models.DateField("prévu le", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)
    quantity = GramsField("quantité", null=True, blank=True)
    minutes = MinutesField("durée", null=True, blank=True)
    people = models.PositiveSmallIntegerField("à combien", null=True, blank=True)
    note = PlainTextField("observation", blank=True, max_length=1000)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = "geste de culture"
        verbose_name_plural = "gestes de culture"
        ordering = ["-done_on", "planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="gardens_operation_day",
                condition=Q(planned_on__isnull=False) | Q(done_on__isnull=False),
                violation_error_message="Dites quand c’est prévu, ou quand c’est fait.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class OperationPhoto(StoredFile):
    """What was seen: one photograph of an operation."""

    SCOPE_PATH = "operation__programme"

    operation = models.OneToOneField(
        Operation, verbose_name="geste", on_delete=models.PROTECT, related_name="photo"
    )

    class Meta:
        verbose_name = "photo d’un geste"
        verbose_name_plural = "photos de gestes"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.operation.programme.territory_id
