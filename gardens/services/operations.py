"""What is done in a garden: noted in a tap, tied to the session of the day, read over a year."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import CheckedUpload
from autoprod.core.formatting import MISSING, SPACE, number
from autoprod.core.scoping import Action, Scope
from beneficiaries.services.taps import Before, tap
from gardens.models import Garden, Operation, OperationPhoto
from programmes.models import Programme, ReferenceCode, Session

#: What a tap writes.
TAPPED = ("done_on",)
#: Kinds whose quantity is what is left in a tank, not what was added to something.
LEVELS = frozenset({"eau_pluie"})
TO_COME = "Ce jour n’est pas venu\u00a0: un geste à venir se note dans «\u00a0Prévu le\u00a0»."


def unit_of(kind: ReferenceCode) -> str:
    """Return the unit of a kind's quantity (« L », « kg »), empty when it has none."""
    return kind.meta.get("unit", "")


def quantity_words(kind: ReferenceCode, quantity: Decimal | None) -> str:
    """Return « 120 L », or a dash."""
    if quantity is None:
        return MISSING
    return f"{number(quantity)}{SPACE}{unit_of(kind)}".strip()


def session_of(scope: Scope, garden: Garden, programme: Programme, on: date) -> Session | None:
    """Return the session a gesture of a day belongs to; None when none was held in the garden.

    Today, the one under way or the last one begun; of another day, the first one.
    """
    rows = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    held = rows.filter(on=on, cancelled_on=None, sites=garden.site_id).order_by("starts_at", "pk")
    sessions = list(held)
    if on == timezone.localdate():
        begun = [session for session in sessions if session.has_started(timezone.now())]
        return begun[-1] if begun else next(iter(sessions), None)
    return next(iter(sessions), None)


def mark_done(*, scope: Scope, operation: Operation) -> Before:
    """Say that it was done today; return what was there, for `taps.untap`: nothing, nothing to do.

    StaleError when somebody was faster.
    """
    if operation.done_on:
        return {}
    today = timezone.localdate()
    # Of that day, whatever it was planned for; taken back, it says nothing: it is not done.
    operation.session = session_of(scope, operation.garden, operation.programme, today)
    return tap(scope=scope, row=operation, values={"done_on": today})


def keep_photo(*, scope: Scope, operation: Operation, photo: CheckedUpload) -> OperationPhoto:
    """Store the photo of an operation, in place of the one there was; inside `gone_with_rows`."""
    drop_photo(scope=scope, operation=operation)
    row = OperationPhoto.from_upload(photo, by=scope.actor_key, operation=operation)
    row.save()
    record(scope, Verb.CREATE, row)
    return row


def drop_photo(*, scope: Scope, operation: Operation) -> None:
    """Delete the photo of an operation, with its file; inside a transaction."""
    photos = OperationPhoto.objects.for_scope(scope, Action.EDIT_GARDENS).of(operation)
    for photo in photos.select_related("operation__programme"):
        record(scope, Verb.DELETE, photo)
        photo.delete()


@transaction.atomic
def take_photo_away(*, scope: Scope, operation: Operation) -> None:
    """Delete the photo of an operation, if it has one."""
    drop_photo(scope=scope, operation=operation)


@transaction.atomic
def remove(*, scope: Scope, operation: Operation) -> None:
    """Delete a gesture noted by mistake, and its photo with its file."""
    drop_photo(scope=scope, operation=operation)
    record(scope, Verb.DELETE, operation)
    operation.delete()


def refuse_quantity(kind: ReferenceCode | None, quantity: Decimal | None) -> None:
    """Raise ValidationError when a kind that counts nothing comes with a quantity."""
    if kind and quantity is not None and not unit_of(kind):
        said = f"«\u00a0{kind.label}\u00a0» n’a pas de quantité\u00a0: dites-la dans l’observation."
        raise ValidationError(said, code="quantity")


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, list[Operation]]:
    """Return {session: what was done in the gardens during it}, in one query."""
    rows = Operation.objects.for_scope(scope, Action.VIEW_GARDENS)
    rows = rows.filter(session__in=sessions, done_on__isnull=False)
    found: dict[int, list[Operation]] = {}
    for row in rows.described().order_by("pk"):
        found.setdefault(row.session_id, []).append(row)
    return found


def photographed(scope: Scope, operations: Iterable[Operation]) -> dict[int, OperationPhoto]:
    """Return {operation: its photo} for those that have one."""
    photos = OperationPhoto.objects.for_scope(scope, Action.VIEW_GARDENS)
    rows = photos.filter(operation__in=[row.pk for row in operations])
    return {photo.operation_id: photo for photo in rows}
