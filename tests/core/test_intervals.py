"""Two dates on a row, on both engines: in order, and in force."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from programmes.enums import PartnerRole
from programmes.models import Partnership, Site
from tests.factories import programmes as make

FIRST, MIDDLE, LAST = date(2026, 1, 1), date(2026, 6, 15), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("start", "end", "on", "expected"),
    [
        (FIRST, LAST, FIRST, True),
        (FIRST, LAST, LAST, True),
        (MIDDLE, LAST, FIRST, False),
        (FIRST, MIDDLE, LAST, False),
        (None, MIDDLE, FIRST, True),
        (MIDDLE, None, LAST, True),
        (None, None, FIRST, True),
    ],
)
def test_a_day_is_between_the_dates_ends_included(world, start, end, on, expected):
    programme = world.here.garden.programme
    partner = make.make_organisation(world.here.territory)
    make.make_partnership(programme, partner, PartnerRole.PARTNER, starts_on=start, ends_on=end)
    found = Partnership.objects.filter(organisation=partner).active(on)
    assert found.exists() is expected


def test_the_database_refuses_an_end_before_the_start(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_site(world.here.territory, opened_on=LAST, closed_on=FIRST)
    make.make_site(world.here.territory, opened_on=LAST, closed_on=None)
    assert Site.objects.filter(opened_on=LAST).count() == 1
