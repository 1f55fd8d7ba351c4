"""Interviews: appointments and what was said in them, by level of confidence."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from autoprod.core.fields import MinutesField, PlainTextField
from autoprod.core.files import StoredFile
from autoprod.core.intervals import not_over
from autoprod.core.models import BaseModel, VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from beneficiaries.enums import InterviewState, Level, NoteLevel
from beneficiaries.models.enrolments import Enrolment
from beneficiaries.models.stays import LevelChange, Suspension
from programmes.models import ReferenceField

#: Whoever is accompanied from later in a month is met from the next month on.
LAST_START = 15


class InterviewQuerySet(ScopedQuerySet):
    """Reads of interviews."""

    def held(self) -> "InterviewQuerySet":
        """Return those that took place."""
        return self.filter(state=InterviewState.HELD)

    def in_period(self, period: Period) -> "InterviewQuerySet":
        """Return those of a period, whatever became of them."""
        return self.filter(on__gte=period.start, on__lte=period.end)

    def to_come(self, today: date) -> "InterviewQuerySet":
        """Return the appointments from a day on, the next one first."""
        rows = self.filter(state=InterviewState.PLANNED, on__gte=today)
        return rows.order_by("on", "at", "pk")

    def of_stays(self, enrolments: Iterable[Enrolment]) -> "InterviewQuerySet":
        """Return those of several enrolments."""
        return self.filter(enrolment__in=[enrolment.pk for enrolment in enrolments])


class Interview(VersionedModel):
    """A meeting of somebody and their referent: planned, then held, missed or cancelled."""

    SCOPE_PATH = "enrolment__programme"

    # The index below begins with it.
    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name="inscription",
        on_delete=models.PROTECT,
        related_name="interviews",
        db_index=False,
    )
    state = models.CharField(
        "entretien", max_length=9, choices=InterviewState.choices, default=InterviewState.HELD
    )
    on = models.DateField("le")
    at = models.TimeField("à", null=True, blank=True)
    minutes = MinutesField("durée", null=True, blank=True)
    mode = ReferenceField("interview_modes", verbose_name="comment", null=True, blank=True)
    kind = ReferenceField("interview_kinds", verbose_name="nature", null=True, blank=True)
    led_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="mené par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
    )

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = "entretien"
        verbose_name_plural = "entretiens"
        ordering = ["-on", "-at", "-pk"]
        indexes = [
            # The last one held, the next one planned.
            models.Index(fields=["enrolment", "state", "on"], name="beneficiaries_interview_last"),
        ]
        constraints = [
            models.CheckConstraint(
                name="beneficiaries_interview_minutes",
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=12 * 60),
                violation_error_message="Un entretien dure au plus 12\u00a0heures.",
            ),
        ]

    def __str__(self) -> str:
        return f"Entretien n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


# One interview a month: conditions on stays, for whoever counts them or names them.


def is_due(month: Period) -> Q:
    """Return whether a stay is to be met in a month, each day read within the stay."""
    start, end = month.start, month.end
    late = start.replace(day=LAST_START)
    changes = LevelChange.objects.filter(enrolment=OuterRef("pk"))
    after = changes.filter(Q(since__gt=end) | Q(since__gt=OuterRef("left_on")))
    level = Coalesce(Subquery(after.order_by("since").values("before")[:1]), F("level"))
    lately = changes.filter(level=Level.PATHWAY, since__gt=late, since__lte=end)
    to_the_end = Q(ends_on=None) | Q(ends_on__gte=end) | Q(ends_on__gte=OuterRef("left_on"))
    from_the_start = Q(starts_on__lte=start) | Q(starts_on__lte=OuterRef("entered_on"))
    paused = Suspension.objects.filter(from_the_start, to_the_end, enrolment=OuterRef("pk"))
    return (
        Q(entered_on__lte=late)
        & not_over(start, end="left_on")
        & Q(Exact(level, Value(Level.PATHWAY)))
        & ~Q(Exists(lately))
        & ~Q(Exists(paused))
    )


def was_met(month: Period) -> Q:
    """Return whether an interview of a stay was held in a month."""
    interviews = Interview.objects.filter(enrolment=OuterRef("pk")).held()
    return Q(Exists(interviews.in_period(month)))


class InterviewNoteQuerySet(ScopedQuerySet):
    """Reads of notes."""

    def kept_from_others(self, scope: Scope, action: Action) -> Q:
        """Open one level per right: logistics to the team, social notes to who reads them.

        A note for oneself is its author's, whatever else the scope opens.
        """
        logistic = Q(level=NoteLevel.LOGISTIC)
        if action == Action.VIEW_PERSONS:
            return logistic
        if action != Action.VIEW_NOTES:
            return Q(pk=None)
        mine = Q(level=NoteLevel.PRIVATE, author=int(scope.actor_key or 0))
        return logistic | Q(level=NoteLevel.SOCIAL) | mine


class InterviewNote(VersionedModel):
    """What is kept of an interview, one row per level (professional secrecy: CASF L.411-3)."""

    SCOPE_PATH = "interview__enrolment__programme"

    interview = models.ForeignKey(
        Interview, verbose_name="entretien", on_delete=models.CASCADE, related_name="notes"
    )
    level = models.CharField("qui peut lire", max_length=8, choices=NoteLevel.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="écrite par",
        on_delete=models.PROTECT,
        related_name="interview_notes",
    )
    text = PlainTextField("note", max_length=8000)

    objects = InterviewNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note d’entretien"
        verbose_name_plural = "notes d’entretien"
        ordering = ["interview", "level", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_interviewnote_level",
                fields=["interview", "level"],
                condition=~Q(level=NoteLevel.PRIVATE),
                violation_error_message="Une note de ce niveau existe déjà.",
            ),
            models.UniqueConstraint(
                name="beneficiaries_interviewnote_own",
                fields=["interview", "author"],
                condition=Q(level=NoteLevel.PRIVATE),
                violation_error_message="Vous avez déjà une note pour vous seul ici.",
            ),
        ]

    def __str__(self) -> str:
        return f"Note n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.interview.enrolment.programme.territory_id


class OwnDraftQuerySet(ScopedQuerySet):
    """Reads of drafts."""

    def kept_from_others(self, scope: Scope, action: Action) -> Q:
        """Keep a draft for who is typing it."""
        return Q(author=int(scope.actor_key or 0))


class InterviewDraft(BaseModel):
    """What somebody is typing and has not saved: theirs alone, gone once the interview is saved."""

    SCOPE_PATH = "enrolment__programme"

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        on_delete=models.CASCADE,
        related_name="interview_drafts",
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.CASCADE, related_name="drafts"
    )
    interview = models.ForeignKey(
        Interview,
        verbose_name="entretien",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
    )
    content = models.JSONField("saisie", default=dict)
    saved_at = models.DateTimeField("gardée à", auto_now=True)

    objects = OwnDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon d’entretien"
        verbose_name_plural = "brouillons d’entretien"
        ordering = ["-saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_interviewdraft_new",
                fields=["author", "enrolment"],
                condition=Q(interview=None),
                violation_error_message="Un brouillon est déjà ouvert.",
            ),
            models.UniqueConstraint(
                name="beneficiaries_interviewdraft_one",
                fields=["author", "interview"],
                violation_error_message="Un brouillon est déjà ouvert.",
            ),
        ]

    def __str__(self) -> str:
        return f"Brouillon n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class InterviewDocument(StoredFile):
    """A paper kept with an interview; read by who reads social notes."""

    SCOPE_PATH = "interview__enrolment__programme"

    interview = models.ForeignKey(
        Interview, verbose_name="entretien", on_delete=models.PROTECT, related_name="documents"
    )

    class Meta:
        verbose_name = "document d’entretien"
        verbose_name_plural = "documents d’entretien"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.interview.enrolment.programme.territory_id
