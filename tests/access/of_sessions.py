"""Who may open the addresses of sessions: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, press, see
from tests.factories import presence as plans
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(frame.open_session.on, Kind.MONTH)


def _week(place, frame):
    return Period.week_of(frame.open_session.on)


def _session(place, frame):
    return frame.open_session


def _alone(place, frame):
    return make.make_session(frame.programme, frame.site)


def _cancelled(place, frame):
    return make.cancel(make.make_session(frame.programme, frame.site))


def _workshop(place, frame):
    return make.make_workshop(frame.open_session)


def _counts(place, frame):
    return {"headcount": 3, "seen_headcount": 0}


def _photo(place, frame):
    return plans.make_photo(make.make_session(frame.programme, frame.site))


def _picture(place, frame):
    return {"document": plans.picture()}


LINES: dict[str, Entry] = {
    "programmes:session_list": see(A.VIEW_SESSIONS, programme=_programme, period=_month),
    "programmes:session_month": see(A.VIEW_SESSIONS, programme=_programme, period=_month),
    "programmes:session_week": see(A.VIEW_SESSIONS, programme=_programme, period=_week),
    "programmes:session_create": fill(A.EDIT_SESSIONS, programme=_programme),
    "programmes:session_detail": see(A.VIEW_SESSIONS, pk=_session),
    "programmes:session_update": fill(A.EDIT_SESSIONS, pk=_session),
    "programmes:session_cancel": fill(A.EDIT_SESSIONS, pk=_session),
    "programmes:session_restore": press(A.EDIT_SESSIONS, pk=_cancelled),
    "programmes:session_delete": fill(A.EDIT_SESSIONS, pk=_alone),
    "programmes:session_counts": press(A.EDIT_SESSIONS, data=_counts, pk=_session),
    "programmes:session_lead": press(A.EDIT_SESSIONS, pk=_session),
    "programmes:session_note": fill(A.EDIT_SESSIONS, pk=_session),
    "programmes:session_photo": see(A.VIEW_SESSIONS, pk=_photo),
    "programmes:session_photo_create": fill(A.EDIT_SESSIONS, data=_picture, parent=_session),
    "programmes:session_photo_delete": fill(A.EDIT_SESSIONS, pk=_photo),
    "programmes:workshop_create": fill(A.EDIT_SESSIONS, parent=_session),
    "programmes:workshop_update": fill(A.EDIT_SESSIONS, pk=_workshop),
    "programmes:workshop_delete": fill(A.EDIT_SESSIONS, pk=_workshop),
}
