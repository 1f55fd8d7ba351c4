"""Who may open the addresses of schedules and of closed periods: one line per URL name."""

from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, see
from tests.factories import presence as plans
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _schedule(place, frame):
    return frame.schedule


def _unused(place, frame):
    return plans.make_schedule(frame.programme, frame.site)


def _closed(place, frame):
    return plans.make_closed_period(frame.programme)


def _session(place, frame):
    return make.make_session(frame.programme, frame.site, on=make.tomorrow())


def _without_cancelling(place, frame):
    return {"step": "leave"}


LINES: dict[str, Entry] = {
    "programmes:schedule_list": see(A.VIEW_SESSIONS, programme=_programme),
    # The form is answered by the review, on the same page.
    "programmes:schedule_create": fill(A.EDIT_SESSIONS, posted=200, programme=_programme),
    "programmes:schedule_detail": see(A.VIEW_SESSIONS, pk=_schedule),
    "programmes:schedule_update": fill(A.EDIT_SESSIONS, posted=200, pk=_schedule),
    "programmes:schedule_delete": fill(A.EDIT_SESSIONS, pk=_unused),
    "programmes:closed_period_list": see(A.VIEW_SESSIONS, programme=_programme),
    "programmes:closed_period_create": fill(
        A.EDIT_SESSIONS, data=_without_cancelling, programme=_programme
    ),
    "programmes:closed_period_delete": fill(A.EDIT_SESSIONS, pk=_closed),
    "programmes:session_move": fill(A.EDIT_SESSIONS, pk=_session),
}
