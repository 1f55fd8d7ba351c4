"""Who is to be asked how they are: three absences in a row, or three weeks without a sign."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import InterviewState, Level, Part, Presence
from beneficiaries.models import Enrolment
from beneficiaries.services import check_ins
from programmes.access import scope_of
from tests.beneficiaries.test_threads import file_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

TODAY = date(2016, 3, 23)
#: The last day on which three weeks have passed, and the one before.
OUT, IN = date(2016, 3, 2), date(2016, 3, 3)
P, E, A = Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT
LIST = "/demander-comment-ca-va/"


@pytest.fixture
def entered(garden) -> Enrolment:
    person = people.make_person(garden.programme, "Karim", "Diallo", entered_on=IN)
    person.phone = "+33612345678"
    person.save()
    return people.enrolment_of(person)


def tick(garden, stay, on: date, status=P, hours=("08:00", "12:00"), *, closed: bool = True):
    session = make.make_session(garden.programme, garden.site, on=on, hours=hours)
    people.make_attendance(stay, make.close(session) if closed else session, garden.site, status)


def told(garden, stay: Enrolment, today: date = TODAY) -> str:
    """Return what the panel says of somebody; the page of the person says the same."""
    stay.refresh_from_db()
    scope = scope_of(garden.social_worker)
    found = {row.pk: one.words(today) for row, one in check_ins.of_scope(scope, today)}
    shown = [
        one.words(today) for one in check_ins.of_file(file_of(garden.social_worker, stay, today))
    ]
    assert shown == [words for key, words in found.items() if key == stay.pk]
    return found.get(stay.pk, "")


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ([A, A, A], "3\u00a0absences de suite depuis le 8\u00a0mars"),
        ([A, A], ""),
        ([P, A, A], ""),
        ([A, A, P, A], ""),
        ([A, E, A, E], ""),
        ([A, E, A, A], "3\u00a0absences de suite depuis le 8\u00a0mars"),
        ([A, A, A, A, P], ""),
        ([E, E, E, E], ""),
    ],
)
def test_three_absences_in_a_row_count_and_excused_ones_do_not(ticks, expected, garden, entered):
    for number, status in enumerate(ticks):
        tick(garden, entered, date(2016, 3, 8) + timedelta(days=number), status)
    assert told(garden, entered) == expected


def test_a_roll_counts_once_its_day_is_over_or_it_is_closed(garden, entered):
    for day in (21, 22):
        tick(garden, entered, date(2016, 3, day), A, closed=False)
    tick(garden, entered, TODAY, A, closed=False)
    assert told(garden, entered) == ""
    tick(garden, entered, TODAY, A, ("14:00", "16:00"))
    assert told(garden, entered).startswith("3\u00a0absences")
    # Whoever comes in the afternoon has come.
    tick(garden, entered, TODAY, P, ("17:00", "18:00"), closed=False)
    assert told(garden, entered) == ""


@pytest.mark.parametrize(("since", "is_told"), [(OUT, True), (IN, False)])
@pytest.mark.parametrize("sign", ["entry", "presence", "interview", "pause"])
def test_three_weeks_without_a_sign_are_told(sign, since, is_told, garden, entered):
    entered.entered_on = since if sign == "entry" else date(2015, 1, 5)
    entered.level = Level.PARTICIPATION
    entered.save()
    if sign == "presence":
        tick(garden, entered, since)
    elif sign == "interview":
        paths.make_interview(entered, since)
    elif sign == "pause":
        paths.make_suspension(entered, date(2015, 6, 1), since)
    first = "pas encore de nouvelles depuis l’entrée, le" if sign == "entry" else ""
    words = f"{first or 'sans nouvelles depuis le'} 2\u00a0mars"
    assert told(garden, entered) == (words if is_told else "")


@pytest.mark.parametrize(
    "fields",
    [{"left_on": TODAY}, {"part": Part.VOLUNTEER}, {"entered_on": None}, {"entered_on": TODAY}],
)
def test_nobody_is_looked_for_who_left_waits_or_helps(fields, garden, entered):
    entered.entered_on = OUT
    for name, value in fields.items():
        setattr(entered, name, value)
    entered.save()
    assert told(garden, entered) == ""


def test_it_goes_with_a_call_a_pause_or_a_visit_and_not_with_an_appointment(garden, entered):
    entered.entered_on = date(2016, 1, 4)
    entered.save()
    paths.make_interview(entered, TODAY, state=InterviewState.PLANNED)
    paths.make_interview(entered, TODAY, state=InterviewState.MISSED)
    assert told(garden, entered)
    call = paths.make_interview(entered, TODAY, mode=make.code("interview_modes", "telephone"))
    assert told(garden, entered) == ""
    call.delete()
    pause = paths.make_suspension(entered, TODAY, None)
    assert told(garden, entered) == ""
    pause.delete()
    # Three absences are over once somebody was met since the last one.
    for day in (20, 21, 22):
        tick(garden, entered, date(2016, 3, day), A)
    paths.make_interview(entered, date(2016, 3, 22))
    assert told(garden, entered) == ""


def test_days_when_the_programme_is_closed_are_not_silence(garden, entered):
    entered.entered_on = OUT
    entered.save()
    closed = plans.make_closed_period(
        garden.programme, starts_on=date(2016, 2, 1), ends_on=date(2016, 3, 3)
    )
    assert told(garden, entered) == ""
    assert told(garden, entered, TODAY + timedelta(days=1)).startswith("pas encore")
    plans.make_closed_period(garden.programme, starts_on=OUT, ends_on=closed.ends_on)
    assert told(garden, entered, TODAY + timedelta(days=1)).startswith("pas encore")


# --- pages, in days of now


@pytest.fixture
def silent(entered) -> Enrolment:
    entered.entered_on = timezone.localdate() - timedelta(days=21)
    entered.save()
    return entered


def test_a_leader_reads_a_name_and_a_telephone_alone(browser, leader, silent):
    silent.entered_on -= timedelta(days=300)
    silent.save()
    for page in ("/", LIST):
        html = leader.get(page).content.decode()
        assert "Demander comment ça va" in html
        assert "Karim Diallo" in html
        assert "06\u00a012\u00a034\u00a056\u00a078" in html
        assert "nouvelles depuis l’entrée" not in html
        assert "?appel=1" not in html
        assert "pas encore de nouvelles depuis l’entrée" in browser.get(page).content.decode()


def test_noting_the_call_is_proposed_and_settles_it(browser, silent, garden):
    person = reverse("beneficiaries:person_detail", args=[silent.person_id])
    assert "Demander comment ça va" in browser.get(person).content.decode()
    form = browser.get(
        reverse("beneficiaries:interview_create", args=[silent.person_id]) + "?appel=1"
    )
    initial = form.context["form"].initial
    assert initial["mode"] == make.code("interview_modes", "telephone").pk
    assert initial["kind"] == make.code("interview_kinds", "ponctuel").pk
    paths.make_interview(silent, timezone.localdate())
    for page in (person, LIST):
        assert "Karim Diallo" not in browser.get(page).content.decode().partition("À faire")[2]


def test_ones_own_come_first(garden, silent):
    other = people.make_person(garden.programme, "Ana", "Abadie", referent=garden.programme_manager)
    silent.referent = garden.social_worker
    silent.save()
    scope = scope_of(garden.social_worker)
    found = [row.person_id for row, _ in check_ins.of_scope(scope, timezone.localdate())]
    assert found.index(silent.person_id) < found.index(other.pk)


def test_it_takes_as_many_queries_for_a_crowd(garden, leader, silent):
    def grow():
        for _ in range(5):
            stay = people.enrolment_of(people.make_person(garden.programme))
            tick(garden, stay, date(2016, 3, 8), A)
        plans.make_closed_period(garden.programme)

    grow()
    same_queries(lambda: leader.get(LIST), grow)
    with max_queries(12):
        leader.get(LIST)
    scope = scope_of(garden.workshop_leader)
    with max_queries(3):
        check_ins.of_scope(scope, timezone.localdate())
