"""Movements: food that leaves a lot, under a lock on it; a mistake is taken back by a line."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import formatting
from autoprod.core.scoping import Action, Scope
from gardens.enums import DateKind, Destination, Origin
from gardens.models import Lot, Movement
from gardens.models.food import EATEN, GIVEN
from programmes.models import Organisation, Session

LEFT = "Il ne reste que {left} de ce lot\u00a0: {asked} demandés."
EMPTY = "Il ne reste rien de ce lot."
EARLIER = "Ce lot est entré le {on}\u00a0: rien n’en sort avant."
FUTURE = "Une sortie ne se note pas à l’avance."
PAST_USE_BY = "La DLC de ce lot est passée le {on}\u00a0: il ne se donne ni ne se cuisine plus."
RECALLED = (
    "Ce lot est rappelé depuis le {on}\u00a0: il ne se donne ni ne se cuisine plus. Ce qui a été "
    "donné avant ce jour se note à sa date."
)
TAKEN_BACK = "Ce mouvement est déjà annulé."
IS_REVERSE = "Cette ligne en annule une autre\u00a0: notez plutôt une nouvelle sortie."
USED_SINCE = "Le lot qui en vient a déjà servi\u00a0: corrigez d’abord ses sorties."
CANCELLED = "Ce lot a été annulé\u00a0: ce qui le composait est revenu dans ses lots."
MOVED_SINCE = (
    "Ce lot a bougé depuis\u00a0: il en reste {left}. Vérifiez, puis enregistrez de nouveau."
)
NOTHING_DIFFERS = "C’est déjà ce qui est noté\u00a0: il n’y a rien à corriger."
MORE_LEFT = "Il en est déjà sorti {gone}\u00a0: annulez d’abord la sortie qui est fausse."
OTHER_MARK = "Cet appui a déjà servi à autre chose\u00a0: rechargez la page."

#: Lots that come from others of ours.
MADE = (Origin.TRANSFORMATION, Origin.TRANSFER)


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

    What made a lot is cancelled whole: the lot is emptied, and all that went into it comes back.
    Movement.DoesNotExist outside the scope. ValidationError when it is a reverse line, is cancelled
    already, or when the lot it became has been used since.
    """
    rows = Movement.objects.for_scope(scope, Action.EDIT_GARDENS)
    wrong = rows.get(pk=movement)
    together = _made_together(wrong)
    # In the order of their keys, as whoever cooks several lots locks them.
    held = {key: hold(scope, key) for key in sorted({one.lot_id for one in together})}
    if before := Movement.objects.filter(client_uuid=client_uuid).first():
        return before
    _check_reversible(wrong)
    if wrong.into_id:
        _empty(scope, wrong.into_id, reason)
    lines = {}
    for one in together:
        lines[one.pk] = _reverse_of(one, held[one.lot_id], reason)
        lines[one.pk].author_id = _author(scope)
        is_asked = one.pk == wrong.pk
        lines[one.pk].client_uuid = client_uuid if is_asked else uuid5(client_uuid, str(one.pk))
        lines[one.pk].full_clean(exclude=["lot"])
        lines[one.pk].save()
        record(scope, Verb.CREATE, lines[one.pk])
    return lines[wrong.pk]


def _made_together(wrong: Movement) -> list[Movement]:
    """Return what is cancelled with a movement: itself, and what went into the same lot."""
    if not wrong.into_id or wrong.reverses_id:
        return [wrong]
    rows = Movement.objects.filter(into=wrong.into_id).standing()
    return [*rows.exclude(pk=wrong.pk).order_by("pk"), wrong]


def _reverse_of(wrong: Movement, held: Lot, reason: str) -> Movement:
    """Return the line that cancels a movement, not saved."""
    held.balance.refresh_from_db()
    if -wrong.grams > held.balance.left:
        raise ValidationError({"reason": EMPTY})
    if wrong.grams > 0 and _is_cancelled(held):
        raise ValidationError({"reason": CANCELLED})
    line = Movement(lot=held, grams=-wrong.grams, reverses=wrong, reason=reason)
    for name in ("destination", "organisation_id", "session_id", "into_id", "recipients", "on"):
        setattr(line, name, getattr(wrong, name))
    return line


def _check_reversible(wrong: Movement) -> None:
    if wrong.reverses_id:
        raise ValidationError({"reason": IS_REVERSE})
    if Movement.objects.filter(reverses=wrong).exists():
        raise ValidationError({"reason": TAKEN_BACK})


def _empty(scope: Scope, key: int, reason: str) -> None:
    """Take all there is out of the lot a cancelled movement became; ValidationError once used."""
    became = hold(scope, key)
    if became.balance.left != became.grams - corrected(became):
        raise ValidationError({"reason": USED_SINCE})
    if became.balance.left:
        values = {"destination": Destination.WEIGHING, "grams": became.balance.left}
        author = _author(scope)
        Movement.objects.create(lot=became, on=became.on, author_id=author, reason=reason, **values)


def _is_cancelled(lot: Lot) -> bool:
    """Tell whether a lot made of others has nothing left that it was made of."""
    if lot.origin not in MADE:
        return False
    return not Movement.objects.filter(into=lot).standing().exists()


def corrected(lot: Lot) -> Decimal:
    """Return what the corrections of its weighing took off a lot, in kilograms."""
    rows = Movement.objects.filter(lot=lot, destination=Destination.WEIGHING)
    return rows.aggregate(grams=Sum("grams"))["grams"] or Decimal(0)


@dataclass(frozen=True)
class Correction:
    """What was found: the true weight as it came in (WEIGHING), or what is really there (COUNT).

    `seen` is what the page said was left: what left meanwhile would be counted twice.
    """

    kind: Destination
    measured: Decimal
    seen: Decimal
    on: date
    reason: str
    client_uuid: UUID = field(default_factory=uuid4)


@transaction.atomic
def correct(*, scope: Scope, lot: int, correction: Correction) -> Movement:
    """Bring a lot (its key) to what was found, by a movement of the difference; return it.

    ValidationError when something left since the page was read, when nothing differs, or when more
    has left already than the true weight.
    """
    held = hold(scope, lot)
    if before := Movement.objects.filter(client_uuid=correction.client_uuid).first():
        return before
    left = held.balance.left
    if left != correction.seen:
        said = MOVED_SINCE.format(left=formatting.kilograms(left))
        raise ValidationError({"measured": said}, code="moved")
    is_weighing = correction.kind == Destination.WEIGHING
    there = held.grams - corrected(held) if is_weighing else left
    grams = there - correction.measured
    if not grams:
        raise ValidationError({"measured": NOTHING_DIFFERS})
    if _is_cancelled(held):
        raise ValidationError({"measured": CANCELLED})
    if grams > left:
        gone = formatting.kilograms(there - left)
        raise ValidationError({"measured": MORE_LEFT.format(gone=gone)})
    out = Out(
        destination=correction.kind,
        grams=grams,
        on=correction.on,
        reason=correction.reason,
        client_uuid=correction.client_uuid,
    )
    return take(scope=scope, lot=lot, out=out)


def check(lot: Lot, out: Out) -> None:
    """Raise ValidationError, beside its field, unless this may leave the lot."""
    if out.on < lot.on:
        raise ValidationError({"on": EARLIER.format(on=formatting.day(lot.on))})
    if out.on > timezone.localdate():
        raise ValidationError({"on": FUTURE})
    if out.destination in EATEN:
        _check_edible(lot, out)
    left = lot.balance.left
    if out.grams > left:
        said = LEFT.format(left=formatting.kilograms(left), asked=formatting.kilograms(out.grams))
        raise ValidationError({"grams": said if left else EMPTY})


def _check_edible(lot: Lot, out: Out) -> None:
    # A gift of before the recall is noted late rather than never: whoever ate has to be told.
    # What was cooked would be a lot that the recall has not reached.
    is_known_late = out.destination in GIVEN and lot.recalled_on and out.on < lot.recalled_on
    if lot.recalled_on and not is_known_late:
        raise ValidationError({"destination": RECALLED.format(on=formatting.day(lot.recalled_on))})
    if lot.date_kind == DateKind.USE_BY and out.on > lot.expires_on:
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
