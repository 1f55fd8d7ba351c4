"""Tools: the « outillothèque », who has what, what is broken."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.fields import CentsField, PlainTextField, SortKeyField, search_key
from autoprod.core.files import StoredFile
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.models import Enrolment
from gardens.enums import ToolStanding, ToolState
from programmes.models import Organisation, Programme, ReferenceField, Session, Site


class ToolQuerySet(ScopedQuerySet):
    """Reads of tools."""

    def in_use(self) -> "ToolQuerySet":
        """Return the tools neither lost nor retired."""
        return self.filter(state=ToolState.IN_USE)

    def matching(self, typed: str) -> "ToolQuerySet":
        """Return the tools whose name or number holds every word typed, whatever accents."""
        rows = self
        for word in search_key(typed).split():
            rows = rows.filter(Q(sort_key__contains=word) | Q(number__icontains=word))
        return rows

    def standing(self, standing: str, on: date) -> "ToolQuerySet":
        """Return the tools that stand so on a day (`ToolStanding`)."""
        if standing in ToolState.values:
            return self.filter(state=standing)
        out, late = Loan.objects.out(), Loan.objects.late(on)
        mended = Q(pk__in=Repair.objects.filter(ends_on=None).values("tool"))
        lent, overdue = Q(pk__in=out.values("tool")), Q(pk__in=late.order_by().values("tool"))
        narrowed = {
            ToolStanding.AVAILABLE: ~lent & ~mended,
            ToolStanding.LENT: lent & ~overdue,
            ToolStanding.LATE: overdue,
            ToolStanding.MENDED: mended & ~lent,
        }
        return self.in_use().filter(narrowed[ToolStanding(standing)])


class Tool(VersionedModel):
    """One physical tool, with its number."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="tools"
    )
    number = models.CharField("numéro", max_length=20)
    name = models.CharField("outil", max_length=80)
    sort_key = SortKeyField(source="name")
    kind = ReferenceField("tool_kinds", verbose_name="catégorie", null=True, blank=True)
    site = models.ForeignKey(
        Site,
        verbose_name="rangé à",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tools",
    )
    accessories = models.CharField("accessoires", max_length=200, blank=True)
    value = CentsField("valeur (€)", null=True, blank=True)
    giver = models.ForeignKey(
        Organisation,
        verbose_name="donné par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="given_tools",
    )
    acquired_on = models.DateField("acquis le", null=True, blank=True)
    state = models.CharField(
        "état", max_length=7, choices=ToolState.choices, default=ToolState.IN_USE
    )
    note = PlainTextField("remarques", blank=True, max_length=500)

    objects = ToolQuerySet.as_manager()

    class Meta:
        verbose_name = "outil"
        verbose_name_plural = "outils"
        ordering = ["programme", "sort_key", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_tool_number",
                fields=["programme", "number"],
                violation_error_message="Un outil porte déjà ce numéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class ToolPhoto(StoredFile):
    """What a tool looks like."""

    SCOPE_PATH = "tool__programme"

    tool = models.OneToOneField(
        Tool, verbose_name="outil", on_delete=models.PROTECT, related_name="photo"
    )

    class Meta:
        verbose_name = "photo d’un outil"
        verbose_name_plural = "photos d’outils"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.tool.programme.territory_id


class LoanQuerySet(ScopedQuerySet):
    """Reads of loans."""

    def out(self) -> "LoanQuerySet":
        """Return the loans not given back."""
        return self.filter(returned_on=None)

    def late(self, on) -> "LoanQuerySet":
        """Return the loans that were due before a day, the latest first."""
        return self.out().filter(due_on__lt=on).order_by("due_on", "pk")

    def during(self, period: Period) -> "LoanQuerySet":
        """Return the loans that share a day with a period."""
        still_out = Q(returned_on=None) | Q(returned_on__gte=period.start)
        return self.filter(still_out, lent_on__lte=period.end)

    def described(self) -> "LoanQuerySet":
        """Return the loans with what a line says of them, the person's name apart."""
        return self.select_related(
            "tool", "organisation", "session__kind", "session__programme__territory", "site"
        )


class Loan(VersionedModel):
    """A tool lent to somebody, to an organisation, or taken to a session or a place."""

    SCOPE_PATH = "tool__programme"

    tool = models.ForeignKey(
        Tool, verbose_name="outil", on_delete=models.PROTECT, related_name="loans"
    )
    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name="personne",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="loans",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="loans",
    )
    session = models.ForeignKey(
        Session,
        verbose_name="séance",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="loans",
    )
    site = models.ForeignKey(
        Site,
        verbose_name="lieu ou chantier",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="loans",
    )
    lent_on = models.DateField("sorti le")
    due_on = models.DateField("retour prévu le")
    returned_on = models.DateField("rendu le", null=True, blank=True)
    state_out = models.CharField("état à la sortie", max_length=200, blank=True)
    state_in = models.CharField("état au retour", max_length=200, blank=True)
    #: Why a tool was lent to somebody who is late with another.
    override_reason = models.CharField("malgré un retard", max_length=300, blank=True)
    lent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="prêté par",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = "prêt"
        verbose_name_plural = "prêts"
        ordering = ["-lent_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_loan_one",
                fields=["tool"],
                condition=Q(returned_on=None),
                violation_error_message="Cet outil est déjà prêté.",
            ),
            models.CheckConstraint(
                name="gardens_loan_borrower",
                condition=Q(enrolment__isnull=False, organisation=None, session=None, site=None)
                | Q(enrolment=None, organisation__isnull=False, session=None, site=None)
                | Q(enrolment=None, organisation=None, session__isnull=False, site=None)
                | Q(enrolment=None, organisation=None, session=None, site__isnull=False),
                violation_error_message=(
                    "Dites qui emporte l’outil\u00a0: une personne, une organisation, "
                    "une séance ou un lieu."
                ),
            ),
            dates_in_order(
                "gardens_loan_due", "lent_on", "due_on", "Le retour prévu précède la sortie."
            ),
            dates_in_order(
                "gardens_loan_returned", "lent_on", "returned_on", "Le retour précède la sortie."
            ),
        ]

    def __str__(self) -> str:
        return f"Prêt n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.tool.programme.territory_id


class Repair(VersionedModel):
    """A tool that is being mended: it is not lent meanwhile."""

    SCOPE_PATH = "tool__programme"

    tool = models.ForeignKey(
        Tool, verbose_name="outil", on_delete=models.PROTECT, related_name="repairs"
    )
    starts_on = models.DateField("en réparation depuis le")
    ends_on = models.DateField("réparé le", null=True, blank=True)
    problem = models.CharField("panne", max_length=200)
    cost = CentsField("coût (€)", null=True, blank=True)

    class Meta:
        verbose_name = "réparation"
        verbose_name_plural = "réparations"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_repair_one",
                fields=["tool"],
                condition=Q(ends_on=None),
                violation_error_message="Cet outil est déjà en réparation.",
            ),
            dates_in_order(
                "gardens_repair_dates",
                "starts_on",
                "ends_on",
                "La réparation finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"Réparation n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.tool.programme.territory_id
