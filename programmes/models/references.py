"""ReferenceCode: official and local lists, versioned; a code is closed, never deleted."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from autoprod.core.intervals import dates_in_order, in_force
from autoprod.core.models import BaseModel
from autoprod.core.scoping import Action, Scope, ScopedQuerySet


class ReferenceCodeQuerySet(ScopedQuerySet):
    """Reads of reference lists."""

    def in_list(self, name: str) -> "ReferenceCodeQuerySet":
        """Return the codes of one list."""
        return self.filter(list=name)

    def valid(self, on: date) -> "ReferenceCodeQuerySet":
        """Return the codes in force on a day; open ends count as always."""
        return self.filter(in_force(on, start="valid_from", end="valid_to"))

    def for_scope(self, scope: Scope, action: Action) -> "ReferenceCodeQuerySet":
        """Return the shipped codes, and those added by the territories open to the action."""
        rows = super().for_scope(scope, action)
        if scope.is_unlimited:
            return rows
        ours = scope.keys("territory", action)
        return rows.filter(Q(territory=None) | Q(territory__in=ours))


class ReferenceCode(BaseModel):
    """One value of one list; a record stores the row, hence the code and its version."""

    PUBLIC = True

    list = models.CharField("liste", max_length=60)
    code = models.CharField("code", max_length=100)
    label = models.CharField("libellé", max_length=300)
    parent_code = models.CharField("code parent", max_length=100, blank=True)
    list_version = models.CharField("version de la liste", max_length=30, blank=True)
    valid_from = models.DateField("valable du", null=True, blank=True)
    valid_to = models.DateField("valable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    meta = models.JSONField("correspondances", default=dict, blank=True)
    position = models.PositiveIntegerField("ordre", default=0)
    territory = models.ForeignKey(
        "programmes.Territory",
        verbose_name="ajouté par",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReferenceCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur de référence"
        verbose_name_plural = "valeurs de référence"
        ordering = ["list", "position", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                "list",
                "code",
                "list_version",
                # SQLite knows no NULLS NOT DISTINCT: 0 stands for « shipped ».
                Coalesce("territory", 0),
                name="programmes_referencecode_unique",
                violation_error_message="Ce code existe déjà dans cette version de la liste.",
            ),
            dates_in_order(
                "programmes_referencecode_dates",
                "valid_from",
                "valid_to",
                "La fin de validité précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_local(self) -> bool:
        """Tell whether a territory added the code."""
        return self.territory_id is not None

    @property
    def audit_territory_key(self) -> int | None:
        """Return the territory the journal files the row under."""
        return self.territory_id


class ReferenceField(models.ForeignKey):
    """A link to a value of one list: `ReferenceField("organisation_kinds", …)`."""

    def __init__(self, list_name: str = "", **kwargs) -> None:
        """Remember the list; the value is protected, it is closed rather than deleted."""
        self.list_name = list_name
        kwargs.setdefault("to", "programmes.ReferenceCode")
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("limit_choices_to", {"list": list_name})
        super().__init__(**kwargs)

    def deconstruct(self):
        """Return what migrations write: the list's name beside the usual arguments."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("limit_choices_to", None)
        kwargs["list_name"] = self.list_name
        return name, path, args, kwargs
