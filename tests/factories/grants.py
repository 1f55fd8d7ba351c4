"""Grants for tests: asked long ago, awarded unless said, nothing paid nor drawn."""

from datetime import date
from itertools import count

from programmes.models import Edition, Grant, GrantDraw, GrantPayment, Organisation
from tests.factories.programmes import LONG_AGO

#: Of as many digits, so that sorted as texts they keep their order.
_numbers = count(100_001)


def make_grant(
    edition: Edition, funder: Organisation, awarded: int | None = 1000, **fields
) -> Grant:
    """Return a grant of 1 000 €; `awarded=None` for one still waiting for its answer."""
    values = {
        "title": f"Dispositif {next(_numbers)}",
        "requested": 1000,
        "requested_on": LONG_AGO,
        "awarded": awarded,
        "awarded_on": None if awarded is None else date(2015, 3, 10),
    }
    return Grant.objects.create(edition=edition, funder=funder, **values | fields)


def make_payment(grant: Grant, amount=400, **fields) -> GrantPayment:
    """Return a payment."""
    values = {"paid_on": date(2015, 4, 15), "label": "Avance"}
    return GrantPayment.objects.create(grant=grant, amount=amount, **values | fields)


def make_draw(grant: Grant, amount=300, **fields) -> GrantDraw:
    """Return a draw typed by hand."""
    values = {"on": date(2015, 5, 1), "label": "Plants et semences", "source_type": "saisie"}
    return GrantDraw.objects.create(grant=grant, amount=amount, **values | fields)


def make_moving_grant(edition: Edition, funder: Organisation, **fields) -> Grant:
    """Return a grant with a payment and a draw."""
    grant = make_grant(edition, funder, **fields)
    make_payment(grant)
    make_draw(grant)
    return grant


def read(grant: Grant) -> Grant:
    """Return the grant as stored, with its four amounts."""
    return Grant.objects.with_amounts().get(pk=grant.pk)


def first_payment(grant: Grant) -> GrantPayment:
    """Return the first payment of a grant."""
    return GrantPayment.objects.filter(grant=grant).first()


def first_draw(grant: Grant) -> GrantDraw:
    """Return the first draw of a grant."""
    return GrantDraw.objects.filter(grant=grant).first()
