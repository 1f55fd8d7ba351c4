"""Programme (what lasts) and Edition (its year or its funded operation)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models

from autoprod.core.fields import PlainTextField, SortKeyField
from autoprod.core.intervals import dates_in_order, in_force, not_over
from autoprod.core.models import VersionedModel
from autoprod.core.scoping import SELF, ScopedQuerySet
from programmes.enums import Module, ProgrammeKind
from programmes.models.territories import Territory


def known_modules(value: list[str]) -> None:
    """Refuse a module the house does not have."""
    unknown = sorted(set(value) - set(Module.values))
    if unknown:
        raise ValidationError(
            "Activité inconnue\u00a0: %(names)s.", params={"names": ", ".join(unknown)}
        )


class ProgrammeQuerySet(ScopedQuerySet):
    """Reads of programmes."""

    def ongoing(self, on: date) -> "ProgrammeQuerySet":
        """Return the programmes not ended on a day."""
        return self.filter(not_over(on, end="ended_on"))

    def at(self, site: models.Model) -> "ProgrammeQuerySet":
        """Return the programmes that use a site."""
        return self.filter(sites=site)

    def with_edition_count(self) -> "ProgrammeQuerySet":
        """Annotate `edition_count`; grouping forgets the model's order, so it is said again."""
        counted = self.annotate(edition_count=models.Count("editions"))
        return counted.order_by("sort_key", "pk")


class Programme(VersionedModel):
    """An « action » on the screen: Les Jardins du cœur, since 1991."""

    SCOPE_PATH = SELF
    SCOPE_ANCHOR = "programme"

    territory = models.ForeignKey(
        Territory, verbose_name="territoire", on_delete=models.PROTECT, related_name="programmes"
    )
    name = models.CharField("nom", max_length=120)
    sort_key = SortKeyField(source="name")
    kind = models.CharField("genre d’action", max_length=12, choices=ProgrammeKind.choices)
    modules = models.JSONField("activités", default=list, blank=True, validators=[known_modules])
    summary = PlainTextField("présentation", blank=True, max_length=2000)
    started_on = models.DateField("commencée le", null=True, blank=True)
    ended_on = models.DateField("terminée le", null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        verbose_name_plural = "actions"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_programme_name",
                fields=["territory", "name"],
                violation_error_message="Une action porte déjà ce nom sur ce territoire.",
            ),
            dates_in_order(
                "programmes_programme_dates",
                "started_on",
                "ended_on",
                "La fin de l’action précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id

    @property
    def module_labels(self) -> list[str]:
        """Return the labels of the programme's modules."""
        return [Module(code).label for code in self.modules if code in Module.values]


class EditionQuerySet(ScopedQuerySet):
    """Reads of editions."""

    def covering(self, on: date) -> "EditionQuerySet":
        """Return the editions running on a day, bounds included."""
        return self.filter(in_force(on))

    def ending(self, start: date, end: date) -> "EditionQuerySet":
        """Return the editions whose last day is in [start, end]."""
        return self.filter(ends_on__gte=start, ends_on__lte=end)

    def overlapping(self, start: date, end: date) -> "EditionQuerySet":
        """Return the editions sharing a day with [start, end]."""
        return self.filter(starts_on__lte=end, ends_on__gte=start)


class Edition(VersionedModel):
    """The programme's year or operation; an FSE « opération » has its funder's number."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="editions"
    )
    label = models.CharField(
        "nom de l’édition", max_length=80, help_text="Par exemple «\u00a02026\u00a0»."
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    capacity = models.PositiveIntegerField(
        "places", null=True, blank=True, help_text="Personnes accueillies en même temps."
    )
    target_persons = models.PositiveIntegerField(
        "personnes visées", null=True, blank=True, help_text="Sur toute l’édition."
    )
    operation_title = models.CharField(
        "intitulé de l’opération",
        max_length=200,
        blank=True,
        help_text="L’intitulé de la convention\u00a0: il sera le même sur tous les documents.",
    )
    operation_number = models.CharField("numéro chez le financeur", max_length=40, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        verbose_name_plural = "éditions"
        ordering = ["-starts_on", "label", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_edition_label",
                fields=["programme", "label"],
                violation_error_message="Cette action a déjà une édition de ce nom.",
            ),
            dates_in_order(
                "programmes_edition_dates",
                "starts_on",
                "ends_on",
                "L’édition finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id
