"""Hives: what the register of an apiary asks, and the honey that goes to the ledger.

Source: order of 5 June 2000 on the register of livestock (kept five years by whoever sells or
gives honey); yearly declaration of colonies, from 1 September to 31 December.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum

from autoprod.core.fields import GramsField, PlainTextField, TenthsField
from autoprod.core.intervals import dates_in_order, in_force, not_over
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from gardens.enums import ColonyEnd, Destination
from gardens.models.food import Lot
from programmes.models import Programme, ReferenceField, Site


class ApiaryQuerySet(ScopedQuerySet):
    """Reads of apiaries."""

    def with_colonies(self) -> "ApiaryQuerySet":
        """Annotate each row with `living`, how many colonies there are."""
        return self.annotate(living=Count("colonies", filter=Q(colonies__ended_on=None)))


class Apiary(VersionedModel):
    """Hives at one place, under one number of the national register (NAPI)."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="apiaries"
    )
    site = models.ForeignKey(
        Site, verbose_name="site", on_delete=models.PROTECT, related_name="apiaries"
    )
    name = models.CharField("nom", max_length=80)
    number = models.CharField("numéro d’apiculteur (NAPI)", max_length=20, blank=True)
    keeper = models.CharField(
        "suivi par",
        max_length=120,
        blank=True,
        help_text="L’apiculteur, bénévole ou salarié, tel qu’il signe le registre.",
    )

    objects = ApiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "rucher"
        verbose_name_plural = "ruchers"
        ordering = ["programme", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_apiary_name",
                fields=["programme", "name"],
                violation_error_message="Un rucher porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class ApiaryDeclaration(VersionedModel):
    """The colonies declared in the autumn of a year."""

    SCOPE_PATH = "apiary__programme"

    apiary = models.ForeignKey(
        Apiary, verbose_name="rucher", on_delete=models.CASCADE, related_name="declarations"
    )
    year = models.PositiveSmallIntegerField("année")
    declared_on = models.DateField("déclaré le")
    colony_count = models.PositiveSmallIntegerField("colonies déclarées")
    receipt = models.CharField("récépissé", max_length=60, blank=True)

    class Meta:
        verbose_name = "déclaration de ruches"
        verbose_name_plural = "déclarations de ruches"
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_apiarydeclaration_year",
                fields=["apiary", "year"],
                violation_error_message="Ce rucher est déjà déclaré cette année-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"Déclaration {self.year}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.apiary.programme.territory_id


class ColonyQuerySet(ScopedQuerySet):
    """Reads of colonies."""

    def living(self) -> "ColonyQuerySet":
        """Return the colonies there are."""
        return self.filter(ended_on=None)

    def there(self, on: date) -> "ColonyQuerySet":
        """Return the colonies of a day, their first and their last included."""
        return self.filter(in_force(on, start="installed_on", end="ended_on"))

    def since(self, day: date) -> "ColonyQuerySet":
        """Return the colonies there were on a day, or after it."""
        return self.filter(not_over(day, end="ended_on"))

    def with_last_visit(self) -> "ColonyQuerySet":
        """Annotate each row with `last_visit`, the key of its last visit; None before any."""
        rows = HiveVisit.objects.filter(colony=OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(last_visit=Subquery(rows.values("pk")[:1]))


class Colony(VersionedModel):
    """A colony in its hive."""

    SCOPE_PATH = "apiary__programme"

    apiary = models.ForeignKey(
        Apiary, verbose_name="rucher", on_delete=models.PROTECT, related_name="colonies"
    )
    number = models.CharField("ruche n°", max_length=20)
    breed = ReferenceField("bee_breeds", verbose_name="abeille", null=True, blank=True)
    queen_year = models.PositiveSmallIntegerField("année de la reine", null=True, blank=True)
    origin = models.CharField("origine", max_length=120, blank=True)
    installed_on = models.DateField("installée le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)
    end = models.CharField("fin", max_length=7, choices=ColonyEnd.choices, blank=True)

    objects = ColonyQuerySet.as_manager()

    class Meta:
        verbose_name = "colonie"
        verbose_name_plural = "colonies"
        ordering = ["apiary", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_colony_number",
                fields=["apiary", "number"],
                condition=Q(ended_on=None),
                violation_error_message="Une colonie occupe déjà cette ruche.",
            ),
            models.CheckConstraint(
                name="gardens_colony_end",
                condition=Q(ended_on=None, end="") | Q(ended_on__isnull=False) & ~Q(end=""),
                violation_error_message="Une colonie qui finit a un jour et une raison.",
            ),
            dates_in_order(
                "gardens_colony_dates",
                "installed_on",
                "ended_on",
                "La colonie finit avant d’avoir été installée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Ruche {self.number}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.apiary.programme.territory_id


class HiveVisit(VersionedModel):
    """What was seen and done at a colony on a day."""

    SCOPE_PATH = "colony__apiary__programme"

    colony = models.ForeignKey(
        Colony, verbose_name="colonie", on_delete=models.CASCADE, related_name="visits"
    )
    on = models.DateField("visitée le")
    strength = models.PositiveSmallIntegerField("force (1 à 5)", null=True, blank=True)
    queen_seen = models.BooleanField("reine vue", default=False)
    eggs_seen = models.BooleanField("ponte vue", default=False)
    varroa_per_day = models.PositiveSmallIntegerField("varroas par jour", null=True, blank=True)
    fed = GramsField("nourrissement (kg)", null=True, blank=True)
    note = PlainTextField("observation", blank=True, max_length=1000)
    next_on = models.DateField("prochaine visite", null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = "visite d’une ruche"
        verbose_name_plural = "visites de ruches"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="gardens_hivevisit_strength",
                condition=Q(strength=None) | Q(strength__gte=1, strength__lte=5),
                violation_error_message="La force d’une colonie va de 1 à 5.",
            ),
            dates_in_order(
                "gardens_hivevisit_next",
                "on",
                "next_on",
                "La prochaine visite précède celle-ci.",
            ),
        ]

    def __str__(self) -> str:
        return f"Visite n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.colony.apiary.programme.territory_id


class HiveTreatmentQuerySet(ScopedQuerySet):
    """Reads of treatments."""

    def begun(self, on: date) -> "HiveTreatmentQuerySet":
        """Return the treatments given by a day, the last first."""
        return self.filter(starts_on__lte=on)

    def running(self) -> "HiveTreatmentQuerySet":
        """Return the treatments that are still in the hive."""
        return self.filter(ends_on=None)


class HiveTreatment(VersionedModel):
    """A medicine given to a colony: no honey is taken before its waiting time is over."""

    SCOPE_PATH = "colony__apiary__programme"

    colony = models.ForeignKey(
        Colony, verbose_name="colonie", on_delete=models.CASCADE, related_name="treatments"
    )
    medicine = models.CharField("médicament", max_length=120)
    dose = models.CharField("dose", max_length=80)
    prescription = models.CharField("ordonnance", max_length=120, blank=True)
    starts_on = models.DateField("posé le")
    ends_on = models.DateField("retiré le", null=True, blank=True)
    waiting_days = models.PositiveSmallIntegerField("délai d’attente (jours)", default=0)

    objects = HiveTreatmentQuerySet.as_manager()

    class Meta:
        verbose_name = "traitement d’une colonie"
        verbose_name_plural = "traitements de colonies"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            dates_in_order(
                "gardens_hivetreatment_dates",
                "starts_on",
                "ends_on",
                "Le traitement est retiré avant d’avoir été posé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Traitement n° {self.pk}"

    @property
    def free_on(self) -> date | None:
        """Return the first day honey may be taken again; None as long as it is in the hive."""
        return self.ends_on and self.ends_on + timedelta(days=self.waiting_days)

    def bars(self, on: date) -> bool:
        """Tell whether no honey is to be taken from the colony on a day."""
        return self.starts_on <= on and (self.free_on is None or on < self.free_on)

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.colony.apiary.programme.territory_id


class HoneyHarvestQuerySet(ScopedQuerySet):
    """Reads of honey."""

    def with_correction(self) -> "HoneyHarvestQuerySet":
        """Return them with their lot, and annotate what corrected weighings took off it."""
        of_weighing = Q(lot__movements__destination=Destination.WEIGHING)
        taken_off = Sum("lot__movements__grams", filter=of_weighing)
        return self.select_related("lot").annotate(taken_off=taken_off)


class HoneyHarvest(VersionedModel):
    """Honey taken from an apiary, which is a lot of the ledger."""

    SCOPE_PATH = "apiary__programme"

    apiary = models.ForeignKey(
        Apiary, verbose_name="rucher", on_delete=models.PROTECT, related_name="honey_harvests"
    )
    lot = models.OneToOneField(
        Lot, verbose_name="lot", on_delete=models.PROTECT, related_name="honey_harvest"
    )
    colonies = models.ManyToManyField(
        Colony, verbose_name="colonies", related_name="honey_harvests", blank=True
    )
    humidity = TenthsField("humidité (%)", null=True, blank=True)
    #: Why honey was taken before a waiting time was over.
    override_reason = models.CharField("malgré le délai d’attente", max_length=300, blank=True)

    objects = HoneyHarvestQuerySet.as_manager()

    class Meta:
        verbose_name = "récolte de miel"
        verbose_name_plural = "récoltes de miel"
        ordering = ["-lot__on", "-pk"]

    def __str__(self) -> str:
        return f"Récolte de miel n° {self.pk}"

    @property
    def kept(self) -> Decimal:
        """Return what the honey really weighs, read `with_correction`, in kilograms."""
        return self.lot.grams - (self.taken_off or Decimal(0))

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.apiary.programme.territory_id
