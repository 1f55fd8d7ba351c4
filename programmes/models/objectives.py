"""Objectives of an edition; what they say is dated, so that a change stays readable."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import OuterRef, Subquery

from autoprod.core.fields import PlainTextField
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from programmes.models.programmes import Edition


class ObjectiveQuerySet(ScopedQuerySet):
    """Reads of objectives."""

    def with_wording(self, on: date) -> "ObjectiveQuerySet":
        """Annotate `wording`, `target`, `unit`, `worded_on`: what the objective says on a day."""
        wordings = ObjectiveVersion._base_manager.filter(
            objective=OuterRef("pk"), valid_from__lte=on
        ).order_by("-valid_from")
        return self.annotate(
            wording=Subquery(wordings.values("wording")[:1]),
            target=Subquery(wordings.values("target")[:1]),
            unit=Subquery(wordings.values("unit")[:1]),
            worded_on=Subquery(wordings.values("valid_from")[:1]),
        )


class Objective(VersionedModel):
    """Something the edition sets out to do; its words and its target are its versions'."""

    SCOPE_PATH = "edition__programme"

    edition = models.ForeignKey(
        Edition, verbose_name="édition", on_delete=models.PROTECT, related_name="objectives"
    )
    position = models.PositiveIntegerField("ordre", default=1)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ["edition", "position", "pk"]

    def __str__(self) -> str:
        return f"objectif {self.position}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.edition.programme.territory_id


class ObjectiveVersionQuerySet(ScopedQuerySet):
    """Reads of wordings."""

    def of_edition(self, edition: Edition) -> "ObjectiveVersionQuerySet":
        """Return the wordings of all the objectives of an edition, latest first."""
        return self.filter(objective__edition=edition)

    def worded_by(self, on: date) -> "ObjectiveVersionQuerySet":
        """Return the wordings already in force on a day, latest first."""
        return self.filter(valid_from__lte=on)


class ObjectiveVersion(VersionedModel):
    """What an objective says from a day on; a new version never rewrites the former one."""

    SCOPE_PATH = "objective__edition__programme"

    objective = models.ForeignKey(
        Objective, verbose_name="objectif", on_delete=models.CASCADE, related_name="versions"
    )
    valid_from = models.DateField("à partir du")
    wording = PlainTextField("énoncé", max_length=500)
    target = models.PositiveIntegerField(
        "cible", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    unit = models.CharField(
        "unité", max_length=40, blank=True, help_text="Par exemple «\u00a0personnes\u00a0»."
    )
    reason = models.CharField("raison du changement", max_length=300, blank=True)

    objects = ObjectiveVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’objectif"
        verbose_name_plural = "versions d’objectif"
        ordering = ["objective", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_objectiveversion_day",
                fields=["objective", "valid_from"],
                violation_error_message="Cet objectif a déjà un énoncé à partir de ce jour.",
            ),
            models.CheckConstraint(
                name="programmes_objectiveversion_unit",
                condition=models.Q(target=None) | ~models.Q(unit=""),
                violation_error_message="Une cible s’écrit avec son unité.",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.objective.audit_territory_key
