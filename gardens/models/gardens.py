"""Gardens: what a site grows on, who lends the land, what label it holds."""

from django.db import models
from django.db.models import Q

from autoprod.core.fields import PlainTextField, SquareMetresField
from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.models import Organisation, Programme, ReferenceField, Site


class GardenQuerySet(ScopedQuerySet):
    """Reads of gardens."""

    def used_by(self, programme: Programme) -> "GardenQuerySet":
        """Return the gardens on the sites of one programme."""
        return self.filter(site__programmes=programme)

    def with_plot_count(self) -> "GardenQuerySet":
        """Annotate `plot_count`; grouping forgets the model's order, so it is said again."""
        counted = self.annotate(plot_count=models.Count("plots"))
        return counted.order_by("site__sort_key", "pk")


class Garden(VersionedModel):
    """What is known of a site that is grown; its address and its programmes are the site's."""

    SCOPE_PATH = "site__territory"

    site = models.OneToOneField(
        Site, verbose_name="site", on_delete=models.PROTECT, related_name="garden"
    )
    cultivated = SquareMetresField("surface cultivée (m²)", null=True, blank=True)
    water = ReferenceField("water_sources", verbose_name="eau", null=True, blank=True)
    is_organic = models.BooleanField(
        "conduit en bio", default=True, help_text="Sans pesticide ni engrais de synthèse."
    )
    note = PlainTextField("remarques", blank=True, max_length=1000)

    objects = GardenQuerySet.as_manager()

    class Meta:
        verbose_name = "jardin"
        verbose_name_plural = "jardins"
        ordering = ["site__sort_key", "pk"]

    def __str__(self) -> str:
        return self.site.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.site.territory_id


class GardenLabel(VersionedModel):
    """A label that a garden holds, and who gave it."""

    SCOPE_PATH = "garden__site__territory"

    garden = models.ForeignKey(
        Garden, verbose_name="jardin", on_delete=models.CASCADE, related_name="labels"
    )
    kind = ReferenceField("garden_labels", verbose_name="label")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="attribué par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="garden_labels",
    )
    obtained_on = models.DateField("obtenu le")
    ends_on = models.DateField("valable jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "label"
        verbose_name_plural = "labels"
        ordering = ["-obtained_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_gardenlabel_once",
                fields=["garden", "kind", "obtained_on"],
                violation_error_message="Ce label est déjà noté à cette date.",
            ),
            dates_in_order(
                "gardens_gardenlabel_dates",
                "obtained_on",
                "ends_on",
                "Le label finit avant d’avoir été obtenu.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.garden.site.territory_id


class LandAgreementQuerySet(ScopedQuerySet):
    """Reads of land agreements."""

    def running(self, on) -> "LandAgreementQuerySet":
        """Return the agreements in force on a day."""
        return self.filter(in_force(on))


class LandAgreement(VersionedModel):
    """Land lent to a garden by an organisation or by somebody: until when, for what share."""

    SCOPE_PATH = "garden__site__territory"

    garden = models.ForeignKey(
        Garden, verbose_name="jardin", on_delete=models.CASCADE, related_name="agreements"
    )
    kind = ReferenceField("land_agreement_kinds", verbose_name="accord")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation qui prête",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="land_agreements",
    )
    lender_name = models.CharField(
        "personne qui prête",
        max_length=120,
        blank=True,
        help_text="Un particulier\u00a0: son nom ne sort pas de l’équipe.",
    )
    lender_phone = models.CharField("téléphone", max_length=20, blank=True)
    area = SquareMetresField("surface (m²)", null=True, blank=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    owner_share = models.PositiveSmallIntegerField(
        "part du propriétaire (%)",
        null=True,
        blank=True,
        help_text="La part de la récolte qui lui revient, s’il y en a une.",
    )

    objects = LandAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "terrain prêté"
        verbose_name_plural = "terrains prêtés"
        ordering = ["garden", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="gardens_landagreement_lender",
                condition=Q(organisation=None) & ~Q(lender_name="")
                | Q(organisation__isnull=False, lender_name="", lender_phone=""),
                violation_error_message=(
                    "Dites qui prête\u00a0: une organisation, ou une personne, pas les deux."
                ),
            ),
            models.CheckConstraint(
                name="gardens_landagreement_share",
                condition=Q(owner_share=None) | Q(owner_share__gte=1, owner_share__lte=100),
                violation_error_message="Une part va de 1 à 100\u00a0%.",
            ),
            dates_in_order(
                "gardens_landagreement_dates",
                "starts_on",
                "ends_on",
                "L’accord finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Terrain prêté n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.garden.site.territory_id
