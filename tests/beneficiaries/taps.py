"""Taps on a roll, as tests send them to the service."""

from datetime import date

from beneficiaries.enums import Presence
from beneficiaries.models import Attendance, Enrolment
from beneficiaries.services import attendance, rolls
from beneficiaries.services.attendance import Tap

#: The day of the sessions of these tests.
DAY = date(2026, 3, 16)


def tick(scope, session, enrolment: Enrolment, status=Presence.PRESENT, site=None, **asked):
    """Return the line that a tap writes, on the session's first site unless told."""
    site = site or rolls.sites_of(session)[0]
    tap = Tap(status=status, site=site, **asked)
    return attendance.tick(scope=scope, session=session, enrolment=enrolment.pk, tap=tap).line


def lines_of(session):
    """Return what the roll of a session holds."""
    return Attendance.objects.filter(session=session)
