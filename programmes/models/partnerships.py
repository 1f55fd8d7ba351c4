"""Partnerships: what an organisation is in a programme, between two dates."""

from datetime import date

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce

from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.enums import PartnerRole
from programmes.models.organisations import Organisation
from programmes.models.programmes import Programme
from programmes.models.references import ReferenceField


class PartnershipQuerySet(ScopedQuerySet):
    """Reads of partnerships."""

    def active(self, on: date) -> "PartnershipQuerySet":
        """Return the partnerships in force on a day, bounds included."""
        return self.filter(in_force(on))

    def by_role(self) -> list[tuple[str, list["Partnership"]]]:
        """Return (label of a role, its partnerships), in the order of the roles."""
        links = list(self.select_related("organisation"))
        groups = [(role, [link for link in links if link.role == role]) for role in PartnerRole]
        return [(role.label, group) for role, group in groups if group]


class Partnership(VersionedModel):
    """One role of one organisation in one programme; an organisation may have several."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="partnerships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        related_name="partnerships",
    )
    role = models.CharField("rôle", max_length=12, choices=PartnerRole.choices)
    theme = ReferenceField("partnership_themes", verbose_name="thématique", null=True, blank=True)
    purpose = models.CharField("ce qu’elle apporte", max_length=300, blank=True)
    agreement = models.CharField("convention", max_length=80, blank=True)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = "partenariat"
        verbose_name_plural = "partenariats"
        ordering = ["programme", "role", "organisation__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                "organisation",
                "role",
                # SQLite knows no NULLS NOT DISTINCT: no theme and no date are values too.
                Coalesce("theme", 0),
                Coalesce("starts_on", Value(date.min)),
                name="programmes_partnership_unique",
                violation_error_message="Ce partenariat est déjà noté pour cette action.",
            ),
            dates_in_order(
                "programmes_partnership_dates",
                "starts_on",
                "ends_on",
                "Le partenariat finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id
