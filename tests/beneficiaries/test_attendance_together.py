"""Several devices at once: one presence at a time per person, and no tap lost."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services import attendance, batches
from beneficiaries.services.attendance import Tap
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.world import build_world

DAY = date(2026, 3, 16)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def garden(request):
    return build_world().here.garden


def together(*acts):
    """Run the acts at the same instant, each in its thread, and return the refusals' codes."""
    start, refused = Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(timeout=10)
            act()
        except ValidationError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return refused


def ticking(scope, session, site, enrolment, status=Presence.PRESENT):
    tap = Tap(status=status, site=site, version=0)
    return lambda: attendance.tick(
        scope=scope, session=type(session).objects.get(pk=session.pk), enrolment=enrolment, tap=tap
    )


def test_one_person_is_not_at_two_sessions_of_the_same_hours(garden):
    scope = scope_of(garden.workshop_leader)
    sessions = [
        make.make_session(garden.programme, garden.site, on=DAY, hours=hours)
        for hours in (("08:00", "10:00"), ("09:00", "11:00"))
    ]
    for _ in range(5):
        enrolment = people.enrolment_of(people.make_person(garden.programme)).pk
        refused = together(*(ticking(scope, s, garden.site, enrolment) for s in sessions))
        assert refused == ["overlap"]
        assert Attendance.objects.present().filter(enrolment=enrolment).count() == 1


def test_two_devices_on_one_sheet_lose_nothing(garden):
    scope = scope_of(garden.workshop_leader)
    session = make.make_session(garden.programme, garden.site, on=DAY)
    persons = [people.enrolment_of(people.make_person(garden.programme)).pk for _ in range(6)]

    def device(keys):
        return [ticking(scope, session, garden.site, key) for key in keys]

    def all_of(taps):
        return lambda: [tap() for tap in taps]

    assert together(all_of(device(persons[:3])), all_of(device(persons[3:]))) == []
    ticked = Attendance.objects.filter(session=session)
    assert set(ticked.values_list("enrolment", flat=True)) == set(persons)


def test_two_devices_on_one_line_one_is_told(garden):
    scope = scope_of(garden.workshop_leader)
    session = make.make_session(garden.programme, garden.site, on=DAY)
    enrolment = people.enrolment_of(people.make_person(garden.programme)).pk
    taps = [
        ticking(scope, session, garden.site, enrolment, status)
        for status in (Presence.PRESENT, Presence.ABSENT)
    ]
    assert together(*taps) == ["stale"]
    assert Attendance.objects.filter(session=session, enrolment=enrolment).count() == 1


def test_two_sheets_that_share_people_are_filled_at_once(garden):
    """Persons are locked in one order: neither sheet blocks the other for good."""
    scope = scope_of(garden.workshop_leader)
    for _ in range(10):
        people.make_person(garden.programme)
    sessions = [make.make_session(garden.programme, garden.site, on=DAY) for _ in range(2)]
    acts = [lambda s=session: batches.tick_all(scope=scope, session=s) for session in sessions]
    assert together(*acts) == []
    assert Attendance.objects.filter(session__in=sessions).count() == 11
