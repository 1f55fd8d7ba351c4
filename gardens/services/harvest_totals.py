"""What was harvested, by product, by garden, by session: weighings less what corrected them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet, Sum

from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination
from gardens.models import Harvest, Movement
from programmes.enums import Module
from programmes.models import Session

ZERO = Decimal(0)


@dataclass
class Totals:
    """Kilograms by name, the heaviest first, and in all."""

    products: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    sites: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def total(self) -> Decimal:
        """Return all the kilograms."""
        return sum(self.sites.values(), ZERO)

    @property
    def by_product(self) -> list[tuple[str, Decimal]]:
        """Return (product, kilograms), the heaviest first; what was undone is left out."""
        return _ranked(self.products)

    @property
    def by_site(self) -> list[tuple[str, Decimal]]:
        """Return (garden, kilograms), the heaviest first; what was undone is left out."""
        return _ranked(self.sites)


def _ranked(weights: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    return sorted(((name, kg) for name, kg in weights.items() if kg), key=lambda pair: -pair[1])


def _corrections(scope: Scope, harvests: QuerySet) -> QuerySet:
    """Return the lines that correct the weight of some harvests."""
    rows = Movement.objects.for_scope(scope, Action.VIEW_GARDENS)
    chosen = harvests.order_by().values("pk")
    return rows.filter(destination=Destination.WEIGHING, lot__harvest__in=chosen).order_by()


def totals_of(scope: Scope, harvests: QuerySet) -> Totals:
    """Return the totals of some harvests, in two queries whatever their number."""
    totals = Totals()
    names = ("product__name", "site__name")
    weighed = harvests.order_by().values_list(*names).annotate(kg=Sum("grams"))
    paths = ("lot__product__name", "lot__site__name")
    wrong = _corrections(scope, harvests).values_list(*paths).annotate(kg=Sum("grams"))
    for sign, rows in ((1, weighed), (-1, wrong)):
        for product, site, kg in rows:
            totals.products[product] += sign * kg
            totals.sites[site] += sign * kg
    return totals


def corrected(scope: Scope, harvests: Sequence[Harvest]) -> dict[int, Decimal]:
    """Return {harvest: kilograms that corrections took off}, those corrected only; one query."""
    rows = Movement.objects.for_scope(scope, Action.VIEW_GARDENS).order_by()
    rows = rows.filter(destination=Destination.WEIGHING, lot__harvest__in=harvests)
    return dict(rows.values_list("lot__harvest").annotate(kg=Sum("grams")))


def kept_of(harvest: Harvest, corrections: dict[int, Decimal]) -> Decimal:
    """Return what a harvest really weighs."""
    return harvest.grams - corrections.get(harvest.pk, ZERO)


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return what was weighed at each session, for its page: {session: context}; two queries.

    Sessions of a programme without a garden, and with nothing weighed, show nothing.
    """
    rows = Harvest.objects.for_scope(scope, Action.VIEW_GARDENS).filter(session__in=sessions)
    found: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    weighed = rows.order_by().values_list("session", "product__name").annotate(kg=Sum("grams"))
    names = ("lot__harvest__session", "lot__product__name")
    wrong = _corrections(scope, rows).values_list(*names).annotate(kg=Sum("grams"))
    for sign, lines in ((1, weighed), (-1, wrong)):
        for session, product, kg in lines:
            found[session][product] += sign * kg
    return {
        session.pk: {
            "session": session,
            "products": _ranked(found[session.pk]),
            "total": sum(found[session.pk].values(), ZERO),
            "can_weigh": _can_weigh(scope, session),
        }
        for session in sessions
        if session.pk in found or _can_weigh(scope, session)
    }


def _can_weigh(scope: Scope, session: Session) -> bool:
    programme = session.programme
    has_garden = Module.GARDEN in programme.modules and not session.is_cancelled
    return has_garden and scope.opens(Action.EDIT_GARDENS, programme)
