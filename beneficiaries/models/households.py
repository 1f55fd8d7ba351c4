"""Households: who lives together; a member need not have a file."""

from django.db import models
from django.db.models import Q

from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from beneficiaries.models.persons import Person
from programmes.models import ReferenceField, Territory


class Household(VersionedModel):
    """A home of one territory: the unit of baskets, of housing works, of « reste à vivre »."""

    SCOPE_PATH = "members__person__enrolments__programme"

    territory = models.ForeignKey(
        Territory, verbose_name="territoire", on_delete=models.PROTECT, related_name="households"
    )
    created_at = models.DateTimeField("ouvert le", auto_now_add=True)

    class Meta:
        verbose_name = "foyer"
        verbose_name_plural = "foyers"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Foyer n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id


class HouseholdMember(VersionedModel):
    """Somebody of a household: a person with a file, or a first name and a year of birth."""

    SCOPE_PATH = "household__members__person__enrolments__programme"

    household = models.ForeignKey(
        Household, verbose_name="foyer", on_delete=models.CASCADE, related_name="members"
    )
    person = models.ForeignKey(
        Person,
        verbose_name="personne",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="household_members",
    )
    first_name = models.CharField("prénom", max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField("année de naissance", null=True, blank=True)
    relation = ReferenceField(
        "household_relations", verbose_name="dans le foyer", null=True, blank=True
    )
    joined_on = models.DateField("depuis le", null=True, blank=True)
    left_on = models.DateField("parti le", null=True, blank=True)

    class Meta:
        verbose_name = "membre d’un foyer"
        verbose_name_plural = "membres d’un foyer"
        ordering = ["household", "birth_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_householdmember_one_home",
                fields=["person"],
                condition=Q(left_on=None),
                violation_error_message="Cette personne fait déjà partie d’un foyer.",
            ),
            models.CheckConstraint(
                name="beneficiaries_householdmember_named",
                condition=Q(person__isnull=False) | ~Q(first_name=""),
                violation_error_message="Choisissez une personne, ou écrivez un prénom.",
            ),
            models.CheckConstraint(
                name="beneficiaries_householdmember_birth",
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2199),
                violation_error_message="Vérifiez l’année de naissance.",
            ),
            dates_in_order(
                "beneficiaries_householdmember_dates",
                "joined_on",
                "left_on",
                "Le départ précède l’arrivée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Membre n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.household.territory_id
