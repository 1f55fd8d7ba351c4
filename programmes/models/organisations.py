"""Organisations of a territory: CCAS, associations, funders, networks."""

from django.db import models

from autoprod.core.fields import (
    PhoneField,
    PlainTextField,
    RnaField,
    SiretField,
    SortKeyField,
    search_key,
)
from autoprod.core.intervals import not_over
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.models.references import ReferenceField
from programmes.models.territories import Territory


class OrganisationQuerySet(ScopedQuerySet):
    """Reads of organisations."""

    def open(self, on) -> "OrganisationQuerySet":
        """Return the organisations still active on a day."""
        return self.filter(not_over(on, end="closed_on"))

    def named_like(self, text: str) -> "OrganisationQuerySet":
        """Return those whose name holds every word of the text, whatever accents and order."""
        found = self
        for word in search_key(text).split():
            found = found.filter(sort_key__contains=word)
        return found


class Organisation(VersionedModel):
    """A legal person the service works with; its role is said programme by programme."""

    SCOPE_PATH = "territory"

    territory = models.ForeignKey(
        Territory, verbose_name="territoire", on_delete=models.PROTECT, related_name="organisations"
    )
    name = models.CharField("nom", max_length=160)
    sort_key = SortKeyField(source="name")
    kind = ReferenceField("organisation_kinds", verbose_name="nature")
    siret = SiretField("SIRET", blank=True)
    rna = RnaField("numéro RNA", blank=True)
    phone = PhoneField("téléphone", blank=True)
    email = models.EmailField("adresse e-mail du service", blank=True)
    website = models.URLField("site internet", blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    closed_on = models.DateField("a cessé son activité le", null=True, blank=True)
    note = PlainTextField("remarques", blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_organisation_name",
                fields=["territory", "name"],
                violation_error_message="Une organisation porte déjà ce nom sur ce territoire.",
            ),
            models.UniqueConstraint(
                name="programmes_organisation_siret",
                fields=["territory", "siret"],
                condition=~models.Q(siret=""),
                violation_error_message="Une organisation a déjà ce SIRET sur ce territoire.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id
