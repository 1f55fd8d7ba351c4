"""Situations: what was true of somebody on a day; a move in 2016 does not rewrite 2015."""

from datetime import date

from django.db import models
from django.db.models import OuterRef, Q

from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.models.persons import Person
from programmes.models import District, Organisation, ReferenceCode, ReferenceField


class SituationQuerySet(ScopedQuerySet):
    """Reads of situations."""

    def known_on(self, day: date) -> "SituationQuerySet":
        """Return each person's last situation known on a day: one row per person at most."""
        later = (
            Situation._base_manager.filter(person=OuterRef("person"), observed_on__lte=day)
            .order_by("-observed_on")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(later))


class Situation(VersionedModel):
    """A dated picture: district, level, resources, work; empty means nobody asked."""

    SCOPE_PATH = "person__enrolments__programme"

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="situations"
    )
    observed_on = models.DateField("situation au")
    district = models.ForeignKey(
        District,
        verbose_name="quartier",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="situations",
    )
    no_fixed_address = models.BooleanField("sans domicile fixe", default=False)
    last_class = ReferenceField(
        "last_classes", verbose_name="dernière classe suivie", null=True, blank=True
    )
    diploma = ReferenceField(
        "diplomas", verbose_name="plus haut diplôme obtenu", null=True, blank=True
    )
    diploma_abroad = models.BooleanField(
        "diplôme étranger, non reconnu en France",
        default=False,
        help_text="Il compte pour l’échelle internationale, pas pour l’échelle française.",
    )
    #: Of the class and the diploma, once one of them is known (`services.education`).
    education_level = ReferenceField(
        "education_levels", verbose_name="niveau de formation", null=True, blank=True
    )
    resources = models.ManyToManyField(
        ReferenceCode,
        verbose_name="ressources",
        limit_choices_to={"list": "resources"},
        related_name="+",
        blank=True,
    )
    minimum_incomes = models.ManyToManyField(
        ReferenceCode,
        verbose_name="minima sociaux",
        limit_choices_to={"list": "minimum_income"},
        related_name="+",
        blank=True,
    )
    employment_status = ReferenceField(
        "employment_status_entry", verbose_name="emploi", null=True, blank=True
    )
    unemployment_duration = ReferenceField(
        "unemployment_durations", verbose_name="recherche un emploi depuis", null=True, blank=True
    )
    housing_status = ReferenceField(
        "housing_status", verbose_name="logement", null=True, blank=True
    )
    accommodation = ReferenceField(
        "accommodation_mss", verbose_name="type d’hébergement", null=True, blank=True
    )
    sheltered_by = models.ForeignKey(
        Organisation,
        verbose_name="hébergé par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sheltered_persons",
    )
    household_type = ReferenceField("household_types", verbose_name="foyer", null=True, blank=True)
    dependent_children = models.PositiveSmallIntegerField("enfants à charge", null=True, blank=True)
    driving_licence = ReferenceField(
        "driving_licences", verbose_name="permis de conduire", null=True, blank=True
    )
    transport = ReferenceField(
        "transport_means", verbose_name="se déplace surtout", null=True, blank=True
    )
    health_cover = ReferenceField(
        "health_covers", verbose_name="couverture santé", null=True, blank=True
    )
    regular_doctor = ReferenceField(
        "yes_no_declined", verbose_name="médecin traitant déclaré", null=True, blank=True
    )
    #: When it was first typed: funders compare it with the day of entry, so it never moves.
    recorded_at = models.DateTimeField("saisie le", auto_now_add=True)

    objects = SituationQuerySet.as_manager()

    class Meta:
        verbose_name = "situation"
        verbose_name_plural = "situations"
        ordering = ["person", "-observed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_situation_day",
                fields=["person", "observed_on"],
                violation_error_message=(
                    "Une situation est déjà notée à cette date\u00a0: modifiez-la."
                ),
            ),
            models.CheckConstraint(
                name="beneficiaries_situation_district",
                condition=Q(no_fixed_address=False) | Q(district=None),
                violation_error_message=(
                    "Choisissez un quartier, ou cochez «\u00a0sans domicile fixe\u00a0»."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Situation n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.person.territory_id
