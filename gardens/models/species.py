"""Species and varieties: what is grown; some are shipped, a territory adds its own."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from autoprod.core.fields import CentsField, GramsField, SortKeyField
from autoprod.core.models import BaseModel
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from gardens.enums import DateKind
from programmes.models import ReferenceField, Territory


class SharedQuerySet(ScopedQuerySet):
    """Reads of what is shipped to all and completed by each territory."""

    def for_scope(self, scope: Scope, action: Action) -> "SharedQuerySet":
        """Return the shipped rows, and those added by the territories open to the action."""
        rows = super().for_scope(scope, action)
        if scope.is_unlimited:
            return rows
        ours = scope.keys("territory", action)
        return rows.filter(Q(territory=None) | Q(territory__in=ours))


class Species(BaseModel):
    """A vegetable, an herb, a fruit: its family rules the rotation."""

    PUBLIC = True

    code = models.CharField("code", max_length=60)
    name = models.CharField("nom", max_length=80)
    sort_key = SortKeyField(source="name")
    family = ReferenceField("plant_families", verbose_name="famille")
    #: Years before the same family comes back to the same plot; empty for what stays in place.
    rotation_years = models.PositiveSmallIntegerField("rotation (années)", null=True, blank=True)
    territory = models.ForeignKey(
        Territory,
        verbose_name="ajoutée par",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = "espèce"
        verbose_name_plural = "espèces"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                "code",
                Coalesce("territory", 0),
                name="gardens_species_unique",
                violation_error_message="Cette espèce existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Variety(BaseModel):
    """A variety of a species."""

    PUBLIC = True

    species = models.ForeignKey(
        Species, verbose_name="espèce", on_delete=models.PROTECT, related_name="varieties"
    )
    name = models.CharField("variété", max_length=80)
    sort_key = SortKeyField(source="name")
    is_heirloom = models.BooleanField("variété ancienne", default=False)
    territory = models.ForeignKey(
        Territory,
        verbose_name="ajoutée par",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = "variété"
        verbose_name_plural = "variétés"
        ordering = ["species", "sort_key", "pk"]
        constraints = [
            # By its sorted form: « Cœur de bœuf » and « coeur de boeuf » are one variety.
            models.UniqueConstraint(
                "species",
                "sort_key",
                Coalesce("territory", 0),
                name="gardens_variety_unique",
                violation_error_message="Cette variété existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(BaseModel):
    """What is weighed, given, bought or cooked: a harvest of a species, or another food."""

    PUBLIC = True

    code = models.CharField("code", max_length=60)
    name = models.CharField("nom", max_length=80)
    sort_key = SortKeyField(source="name")
    category = ReferenceField("product_categories", verbose_name="catégorie")
    species = models.ForeignKey(
        Species,
        verbose_name="espèce",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
    )
    piece_weight = GramsField("poids d’une pièce (kg)", null=True, blank=True)
    date_kind = models.CharField("date limite", max_length=11, choices=DateKind.choices, blank=True)
    territory = models.ForeignKey(
        Territory,
        verbose_name="ajouté par",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = "produit"
        verbose_name_plural = "produits"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                "code",
                Coalesce("territory", 0),
                name="gardens_product_unique",
                violation_error_message="Ce produit existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductPrice(BaseModel):
    """What a kilogram of a product costs elsewhere, and where that was read: an estimate's source.

    A territory keeps its own; the price of a day is the last one by then.
    """

    SCOPE_PATH = "territory"

    territory = models.ForeignKey(
        Territory,
        verbose_name="territoire",
        on_delete=models.CASCADE,
        related_name="product_prices",
    )
    product = models.ForeignKey(
        Product, verbose_name="produit", on_delete=models.CASCADE, related_name="prices"
    )
    starts_on = models.DateField("à partir du")
    price = CentsField("prix (€ le kg)")
    source = models.CharField(
        "source", max_length=200, help_text="Par exemple le relevé d’un marché, et son jour."
    )

    class Meta:
        verbose_name = "prix de référence"
        verbose_name_plural = "prix de référence"
        ordering = ["product__sort_key", "-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_productprice_day",
                fields=["territory", "product", "starts_on"],
                violation_error_message="Ce produit a déjà un prix à partir de ce jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"Prix n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id
