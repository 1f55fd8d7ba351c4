"""Memberships: a user, a role, one anchor, dates; the source of every scope."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.enums import Role
from programmes.models.organisations import Organisation
from programmes.models.programmes import Programme
from programmes.models.territories import Territory


class MembershipQuerySet(ScopedQuerySet):
    """Reads of memberships."""

    def active(self, on: date) -> "MembershipQuerySet":
        """Return the memberships in force on a day, bounds included."""
        return self.filter(in_force(on))

    def upcoming(self, on: date) -> "MembershipQuerySet":
        """Return the memberships that have not started."""
        return self.filter(starts_on__gt=on)


class Membership(VersionedModel):
    """What one user is, where, and until when."""

    SCOPE_PATH = ("territory", "programme__territory", "organisation__territory")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    territory = models.ForeignKey(
        Territory,
        verbose_name="territoire",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name="action",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        verbose_name="remplace",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="replacements",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "droit d’accès"
        verbose_name_plural = "droits d’accès"
        ordering = ["user__sort_key", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_membership_one_anchor",
                condition=(
                    Q(territory__isnull=False, programme=None, organisation=None)
                    | Q(territory=None, programme__isnull=False, organisation=None)
                    | Q(territory=None, programme=None, organisation__isnull=False)
                ),
                violation_error_message=(
                    "Un droit vaut pour un territoire, une action ou une organisation, "
                    "et pour un seul des trois."
                ),
            ),
            dates_in_order(
                "programmes_membership_dates",
                "starts_on",
                "ends_on",
                "Le droit finit avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                name="programmes_membership_administrator",
                condition=~Q(role=Role.ADMINISTRATOR) | Q(territory__isnull=False),
                violation_error_message="Un administrateur l’est pour tout un territoire.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.anchor}"

    @property
    def anchor(self) -> models.Model:
        """Return the territory, programme or organisation the right is for."""
        return self.territory or self.programme or self.organisation

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id or self.anchor.territory_id
