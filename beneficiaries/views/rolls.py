"""The page of a roll: to tick while the session is open, to read otherwise."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from autoprod.core import formatting
from autoprod.core.formatting import clock, counted, day
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.views import get_or_404, requires
from beneficiaries.enums import Presence
from beneficiaries.forms.attendance import absence_reasons
from beneficiaries.services.roll_words import hours_of, note_of
from beneficiaries.services.rolls import Roll, Row, Tally, roll_of, sites_of
from beneficiaries.views.offline import offline_of, shown_state, told
from programmes.models import Session, Workshop
from programmes.services.days import of_sessions as day_of

A = Action.TICK_ATTENDANCE
#: What was ticked at once in a session of the browser, kept until it is undone or replaced.
BATCH = "attendance_batch"


def session_of(request: HttpRequest, pk: int) -> Session:
    """Return a session of the scope, its programme told to the top bar; Http404 outside."""
    rows = Session.objects.for_scope(request.scope, A)
    session = get_or_404(rows.select_related("programme__territory", "kind", "leader"), pk=pk)
    request.shown_programme = session.programme_id
    return session


def url_of(session: Session, enrolment: int | None = None) -> str:
    """Return the page of a roll, at one row if it is given."""
    url = reverse("beneficiaries:attendance_tick", args=[session.pk])
    return f"{url}#ligne-{enrolment}" if enrolment else url


def crumbs_of(session: Session) -> list[dict]:
    """Return the way back to the sessions of the month."""
    month = Period.containing(session.on, Kind.MONTH)
    url = reverse("beneficiaries:attendance_list", args=[session.programme_id, month])
    return [{"label": "Présences", "url": url}]


def part_of(session: Session, row: Row, *, reasons: list = (), fault: str = "") -> dict:
    """Return what the template of a row's state draws."""
    return {
        "session": session,
        "row": row,
        "key": row.enrolment.pk,
        "note": note_of(row, session),
        "hours": hours_of(row, session),
        "sites": sites_of(session),
        "reasons": reasons,
        "fault": fault,
        "version": row.line.version if row.line else 0,
        "client_uuid": uuid4(),
    }


def batch_of(request: HttpRequest, session: Session) -> dict | None:
    """Return what was just ticked at once on this roll, None when nothing was."""
    batch = request.session.get(BATCH)
    return batch if batch and batch["session"] == session.pk else None


def counts_of(tally: Tally, state: str) -> list[dict]:
    """Return the counters of a roll: those at nought are hidden, but for the two that matter."""
    words = (
        (Presence.PRESENT.value, tally.present, "présent", "présents"),
        (Presence.EXCUSED.value, tally.excused, "excusé", "excusés"),
        (Presence.ABSENT.value, tally.absent, "absent", "absents"),
        ("", tally.waiting, "à pointer", "à pointer"),
    )
    always = {Presence.PRESENT.value} | ({""} if state != "closed" else set())
    return [
        {
            "code": code,
            "number": number,
            "one": one,
            "many": many,
            "word": many if number > 1 else one,
            "shown": number > 0 or code in always,
        }
        for code, number, one, many in words
    ]


def saved_words(at) -> str:
    """Return « Enregistré à 8 h 12 », with the day when it is not today; empty for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    when = "" if local.date() == timezone.localdate() else f"le {day(local)} "
    return f"Enregistré {when}à {clock(local)}"


@require_safe
@requires(A)
def attendance_tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the roll of a session: to tick while it is open, to read otherwise."""
    session = session_of(request, pk)
    return told(request, roll_page(request, session), session)


def roll_page(
    request: HttpRequest,
    session: Session,
    *,
    faults: dict[int, str] | None = None,
    sites: dict | None = None,
) -> HttpResponse:
    """Return the page of a roll; a refused tap's message and a pill just changed stand in it."""
    roll, state = roll_of(session), shown_state(request, session)
    for row in roll.rows:
        row.site = (sites or {}).get(row.enrolment.pk, row.site)
    batch = batch_of(request, session) if state == "open" else None
    workshops = Workshop.objects.for_scope(request.scope, A).of(session).select_related("theme")
    context = {
        "session": session,
        "state": state,
        **_parts(request, roll, faults or (batch or {}).get("faults", {})),
        "can_add": state == "open" and bool(roll.others),
        "counts": counts_of(roll.tally, state),
        "saved": saved_words(roll.saved_at),
        "batch": batch,
        "workshops": workshops,
        "day": day_of(request.scope, [session]).get(session.pk),
        **_heading(session, len(roll.rows), state),
    }
    return render(request, "beneficiaries/attendance/tick.html", context)


def _parts(request: HttpRequest, roll: Roll, faults: dict) -> dict:
    """Return the participants of a roll, who stands apart, and what a device without network needs.

    A fault is filed under the key of its row, or its text.
    """
    reasons = absence_reasons(request.scope)
    said = {int(key): fault for key, fault in faults.items()}
    parts = {"parts": [], "apart": []}
    for row in roll.rows:
        fault = said.get(row.enrolment.pk, "")
        part = part_of(roll.session, row, reasons=reasons, fault=fault)
        parts["apart" if row.is_apart else "parts"].append(part)
    return parts | {"offline": offline_of(request, roll.session, reasons)}


def _heading(session: Session, expected: int, state: str) -> dict:
    return {
        "title": "Pointer les présences" if state == "open" else "Feuille de présence",
        "subtitle": _subtitle(session, expected),
        "breadcrumbs": crumbs_of(session),
    }


def _subtitle(session: Session, expected: int) -> list[str]:
    """Return the pieces of the line under the title: the activity, when, the sites, how many."""
    words = day(session.on, weekday=True)
    if session.on.year == timezone.localdate().year:
        words = words.rpartition(formatting.SPACE)[0]
    sites = counted(len(sites_of(session)), "site", "sites")
    people = "inscrit" if session.is_closed or session.is_cancelled else "attendu"
    return [str(session), words, sites, counted(expected, people, f"{people}s")]
