"""A month's sheet typed back: letters read, half-days written whole, faults told, few queries."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services.attendance import Tap
from beneficiaries.services.typed_months import TypedCell, type_month
from beneficiaries.services.typed_sheets import SIGNED
from programmes.access import scope_of
from programmes.models import Session
from tests.beneficiaries.crowds import crowd as crowd_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

MONDAY = date(2026, 3, 2)
MARCH = Period.month(2026, 3)


@pytest.fixture
def sites(garden):
    names = (("Blaise Pascal", "Bl. Pascal"), ("Le Rôleur", "Rôleur"))
    return [
        make.make_site(garden.territory, garden.programme, name=name, short_name=short)
        for name, short in names
    ]


@pytest.fixture
def sessions(garden, sites):
    days = (MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))
    return [make.make_session(garden.programme, *sites, on=day) for day in days]


@pytest.fixture
def crowd(garden, sites):
    """Three persons, the second usually on the second site."""
    names = ("Abadie", "Bernard", "Colin")
    found = [
        people.enrolment_of(people.make_person(garden.programme, "Camille", name)) for name in names
    ]
    before = make.make_session(garden.programme, *sites, on=date(2026, 2, 2))
    people.make_attendance(found[1], before, sites[1])
    return found


def page(garden):
    return reverse("beneficiaries:attendance_typing_month", args=[garden.programme.pk, MARCH])


def grid_of(browser, garden):
    return browser.get(page(garden)).context["grid"]


def send(browser, garden, typed, **more):
    """Send {(session, enrolment): letters} typed over what the page shows."""
    grid = grid_of(browser, garden)
    data = {"was": grid.was}
    for line in grid.lines:
        data |= {f"c_{cell.key}": cell.was for cell in line.cells if not cell.kept}
    data |= {f"c_{session.pk}_{one.pk}": letters for (session, one), letters in typed.items()}
    return data, browser.post(page(garden), data | more)


def stored(session):
    rows = Attendance.objects.filter(session=session).select_related("site", "reason")
    return {
        row.enrolment_id: (
            row.status,
            row.site.short_name,
            row.starts_at.astimezone(session.zone).strftime("%H:%M"),
            row.reason.code if row.reason else "",
        )
        for row in rows
    }


def faults_of(answer):
    return {cell.key: cell.fault for _, cell in answer.context["grid"].faulty}


def test_a_month_is_typed_in_letters_and_leads_to_its_closing(leader, garden, sessions, crowd):
    (first, second, third), (a, b, c) = sessions, crowd
    typed = {
        (first, a): "p",
        (first, b): "P",
        (first, c): "e2",
        (second, a): "9h30/r",
        (second, b): "p1",
        (third, c): "abs",
    }
    data, answer = send(leader, garden, typed)
    assert answer.headers["Location"] == reverse(
        "beneficiaries:month_closing", args=[garden.programme.pk, MARCH]
    )
    assert stored(first) == {
        a.pk: (Presence.PRESENT, "Bl. Pascal", "08:00", ""),
        b.pk: (Presence.PRESENT, "Rôleur", "08:00", ""),
        c.pk: (Presence.EXCUSED, "Bl. Pascal", "08:00", "administratif"),
    }
    assert stored(second) == {
        a.pk: (Presence.PRESENT, "Rôleur", "09:30", ""),
        b.pk: (Presence.PRESENT, "Bl. Pascal", "08:00", ""),
    }
    assert stored(third) == {c.pk: (Presence.ABSENT, "Bl. Pascal", "08:00", "")}
    # What is stored is shown as it is typed; a site is told when it is not the usual one.
    words = {cell.key: cell.shown for line in grid_of(leader, garden).lines for cell in line.cells}
    assert [words[f"{second.pk}_{one.pk}"] for one in crowd] == ["9h30/2", "P1", ""]
    assert words[f"{first.pk}_{b.pk}"] == "P"
    assert not Session.objects.filter(
        pk__in=[one.pk for one in sessions], roll_begun_at=None
    ).exists()
    traces = AuditEvent.objects.filter(object_kind="programmes.session", changed=["attendances"])
    assert traces.count() == len(sessions)
    # The same page sent twice changes nothing.
    before = list(Attendance.objects.order_by("pk").values_list("pk", "version"))
    again = leader.post(page(garden), data, follow=True)
    assert "Aucune case n’a changé" in again.content.decode()
    assert list(Attendance.objects.order_by("pk").values_list("pk", "version")) == before
    # Corrected and emptied: the last line gone, the roll is to begin again.
    send(leader, garden, {(second, a): "a", (third, c): ""})
    assert stored(second)[a.pk][0] == Presence.ABSENT
    assert not stored(third)
    third.refresh_from_db()
    assert third.roll_begun_at is None


def test_a_half_day_is_written_whole_or_waits_with_what_is_typed(leader, garden, sessions, crowd):
    (first, second, third), (a, b, c) = sessions, crowd
    elsewhere = make.make_session(
        garden.programme, garden.site, on=second.on, title="Ruches", hours=("11:00", "12:00")
    )
    people.make_attendance(a, elsewhere, garden.site)
    typed = {(first, a): "p", (first, b): "xyz", (second, a): "p", (second, b): "a"}
    _, answer = send(leader, garden, typed | {(third, a): "p", (third, c): "p"})
    assert answer.status_code == 200
    said = answer.content.decode().replace("\u00a0", " ")
    assert "2 présences enregistrées, 2 cases à revoir" in said
    assert [len(stored(session)) for session in sessions] == [0, 0, 2]
    faults = faults_of(answer)
    assert set(faults) == {f"{first.pk}_{b.pk}", f"{second.pk}_{a.pk}"}
    assert "Ruches" in faults[f"{second.pk}_{a.pk}"]
    shown = {c.key: c.shown for line in answer.context["grid"].lines for c in line.cells}
    assert [shown[f"{first.pk}_{one.pk}"] for one in (a, b)] == ["p", "xyz"]
    assert shown[f"{second.pk}_{b.pk}"] == "a"
    # The message is tied to its field.
    assert f'aria-describedby="f_{first.pk}_{b.pk}"' in said
    assert f'id="f_{first.pk}_{b.pk}"' in said


def test_what_is_closed_to_come_or_signed_is_only_read(leader, garden, sessions, crowd):
    (first, second, third), (a, b, c) = sessions, crowd
    people.make_attendance(a, first, first.sites.first())
    make.close(first)
    plans.sign(plans.make_statement(b, MONDAY.replace(day=1)))
    c.left_on = second.on
    c.save()
    grid = grid_of(leader, garden)
    kept = {cell.key: cell.kept for line in grid.lines for cell in line.cells}
    assert kept[f"{first.pk}_{a.pk}"] == "closed"
    assert {kept[f"{one.pk}_{b.pk}"] for one in (second, third)} == {"signed"}
    assert kept[f"{third.pk}_{c.pk}"] == "out"
    text = leader.get(page(garden)).content.decode()
    for words in ("clôturée", "mois signé"):
        assert words in text
    # Forged, they are not heard; the service would refuse them too.
    typed = {(first, a): "a", (second, b): "p", (third, c): "p"}
    send(leader, garden, typed)
    assert [len(stored(session)) for session in sessions] == [1, 0, 0]
    site = second.sites.first()
    cells = [
        TypedCell(session.pk, one.pk, Tap(Presence.PRESENT, site, version=0), 0)
        for session, one in ((first, c), (second, b), (third, c), (third, a))
    ]
    scope = scope_of(garden.workshop_leader)
    outcome = type_month(scope=scope, programme=garden.programme, cells=cells)
    assert outcome.saved == 0
    assert outcome.refused == {first.pk, second.pk, third.pk}
    assert outcome.faults[second.pk, b.pk] == SIGNED
    assert not Attendance.objects.filter(session__in=[second, third]).exists()


def test_another_device_is_told_and_who_is_missing_is_added_by_name(
    leader, garden, sessions, crowd, sites
):
    (first, second, _), (a, b, _) = sessions, crowd
    paused = people.enrolment_of(people.make_person(garden.programme, "Ulysse", "Zélande"))
    paths.make_suspension(paused, starts_on=MARCH.start, ends_on=MARCH.end)
    data, _ = send(leader, garden, {})
    people.make_attendance(a, first, sites[1], Presence.ABSENT)
    typed = {f"c_{first.pk}_{a.pk}": "p", f"c_{first.pk}_{b.pk}": "p"}
    added = {"name_plus-1": "zelande ulysse", f"c_{second.pk}_plus-1": "p"}
    wrong = {"name_plus-2": "Quelqu’un", f"c_{sessions[2].pk}_plus-2": "p"}
    answer = leader.post(page(garden), data | typed | added | wrong)
    faults = faults_of(answer)
    assert "autre appareil" in faults[f"{first.pk}_{a.pk}"]
    assert "inscrivez-la" in faults[f"{sessions[2].pk}_plus-2"]
    assert stored(first).keys() == {a.pk}
    assert stored(second).keys() == {paused.pk}
    assert answer.context["grid"].added[1].name == "Quelqu’un"
    # What is no such thing is no better than nothing.
    for was in ("[]", "{", json.dumps({"1_2": ["P"]})):
        assert leader.post(page(garden), {"was": was}).status_code == 302


def test_somebody_enrolled_twice_is_there_once(garden, sessions, crowd, sites):
    """Two cells of one sheet may ask for the same person at the same hours."""
    first, a = sessions[0], crowd[0]
    twin = people.make_enrolment(a.person, garden.programme, part="volunteer")
    tap = Tap(Presence.PRESENT, sites[0], version=0)
    cells = [TypedCell(first.pk, one.pk, tap, 0) for one in (a, twin)]
    scope = scope_of(garden.workshop_leader)
    outcome = type_month(scope=scope, programme=garden.programme, cells=cells)
    assert outcome.faults.keys() == {(first.pk, twin.pk)}
    assert not stored(first)


def test_a_large_month_is_quick(leader, garden, sites):
    """Sixty persons and thirty-two half-days: as many queries as for two, and one form."""
    sessions = []

    def grow(number):
        for n in range(len(sessions), len(sessions) + number):
            hours = ("08:00", "12:00") if n % 2 else ("14:00", "16:00")
            day = MARCH.start + timedelta(days=n // 2)
            sessions.append(make.make_session(garden.programme, *sites, on=day, hours=hours))

    grow(2)
    same_queries(lambda: leader.get(page(garden)), lambda: grow(5))
    grow(25)
    persons = crowd_of(garden, 60)
    typed = {(session, one): "p" for session in sessions for one in persons}
    with max_queries(30 + 2 * 20 + len(sessions)):
        _, answer = send(leader, garden, typed)
    assert answer.status_code == 302
    assert Attendance.objects.filter(session__in=sessions).count() == 60 * 32
