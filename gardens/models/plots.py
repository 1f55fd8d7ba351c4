"""Plots: the pieces of a garden, where they lie on its plan, who holds them."""

from django.db import models
from django.db.models import F, Q

from autoprod.core.fields import SortKeyField, SquareMetresField
from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.models import Household
from gardens.models.gardens import Garden
from programmes.models import Organisation, ReferenceField


class PlotQuerySet(ScopedQuerySet):
    """Reads of plots."""

    def usable(self, on) -> "PlotQuerySet":
        """Return the plots that may be grown on a day: not given back, not borrowed yet."""
        return self.filter(in_force(on))


class Plot(VersionedModel):
    """A zone, a bed, a greenhouse or a tub; a bed may lie in a zone.

    Its place on the plan is a rectangle in decimetres from the garden's north-west corner.
    """

    SCOPE_PATH = "garden__site__territory"

    garden = models.ForeignKey(
        Garden, verbose_name="jardin", on_delete=models.PROTECT, related_name="plots"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="dans",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="beds",
    )
    name = models.CharField("nom", max_length=60, help_text="Par exemple «\u00a0Planche 3\u00a0».")
    sort_key = SortKeyField(source="name")
    kind = ReferenceField("plot_kinds", verbose_name="nature")
    area = SquareMetresField("surface (m²)", null=True, blank=True)
    lender = models.ForeignKey(
        Organisation,
        verbose_name="prêtée par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lent_plots",
        help_text="Par exemple la serre chauffée d’un service de la ville.",
    )
    starts_on = models.DateField("disponible du", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    plan_x = models.PositiveIntegerField("à l’est (dm)", null=True, blank=True)
    plan_y = models.PositiveIntegerField("au sud (dm)", null=True, blank=True)
    plan_width = models.PositiveIntegerField("largeur (dm)", null=True, blank=True)
    plan_height = models.PositiveIntegerField("hauteur (dm)", null=True, blank=True)

    objects = PlotQuerySet.as_manager()

    class Meta:
        verbose_name = "parcelle"
        verbose_name_plural = "parcelles"
        ordering = ["garden", "sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_plot_name",
                fields=["garden", "name"],
                violation_error_message="Une parcelle de ce jardin porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="gardens_plot_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Une parcelle n’est pas dans elle-même.",
            ),
            models.CheckConstraint(
                name="gardens_plot_plan",
                condition=Q(plan_x=None, plan_y=None, plan_width=None, plan_height=None)
                | Q(
                    plan_x__isnull=False,
                    plan_y__isnull=False,
                    plan_width__gte=1,
                    plan_height__gte=1,
                ),
                violation_error_message="Sur le plan, donnez la place et les deux dimensions.",
            ),
            dates_in_order(
                "gardens_plot_dates",
                "starts_on",
                "ends_on",
                "La parcelle est rendue avant d’être disponible.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.garden.site.territory_id


class PlotHoldingQuerySet(ScopedQuerySet):
    """Reads of holdings."""

    def running(self, on) -> "PlotHoldingQuerySet":
        """Return the holdings of a day."""
        return self.filter(in_force(on))


class PlotHolding(VersionedModel):
    """A plot held by one household or one organisation; without any, it is everybody's."""

    SCOPE_PATH = "plot__garden__site__territory"

    plot = models.ForeignKey(
        Plot, verbose_name="parcelle", on_delete=models.CASCADE, related_name="holdings"
    )
    household = models.ForeignKey(
        Household,
        verbose_name="foyer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plot_holdings",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plot_holdings",
    )
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = PlotHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "attribution d’une parcelle"
        verbose_name_plural = "attributions de parcelles"
        ordering = ["plot", "-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_plotholding_one",
                fields=["plot"],
                condition=Q(ends_on=None),
                violation_error_message="Cette parcelle est déjà attribuée.",
            ),
            models.CheckConstraint(
                name="gardens_plotholding_holder",
                condition=Q(household=None, organisation__isnull=False)
                | Q(household__isnull=False, organisation=None),
                violation_error_message="Choisissez un foyer ou une organisation, pas les deux.",
            ),
            dates_in_order(
                "gardens_plotholding_dates",
                "starts_on",
                "ends_on",
                "L’attribution finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Attribution n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.plot.garden.site.territory_id
