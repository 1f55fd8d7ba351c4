"""Skills: the gestures and habits a programme teaches, and how far each person has come."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import Mastery, Observer
from beneficiaries.models.enrolments import Enrolment
from programmes.models import Programme


class SkillQuerySet(ScopedQuerySet):
    """Reads of skills."""

    def in_use(self, on: date) -> "SkillQuerySet":
        """Return the skills of the list on a day; one that left it, that day too, keeps levels."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on))


class Skill(VersionedModel):
    """A line of a programme's own list: « Semer en godet », « Arriver à l’heure »."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="skills"
    )
    family = models.CharField(
        "famille", max_length=60, help_text="Gestes, hygiène, ponctualité, équipe…"
    )
    label = models.CharField("acquis", max_length=120)
    position = models.PositiveIntegerField("ordre", default=0)
    closed_on = models.DateField("retiré de la liste le", null=True, blank=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = "acquis"
        verbose_name_plural = "acquis"
        ordering = ["programme", "position", "family", "label", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_skill_label",
                fields=["programme", "label"],
                violation_error_message="Cet acquis est déjà dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class SkillLevel(VersionedModel):
    """How far somebody masters a skill on a day, seen by a leader or said by themselves."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.PROTECT, related_name="skill_levels"
    )
    skill = models.ForeignKey(
        Skill, verbose_name="acquis", on_delete=models.PROTECT, related_name="levels"
    )
    on = models.DateField("le")
    level = models.PositiveSmallIntegerField("niveau", choices=Mastery.choices)
    observer = models.CharField("vu par", max_length=7, choices=Observer.choices)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.PROTECT,
        null=True,
        related_name="skill_levels",
    )

    class Meta:
        verbose_name = "niveau d’acquis"
        verbose_name_plural = "niveaux d’acquis"
        ordering = ["skill", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_skilllevel_once",
                fields=["enrolment", "skill", "on", "observer"],
                violation_error_message="Ce niveau est déjà noté ce jour-là.",
            ),
            models.CheckConstraint(
                name="beneficiaries_skilllevel_level",
                condition=Q(level__gte=1, level__lte=4),
                violation_error_message="Choisissez un niveau de la liste.",
            ),
        ]

    def __str__(self) -> str:
        return f"Niveau n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id
