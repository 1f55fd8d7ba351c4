"""Who may open the addresses of attendance: one line per URL name."""

from uuid import uuid4

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, press, see
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _open(place, frame):
    return frame.open_session


def _held(place, frame):
    return frame.held


def _enrolment(place, frame):
    return frame.somebody.enrolment


def _workshop(place, frame):
    return make.make_workshop(frame.open_session)


def _schedule(place, frame):
    return frame.schedule


def _present(place, frame):
    seen = {"version": 0, "client_uuid": uuid4(), "current_site": frame.site.pk}
    return {"status": "present"} | seen


def _untouched(place, frame):
    return {"version": 0}


def _moving(place, frame):
    """Return where somebody goes in the middle of the session: they are there first."""
    site = make.make_site(frame.territory, frame.programme, name="La serre")
    frame.open_session.sites.add(site)
    if not frame.somebody.enrolment.attendances.filter(session=frame.open_session).exists():
        people.make_attendance(frame.somebody.enrolment, frame.open_session, frame.site)
    return {"version": 1, "client_uuid": uuid4(), "site": site.pk, "starts_at": "01:00"}


def _absent(place, frame):
    return {"absent": "on"}


LINES: dict[str, Entry] = {
    "beneficiaries:attendance_list": see(A.TICK_ATTENDANCE, programme=_programme, period=_month),
    "beneficiaries:attendance_tick": see(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:attendance_tap": press(
        A.TICK_ATTENDANCE, data=_present, pk=_open, enrolment=_enrolment
    ),
    "beneficiaries:attendance_hours": fill(
        A.TICK_ATTENDANCE, data=_untouched, pk=_open, enrolment=_enrolment
    ),
    "beneficiaries:attendance_move": fill(
        A.TICK_ATTENDANCE, data=_moving, pk=_open, enrolment=_enrolment
    ),
    "beneficiaries:attendance_all_present": press(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:attendance_like_last": press(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:attendance_undo": press(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:attendance_add": fill(A.TICK_ATTENDANCE, pk=_open, posted=200),
    "beneficiaries:attendance_close": fill(A.TICK_ATTENDANCE, data=_absent, pk=_open),
    "beneficiaries:attendance_reopen": fill(A.TICK_ATTENDANCE, pk=_held),
    "beneficiaries:attendance_sheet": see(A.TICK_ATTENDANCE, pk=_open),
    "beneficiaries:schedule_members": fill(A.EDIT_SESSIONS, pk=_schedule),
    "beneficiaries:workshop_participants": fill(A.TICK_ATTENDANCE, pk=_workshop),
}
