"""Two people at the same instant on the same person, session or form: no error, no broken rule."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Person,
    PersonIdentity,
    PersonMerge,
    Step,
)
from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.world import build_world

DAY = date(2026, 3, 16)
TIMES = 4

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def garden():
    return build_world().here.garden


@pytest.fixture
def browser(garden, client_for) -> Callable[[], Client]:
    return lambda: client_for(garden.social_worker)


def at_once(*sent: tuple[Client, str, dict]) -> list[int]:
    """Send the forms at the same instant, each in its thread, and return the statuses in order."""
    start, answers = Barrier(len(sent)), {}

    def send(number: int, browser: Client, path: str, data: dict) -> None:
        try:
            start.wait(timeout=10)
            answers[number] = browser.post(path, data).status_code
        except Exception as error:  # noqa: BLE001 - told by the assertion of the test
            answers[number] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=send, args=[at, *one]) for at, one in enumerate(sent)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [answers[number] for number in sorted(answers)]


def url(name: str, *args: int) -> str:
    return reverse(f"beneficiaries:{name}", args=args)


def tapping(browser: Client, session: Session, enrolment: Enrolment) -> tuple[Client, str, dict]:
    sent = {"status": "present", "version": 0, "client_uuid": uuid4()}
    sent["current_site"] = session.sites.get().pk
    return browser, url("attendance_tap", session.pk, enrolment.pk), sent


def test_a_session_closed_while_somebody_is_ticked_keeps_its_lines(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        ours = people.enrolment_of(people.make_person(garden.programme))
        close = (browser(), url("attendance_close", session.pk), {"absent": "on"})
        assert set(at_once(tapping(browser(), session, ours), close)) <= {200, 302}
        lines = Attendance.objects.filter(session=session, enrolment=ours)
        assert [line.minutes for line in lines] in ([0], [session.minutes])
        assert Session.objects.get(pk=session.pk).is_closed


@pytest.mark.parametrize("name", ["person_delete", "enrolment_delete"])
def test_nobody_is_deleted_while_ticked(name, garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        person = people.make_person(garden.programme)
        ours = people.enrolment_of(person)
        if name == "enrolment_delete":
            people.make_enrolment(person, garden.programme, part="volunteer")
        key = person.pk if name == "person_delete" else ours.pk
        tap, delete = tapping(browser(), session, ours), (browser(), url(name, key), {})
        assert set(at_once(tap, delete)) <= {200, 302, 404}
        is_kept = Enrolment.objects.filter(pk=ours.pk).exists()
        assert Attendance.objects.filter(session=session, enrolment=ours.pk).exists() == is_kept


def test_a_session_is_not_deleted_while_it_is_ticked(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        ours = people.enrolment_of(people.make_person(garden.programme))
        path = reverse("programmes:session_delete", args=[session.pk])
        answers = at_once(tapping(browser(), session, ours), (browser(), path, {}))
        assert set(answers) <= {200, 302, 404}
        is_kept = Session.objects.filter(pk=session.pk).exists()
        assert Attendance.objects.filter(session=session.pk).exists() == is_kept


def test_a_session_is_not_moved_while_it_is_ticked(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        ours = people.enrolment_of(people.make_person(garden.programme))
        moved = {
            "day": DAY + timedelta(days=1),
            "start": "14:00",
            "end": "15:00",
            "kind": session.kind_id,
            "sites": [garden.site.pk],
            "headcount": 0,
            "version": session.version,
        }
        move = (browser(), reverse("programmes:session_update", args=[session.pk]), moved)
        assert set(at_once(tapping(browser(), session, ours), move)) <= {200, 302}
        session = Session.objects.get(pk=session.pk)
        line = Attendance.objects.get(session=session, enrolment=ours)
        stored = (line.on, line.starts_at, line.ends_at, line.minutes)
        assert stored == (session.on, session.starts_at, session.ends_at, session.minutes)


def test_a_session_closed_twice_at_once_is_closed_once(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        close = url("attendance_close", session.pk)
        sent = [(browser(), close, {"absent": "on"}) for _ in range(2)]
        assert set(at_once(*sent)) <= {200, 302}
        events = AuditEvent.objects.filter(object_kind="programmes.session", changed=["closed_at"])
        assert events.filter(object_key=str(session.pk)).count() == 1


def test_nobody_is_ticked_after_an_exit_written_meanwhile(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        ours = people.enrolment_of(people.make_person(garden.programme))
        left = {"left_on": DAY - timedelta(days=1), "version": ours.version}
        leave = (browser(), url("enrolment_exit", ours.pk), left)
        assert set(at_once(tapping(browser(), session, ours), leave)) <= {200, 302}
        has_left = Enrolment.objects.get(pk=ours.pk).left_on is not None
        assert Attendance.objects.filter(session=session, enrolment=ours).exists() != has_left


def test_a_whole_roll_leaves_out_who_leaves_or_is_deleted_meanwhile(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        left, gone = (people.enrolment_of(people.make_person(garden.programme)) for _ in range(2))
        exit_ = {"left_on": DAY - timedelta(days=1), "version": left.version}
        answers = at_once(
            (browser(), url("attendance_all_present", session.pk), {}),
            (browser(), url("enrolment_exit", left.pk), exit_),
            (browser(), url("person_delete", gone.person_id), {}),
        )
        assert set(answers) <= {200, 302, 404}
        lines = Attendance.objects.filter(session=session)
        has_left = Enrolment.objects.get(pk=left.pk).left_on is not None
        assert lines.filter(enrolment=left.pk).exists() != has_left
        is_kept = Person.objects.filter(pk=gone.person_id).exists()
        assert lines.filter(enrolment=gone.pk).exists() == is_kept
        lines.delete()  # the next session is at the same hours


def test_the_same_person_is_enrolled_once(garden, browser):
    kitchen = make.make_programme(garden.territory, "Épicerie")
    make.make_membership(garden.social_worker, "social_worker", kitchen)
    for _ in range(TIMES):
        person = people.make_person(garden.programme)
        stay = {"programme": kitchen.pk, "level": "pathway", "part": "participant"}
        path = url("enrolment_create", person.pk)
        answers = at_once((browser(), path, stay), (browser(), path, stay))
        assert sorted(answers) == [200, 302]
        assert Enrolment.objects.filter(person=person, programme=kitchen).count() == 1


def test_an_identity_is_written_once_and_the_other_one_is_told(garden, browser):
    for _ in range(TIMES):
        person = people.make_person(garden.programme)
        path = url("person_identity", person.pk)
        answers = at_once(
            (browser(), path, {"email": "zoe@anzin.example"}),
            (browser(), path, {"email": "zoe@denain.example"}),
        )
        assert sorted(answers) == [200, 302]
        assert PersonIdentity.objects.filter(person=person).count() == 1


def test_the_same_step_is_added_to_many_once(garden, browser):
    path = url("step_create_many", garden.programme.pk)
    kind = make.code("step_kinds", "bilan_sante")
    for _ in range(TIMES):
        ours = people.enrolment_of(people.make_person(garden.programme))
        sent = {"kind": kind.pk, "state": "done", "on": timezone.localdate(), "people": [ours.pk]}
        assert at_once((browser(), path, sent), (browser(), path, sent)) == [302, 302]
        assert Step.objects.filter(enrolment=ours).count() == 1


def test_two_taps_on_a_step_write_one_date(garden, browser):
    for _ in range(TIMES):
        ours = people.enrolment_of(people.make_person(garden.programme))
        step = people.make_step(ours, started_on=None)
        answers = at_once(
            (browser(), url("step_start", step.pk), {}),
            (browser(), url("step_finish", step.pk), {}),
        )
        assert answers == [302, 302]
        step.refresh_from_db()
        assert step.started_on == timezone.localdate()


def test_a_whole_roll_ticked_twice_at_once_counts_once(garden, browser):
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        paths = [url(n, session.pk) for n in ("attendance_all_present", "attendance_all_present")]
        assert at_once(*((browser(), path, {}) for path in paths)) == [302, 302]
        lines = Attendance.objects.filter(session=session)
        assert lines.count() == lines.values("enrolment__person").distinct().count()
        assert (
            lines.count()
            == Person.objects.filter(
                enrolments__programme=garden.programme, enrolments__left_on=None
            ).count()
        )
        lines.delete()  # the next session is at the same hours


def test_two_merges_of_the_same_files_make_one(garden, browser):
    for _ in range(TIMES):
        one, other = (people.make_person(garden.programme, "Karim", "Dupont") for _ in range(2))
        path = url("double_compare", one.pk, other.pk)
        sent = [(browser(), path, {"kept": kept.pk}) for kept in (one, other)]
        assert set(at_once(*sent)) <= {200, 302, 404}
        assert Person.objects.filter(pk__in=[one.pk, other.pk]).count() == 1
        assert PersonMerge.objects.filter(kept__in=[one.pk, other.pk]).count() == 1


def test_nobody_is_merged_while_ticked(garden, browser):
    """Either the tick comes first and moves with the file, or it is refused."""
    for _ in range(TIMES):
        session = make.make_session(garden.programme, garden.site, on=DAY)
        kept, gone = (people.make_person(garden.programme) for _ in range(2))
        ours = people.enrolment_of(gone)
        join = (browser(), url("double_compare", kept.pk, gone.pk), {"kept": kept.pk})
        ticked, joined = at_once(tapping(browser(), session, ours), join)
        assert ticked in {200, 302, 404, 409}
        assert joined == 302
        lines = Attendance.objects.filter(session=session)
        assert {line.enrolment.person_id for line in lines} <= {kept.pk}
