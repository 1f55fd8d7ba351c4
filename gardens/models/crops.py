"""Crops: what grows where and since when, and what is done to it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from autoprod.core.fields import GramsField, MinutesField, PlainTextField, SquareMetresField
from autoprod.core.files import StoredFile
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from gardens.enums import PlantingMethod, PlantingState
from gardens.models.gardens import Garden
from gardens.models.plots import Plot
from gardens.models.species import Species, Variety
from programmes.models import Programme, ReferenceField, Session

#: What is planned of a crop, in order.
PLANNED_DATES = ("sow_on", "plant_on", "harvest_on", "end_on")
#: What says since when, or from when, a crop takes its plot: the nursery does not.
GROUND_DATES = ("planted_on", "plant_on", "sown_on", "sow_on")


class PlantingQuerySet(ScopedQuerySet):
    """Reads of plantings."""

    def grown_in(self, period: Period) -> "PlantingQuerySet":
        """Return what was really in the ground in a period: begun by its end, not over before."""
        begun = self.filter(Q(sown_on__lte=period.end) | Q(planted_on__lte=period.end))
        return begun.filter(Q(ended_on=None) | Q(ended_on__gte=period.start))

    def ongoing(self, on) -> "PlantingQuerySet":
        """Return what is in the ground on a day: what is raised waits in the nursery."""
        raised = Q(method=PlantingMethod.RAISED, planted_on=None)
        raised |= Q(method=PlantingMethod.RAISED, planted_on__gt=on)
        return self.grown_in(Period(on, on)).exclude(raised)

    def during(self, period: Period) -> "PlantingQuerySet":
        """Return what is in the ground in a period, and what is planned in it and not begun."""
        planned = Q()
        for name in PLANNED_DATES:
            planned |= Q(**{f"{name}__gte": period.start, f"{name}__lte": period.end})
        waiting = self.filter(planned, sown_on=None, planted_on=None)
        return self.filter(
            Q(pk__in=self.grown_in(period).values("pk")) | Q(pk__in=waiting.values("pk"))
        )

    def in_state(self, state: str) -> "PlantingQuerySet":
        """Return the crops that are in a state."""
        raised = Q(method=PlantingMethod.RAISED, planted_on=None, sown_on__isnull=False)
        begun = Q(sown_on__isnull=False) | Q(planted_on__isnull=False)
        states = {
            PlantingState.PLANNED: ~begun,
            PlantingState.RAISED: raised & Q(ended_on=None),
            PlantingState.GROWING: begun & ~raised & Q(ended_on=None),
            PlantingState.OVER: Q(ended_on__isnull=False),
        }
        return self.filter(states[PlantingState(state)])

    def with_ground_day(self) -> "PlantingQuerySet":
        """Return the crops with `ground_on`, as `Planting.ground_day` gives it."""
        return self.annotate(ground_on=Coalesce(*GROUND_DATES))

    def described(self) -> "PlantingQuerySet":
        """Return the crops by garden and plot, with all that a line says of them."""
        names = ("species__family", "variety", "plot__garden__site", "plot__parent", "programme")
        rows = self.with_ground_day().select_related(*names)
        places = ("plot__garden__site__sort_key", "plot__garden", "plot__sort_key", "plot")
        return rows.order_by(*places, "ground_on", "species__sort_key", "pk")


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
    def ground_day(self) -> date | None:
        """Return the day it takes its plot, real or planned; None without any date."""
        return next((day for name in GROUND_DATES if (day := getattr(self, name))), None)

    @property
    def state(self) -> PlantingState:
        """Return where it is."""
        if self.ended_on:
            return PlantingState.OVER
        if self.begun_on is None:
            return PlantingState.PLANNED
        is_raised = self.method == PlantingMethod.RAISED and self.planted_on is None
        return PlantingState.RAISED if is_raised else PlantingState.GROWING

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

    def during(self, period: Period) -> "OperationQuerySet":
        """Return what was done in a period, and what is planned in it and not done."""
        days = {"planned_on__gte": period.start, "planned_on__lte": period.end}
        waiting = self.to_do().filter(**days)
        done = self.done_in(period)
        return self.filter(Q(pk__in=done.values("pk")) | Q(pk__in=waiting.values("pk")))

    def to_do_first(self) -> "OperationQuerySet":
        """Return what is to do, the nearest first, then what was done, the last first."""
        return self.order_by(F("done_on").desc(nulls_first=True), "planned_on", "-pk")

    def described(self) -> "OperationQuerySet":
        """Return the operations with all that a line says of them."""
        names = ("kind", "garden__site", "plot", "planting__species", "planting__variety")
        return self.select_related(*names, "programme", "session")


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
