"""Recalls: what became of lots, wherever it went, and blocking what is left of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import heappop, heappush

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination
from gardens.models import Lot, Movement
from gardens.models.food import INTO_A_LOT
from gardens.services.movements import hold
from programmes.models import Organisation, Session

NO_REASON = "Dites pourquoi."
ALREADY = "Ces lots sont déjà rappelés."
NOT_RECALLED = "Ce lot n’est pas rappelé."
FROM_ANOTHER = "Ce lot vient du lot {number}, rappelé\u00a0: levez d’abord ce rappel-là."
#: The reason of a lot that is recalled with what it was made of.
_COMES_FROM = "Vient d’un lot rappelé ({number})\u00a0: {reason}"
_PREFIX = _COMES_FROM.partition("{")[0]
_LONGEST = 300


@dataclass(frozen=True)
class Total:
    """What went to one destination, one organisation or one session."""

    destination: Destination
    grams: Decimal
    movements: int
    recipients: int | None = None
    organisation: Organisation | None = None
    session: Session | None = None


@dataclass(frozen=True)
class Place:
    """What is left in one place, in kilograms."""

    name: str
    grams: Decimal


@dataclass(frozen=True)
class Trace:
    """All that became of some lots: the lots they are in, what left, what is left."""

    #: Those asked for first, then those they became.
    lots: list[Lot]
    asked: frozenset[int]
    #: Of all the lots, the last one first; what was cancelled is in it, and told.
    movements: QuerySet[Movement]
    totals: list[Total]
    organisations: list[Total]
    sessions: list[Total]
    places: list[Place]

    @property
    def left(self) -> Decimal:
        """Return what is left of all of them, in kilograms."""
        return sum((place.grams for place in self.places), Decimal(0))

    @property
    def is_recalled(self) -> bool:
        """Tell whether all the lots asked for are recalled."""
        return all(lot.recalled_on for lot in self.lots if lot.pk in self.asked)


def trace(scope: Scope, keys: Iterable[int]) -> Trace:
    """Return what became of lots (keys, of the scope), through all the lots they became.

    As many queries for one lot as for a hundred, but for how many times food was cooked again.
    """
    rows = Lot.objects.for_scope(scope, Action.VIEW_GARDENS)
    asked = frozenset(rows.filter(pk__in=list(keys)).values_list("pk", flat=True))
    every = _became(scope, asked)
    found = rows.filter(pk__in=every).select_related("product", "site", "supplier", "balance")
    lots = sorted(found.oldest_first(), key=lambda lot: lot.pk not in asked)
    movements = Movement.objects.for_scope(scope, Action.VIEW_GARDENS).filter(lot__in=every)
    live = movements.standing()
    return Trace(
        lots=lots,
        asked=asked,
        movements=movements,
        totals=_totals(live),
        organisations=_of_organisations(scope, live),
        sessions=_of_sessions(scope, live),
        places=_places(lots),
    )


def _became(scope: Scope, asked: frozenset[int]) -> set[int]:
    """Return the lots asked for and all they became, generation after generation."""
    every, latest = set(asked), set(asked)
    rows = Movement.objects.for_scope(scope, Action.VIEW_GARDENS)
    rows = rows.standing().exclude(into=None).order_by()
    while latest:
        latest = set(rows.filter(lot__in=latest).values_list("into", flat=True)) - every
        every |= latest
    return every


#: Several products shared out at once serve the same people: the largest number counts.
_SUMS = {"kilograms": Sum("grams"), "count": Count("pk"), "people": Max("recipients")}


def _totals(live: QuerySet[Movement]) -> list[Total]:
    rows = live.exclude(destination__in=INTO_A_LOT).order_by()
    told: dict[str, list[dict]] = defaultdict(list)
    for row in rows.values("destination", "on", "session").annotate(**_SUMS):
        told[row["destination"]].append(row)
    found = (_whole(kind, told[kind]) for kind in Destination if kind in told)
    return [total for total in found if total.grams]


def _whole(kind: Destination, rows: list[dict]) -> Total:
    served = [row["people"] for row in rows if row["people"] is not None]
    grams = sum((row["kilograms"] for row in rows), Decimal(0))
    count = sum(row["count"] for row in rows)
    return Total(kind, grams, count, sum(served) if served else None)


def _of_organisations(scope: Scope, live: QuerySet[Movement]) -> list[Total]:
    """Return what each organisation received, whatever for."""
    rows = live.exclude(organisation=None).order_by().values("organisation", "destination")
    sums = list(rows.annotate(**_SUMS))
    organisations = Organisation.objects.for_scope(scope, Action.VIEW_FRAME)
    known = organisations.in_bulk([row["organisation"] for row in sums])
    key = "organisation"
    found = [_total(row, organisation=known[row[key]]) for row in sums if row[key] in known]
    return sorted(found, key=lambda total: total.organisation.sort_key)


def _of_sessions(scope: Scope, live: QuerySet[Movement]) -> list[Total]:
    """Return what was eaten or shared at each session."""
    rows = live.exclude(session=None).order_by().values("session", "destination")
    sums = list(rows.annotate(**_SUMS))
    sessions = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).select_related("kind")
    known = sessions.in_bulk([row["session"] for row in sums])
    found = [_total(row, session=known[row["session"]]) for row in sums if row["session"] in known]
    return sorted(found, key=lambda total: total.session.starts_at)


def _total(row: dict, **of) -> Total:
    kind = Destination(row["destination"])
    return Total(kind, row["kilograms"], row["count"], row["people"], **of)


def _places(lots: Sequence[Lot]) -> list[Place]:
    left: dict[str, Decimal] = defaultdict(Decimal)
    for lot in lots:
        left[lot.site.name] += lot.balance.left
    return [Place(name, grams) for name, grams in sorted(left.items()) if grams]


@transaction.atomic
def recall(*, scope: Scope, lots: Iterable[int], reason: str, on: date | None = None) -> list[Lot]:
    """Block lots (keys) and all they became: nobody is given any of it; return those blocked now.

    Lot.DoesNotExist outside the scope. ValidationError when all of them are recalled already.
    """
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    asked, blocked = set(lots), []
    for lot, source in _each(scope, asked):
        if lot.recalled_on:
            continue
        lot.recalled_on = on or timezone.localdate()
        is_asked = lot.pk in asked
        lot.recall_reason = reason if is_asked else _because(source, reason)
        lot.save()
        record(scope, Verb.UPDATE, lot, changed=["recalled_on"], reason=lot.recall_reason)
        blocked.append(lot)
    if not blocked:
        raise ValidationError({"reason": ALREADY})
    return blocked


def _because(source: Lot | None, reason: str) -> str:
    return _COMES_FROM.format(number=source.number if source else "", reason=reason)[:_LONGEST]


def _each(scope: Scope, asked: Iterable[int]):
    """Yield lots and all they became, locked, each with one lot it comes from.

    By key: a lot is always younger than those it was made of, so that whoever locks several lots,
    here or in the kitchen, locks them in one order.
    """
    waiting, seen = sorted(asked), set(asked)
    sources: dict[int, Lot] = {}
    while waiting:
        lot = hold(scope, heappop(waiting))
        yield lot, sources.get(lot.pk)
        for key in _children(lot):
            sources.setdefault(key, lot)
            if key not in seen:
                seen.add(key)
                heappush(waiting, key)


def _children(lot: Lot) -> list[int]:
    rows = Movement.objects.filter(lot=lot).standing().exclude(into=None)
    return list(rows.order_by("into").values_list("into", flat=True).distinct())


@transaction.atomic
def lift(*, scope: Scope, lot: int, reason: str) -> list[Lot]:
    """Let a lot (its key) go out again, with those that were blocked because of it; return them.

    The reason goes to the journal. What also comes from another recalled lot stays blocked.
    ValidationError when the lot is not recalled, or comes from one that still is.
    """
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    freed: list[Lot] = []
    for one, _ in _each(scope, [lot]):
        is_asked = one.pk == lot
        if is_asked and not one.recalled_on:
            raise ValidationError({"reason": NOT_RECALLED})
        source = _recalled_source(one)
        if is_asked and source:
            raise ValidationError({"reason": FROM_ANOTHER.format(number=source.number)})
        if is_asked or (one.recalled_on and one.recall_reason.startswith(_PREFIX) and not source):
            one.recalled_on, one.recall_reason = None, ""
            one.save()
            record(scope, Verb.UPDATE, one, changed=["recalled_on"], reason=reason)
            freed.append(one)
    return freed


def _recalled_source(lot: Lot) -> Lot | None:
    """Return a lot this one was made of and that is recalled, if any."""
    rows = Movement.objects.filter(into=lot).standing()
    recalled = Lot.objects.filter(pk__in=rows.values("lot")).exclude(recalled_on=None)
    return recalled.order_by("pk").first()
