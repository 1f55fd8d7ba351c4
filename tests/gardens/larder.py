"""What the tests of the ledger take out of the larder, and how they look into it."""

from decimal import Decimal
from uuid import uuid4

from django.db.models import Sum

from gardens.enums import Destination
from gardens.models import Lot, LotBalance, Movement
from gardens.services.movements import Out, take_back
from tests.factories.gardens import EVERYTHING
from tests.factories.programmes import LONG_AGO


def left(lot: Lot | int) -> Decimal:
    """Return what the base says is left of a lot (or of its key)."""
    return LotBalance.objects.get(lot=lot).left


def adds_up(lot: Lot | int) -> bool:
    """Tell whether what is left is what came in less what went out, and not below zero."""
    row = Lot.objects.get(pk=getattr(lot, "pk", lot))
    out = Movement.objects.filter(lot=row).aggregate(grams=Sum("grams"))["grams"] or 0
    return left(row) == row.grams - out >= 0


def out(grams: str, destination=Destination.GROWERS, **fields) -> Out:
    """Return what is asked of a lot, long ago unless said."""
    values = {"destination": destination, "grams": Decimal(grams), "on": LONG_AGO}
    return Out(**values | fields)


def cancel(movement: Movement, reason: str = "Pas pesé") -> Movement:
    """Take a movement back."""
    return take_back(scope=EVERYTHING, movement=movement.pk, reason=reason, client_uuid=uuid4())
