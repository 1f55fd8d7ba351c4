"""« Qui emporte quoi »: a day's food shared among so many growers, none of them named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination
from gardens.models import Lot, Movement
from gardens.services.movements import Out, take
from programmes.models import Programme, Session, Site


@dataclass(frozen=True)
class ShareOut:
    """What a group takes away: kilograms by lot (its key), for how many growers."""

    kilograms: Mapping[int, Decimal]
    growers: int
    on: date
    session: Session | None
    client_uuid: UUID

    @property
    def total(self) -> Decimal:
        """Return the kilograms in all."""
        return sum(self.kilograms.values(), Decimal(0))


def lots_of(scope: Scope, programme: Programme, site: Site, on: date) -> list[Lot]:
    """Return the lots that came in on a day at a site and of which something is left."""
    rows = Lot.objects.for_scope(scope, Action.EDIT_GARDENS).of(programme)
    rows = rows.filter(site=site, on=on, recalled_on=None).in_stock()
    return list(rows.select_related("product", "variety", "balance").order_by("pk"))


@transaction.atomic
def share(*, scope: Scope, share_out: ShareOut) -> list[Movement]:
    """Take each lot's share and return the movements; the same tap twice is one.

    ValidationError, under the field `lot_<key>`, when a lot has less left: nothing is written then.
    """
    faults, found = {}, []
    for key, kilograms in share_out.kilograms.items():
        out = Out(
            destination=Destination.GROWERS,
            grams=kilograms,
            on=share_out.on,
            session=share_out.session,
            recipients=share_out.growers,
            client_uuid=uuid5(share_out.client_uuid, str(key)),
        )
        try:
            found.append(take(scope=scope, lot=key, out=out))
        except ValidationError as error:
            faults[f"lot_{key}"] = error.messages
    if faults:
        raise ValidationError(faults)
    return found
