"""Sites: where a programme takes place; a site may serve several programmes."""

from django.core.validators import RegexValidator
from django.db import models

from autoprod.core.fields import PlainTextField, SortKeyField
from autoprod.core.intervals import dates_in_order, not_over
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.models.programmes import Programme
from programmes.models.references import ReferenceField
from programmes.models.territories import District, Territory


class SiteQuerySet(ScopedQuerySet):
    """Reads of sites."""

    def open(self, on) -> "SiteQuerySet":
        """Return the sites in use on a day."""
        return self.filter(not_over(on, end="closed_on"))

    def used_by(self, programme: Programme) -> "SiteQuerySet":
        """Return the sites of one programme."""
        return self.filter(programmes=programme)


class Site(VersionedModel):
    """A garden, a room, a kitchen, a depot: the place an attendance names."""

    SCOPE_PATH = "territory"

    territory = models.ForeignKey(
        Territory, verbose_name="territoire", on_delete=models.PROTECT, related_name="sites"
    )
    programmes = models.ManyToManyField(
        Programme, verbose_name="actions", related_name="sites", blank=True
    )
    name = models.CharField("nom", max_length=120)
    short_name = models.CharField(
        "nom court", max_length=20, help_text="Celui qu’on lit sur un téléphone."
    )
    sort_key = SortKeyField(source="name")
    kind = ReferenceField("site_kinds", verbose_name="nature")
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField(
        "code postal",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", "Un code postal compte cinq chiffres.")],
    )
    city = models.CharField("commune", max_length=100, blank=True)
    district = models.ForeignKey(
        District,
        verbose_name="quartier",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
    )
    area_m2 = models.PositiveIntegerField("surface (m²)", null=True, blank=True)
    access_note = PlainTextField("accès", blank=True, help_text="Arrêt de bus, portail, marche…")
    opened_on = models.DateField("ouvert le", null=True, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "site"
        verbose_name_plural = "sites"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_site_name",
                fields=["territory", "name"],
                violation_error_message="Un site porte déjà ce nom sur ce territoire.",
            ),
            dates_in_order(
                "programmes_site_dates",
                "opened_on",
                "closed_on",
                "Le site ferme avant d’avoir ouvert.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id
