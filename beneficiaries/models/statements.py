"""Statements: what somebody signs each month of their presences, and what becomes of the paper."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from autoprod.core.fields import MinutesField, PlainTextField
from autoprod.core.files import StoredFile
from autoprod.core.models import BaseModel, VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import PageState, SigningWay, StatementFileKind, StatementState
from beneficiaries.models.attendance import Attendance
from beneficiaries.models.enrolments import Enrolment
from programmes.models import Programme, ReferenceField

#: The states in which the presences of the month stay as they are.
FROZEN = (StatementState.SIGNED, StatementState.LOCKED, StatementState.UNSIGNED)


class StatementQuerySet(ScopedQuerySet):
    """Reads of statements."""

    def of_month(self, period: Period) -> "StatementQuerySet":
        """Return the statements of a month."""
        return self.filter(month=period.start)

    def in_force(self) -> "StatementQuerySet":
        """Return the statements that no later version replaces."""
        return self.exclude(state=StatementState.REOPENED)

    def frozen(self) -> "StatementQuerySet":
        """Return the statements whose presences stay as they are."""
        return self.filter(state__in=FROZEN)

    def signed(self) -> "StatementQuerySet":
        """Return the statements signed by their person: the hours that FSE+ takes."""
        return self.filter(state__in=(StatementState.SIGNED, StatementState.LOCKED))

    def covering(self) -> Exists:
        """Return the condition, on attendances, that one of these statements is of its month.

        The signed hours are `counted().filter(Statement.objects.signed().covering())`.
        """
        return Exists(
            self.filter(
                enrolment=OuterRef("enrolment"),
                month__lte=OuterRef("on"),
                last_day__gte=OuterRef("on"),
            )
        )


class Statement(VersionedModel):
    """The presences of one enrolment in one month, as their person signs them.

    One is in force per enrolment and month. Reopened with a reason, it stays with what it said,
    and another version takes its place. Triggers keep the presences of a frozen one.
    """

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.PROTECT, related_name="statements"
    )
    #: Its first day, and its last one: triggers compare days, the same way on both engines.
    month = models.DateField("mois")
    last_day = models.DateField("dernier jour", editable=False)
    number = models.PositiveSmallIntegerField("version de l’état", default=1, editable=False)
    state = models.CharField(
        "état", max_length=8, choices=StatementState.choices, default=StatementState.TO_SIGN
    )
    #: Printed on the paper, as letters and as a square; says nothing of anybody.
    code = models.CharField("code", max_length=12, unique=True, editable=False)
    #: What was signed: the lines as they were printed, their sum, and the mark of it all.
    lines = models.JSONField("lignes", default=list, editable=False)
    days = models.PositiveSmallIntegerField("jours", default=0, editable=False)
    minutes = MinutesField("heures", default=0, editable=False)
    fingerprint = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    signed_on = models.DateField("signé le", null=True, blank=True)
    way = models.CharField("signé", max_length=6, choices=SigningWay.choices, blank=True)
    is_mark = models.BooleanField(
        "par une marque", default=False, help_text="Une croix, une empreinte au lieu d’un nom."
    )
    is_read_aloud = models.BooleanField("lu à voix haute", default=False)
    witness = models.CharField("en présence de", max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="statements",
    )
    unsigned_reason = ReferenceField(
        "unsigned_reasons", verbose_name="motif", null=True, blank=True
    )
    frozen_at = models.DateTimeField("figé le", null=True, blank=True, editable=False)
    reopened_at = models.DateTimeField("rouvert le", null=True, blank=True, editable=False)
    reopen_reason = models.CharField("motif de la réouverture", max_length=300, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "état mensuel de présence"
        verbose_name_plural = "états mensuels de présence"
        ordering = ["-month", "enrolment", "-number", "pk"]
        indexes = [
            # What the triggers ask at each presence.
            models.Index(
                fields=["enrolment", "month", "state"], name="beneficiaries_statement_held"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_statement_number",
                fields=["enrolment", "month", "number"],
                violation_error_message="Cette version de l’état existe déjà.",
            ),
            models.UniqueConstraint(
                name="beneficiaries_statement_one",
                fields=["enrolment", "month"],
                condition=~Q(state=StatementState.REOPENED),
                violation_error_message="Cette personne a déjà un état pour ce mois.",
            ),
            models.CheckConstraint(
                name="beneficiaries_statement_signed",
                condition=Q(state__in=("signed", "locked"), signed_on__isnull=False)
                & ~Q(way="")
                & ~Q(fingerprint="")
                | Q(state__in=("to_sign", "unsigned"), signed_on=None, way="")
                | Q(state="reopened"),
                violation_error_message="Un état signé a une date et une façon de signer.",
            ),
            models.CheckConstraint(
                name="beneficiaries_statement_unsigned",
                condition=Q(state="unsigned", unsigned_reason__isnull=False)
                | ~Q(state="unsigned") & (Q(unsigned_reason=None) | Q(state="reopened")),
                violation_error_message="Un état clos sans signature a un motif.",
            ),
            models.CheckConstraint(
                name="beneficiaries_statement_reopened",
                condition=Q(state="reopened", reopened_at__isnull=False) & ~Q(reopen_reason="")
                | ~Q(state="reopened") & Q(reopened_at=None, reopen_reason=""),
                violation_error_message="Un état rouvert a un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"État de présence n° {self.pk}"

    @property
    def is_frozen(self) -> bool:
        """Tell whether the presences of its month stay as they are."""
        return self.state in FROZEN

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class StatementObjection(VersionedModel):
    """A line that its person does not agree with, in their words, and what was answered."""

    SCOPE_PATH = "statement__enrolment__programme"

    statement = models.ForeignKey(
        Statement, verbose_name="état", on_delete=models.CASCADE, related_name="objections"
    )
    attendance = models.ForeignKey(
        Attendance,
        verbose_name="présence",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="objections",
    )
    on = models.DateField("jour en cause")
    words = PlainTextField("ce que dit la personne", max_length=500)
    made_on = models.DateField("dit le")
    settled_on = models.DateField("réglé le", null=True, blank=True)
    answer = PlainTextField("réponse", max_length=500, blank=True)

    class Meta:
        verbose_name = "contestation"
        verbose_name_plural = "contestations"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="beneficiaries_statementobjection_settled",
                condition=Q(settled_on=None) | Q(settled_on__gte=F("made_on")) & ~Q(answer=""),
                violation_error_message="Une contestation réglée a une réponse, après sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"Contestation n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.statement.enrolment.programme.territory_id


class StatementFile(StoredFile):
    """What was printed, signed and scanned, or drawn, of one statement; it stays with it."""

    SCOPE_PATH = "statement__enrolment__programme"

    statement = models.ForeignKey(
        Statement, verbose_name="état", on_delete=models.PROTECT, related_name="files"
    )
    kind = models.CharField("nature", max_length=7, choices=StatementFileKind.choices)

    class Meta:
        verbose_name = "fichier d’un état"
        verbose_name_plural = "fichiers d’un état"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.statement.enrolment.programme.territory_id


class StatementScan(StoredFile):
    """A stack of signed statements scanned at once, before each page is filed by its code."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="statement_scans"
    )
    #: Told once for the stack: a date written by hand is not read.
    signed_on = models.DateField("signés le", default=timezone.localdate)
    page_count = models.PositiveSmallIntegerField("nombre de pages", default=0, editable=False)

    class Meta:
        verbose_name = "pile numérisée"
        verbose_name_plural = "piles numérisées"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class StatementScanPage(BaseModel):
    """One page of a stack: the statement it was filed to, or why somebody has to look at it."""

    SCOPE_PATH = "scan__programme"

    scan = models.ForeignKey(
        StatementScan, verbose_name="pile", on_delete=models.CASCADE, related_name="pages"
    )
    number = models.PositiveSmallIntegerField("page")
    state = models.CharField("état", max_length=9, choices=PageState.choices)
    #: What was read, in words for who looks at it: « aucun code », « déjà classé ».
    found = models.CharField("ce qui a été lu", max_length=120, blank=True)
    #: Who filed it or set it aside by hand; nobody when its code did.
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="traitée par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="scan_pages",
    )
    has_signed = models.BooleanField("fait signer l’état", default=False, editable=False)
    file = models.ForeignKey(
        StatementFile,
        verbose_name="fichier",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pages",
    )

    class Meta:
        verbose_name = "page numérisée"
        verbose_name_plural = "pages numérisées"
        ordering = ["scan", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_statementscanpage_number",
                fields=["scan", "number"],
                violation_error_message="Cette page est déjà lue.",
            ),
        ]

    def __str__(self) -> str:
        return f"Page n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.scan.programme.territory_id
