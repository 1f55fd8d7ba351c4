"""A signed month answers kindly whatever the page, service, import or job a change comes from."""

from datetime import date
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django_tasks import task

from autoprod.core.periods import Period
from autoprod.jobs import running
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.queue import enqueue_for
from beneficiaries.enums import StatementState
from beneficiaries.models import Attendance, Enrolment, Statement
from beneficiaries.services import attendance, batches, closing, statements
from beneficiaries.services.attendance import Tap
from beneficiaries.services.merges import merge, unmerge
from beneficiaries.services.statements import Signature
from programmes.access import scope_of
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

pytestmark = pytest.mark.django_db
MARCH = Period.month(2016, 3)
ON = date(2016, 3, 15)
KIND = "rouvrez"
#: What pages change of a session.
WHAT = ("on", "title", "sites", "cancelled_on", "headcount", "starts_at")


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def line(garden, scope) -> Attendance:
    """Return a presence of 15 March 2016, whose month is signed."""
    stay = people.enrolment_of(people.make_person(garden.programme, "Karim", "Dupont"))
    session = make.make_session(garden.programme, garden.site, on=ON)
    line = people.make_attendance(stay, session, garden.site)
    make.close(session)
    statement = statements.prepare(scope=scope, enrolment=stay, month=MARCH)
    how = Signature(on=date(2016, 4, 4), way="paper")
    statements.sign(scope=scope, statement=statement, signature=how)
    return line


@pytest.fixture
def open_session(garden, line) -> Session:
    """Return a session of the signed month, opened once it was signed."""
    return make.make_session(garden.programme, garden.site, on=date(2016, 3, 29))


@pytest.fixture
def untouched(line):
    """Check that nothing of the month moved, whatever the test tried."""
    assert (before := kept(line))
    yield
    assert kept(line) == before


def kept(line) -> list:
    """Return the rows of the signed month."""
    rows = Attendance.objects.in_period(MARCH).filter(enrolment=line.enrolment_id)
    sessions = Session.objects.filter(pk=line.session_id)
    return [*rows.values(), *sessions.values("on", "kind", "closed_at", "cancelled_on", "held_on")]


def told(act) -> str:
    with pytest.raises(ValidationError) as error:
        act()
    return " ".join(error.value.messages)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- pages


@pytest.mark.usefixtures("untouched")
def test_a_tap_is_answered_beside_the_line(browser, garden, line, open_session):
    key = line.enrolment_id
    seen = {"version": 0, "client_uuid": uuid4(), "current_site": garden.site.pk}
    path = reverse("beneficiaries:attendance_tap", args=[open_session.pk, key])
    assert KIND in text(browser.post(path, seen | {"status": "present"}))
    assert KIND in text(
        browser.post(path, seen | {"status": "absent"}, headers={"HX-Request": "true"})
    )
    hours = reverse("beneficiaries:attendance_hours", args=[open_session.pk, key])
    sent = {"starts_at": "09:00", "ends_at": "11:00", "version": 0, "client_uuid": uuid4()}
    assert KIND in text(browser.post(hours, sent))


@pytest.mark.usefixtures("untouched")
def test_the_session_that_was_signed_is_not_opened_again(browser, line):
    path = reverse("beneficiaries:attendance_reopen", args=[line.session_id])
    assert KIND in text(browser.post(path, {"reason": "Une présence oubliée"}))
    tick = reverse("beneficiaries:attendance_tap", args=[line.session_id, line.enrolment_id])
    text(browser.post(tick, {"version": 1, "client_uuid": uuid4(), "status": "none"}))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "name", ["session_update", "session_move", "session_cancel", "session_delete"]
)
def test_the_session_that_was_signed_is_changed_by_no_page(browser, garden, line, name):
    """Each is sent whole and right: an open session takes it."""
    open_one = make.make_session(garden.programme, garden.site, on=ON, hours=("14:00", "16:00"))
    other_site = make.make_site(garden.territory)
    other_site.programmes.add(garden.programme)
    sent = {
        "kind": make.code("session_kinds", "cuisine").pk,
        "title": "Cuisine",
        "day": "2016-03-17",
        "start": "09:00",
        "end": "11:00",
        "sites": [other_site.pk],
        "headcount": 3,
        "reason": make.code("cancellation_reasons", "gel").pk,
    }

    def change(session: Session) -> list[tuple]:
        path = reverse(f"programmes:{name}", args=[session.pk])
        browser.post(path, sent | {"version": session.version}, follow=True)
        return seen(session)

    def seen(session: Session) -> list[tuple]:
        return list(Session.objects.filter(pk=session.pk).values_list(*WHAT))

    held, planned = Session.objects.get(pk=line.session_id), open_one
    before = seen(held), seen(planned)
    assert change(held) == before[0]
    assert change(planned) != before[1]


@pytest.mark.usefixtures("untouched")
def test_its_enrolment_and_its_person_are_not_deleted(client_for, garden, line):
    browser = client_for(garden.programme_manager)
    for name, key in (
        ("enrolment_delete", line.enrolment_id),
        ("person_delete", line.enrolment.person_id),
    ):
        path = reverse(f"beneficiaries:{name}", args=[key])
        assert browser.post(path, follow=True).status_code == 200
        assert Enrolment.objects.filter(pk=line.enrolment_id).exists()


# --- services


@pytest.mark.usefixtures("untouched")
def test_who_signed_is_left_out_of_what_is_ticked_at_once(garden, scope, line, open_session):
    other = people.enrolment_of(people.make_person(garden.programme, "Alice", "Essai"))
    done = batches.tick_all(scope=scope, session=open_session)
    (refused,) = [said for row, said in done.refused if row.enrolment == line.enrolment]
    assert KIND in refused
    assert Attendance.objects.filter(session=open_session, enrolment=other).exists()
    assert not Attendance.objects.filter(session=open_session, enrolment=line.enrolment).exists()
    closing.close(scope=scope, session=open_session, absent=True)
    open_session.refresh_from_db()
    assert open_session.is_closed


@pytest.mark.usefixtures("untouched")
def test_a_line_of_an_open_session_stays_too(garden, scope, line, open_session):
    """Its month was closed by a door that does not look: the base still refuses, in words."""
    rows = Statement.objects.filter(enrolment=line.enrolment)
    again = statements.reopen(scope=scope, statement=rows.get(), reason="Essai")
    late = people.make_attendance(line.enrolment, open_session, garden.site)
    how = {"signed_on": date(2016, 4, 5), "way": "paper", "state": StatementState.SIGNED}
    rows.filter(pk=again.pk).update(**how)
    key, tap = line.enrolment_id, Tap(status="absent")
    values = {"scope": scope, "session": open_session, "enrolment": key}
    assert KIND in told(lambda: attendance.tick(tap=tap, **values))
    assert KIND in told(lambda: attendance.untick(**values))
    assert KIND in told(lambda: batches.undo(scope=scope, session=open_session, lines=[late.pk]))
    rows.filter(pk=again.pk).update(
        state=StatementState.REOPENED, reopen_reason="Essai", reopened_at="2016-04-06T10:00Z"
    )
    Attendance.objects.filter(pk=late.pk).delete()
    Session.objects.filter(pk=line.session_id).update(held_on=ON)


@pytest.mark.usefixtures("untouched")
def test_files_are_joined_unless_it_would_change_a_signed_month(garden, scope, line):
    signer, twin = line.enrolment.person, people.make_person(garden.programme, "Karim", "Dupond")
    session = make.make_session(garden.programme, garden.site, on=ON, hours=("09:00", "13:00"))
    late = people.make_attendance(people.enrolment_of(twin), session, garden.site)
    assert KIND in told(lambda: merge(scope=scope, kept=twin, absorbed=signer))
    assert KIND in told(lambda: merge(scope=scope, kept=signer, absorbed=twin))
    # What is in no signed month is joined; two statements to sign are one, to bring up to date.
    late.delete()
    april, month = date(2016, 4, 12), Period.month(2016, 4)
    for stay, hours in (
        (line.enrolment, ("08:00", "12:00")),
        (people.enrolment_of(twin), ("14:00", "16:00")),
    ):
        session = make.make_session(garden.programme, garden.site, on=april, hours=hours)
        people.make_attendance(stay, session, garden.site)
        make.close(session)
        statements.prepare(scope=scope, enrolment=stay, month=month)
    trace = merge(scope=scope, kept=signer, absorbed=twin)
    (left,) = Statement.objects.of_month(month)
    assert statements.is_stale(left)
    assert statements.prepare(scope=scope, enrolment=line.enrolment, month=month).minutes == 360
    assert unmerge(scope=scope, trace=trace)


# --- below the services


@pytest.mark.usefixtures("untouched")
def test_an_import_of_rows_is_refused(line):
    data = serializers.serialize("json", [line]).replace('"minutes": 240', '"minutes": 60')
    (found,) = serializers.deserialize("json", data)
    assert found.object.minutes == 60
    with pytest.raises(DatabaseError, match=KIND), transaction.atomic():
        found.save()


@task()
def shorten(*, line: int) -> None:
    """Change a presence, as a job would."""
    Attendance.objects.filter(pk=line).update(minutes=5)


@pytest.mark.usefixtures("untouched")
def test_a_job_that_changes_it_fails(garden, line):
    job = enqueue_for(garden.social_worker, shorten, "Essai", line=line.pk)
    running.run_now(job.pk, "test")
    job.refresh_from_db()
    assert job.status != JobStatus.SUCCESSFUL
