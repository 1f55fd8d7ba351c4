"""« Qui emporte quoi »: so many growers, no name, never more than there is."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from gardens.enums import Destination
from gardens.models import LotBalance, Movement
from tests.factories import gardens as grow
from tests.factories.gardens import product


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def lots(garden):
    """Return the courgettes and the chard of today, nothing of them given."""
    today = {"on": timezone.localdate()}
    codes = (("12", "courgette"), ("4", "blette"))
    return [
        grow.make_harvest(garden.programme, garden.site, kg, product=product(code), **today).lot
        for kg, code in codes
    ]


def page(garden):
    url = reverse("gardens:harvest_share", args=[garden.programme.pk])
    return f"{url}?jardin={garden.site.pk}"


def test_several_products_are_shared_at_once(garden, lots, client_for):
    browser = client_for(garden.workshop_leader)
    assert list(browser.get(page(garden)).context["form"].lots) == lots
    sent = {"client_uuid": str(uuid4()), "growers": "8"}
    sent |= {f"lot_{lots[0].pk}": "12", f"lot_{lots[1].pk}": "3,2"}
    answer = browser.post(page(garden), sent, follow=True)
    assert "15,2\u00a0kg entre 8 jardiniers, 1,9\u00a0kg chacun" in answer.content.decode()
    rows = Movement.objects.filter(lot__in=lots)
    assert {(row.destination, row.recipients) for row in rows} == {(Destination.GROWERS, 8)}
    assert {row.session for row in rows} == {garden.open_session}
    assert LotBalance.objects.get(lot=lots[1]).left == Decimal("0.8")


def test_too_much_is_refused_and_nothing_is_written(garden, lots, client_for):
    browser = client_for(garden.workshop_leader)
    sent = {"client_uuid": str(uuid4()), "growers": "8"}
    sent |= {f"lot_{lots[0].pk}": "2", f"lot_{lots[1].pk}": "5"}
    answer = browser.post(page(garden), sent)
    assert "Il ne reste que 4\u00a0kg" in answer.content.decode()
    assert answer.context["form"][f"lot_{lots[1].pk}"].value() == "5"
    assert not Movement.objects.filter(lot__in=lots).exists()
    sent = {"client_uuid": str(uuid4()), "growers": ""}
    assert "growers" in browser.post(page(garden), sent).context["form"].errors
