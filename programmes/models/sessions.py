"""Sessions: a half-day of the programme over its sites, and the workshops held inside it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.core.fields import MinutesField, PlainTextField
from autoprod.core.files import StoredFile
from autoprod.core.formatting import clock_range
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period, local_day, minutes_between
from autoprod.core.scoping import ScopedQuerySet
from programmes.models.organisations import Organisation
from programmes.models.programmes import Programme
from programmes.models.references import ReferenceField
from programmes.models.schedules import Schedule
from programmes.models.sites import Site

#: A session is a stretch of one day.
LONGEST = 24 * 60


class SessionQuerySet(ScopedQuerySet):
    """Reads of sessions."""

    def in_period(self, period: Period) -> "SessionQuerySet":
        """Return the sessions of a period: a session belongs to the day it starts on."""
        return self.filter(on__gte=period.start, on__lte=period.end)

    def open_to_ticking(self) -> "SessionQuerySet":
        """Return the sessions neither closed nor cancelled."""
        return self.filter(closed_at=None, cancelled_on=None)

    def to_close(self, at: datetime) -> "SessionQuerySet":
        """Return the sessions that are over and whose presences do not count yet."""
        return self.open_to_ticking().filter(ends_at__lte=at)

    def on_days(self, first: date, last: date) -> "SessionQuerySet":
        """Return the sessions of the days from `first` to `last`."""
        return self.filter(on__gte=first, on__lte=last)

    def to_come(self, at: datetime) -> "SessionQuerySet":
        """Return the sessions that are to take place, the nearest first."""
        return self.filter(starts_at__gt=at, cancelled_on=None).order_by("starts_at", "pk")

    def latest_until(self, day: date) -> "SessionQuerySet":
        """Return the sessions up to a day, the last one first."""
        return self.filter(on__lte=day, cancelled_on=None).order_by("-starts_at", "-pk")

    def described(self) -> "SessionQuerySet":
        """Return the sessions with all that a line says of them, and `workshop_count`."""
        names = ("kind", "leader", "cancel_reason", "programme__territory")
        counted = self.annotate(workshop_count=models.Count("workshops"))
        ordered = counted.order_by(*(self.query.order_by or ("starts_at", "pk")))
        return ordered.select_related(*names).prefetch_related("sites")


class Session(VersionedModel):
    """A half-day, one roll call over one or several sites; it names nobody who takes part."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="sessions"
    )
    #: What planned it; it lives its own life from then on.
    schedule = models.ForeignKey(
        Schedule,
        verbose_name="créneau",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="sessions",
    )
    kind = ReferenceField("session_kinds", verbose_name="nature")
    theme = ReferenceField("workshop_themes", verbose_name="thème", null=True, blank=True)
    title = models.CharField(
        "intitulé", max_length=120, blank=True, help_text="Laissez vide pour reprendre la nature."
    )
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    on = models.DateField("jour", editable=False)
    minutes = MinutesField("durée prévue", editable=False)
    sites = models.ManyToManyField(Site, verbose_name="sites", related_name="sessions")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="encadrant",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
    )
    capacity = models.PositiveSmallIntegerField(
        "places", null=True, blank=True, help_text="Laissez vide s’il n’y a pas de limite."
    )
    headcount = models.PositiveIntegerField(
        "personnes de passage",
        default=0,
        help_text="Invités comptés sans nom\u00a0: ils ne font pas partie des personnes touchées.",
    )
    note = PlainTextField("note du jour", blank=True, max_length=500)
    #: Since when somebody is on its roll, empty while nobody is: presences live on a floor that
    #: cannot be asked from here, so whoever ticks writes it down, without touching the version.
    roll_begun_at = models.DateTimeField("appel commencé le", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("clôturée le", null=True, blank=True, editable=False)
    #: The day it was held, written down once somebody signed for it: from then on it stays as it
    #: is. Statements live on a floor that cannot be asked from here.
    held_on = models.DateField("tenue le", null=True, blank=True, editable=False)
    cancelled_on = models.DateField("annulée le", null=True, blank=True, editable=False)
    cancel_reason = ReferenceField(
        "cancellation_reasons",
        verbose_name="motif d’annulation",
        null=True,
        blank=True,
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = ["starts_at", "pk"]
        indexes = [
            # What a programme did in a period: the question of every page and figure.
            models.Index(fields=["programme", "on"], name="programmes_session_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="programmes_session_times",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="La séance finit avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                name="programmes_session_length",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST),
                violation_error_message="Une séance dure au plus 24\u00a0heures.",
            ),
            models.CheckConstraint(
                name="programmes_session_cancelled",
                condition=Q(cancelled_on=None, cancel_reason=None)
                | Q(cancelled_on__isnull=False, cancel_reason__isnull=False, closed_at=None),
                violation_error_message=("Une séance annulée a un motif et n’est pas clôturée."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind.label

    def save(self, *args, **kwargs) -> None:
        """Save, with the local day and the length that the two instants make."""
        if self.starts_at and self.ends_at:
            self.measure()
        super().save(*args, **kwargs)

    def measure(self) -> None:
        """Write the day and the minutes; the day is the one it starts on where it takes place."""
        self.on = local_day(self.starts_at, self.zone)
        self.minutes = _minutes(self.starts_at, self.ends_at)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of its territory."""
        return self.programme.territory.zone

    @property
    def hours(self) -> str:
        """Return « 8 h – 12 h », on the clocks of the place."""
        return clock_range(*_clocks(self, self.zone))

    @property
    def places(self) -> list[Site]:
        """Return its sites; no query once they are prefetched."""
        return list(self.sites.all())

    @property
    def leader_name(self) -> str:
        """Return « Nadia B. », empty without a leader."""
        if self.leader is None:
            return ""
        initial = f" {self.leader.last_name[:1]}." if self.leader.last_name else ""
        return f"{self.leader.first_name}{initial}"

    @property
    def is_closed(self) -> bool:
        """Tell whether its presences count."""
        return self.closed_at is not None

    @property
    def is_cancelled(self) -> bool:
        """Tell whether it did not take place."""
        return self.cancelled_on is not None

    def has_started(self, at: datetime) -> bool:
        """Tell whether it has begun: the future is not ticked."""
        return self.starts_at <= at

    def is_today(self, today: date) -> bool:
        """Tell whether it is on this day."""
        return self.on == today

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


def _clocks(row: "Session | Workshop", zone: ZoneInfo) -> tuple[time, time]:
    """Return what the clocks of the zone show at its start and at its end."""
    return row.starts_at.astimezone(zone).time(), row.ends_at.astimezone(zone).time()


def _minutes(start: datetime, end: datetime) -> int:
    """Return the minutes that pass; 0, which the constraint refuses, when the end comes first."""
    return minutes_between(start, end) if end > start else 0


class WorkshopQuerySet(ScopedQuerySet):
    """Reads of workshops."""

    def in_period(self, period: Period) -> "WorkshopQuerySet":
        """Return the workshops of the sessions of a period."""
        return self.filter(session__on__gte=period.start, session__on__lte=period.end)

    def held(self) -> "WorkshopQuerySet":
        """Return the workshops of the sessions that are closed."""
        return self.filter(session__closed_at__isnull=False, session__cancelled_on=None)


class Workshop(VersionedModel):
    """A « micro-atelier » inside a session: counted by indicators, adds no hour to anybody."""

    SCOPE_PATH = "session__programme"

    session = models.ForeignKey(
        Session, verbose_name="séance", on_delete=models.PROTECT, related_name="workshops"
    )
    theme = ReferenceField("workshop_themes", verbose_name="thème")
    title = models.CharField("intitulé", max_length=120, blank=True)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    speaker = models.ForeignKey(
        Organisation,
        verbose_name="intervenant",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="workshops",
        help_text="L’organisation qui intervient.",
    )

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = "atelier"
        verbose_name_plural = "ateliers"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="programmes_workshop_times",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="L’atelier finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.theme.label

    @property
    def hours(self) -> str:
        """Return « 9 h – 11 h », on the clocks of the place."""
        return clock_range(*_clocks(self, self.session.zone))

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.session.programme.territory_id


class SessionPhoto(StoredFile):
    """The photograph of the day of a session: what was sown, what was cooked; one a session."""

    SCOPE_PATH = "session__programme"

    session = models.OneToOneField(
        Session, verbose_name="séance", on_delete=models.PROTECT, related_name="photo"
    )

    class Meta:
        verbose_name = "photo du jour"
        verbose_name_plural = "photos du jour"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.session.programme.territory_id
