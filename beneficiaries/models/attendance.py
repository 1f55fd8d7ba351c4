"""Attendance: who was where and how long; and who took part in a workshop."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncMonth

from autoprod.core.fields import MinutesField
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import Presence
from beneficiaries.models.enrolments import Enrolment
from programmes.models import ReferenceField, Schedule, Session, Site, Workshop

LONGEST = 24 * 60


class AttendanceQuerySet(ScopedQuerySet):
    """Reads of attendances."""

    def present(self) -> "AttendanceQuerySet":
        """Return the presences."""
        return self.filter(status=Presence.PRESENT)

    def counted(self) -> "AttendanceQuerySet":
        """Return the presences whose hours count: those of closed sessions."""
        return self.present().filter(session__closed_at__isnull=False)

    def in_period(self, period: Period) -> "AttendanceQuerySet":
        """Return the attendances of a period."""
        return self.filter(on__gte=period.start, on__lte=period.end)

    def months_of_persons(self) -> models.QuerySet:
        """Return the (person, first day of the month) pairs of these attendances, each once.

        Those of `present()`, and of them those that a signed statement covers, are what a rate of
        signed statements counts.
        """
        rows = self.order_by().annotate(month_of=TruncMonth("on"))
        return rows.values_list("enrolment__person", "month_of").distinct()

    def overlapping(self, start, end) -> "AttendanceQuerySet":
        """Return the presences sharing an instant with [start, end)."""
        return self.present().filter(starts_at__lt=end, ends_at__gt=start)


class Attendance(VersionedModel):
    """One line of a roll call: somebody, a site, a stretch of time.

    Two presences of the same person never overlap (the service checks it under a lock on the
    person), so that a sum of minutes is the time spent.
    """

    SCOPE_PATH = "session__programme"

    # Neither needs an index of its own: those below begin with them.
    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name="inscription",
        on_delete=models.PROTECT,
        related_name="attendances",
        db_index=False,
    )
    session = models.ForeignKey(
        Session,
        verbose_name="séance",
        on_delete=models.PROTECT,
        related_name="attendances",
        db_index=False,
    )
    site = models.ForeignKey(
        Site, verbose_name="site", on_delete=models.PROTECT, related_name="attendances"
    )
    status = models.CharField("présence", max_length=8, choices=Presence.choices)
    reason = ReferenceField("absence_reasons", verbose_name="motif", null=True, blank=True)
    starts_at = models.DateTimeField("arrivée")
    ends_at = models.DateTimeField("départ")
    minutes = MinutesField("durée")
    #: The day of the session: one that crosses midnight belongs to the day it starts on.
    on = models.DateField("jour", editable=False)
    client_uuid = models.UUIDField("appui", unique=True, default=uuid.uuid4, editable=False)
    observed_at = models.DateTimeField("constaté le", editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = ["starts_at", "pk"]
        indexes = [
            # One person's days, and the overlaps.
            models.Index(fields=["enrolment", "on"], name="beneficiaries_attendance_days"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_attendance_stretch",
                fields=["session", "enrolment", "starts_at"],
                violation_error_message="Cette présence est déjà notée.",
            ),
            models.CheckConstraint(
                name="beneficiaries_attendance_times",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="Le départ précède l’arrivée.",
            ),
            models.CheckConstraint(
                name="beneficiaries_attendance_minutes",
                condition=Q(status=Presence.PRESENT, minutes__gte=1, minutes__lte=LONGEST)
                | (~Q(status=Presence.PRESENT) & Q(minutes=0)),
                violation_error_message="Une présence dure au plus 24\u00a0heures dans un jour.",
            ),
            models.CheckConstraint(
                name="beneficiaries_attendance_reason",
                condition=Q(reason=None) | Q(status=Presence.EXCUSED),
                violation_error_message="Un motif n’accompagne qu’une absence excusée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Présence n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.session.programme.territory_id


class ScheduleMember(VersionedModel):
    """Somebody expected at each session of a schedule, from a day on."""

    SCOPE_PATH = "schedule__programme"

    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name="inscription",
        on_delete=models.CASCADE,
        related_name="schedule_memberships",
    )
    schedule = models.ForeignKey(
        Schedule, verbose_name="créneau", on_delete=models.CASCADE, related_name="members"
    )
    starts_on = models.DateField("attendu à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "personne attendue"
        verbose_name_plural = "personnes attendues"
        ordering = ["schedule", "enrolment", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="beneficiaries_schedulemember_days",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.UniqueConstraint(
                name="beneficiaries_schedulemember_open",
                fields=["schedule", "enrolment"],
                condition=Q(ends_on=None),
                violation_error_message="Cette personne est déjà attendue à ce créneau.",
            ),
        ]

    def __str__(self) -> str:
        return f"Personne attendue n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.schedule.programme.territory_id


class WorkshopParticipation(VersionedModel):
    """Somebody in a workshop: counted by indicators, adds no hour."""

    SCOPE_PATH = "workshop__session__programme"

    workshop = models.ForeignKey(
        Workshop, verbose_name="atelier", on_delete=models.PROTECT, related_name="participations"
    )
    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name="inscription",
        on_delete=models.PROTECT,
        related_name="workshop_participations",
    )

    class Meta:
        verbose_name = "participation à un atelier"
        verbose_name_plural = "participations à un atelier"
        ordering = ["workshop", "enrolment", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_workshopparticipation_once",
                fields=["workshop", "enrolment"],
                violation_error_message="Cette personne est déjà notée à cet atelier.",
            ),
        ]

    def __str__(self) -> str:
        return f"Participation n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.workshop.session.programme.territory_id
