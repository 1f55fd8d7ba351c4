"""Two phones lend the same tool at once: one wins, the other reads who has it."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from gardens.models import Loan
from gardens.services import loans
from programmes.access import scope_of
from tests.factories import gardens as grow
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_phones_lend_one_tool(request):
    garden = build_world().here.garden
    scope, today = scope_of(garden.workshop_leader), timezone.localdate()
    for _ in range(3):
        tool = grow.make_tool(garden.programme)
        start, told = Barrier(2), []

        def act(tool=tool, start=start, told=told):
            loan = Loan(tool=tool, site=garden.site, lent_on=today, due_on=loans.due_from(today))
            try:
                start.wait(timeout=10)
                loans.lend(scope=scope, loan=loan)
            except ValidationError as error:
                told.append(error.message_dict["borrower"][0])
            finally:
                connection.close()

        threads = [Thread(target=act) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(told) == 1
        assert f"déjà prêté pour {garden.site.name}" in told[0]
        assert Loan.objects.filter(tool=tool).count() == 1
