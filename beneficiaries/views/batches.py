"""Several people ticked at once, taken back; somebody added to the roll."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from autoprod.core.fields import sort_key
from autoprod.core.formatting import counted
from autoprod.core.views import requires
from beneficiaries.forms.attendance import SearchForm
from beneficiaries.services import batches
from beneficiaries.services.rolls import Roll, Row, roll_of
from beneficiaries.views.rolls import BATCH, A, batch_of, crumbs_of, session_of, url_of

#: More names than this are not read: type a letter more.
SHOWN = 30


@require_POST
@requires(A)
def attendance_all_present(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick as present everybody who is still to be ticked."""
    return _ticked(request, pk, batches.tick_all, "Tous présents")


@require_POST
@requires(A)
def attendance_like_last(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick as present who was at the session before, at the same site."""
    return _ticked(request, pk, batches.like_last, "Comme hier")


def _ticked(request: HttpRequest, pk: int, act: Callable, name: str) -> HttpResponse:
    session = session_of(request, pk)
    try:
        batch = act(scope=request.scope, session=session)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(url_of(session))
    people = counted(len(batch.lines), "personne notée présente", "personnes notées présentes")
    request.session[BATCH] = {
        "session": session.pk,
        "lines": list(batch.lines),
        "said": f"{name}\u00a0: {people}.",
        "faults": {str(row.enrolment.pk): said for row, said in batch.refused},
    }
    return redirect(url_of(session))


@require_POST
@requires(A)
def attendance_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was just ticked at once."""
    session = session_of(request, pk)
    batch = batch_of(request, session)
    if batch is None:
        messages.info(request, "Il n’y a rien à annuler.")
        return redirect(url_of(session))
    try:
        count = batches.undo(scope=request.scope, session=session, lines=batch["lines"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        people = counted(count, "présence annulée", "présences annulées")
        messages.success(request, f"{people}.")
    del request.session[BATCH]
    return redirect(url_of(session))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def attendance_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for somebody enrolled whom the roll does not show, and tick them."""
    session = session_of(request, pk)
    roll = roll_of(session)
    form = SearchForm(request.POST if request.method == "POST" else None)
    typed = form.cleaned_data["name"] if form.is_valid() else ""
    found = _found(roll, typed)
    shown = {row.enrolment.pk for row in roll.rows}
    context = {
        "session": session,
        "form": form,
        "typed": typed,
        "others": len(roll.others),
        "found": [
            {"row": row, "is_shown": row.enrolment.pk in shown, "client_uuid": uuid4()}
            for row in found[:SHOWN]
        ],
        "more": max(len(found) - SHOWN, 0),
        "title": "Ajouter quelqu’un",
        "breadcrumbs": [*crumbs_of(session), {"label": "Feuille", "url": url_of(session)}],
    }
    return render(request, "beneficiaries/attendance/add.html", context)


def _found(roll: Roll, typed: str) -> list[Row]:
    """Return the people whose name holds every word typed; without a word, those not shown."""
    words = sort_key(typed).split()
    if not words:
        return roll.others
    everybody = [*roll.others, *roll.rows]
    return [
        row for row in everybody if all(word in row.enrolment.person.sort_key for word in words)
    ]
