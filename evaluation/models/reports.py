"""Bilans: the words written for a period, and what was published of it, which never changes."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from autoprod.core.fields import PlainTextField
from autoprod.core.files import StoredFile
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from evaluation.enums import Audience
from programmes.models import Programme

NOTE_LENGTH = 4000


class OfPeriodQuerySet(ScopedQuerySet):
    """Reads of what is kept for a programme and a period."""

    def over(self, programme: Programme, period: Period) -> "OfPeriodQuerySet":
        """Return the rows of this programme and of exactly this period."""
        return self.filter(programme=programme, starts_on=period.start, ends_on=period.end)


class ReportNote(VersionedModel):
    """« Ce qui a marqué »: what a programme's team says of a period, beside its figures."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="report_notes"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    text = PlainTextField(
        "ce qui a marqué",
        blank=True,
        max_length=NOTE_LENGTH,
        help_text=(
            "Ce texte est imprimé dans les deux éditions\u00a0: n’y nommez aucun participant."
        ),
    )

    objects = OfPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "texte de bilan"
        verbose_name_plural = "textes de bilan"
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="evaluation_reportnote_period",
                fields=["programme", "starts_on", "ends_on"],
                violation_error_message="Un texte est déjà écrit pour cette période.",
            ),
            dates_in_order(
                "evaluation_reportnote_dates",
                "starts_on",
                "ends_on",
                "La fin de la période précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"Ce qui a marqué, {Period(self.starts_on, self.ends_on)}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class ReportQuerySet(OfPeriodQuerySet):
    """Reads of published bilans."""

    def for_reader(self, scope: Scope) -> "ReportQuerySet":
        """Return those whose edition the scope may read: the team's asks for internal figures."""
        if scope.is_unlimited:
            return self.all()
        internal = scope.keys("programme", Action.VIEW_INTERNAL_FIGURES)
        return self.filter(Q(audience=Audience.DIFFUSION) | Q(programme__in=internal))

    def to_download(self, scope: Scope) -> "ReportQuerySet":
        """Return those whose document the scope may open: amounts ask for the right to budgets."""
        readable = self.for_reader(scope)
        if scope.is_unlimited:
            return readable
        budgets = scope.keys("programme", Action.VIEW_BUDGET)
        return readable.filter(Q(has_amounts=False) | Q(programme__in=budgets))

    def latest(self) -> "ReportQuerySet":
        """Return, of each period and edition, the last one published."""
        same = ("programme", "starts_on", "ends_on", "audience")
        later = Report._base_manager.filter(
            **{name: OuterRef(name) for name in same}, number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class Report(StoredFile):
    """A published bilan: its figures, its text and its PDF, as they were that day.

    Rows are only added (trigger). Published again, a bilan has the next number and a reason.
    """

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="reports"
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    audience = models.CharField("édition", max_length=12, choices=Audience.choices)
    number = models.PositiveSmallIntegerField("version", default=1)
    reason = models.CharField("motif", max_length=300, blank=True)
    note = models.TextField("ce qui a marqué", blank=True)
    figures = models.JSONField("chiffres")
    fingerprint = models.CharField("empreinte des chiffres", max_length=8)
    has_amounts = models.BooleanField("contient des montants", default=False)
    published_at = models.DateTimeField("publié le")
    published_by = models.CharField("publié par", max_length=254, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan"
        verbose_name_plural = "bilans"
        ordering = ["-ends_on", "starts_on", "-number", "-audience", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="evaluation_report_number",
                fields=["programme", "starts_on", "ends_on", "audience", "number"],
                violation_error_message="Cette version du bilan est déjà publiée.",
            ),
            models.CheckConstraint(
                name="evaluation_report_reason",
                condition=Q(number=1) | (Q(number__gt=1) & ~Q(reason="")),
                violation_error_message="Publier de nouveau demande un motif.",
            ),
            models.CheckConstraint(
                name="evaluation_report_dates",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la période précède son début.",
            ),
        ]

    @property
    def period(self) -> Period:
        """Return the days it is about."""
        return Period(self.starts_on, self.ends_on)

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id
