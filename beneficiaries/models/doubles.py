"""Doubles: files of one name told apart, or two files of one person made into one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.core.models import VersionedModel
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.models.persons import Person


class NamesakePair(VersionedModel):
    """Two files of one name that are two persons: somebody looked and said so, once."""

    SCOPE_PATH = "first__enrolments__programme"

    #: The older file of the two.
    first = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="namesakes"
    )
    second = models.ForeignKey(
        Person, verbose_name="homonyme", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = "homonymes distincts"
        verbose_name_plural = "homonymes distincts"
        ordering = ["first", "second", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_namesakepair_once",
                fields=["first", "second"],
                violation_error_message="C’est déjà dit.",
            ),
            models.CheckConstraint(
                name="beneficiaries_namesakepair_order",
                condition=Q(first__lt=F("second")),
                violation_error_message="La fiche la plus ancienne vient la première.",
            ),
        ]

    def __str__(self) -> str:
        return f"Homonymes n° {self.first_id} et n° {self.second_id}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.first.territory_id


class PersonMergeQuerySet(ScopedQuerySet):
    """Reads of merges."""

    def that_took(self, key: int) -> "PersonMergeQuerySet":
        """Return the merges, not undone, that took the file of this key away.

        A chain needs no walk: when a kept file is absorbed in turn, its merges move with it.
        """
        return self.filter(absorbed_key=key, undone_at=None)


class PersonMerge(VersionedModel):
    """Two files of one person made into one; `snapshot` holds what it takes to undo it."""

    SCOPE_PATH = "kept__enrolments__programme"

    kept = models.ForeignKey(
        Person, verbose_name="fiche gardée", on_delete=models.CASCADE, related_name="merges"
    )
    #: The key of the file that is gone, and was its row's until then.
    absorbed_key = models.PositiveBigIntegerField("fiche réunie")
    merged_at = models.DateTimeField("réunies le", auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        on_delete=models.PROTECT,
        related_name="person_merges",
    )
    undone_at = models.DateTimeField("séparées le", null=True, blank=True)
    snapshot = models.JSONField("ce qui a changé", default=dict, editable=False)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion de fiches"
        verbose_name_plural = "réunions de fiches"
        ordering = ["-merged_at", "pk"]

    def __str__(self) -> str:
        return f"Réunion n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.kept.territory_id
