"""Grants of an edition: what is requested, awarded, paid, drawn, four amounts and their dates."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from autoprod.core.fields import CentsField, PlainTextField
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import BaseModel, VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from programmes.enums import GrantState
from programmes.models.organisations import Organisation
from programmes.models.programmes import Edition, Programme
from programmes.models.references import ReferenceField

#: The source of a draw that somebody typed; any other one is told by what wrote it.
MANUAL = "saisie"


class GrantQuerySet(ScopedQuerySet):
    """Reads of grants."""

    def of_programme(self, programme: Programme) -> "GrantQuerySet":
        """Return the grants of every edition of a programme."""
        return self.filter(edition__programme=programme)

    def in_period(self, period: Period) -> "GrantQuerySet":
        """Return the grants of the editions that share a day with the period."""
        return self.filter(edition__starts_on__lte=period.end, edition__ends_on__gte=period.start)

    def with_amounts(self) -> "GrantQuerySet":
        """Annotate `paid` and `drawn`, in euros, 0 for none."""
        # Two sub-queries: joining both tables would count each payment once per draw.
        return self.annotate(paid=_sum_of(GrantPayment), drawn=_sum_of(GrantDraw))

    def report_due(self, until: date) -> "GrantQuerySet":
        """Return the awarded grants whose account is due by a day, and not handed in yet."""
        due = self.filter(report_due_on__lte=until, reported_on=None, awarded__isnull=False)
        return due.order_by("report_due_on", "pk")


def _sum_of(model: type[models.Model]) -> Coalesce:
    rows = model._base_manager.filter(grant=OuterRef("pk")).order_by().values("grant")
    total = Subquery(rows.annotate(total=Sum("amount")).values("total"), output_field=CentsField())
    return Coalesce(total, Value(Decimal(0), output_field=CentsField()))


class Grant(VersionedModel):
    """What a funder gives to an edition; `paid` and `drawn` are read by `with_amounts`."""

    SCOPE_PATH = "edition__programme"

    edition = models.ForeignKey(
        Edition, verbose_name="édition", on_delete=models.PROTECT, related_name="grants"
    )
    funder = models.ForeignKey(
        Organisation, verbose_name="financeur", on_delete=models.PROTECT, related_name="grants"
    )
    title = models.CharField(
        "dispositif", max_length=120, help_text="Par exemple «\u00a0Contrat de ville\u00a0»."
    )
    number = models.CharField("numéro de dossier", max_length=40, blank=True)
    requested = CentsField("montant demandé")
    requested_on = models.DateField("demandé le")
    awarded = CentsField("montant attribué", null=True, blank=True)
    awarded_on = models.DateField("attribué le", null=True, blank=True)
    refused_on = models.DateField("refusé le", null=True, blank=True)
    report_due_on = models.DateField("compte rendu attendu le", null=True, blank=True)
    reported_on = models.DateField("compte rendu remis le", null=True, blank=True)
    kind = ReferenceField("grant_forms", verbose_name="forme", null=True, blank=True)
    frequency = ReferenceField("grant_frequencies", verbose_name="demande", null=True, blank=True)
    span = ReferenceField("grant_periods", verbose_name="durée", null=True, blank=True)
    purpose = ReferenceField("grant_purposes", verbose_name="objet", null=True, blank=True)
    note = PlainTextField("remarques", blank=True, max_length=2000)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "financement"
        verbose_name_plural = "financements"
        ordering = ["edition", "funder__sort_key", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_grant_unique",
                fields=["edition", "funder", "title", "number"],
                violation_error_message="Ce financement est déjà noté pour cette édition.",
            ),
            models.CheckConstraint(
                name="programmes_grant_award",
                condition=Q(awarded=None, awarded_on=None)
                | Q(awarded__isnull=False, awarded_on__isnull=False),
                violation_error_message="Un montant attribué et son jour vont ensemble.",
            ),
            models.CheckConstraint(
                name="programmes_grant_answer",
                condition=Q(awarded_on=None) | Q(refused_on=None),
                violation_error_message="Un financement est attribué ou refusé, pas les deux.",
            ),
            dates_in_order(
                "programmes_grant_award_date",
                "requested_on",
                "awarded_on",
                "L’attribution précède la demande.",
            ),
            dates_in_order(
                "programmes_grant_refusal_date",
                "requested_on",
                "refused_on",
                "Le refus précède la demande.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder} · {self.title}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.edition.programme.territory_id

    @property
    def to_pay(self) -> Decimal | None:
        """Return what the funder still owes, in euros; None before the award."""
        return None if self.awarded is None else self.awarded - self.paid

    @property
    def to_use(self) -> Decimal | None:
        """Return what is still to be drawn, in euros; None before the award."""
        return None if self.awarded is None else self.awarded - self.drawn

    @property
    def report_awaited_on(self) -> date | None:
        """Return the day the account is due; None once handed in, and without an award."""
        return None if self.reported_on or self.awarded is None else self.report_due_on

    @property
    def state(self) -> GrantState:
        """Return where the grant is: its dates and amounts say it, nobody ticks it."""
        if self.refused_on:
            return GrantState.REFUSED
        if self.awarded is None:
            return GrantState.REQUESTED
        return GrantState.AWARDED if self.to_pay or self.to_use else GrantState.SETTLED


class GrantPayment(VersionedModel):
    """Money that came: an advance, a balance."""

    SCOPE_PATH = "grant__edition__programme"

    grant = models.ForeignKey(
        Grant, verbose_name="financement", on_delete=models.PROTECT, related_name="payments"
    )
    paid_on = models.DateField("versé le")
    amount = CentsField("montant versé")
    label = models.CharField(
        "libellé",
        max_length=120,
        blank=True,
        help_text="Par exemple «\u00a0Avance\u00a0» ou «\u00a0Solde\u00a0».",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "versement"
        verbose_name_plural = "versements"
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_grantpayment_amount",
                condition=Q(amount__gt=0),
                violation_error_message="Un versement n’est pas nul.",
            ),
        ]

    def __str__(self) -> str:
        return self.label or "Versement"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.grant.edition.programme.territory_id


class GrantDraw(BaseModel):
    """A spending the grant pays for: the only way to consume it, never changed once written.

    Upper floors say where a line comes from in words (`source_type`, `source_key`): nothing here
    points up. A mistake is taken back by a reverse line, with its reason.
    """

    SCOPE_PATH = "grant__edition__programme"

    grant = models.ForeignKey(
        Grant, verbose_name="financement", on_delete=models.PROTECT, related_name="draws"
    )
    on = models.DateField("dépensé le")
    amount = CentsField("montant justifié", allow_negative=True)
    label = models.CharField("dépense", max_length=160)
    source_type = models.CharField("source", max_length=40, editable=False)
    source_key = models.CharField("clé de la source", max_length=60, blank=True, editable=False)
    reverses = models.OneToOneField(
        "self",
        verbose_name="annule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reversed_by",
    )
    reason = models.CharField("motif", max_length=300, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "imputation"
        verbose_name_plural = "imputations"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_grantdraw_amount",
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                violation_error_message="Une dépense n’est ni nulle ni négative.",
            ),
            models.CheckConstraint(
                name="programmes_grantdraw_reason",
                condition=Q(reverses=None) | ~Q(reason=""),
                violation_error_message="Une ligne inverse a un motif.",
            ),
            models.CheckConstraint(
                name="programmes_grantdraw_source",
                condition=~Q(source_type=""),
                violation_error_message="Une imputation dit d’où elle vient.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs) -> None:
        """Write a new line; TypeError for one already written: it is taken back, not changed."""
        if not self._state.adding:
            raise TypeError("a draw is never changed: reverse it")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> None:
        """Raise TypeError: a draw stays, with the line that takes it back."""
        raise TypeError("a draw is never deleted: reverse it")

    @property
    def source(self) -> str:
        """Return where the line comes from, in words."""
        return f"{self.source_type} {self.source_key}".strip()

    @property
    def is_reversed(self) -> bool:
        """Tell whether a later line takes it back; read the rows with that line."""
        return hasattr(self, "reversed_by")

    @property
    def is_correctable(self) -> bool:
        """Tell whether it may be taken back here: what wrote the other ones corrects them."""
        return self.source_type == MANUAL and not self.reverses_id and not self.is_reversed

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.grant.edition.programme.territory_id
