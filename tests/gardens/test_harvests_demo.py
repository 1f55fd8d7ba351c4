"""The demo's harvests: believable, all accounted for, loaded once however often."""

from datetime import date, datetime, time

import pytest
from django.db.models import Sum
from django.utils import timezone

from gardens.enums import Destination
from gardens.management.demo import gardens, harvests
from gardens.models import Harvest, LotBalance, Movement
from programmes.management.demo import frame

ON = date(2026, 8, 15)


@pytest.mark.django_db
def test_two_seasons_of_a_few_tonnes_loaded_once():
    programme = frame.load(on=ON)
    gardens.load(programme=programme, on=ON)
    until = timezone.make_aware(datetime.combine(ON, time(18)))
    for _ in range(2):
        harvests.load(programme=programme, on=ON, until=until)
    rows = Harvest.objects.filter(programme=programme)
    assert 2_000 < rows.filter(on__year=2025).aggregate(kg=Sum("grams"))["kg"] < 5_000
    assert rows.filter(on__year=2025).count() < 1_200
    assert rows.filter(on__gt=ON).count() == 0
    assert rows.order_by().values("site").distinct().count() == 3
    assert not LotBalance.objects.filter(left__lt=0).exists()
    given = Movement.objects.filter(destination=Destination.ORGANISATION)
    assert given.values("organisation").distinct().count() >= 8
    assert set(rows.values_list("weighed_by__first_name", flat=True)) == {"Nadia"}
