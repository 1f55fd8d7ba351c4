"""Exports of presences: a line each, or a person a row and a day a column; both name persons."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, QuerySet
from import_export.fields import Field

from autoprod.core.periods import Period
from autoprod.core.rounding import round_half_up
from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource, Sheet
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Enrolment, Statement
from programmes.models import Programme

#: What the first lines of both files say.
RULES = (
    "Les heures d’une séance comptent à sa clôture\u00a0; elles sont arrondies au centième",
    "Heures signées\u00a0: celles d’un mois dont la personne a signé l’état de présence",
)


def lines_of(scope: Scope, programme: Programme, period: Period) -> QuerySet[Attendance]:
    """Return the lines of the rolls of a programme over a period."""
    rows = Attendance.objects.for_scope(scope, Action.VIEW_PERSONS).in_period(period)
    return rows.filter(session__programme=programme).annotate(is_signed=_signed(scope))


def _signed(scope: Scope) -> Exists:
    """Return the condition, on a line, that its person signed the statement of its month."""
    return Statement.objects.for_scope(scope, Action.VIEW_PERSONS).signed().covering()


class AttendanceResource(ScopedResource):
    """One line per person and session; two when they changed site in between."""

    action = Action.VIEW_PERSONS
    title = "Présences"

    enrolment = Field(column_name="Inscription")
    last_name = Field("enrolment__person__last_name", "Nom")
    first_name = Field("enrolment__person__first_name", "Prénom")
    usual_name = Field("enrolment__person__usual_name", "Nom d’usage")
    part = Field(column_name="À titre de")
    on = Field("on", "Jour")
    session = Field(column_name="Séance")
    kind = Field("session__kind__label", "Nature")
    site = Field("site__name", "Site")
    starts_at = Field(column_name="De")
    ends_at = Field(column_name="À")
    minutes = Field("minutes", "Minutes")
    status = Field(column_name="Présence")
    reason = Field("reason__label", "Motif")
    is_counted = Field(column_name="Séance clôturée")
    is_signed = Field(column_name="État signé")

    class Meta:
        model = Attendance
        fields = (
            "enrolment",
            "last_name",
            "first_name",
            "usual_name",
            "part",
            "on",
            "session",
            "kind",
            "site",
            "starts_at",
            "ends_at",
            "minutes",
            "status",
            "reason",
            "is_counted",
            "is_signed",
        )
        export_order = fields

    def get_queryset(self) -> QuerySet[Attendance]:
        """Return the rows with what the columns read."""
        names = ("enrolment__person", "session__programme__territory", "session__kind")
        rows = super().get_queryset().annotate(is_signed=_signed(self.scope))
        return rows.select_related(*names, "site", "reason")

    def dehydrate_part(self, row: Attendance) -> str:
        """Return what they are in the programme, in words."""
        return row.enrolment.get_part_display()

    def dehydrate_session(self, row: Attendance) -> str:
        """Return the title of the session, the kind when it has none."""
        return str(row.session)

    def dehydrate_starts_at(self, row: Attendance) -> time | None:
        """Return when they came, on the clocks of the place; nothing of who did not."""
        return self._clock(row, "starts_at")

    def dehydrate_ends_at(self, row: Attendance) -> time | None:
        """Return when they left."""
        return self._clock(row, "ends_at")

    def _clock(self, row: Attendance, name: str) -> time | None:
        local = getattr(row, name).astimezone(row.session.zone)
        return local.time() if row.minutes else None

    def dehydrate_status(self, row: Attendance) -> str:
        """Return present, excused or absent, in words."""
        return row.get_status_display()

    def dehydrate_is_counted(self, row: Attendance) -> bool:
        """Tell whether the minutes count."""
        return row.session.is_closed

    def dehydrate_is_signed(self, row: Attendance) -> bool:
        """Tell whether the person signed for that day."""
        return row.is_signed

    def dehydrate_enrolment(self, row: Attendance) -> int:
        """Return the key of the enrolment, which tells two homonyms apart."""
        return row.enrolment_id


@dataclass
class Month:
    """What somebody spent in a month, in minutes that count; and the half-days they missed."""

    days: Counter[date] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    declared: int = 0
    signed: int = 0
    excused: int = 0
    absent: int = 0


class MonthResource(ScopedResource):
    """One row per enrolment with a line in the month; the columns of days are added by `table`."""

    action = Action.VIEW_PERSONS
    title = "Tableau des présences"

    enrolment = Field(column_name="Inscription")
    last_name = Field("person__last_name", "Nom")
    first_name = Field("person__first_name", "Prénom")
    usual_name = Field("person__usual_name", "Nom d’usage")
    part = Field(column_name="À titre de")

    class Meta:
        model = Enrolment
        fields = ("enrolment", "last_name", "first_name", "usual_name", "part")
        export_order = fields

    def get_queryset(self) -> QuerySet[Enrolment]:
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("person")

    def dehydrate_enrolment(self, row: Enrolment) -> int:
        """Return the key of the enrolment, which tells two homonyms apart."""
        return row.pk

    def dehydrate_part(self, row: Enrolment) -> str:
        """Return what they are in the programme, in words."""
        return row.get_part_display()


def table(
    scope: Scope, programme: Programme, period: Period, *, comments: Sequence[str] = ()
) -> Sheet:
    """Return the presences of a month: hours by day, by site, declared and signed apart."""
    months = _months(scope, programme, period)
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).filter(pk__in=list(months))
    base = MonthResource(scope=scope).sheet(
        rows.order_by("person__sort_key", "pk"), comments=comments
    )
    days = sorted({on for month in months.values() for on in month.days})
    sites = sorted({name for month in months.values() for name in month.sites})
    totals = ("Heures déclarées", "Heures signées", "Absences excusées", "Absences")
    columns = (*base.columns, *(f"{on:%d/%m/%Y}" for on in days), *sites, *totals)
    lines = [(*row, *_cells(months[row[0]], days, sites)) for row in base.rows]
    return Sheet(title=base.title, columns=columns, rows=lines, comments=base.comments)


def _months(scope: Scope, programme: Programme, period: Period) -> dict[int, Month]:
    """Return {enrolment: what was spent}, in one query."""
    found: dict[int, Month] = defaultdict(Month)
    names = ("enrolment", "on", "site__name", "status", "minutes", "session__closed_at")
    rows = lines_of(scope, programme, period).order_by()
    for key, on, site, status, minutes, closed_at, is_signed in rows.values_list(
        *names, "is_signed"
    ):
        month = found[key]
        month.excused += status == Presence.EXCUSED
        month.absent += status == Presence.ABSENT
        # The day is a column from the first presence on it, whether or not it counts yet.
        spent = minutes if closed_at else 0
        if minutes:
            month.days[on] += spent
            month.sites[site] += spent
        month.declared += spent
        month.signed += spent if is_signed else 0
    return dict(found)


def _cells(month: Month, days: Sequence[date], sites: Sequence[str]) -> list[object]:
    spent = [month.days[on] for on in days] + [month.sites[name] for name in sites]
    told = [_hours(minutes) if minutes else None for minutes in spent]
    return [*told, _hours(month.declared), _hours(month.signed), month.excused, month.absent]


def _hours(minutes: int) -> Decimal:
    """Return hours to the hundredth, which a spreadsheet adds up."""
    return round_half_up(Fraction(minutes, 60), 2)
