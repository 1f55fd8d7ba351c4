"""Plans of sessions and signed statements, for tests: the plainest valid values."""

import hashlib
from datetime import date, time
from io import BytesIO
from secrets import token_hex

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from autoprod.accounts.models import User
from autoprod.core.periods import Period
from beneficiaries.enums import PageState, StatementFileKind, StatementState
from beneficiaries.models import (
    Enrolment,
    ScheduleMember,
    Statement,
    StatementFile,
    StatementObjection,
    StatementScan,
    StatementScanPage,
)
from programmes.models import (
    CalendarFeed,
    ClosedPeriod,
    Outreach,
    Programme,
    Schedule,
    ScheduleSlot,
    Session,
    SessionPhoto,
    Site,
)
from tests.factories.programmes import LONG_AGO, code, yesterday

#: The fiche's week: Monday to Thursday, 8 to 12 and 14 to 16.
FICHE = tuple((day, *hours) for day in (1, 2, 3, 4) for hours in ((8, 12), (14, 16)))
PDF = b"%PDF-1.7\n%%EOF\n"


def make_schedule(programme: Programme, *sites: Site, slots=FICHE, **fields) -> Schedule:
    """Return a schedule of a month from long ago; `slots`: weekday, first and last hours."""
    values = {
        "kind": code("session_kinds", "culture"),
        "starts_on": LONG_AGO,
        "ends_on": LONG_AGO.replace(day=28),
    }
    schedule = Schedule.objects.create(programme=programme, **values | fields)
    schedule.sites.set(sites)
    for weekday, first, last in slots:
        ScheduleSlot.objects.create(
            schedule=schedule, weekday=weekday, starts=time(first), ends=time(last)
        )
    return schedule


def make_closed_period(programme: Programme, label: str = "Congés d’été", **fields) -> ClosedPeriod:
    """Return a week without sessions, long ago."""
    values = {"starts_on": LONG_AGO, "ends_on": LONG_AGO.replace(day=7)}
    return ClosedPeriod.objects.create(programme=programme, label=label, **values | fields)


def make_feed(user: User, programme: Programme, secret: str = "") -> CalendarFeed:
    """Return a calendar feed that answers to the secret."""
    digest = hashlib.sha256((secret or token_hex(16)).encode()).hexdigest()
    return CalendarFeed.objects.create(user=user, programme=programme, digest=digest)


def _stored(model: type, title: str, **values):
    return model.objects.create(
        title=title,
        file=ContentFile(PDF, name="x.pdf"),
        content_type="application/pdf",
        size=len(PDF),
        sha256=hashlib.sha256(PDF).hexdigest(),
        **values,
    )


def make_photo(session: Session) -> SessionPhoto:
    """Return the photograph of the day of a session."""
    return _stored(SessionPhoto, "Semis", session=session)


def picture(color: str = "green", kind: str = "PNG") -> SimpleUploadedFile:
    """Return a small picture, as a telephone sends it."""
    output = BytesIO()
    Image.new("RGB", (8, 6), color).save(output, kind)
    return SimpleUploadedFile(f"photo.{kind.lower()}", output.getvalue())


def make_outreach(session: Session, met: int = 3, oriented: int = 2, entered: int = 1) -> Outreach:
    """Return the people met at a session."""
    return Outreach.objects.create(session=session, met=met, oriented=oriented, entered=entered)


def make_schedule_member(enrolment: Enrolment, schedule: Schedule, **fields) -> ScheduleMember:
    """Return somebody expected at each session of a schedule."""
    values = {"starts_on": LONG_AGO}
    return ScheduleMember.objects.create(enrolment=enrolment, schedule=schedule, **values | fields)


def make_statement(enrolment: Enrolment, month: date | None = None, **fields) -> Statement:
    """Return a statement to sign, of the month of LONG_AGO unless told."""
    period = Period.month((month or LONG_AGO).year, (month or LONG_AGO).month)
    values = {"code": token_hex(5).upper()}
    return Statement.objects.create(
        enrolment=enrolment, month=period.start, last_day=period.end, **values | fields
    )


def sign(statement: Statement, on: date | None = None, way: str = "paper") -> Statement:
    """Return the statement, signed, as the pages do it."""
    statement.state, statement.signed_on = StatementState.SIGNED, on or yesterday()
    statement.way, statement.fingerprint = way, "0" * 64
    statement.frozen_at = timezone.now()
    statement.save()
    return statement


def make_objection(statement: Statement, words: str = "J’étais là", **fields) -> StatementObjection:
    """Return a line its person does not agree with."""
    values = {"on": statement.month, "made_on": yesterday()}
    return StatementObjection.objects.create(statement=statement, words=words, **values | fields)


def make_statement_file(statement: Statement) -> StatementFile:
    """Return the printed statement."""
    return _stored(StatementFile, "État", statement=statement, kind=StatementFileKind.PRINTED)


def make_scan(programme: Programme, *states: PageState) -> StatementScan:
    """Return a stack of scanned statements, with a page of each state."""
    scan = _stored(StatementScan, "Pile", programme=programme)
    for number, state in enumerate(states, start=1):
        StatementScanPage.objects.create(scan=scan, number=number, state=state)
    return scan
