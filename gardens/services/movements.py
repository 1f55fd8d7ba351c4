"""Movements: food that leaves a lot, under a lock on it; a mistake is taken back by a line."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import formatting
from autoprod.core.scoping import Action, Scope
from gardens.enums import DateKind, Destination
from gardens.models import Lot, Movement
from gardens.models.food import EATEN
from programmes.models import Organisation, Session

LEFT = "Il ne reste que {left} de ce lot\u00a0: {asked} demandés."
EMPTY = "Il ne reste rien de ce lot."
EARLIER = "Ce lot est entré le {on}\u00a0: rien n’en sort avant."
FUTURE = "Une sortie ne se note pas à l’avance."
PAST_USE_BY = "La DLC de ce lot est passée le {on}\u00a0: il ne se donne ni ne se cuisine plus."
RECALLED = "Ce lot est rappelé\u00a0: il ne se donne ni ne se cuisine plus."
TAKEN_BACK = "Ce mouvement est déjà annulé."
IS_REVERSE = "Cette ligne en annule une autre\u00a0: notez plutôt une nouvelle sortie."
USED_SINCE = "Le lot qui en vient a déjà servi\u00a0: corrigez d’abord ses sorties."
OTHER_MARK = "Cet appui a déjà servi à autre chose\u00a0: rechargez la page."


@dataclass(frozen=True)
class Out:
    """What is asked of a lot: how much goes where, kilograms as people write them."""

    destination: Destination
    grams: Decimal
    on: date
    organisation: Organisation | None = None
    session: Session | None = None
    into: Lot | None = None
    recipients: int | None = None
    note: str = ""
    reason: str = ""
    client_uuid: UUID = field(default_factory=uuid4)


@transaction.atomic
def take(*, scope: Scope, lot: int, out: Out) -> Movement:
    """Take food out of a lot (its key) and return the movement; the same tap twice is one.

    Lot.DoesNotExist outside the scope. ValidationError when less is left, after its use-by date,
    when it is recalled, on a day before it came in or to come.
    """
    held = hold(scope, lot)
    if before := Movement.objects.filter(client_uuid=out.client_uuid).first():
        return _same(before, held, out)
    check(held, out)
    values = {name: getattr(out, name) for name in _WRITTEN}
    movement = Movement(lot=held, author_id=_author(scope), **values)
    movement.full_clean(exclude=["lot"])
    movement.save()
    record(scope, Verb.CREATE, movement)
    return movement


def hold(scope: Scope, key: int) -> Lot:
    """Lock a lot of the scope and return it with its balance as it is now."""
    rows = Lot.objects.for_scope(scope, Action.EDIT_GARDENS)
    lot = rows.select_for_update(of=("self",), no_key=True).get(pk=key)
    # Read after the lock: what somebody took meanwhile is counted.
    lot.balance.refresh_from_db()
    return lot


@transaction.atomic
def take_back(*, scope: Scope, movement: int, reason: str, client_uuid: UUID) -> Movement:
    """Add the line that cancels a movement (its key), with its reason, and return it.

    Movement.DoesNotExist outside the scope. ValidationError when it is one already, is cancelled
    already, or when the lot it became has been used since.
    """
    rows = Movement.objects.for_scope(scope, Action.EDIT_GARDENS)
    wrong = rows.get(pk=movement)
    held = hold(scope, wrong.lot_id)
    if before := Movement.objects.filter(client_uuid=client_uuid).first():
        return before
    _check_reversible(wrong)
    if wrong.into_id:
        _empty(scope, wrong.into_id, reason)
    line = Movement(lot=held, author_id=_author(scope), client_uuid=client_uuid)
    for name in ("destination", "organisation_id", "session_id", "into_id", "recipients", "on"):
        setattr(line, name, getattr(wrong, name))
    line.grams, line.reverses, line.reason = -wrong.grams, wrong, reason
    if line.grams > held.balance.left:
        raise ValidationError({"reason": EMPTY})
    line.full_clean(exclude=["lot"])
    line.save()
    record(scope, Verb.CREATE, line)
    return line


def _check_reversible(wrong: Movement) -> None:
    if wrong.reverses_id:
        raise ValidationError({"reason": IS_REVERSE})
    if Movement.objects.filter(reverses=wrong).exists():
        raise ValidationError({"reason": TAKEN_BACK})


def _empty(scope: Scope, key: int, reason: str) -> None:
    """Take all there is out of the lot a cancelled movement became; ValidationError once used."""
    became = hold(scope, key)
    if became.balance.left != became.grams:
        raise ValidationError({"reason": USED_SINCE})
    values = {"destination": Destination.WEIGHING, "grams": became.grams, "reason": reason}
    Movement.objects.create(lot=became, on=became.on, author_id=_author(scope), **values)


def check(lot: Lot, out: Out) -> None:
    """Raise ValidationError, beside its field, unless this may leave the lot."""
    if out.on < lot.on:
        raise ValidationError({"on": EARLIER.format(on=formatting.day(lot.on))})
    if out.on > timezone.localdate():
        raise ValidationError({"on": FUTURE})
    if out.destination in EATEN:
        _check_edible(lot, out.on)
    left = lot.balance.left
    if out.grams > left:
        said = LEFT.format(left=formatting.kilograms(left), asked=formatting.kilograms(out.grams))
        raise ValidationError({"grams": said if left else EMPTY})


def _check_edible(lot: Lot, on: date) -> None:
    if lot.recalled_on:
        raise ValidationError({"destination": RECALLED})
    if lot.date_kind == DateKind.USE_BY and on > lot.expires_on:
        said = PAST_USE_BY.format(on=formatting.day(lot.expires_on))
        raise ValidationError({"destination": said})


#: What a movement keeps of what was asked.
_WRITTEN = (
    "destination",
    "grams",
    "on",
    "organisation",
    "session",
    "into",
    "recipients",
    "note",
    "reason",
    "client_uuid",
)


def _same(before: Movement, lot: Lot, out: Out) -> Movement:
    """Return the movement a tap has made already; ValidationError when it asked another thing."""
    asked = (lot.pk, out.destination, out.grams)
    if (before.lot_id, before.destination, before.grams) != asked:
        raise ValidationError(OTHER_MARK, code="mark")
    return before


def _author(scope: Scope) -> int | None:
    return int(scope.actor_key) if scope.actor_key else None
