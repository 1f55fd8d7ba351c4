"""What surrounds a weighing: where it goes, what is likely to be weighed, its undoing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination
from gardens.models import Harvest, Lot, Movement, Planting, Product
from gardens.services.harvests import Weighing, weigh
from gardens.services.movements import Out, hold, take, take_back
from programmes.models import Programme, Session, Site

#: The chips of the page, in its order; nothing is « au stock ».
DESTINATIONS = (
    Destination.GROWERS,
    Destination.BASKET,
    Destination.GROCERY,
    Destination.TABLE,
    Destination.ORGANISATION,
    Destination.COMPOST,
)
UNDONE = "annulé aussitôt"
USED = (
    "Ce lot a déjà servi\u00a0: corrigez-le depuis sa fiche, où chaque sortie s’annule avec son "
    "motif."
)
#: What is weighed within a few weeks, this season or the last one, is likely to be weighed again.
_WEEKS = timedelta(weeks=3)
_YEAR = timedelta(days=364)
#: Chips that stand above the keypad of a phone.
LIKELY = 6


def mark_of(weighing: UUID, place: int) -> UUID:
    """Return the mark of what leaves a lot with its weighing, by its place: the same each time."""
    return uuid5(weighing, str(place))


def weigh_out(*, scope: Scope, weighing: Weighing, outs: Sequence[Out]) -> Harvest:
    """Weigh and say where it goes, at once; the same tap twice is one. ValidationError if not."""
    marked = [
        replace(out, client_uuid=mark_of(weighing.client_uuid, place))
        for place, out in enumerate(outs)
    ]
    return weigh(scope=scope, weighing=weighing, outs=marked)


@transaction.atomic
def undo(*, scope: Scope, harvest: int) -> Harvest:
    """Take back what left with a weighing (its key), then the weighing itself; return it.

    The rows stay, lines of the ledger bring them to nothing. Once undone, nothing more happens.
    Harvest.DoesNotExist outside the scope; ValidationError when the lot has served since.
    """
    found = Harvest.objects.for_scope(scope, Action.EDIT_GARDENS).get(pk=harvest)
    held = hold(scope, Lot.objects.for_scope(scope, Action.EDIT_GARDENS).get(harvest=found).pk)
    rows = Movement.objects.for_scope(scope, Action.EDIT_GARDENS).filter(lot=held)
    mark = mark_of(found.client_uuid, -1)
    if rows.filter(client_uuid=mark).exists():
        return found
    gone = list(rows.order_by("pk"))
    ours = {mark_of(found.client_uuid, place) for place in range(len(gone))}
    if any(one.client_uuid not in ours for one in gone):
        raise ValidationError(USED)
    for one in gone:
        again = uuid5(one.client_uuid, UNDONE)
        take_back(scope=scope, movement=one.pk, reason=UNDONE, client_uuid=again)
    values = {"destination": Destination.WEIGHING, "grams": found.grams, "reason": UNDONE}
    take(scope=scope, lot=held.pk, out=Out(on=found.on, client_uuid=mark, **values))
    return found


def session_at(scope: Scope, programme: Programme, site: Site, on: date) -> Session | None:
    """Return the session of a programme at a site on a day: the one begun last, by now today."""
    rows = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    rows = rows.on_days(on, on).filter(cancelled_on=None, sites=site).order_by("starts_at", "pk")
    found = list(rows)
    begun = [session for session in found if session.has_started(timezone.now())]
    return (begun or found[:1] or [None])[-1]


def sites_of(scope: Scope, programme: Programme, on: date) -> list[Site]:
    """Return the gardens where a programme may weigh on a day, those it is at first.

    All its sites when none of them is described as a garden yet.
    """
    action = Action.EDIT_GARDENS
    rows = Site.objects.for_scope(scope, action).used_by(programme).open(on)
    sessions = Session.objects.for_scope(scope, Action.VIEW_SESSIONS).of(programme)
    met = set(sessions.on_days(on, on).filter(cancelled_on=None).values_list("sites", flat=True))

    sites = sorted(rows.select_related("garden"), key=lambda site: site.pk not in met)
    return [site for site in sites if hasattr(site, "garden")] or sites


def offered(rows: QuerySet, programme: Programme) -> QuerySet:
    """Return the products or varieties a programme chooses from: shipped, or its territory's."""
    return rows.filter(Q(territory=None) | Q(territory=programme.territory_id))


def products_of(scope: Scope, programme: Programme) -> list[Product]:
    """Return what grows: what comes from a species, vegetables and fruit of all kinds."""
    rows = offered(Product.objects.for_scope(scope, Action.EDIT_GARDENS), programme)
    grown = Q(species__isnull=False) | Q(category__code__in=("legumes", "fruits", "aromatiques"))
    return list(rows.filter(grown))


def likely_keys(scope: Scope, programme: Programme, site: Site | None, on: date) -> list[int]:
    """Return the keys of the products to propose first, the likeliest first.

    What was weighed here these weeks, then elsewhere in the programme, what is planted here, what
    was weighed this time last year.
    """
    rows = Harvest.objects.for_scope(scope, Action.VIEW_GARDENS).of(programme)
    recent = Q(on__gt=on - _WEEKS, on__lte=on)
    season = Q(on__gte=on - _YEAR - _WEEKS, on__lte=on - _YEAR + _WEEKS)
    found = rows.filter(recent | season).order_by().values("product")
    counted = list(
        found.annotate(
            here=Count("pk", filter=recent & Q(site=site)),
            recent=Count("pk", filter=recent),
            times=Count("pk"),
            last=Max("on"),
        )
    )
    lately = [row for row in counted if row["recent"]]
    lately.sort(key=lambda row: (row["here"] > 0, row["last"], row["times"]), reverse=True)
    before = sorted((row for row in counted if not row["recent"]), key=lambda row: -row["times"])
    weighed = [row["product"] for row in lately], [row["product"] for row in before]
    ordered = (*weighed[0], *_planted(scope, programme, site, on), *weighed[1])
    return list(dict.fromkeys(ordered))[:LIKELY]


def _planted(scope: Scope, programme: Programme, site: Site | None, on: date) -> list[int]:
    """Return the keys of the products of what is in the ground, in the garden of a site if any."""
    rows = Planting.objects.for_scope(scope, Action.VIEW_GARDENS).of(programme).ongoing(on)
    if site is not None:
        rows = rows.filter(plot__garden__site=site)
    products = Product.objects.for_scope(scope, Action.VIEW_GARDENS)
    species = rows.order_by().values("species")
    return list(products.filter(species__in=species).values_list("pk", flat=True))
