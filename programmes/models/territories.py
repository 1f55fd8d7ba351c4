"""Territory, the data controller every record belongs to, and its districts."""

from zoneinfo import ZoneInfo

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from autoprod.core.fields import InseeCodeField, PlainTextField, SortKeyField
from autoprod.core.intervals import not_over
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import SELF, ScopedQuerySet
from programmes.models.references import ReferenceField

# QPV codes: « QP » and 6 digits (2015 generation), « QN » and 6 characters since 2024
# (décrets 2023-1314 and 2024-806).
qpv_code = RegexValidator(
    r"^(QP\d{6}|QN\d[0-9AB]\w{3}[NMI])$", "Un code QPV s’écrit QP093028 ou QN05901M."
)


class TerritoryQuerySet(ScopedQuerySet):
    """Reads of territories."""

    def with_programme_count(self) -> "TerritoryQuerySet":
        """Annotate `programme_count`; grouping forgets the model's order, so it is said again."""
        counted = self.annotate(programme_count=models.Count("programmes"))
        return counted.order_by("sort_key", "pk")


class Territory(VersionedModel):
    """A commune, a group of communes, a network area; its service answers for the data."""

    SCOPE_PATH = SELF
    SCOPE_ANCHOR = "territory"

    name = models.CharField("nom", max_length=120)
    sort_key = SortKeyField(source="name")
    kind = ReferenceField("territory_kinds", verbose_name="nature")
    insee_code = InseeCodeField("code Insee", blank=True)
    controller = models.CharField(
        "responsable des données",
        max_length=160,
        help_text="Le service qui en répond, par exemple «\u00a0CCAS de Valenciennes\u00a0».",
    )
    contact_email = models.EmailField("adresse pour exercer ses droits", blank=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    disclosure_threshold = models.PositiveSmallIntegerField(
        "seuil de diffusion",
        default=5,
        validators=[MinValueValidator(3)],
        help_text="Les effectifs plus petits sont regroupés dans ce qui sort du service.",
    )
    open_data_threshold = models.PositiveSmallIntegerField(
        "seuil de publication ouverte", default=11, validators=[MinValueValidator(3)]
    )
    note = PlainTextField("remarques", blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_territory_name",
                fields=["name"],
                violation_error_message="Un territoire porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="programmes_territory_thresholds",
                condition=models.Q(open_data_threshold__gte=models.F("disclosure_threshold"))
                & models.Q(disclosure_threshold__gte=3),
                violation_error_message=(
                    "Le seuil de publication ouverte ne peut pas être inférieur "
                    "au seuil de diffusion."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which the territory's days and hours are said."""
        return ZoneInfo(self.time_zone)

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.pk


class DistrictQuerySet(ScopedQuerySet):
    """Reads of districts."""

    def open(self, on) -> "DistrictQuerySet":
        """Return the districts in use on a day."""
        return self.filter(not_over(on, end="closed_on"))


class District(VersionedModel):
    """A neighbourhood as people name it; a QPV code when it is one (they are two lists)."""

    SCOPE_PATH = "territory"

    territory = models.ForeignKey(
        Territory, verbose_name="territoire", on_delete=models.PROTECT, related_name="districts"
    )
    name = models.CharField("nom", max_length=120)
    sort_key = SortKeyField(source="name")
    qpv_code = models.CharField(
        "code QPV",
        max_length=8,
        blank=True,
        validators=[qpv_code],
        help_text="Seulement si le quartier est prioritaire de la politique de la ville.",
    )
    closed_on = models.DateField(
        "n’est plus utilisé depuis le",
        null=True,
        blank=True,
        help_text="Le quartier reste dans les chiffres passés.",
    )

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = "quartier"
        verbose_name_plural = "quartiers"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_district_name",
                fields=["territory", "name"],
                violation_error_message="Ce quartier existe déjà sur ce territoire.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id
