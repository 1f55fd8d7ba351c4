"""Schedules: the half-days that come back every week, and the days when nothing takes place."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.core.models import BaseModel, VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.models.programmes import Programme
from programmes.models.references import ReferenceField
from programmes.models.sites import Site


class ScheduleQuerySet(ScopedQuerySet):
    """Reads of schedules."""

    def going_on(self, on: date) -> "ScheduleQuerySet":
        """Return the schedules that are not over on a day."""
        return self.filter(ends_on__gte=on)


class Schedule(VersionedModel):
    """Half-days that come back each week between two days; its sessions are rows of their own."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="schedules"
    )
    kind = ReferenceField("session_kinds", verbose_name="nature")
    title = models.CharField(
        "intitulé", max_length=120, blank=True, help_text="Laissez vide pour reprendre la nature."
    )
    theme = ReferenceField("workshop_themes", verbose_name="thème", null=True, blank=True)
    sites = models.ManyToManyField(Site, verbose_name="sites", related_name="schedules")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="encadrant",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schedules",
    )
    capacity = models.PositiveSmallIntegerField(
        "places", null=True, blank=True, help_text="Laissez vide s’il n’y a pas de limite."
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    works_on_holidays = models.BooleanField("aussi les jours fériés", default=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_schedule_days",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind.label

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class ScheduleSlot(BaseModel):
    """One half-day of the week of a schedule, on the clocks of the place."""

    SCOPE_PATH = "schedule__programme"

    schedule = models.ForeignKey(
        Schedule, verbose_name="créneau", on_delete=models.CASCADE, related_name="slots"
    )
    #: 1 is Monday (ISO 8601).
    weekday = models.PositiveSmallIntegerField("jour de la semaine")
    starts = models.TimeField("de")
    ends = models.TimeField("à")

    class Meta:
        verbose_name = "demi-journée"
        verbose_name_plural = "demi-journées"
        ordering = ["weekday", "starts", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_scheduleslot_once",
                fields=["schedule", "weekday", "starts"],
                violation_error_message="Cette demi-journée est déjà dans le créneau.",
            ),
            models.CheckConstraint(
                name="programmes_scheduleslot_weekday",
                condition=Q(weekday__gte=1, weekday__lte=7),
                violation_error_message="Une semaine a sept jours.",
            ),
            models.CheckConstraint(
                name="programmes_scheduleslot_times",
                condition=Q(ends__gt=F("starts")),
                violation_error_message="La demi-journée finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Demi-journée n° {self.pk}"


class ClosedPeriod(VersionedModel):
    """Days when a programme holds nothing (summer, end of the year): no session is planned then."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.CASCADE, related_name="closed_periods"
    )
    label = models.CharField("fermeture", max_length=120)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    class Meta:
        verbose_name = "fermeture"
        verbose_name_plural = "fermetures"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_closedperiod_days",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id
