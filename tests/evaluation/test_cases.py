"""The cases of the indicators' reference, each named by its letter, read on the pages."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from autoprod.core.periods import Period
from beneficiaries.enums import InterviewState, Presence
from beneficiaries.models import Statement
from beneficiaries.services.attendance import Tap, tick
from beneficiaries.services.closing import close
from beneficiaries.services.fse import participations
from beneficiaries.services.hours import of_programme
from beneficiaries.services.merges import merge
from beneficiaries.services.statements import prepare
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, compute
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import pathways
from tests.factories import programmes as make

YEAR = Period.year(2015)


@pytest.fixture
def manager(frame, client_for):
    return client_for(frame.programme_manager)


def attends(frame, person, day: date, **times) -> None:
    """Write a presence in a session of the garden that is closed."""
    session = make.close(make.make_session(frame.programme, frame.site, on=day, **times))
    people.make_attendance(people.enrolment_of(person), session, frame.site)


def value(frame, code: str, period: Period = YEAR) -> int:
    """Return a figure as the team reads it."""
    scope = scope_of(frame.programme_manager)
    selection = Selection(scope, frozenset({frame.programme.pk}), period)
    return compute(selection, [Ask(code)], audience=Audience.INTERNAL, threshold=5)[code].value


def card(manager, frame, title: str, period: Period = YEAR) -> list[tuple]:
    """Return the cells of a card of the dashboard."""
    page = manager.get(reverse("evaluation:dashboard", args=[frame.programme.pk, period]))
    (found,) = [row["card"] for row in page.context["cards"] if row["card"].title == title]
    return [row.cells for row in found.table.rows]


def tile(manager, frame, period: Period = YEAR) -> int:
    """Return the persons touched that the dashboard says."""
    page = manager.get(reverse("evaluation:dashboard", args=[frame.programme.pk, period]))
    found = [row["tile"] for row in page.context["tiles"]]
    return next(one.value for one in found if one.code == "persons_reached")


def test_a_who_entered_in_december_is_touched_and_did_not_enter_this_year(frame, manager):
    others = value(frame, "persons_entered")
    person = people.make_person(frame.programme, entered_on=date(2014, 12, 15))
    for day in (date(2014, 12, 16), date(2015, 1, 6)):
        attends(frame, person, day)
    before = Period.year(2014)
    assert (value(frame, "persons_entered", before), tile(manager, frame, before)) == (1, 1)
    assert tile(manager, frame) == 1
    assert value(frame, "persons_entered") == others
    assert (value(frame, "hours", before), value(frame, "hours")) == (240, 240)


def test_b_who_is_enrolled_and_neither_came_nor_was_met_is_not_touched(frame, manager):
    others = value(frame, "persons_without_presence")
    person = people.make_person(frame.programme, entered_on=date(2015, 2, 2))
    stay = people.enrolment_of(person)
    for state in set(InterviewState) - {InterviewState.HELD}:
        pathways.make_interview(stay, on=date(2015, 3, 2), state=state)
    assert tile(manager, frame) == 0
    assert value(frame, "persons_without_presence") - others == 1
    page = manager.get(
        reverse(
            "evaluation:figure_rows", args=[frame.programme.pk, YEAR, "persons_without_presence"]
        )
    )
    assert str(person) in page.content.decode()

    pathways.make_interview(stay, on=date(2015, 12, 31))
    assert tile(manager, frame) == 1, "an interview held touches"
    assert value(frame, "persons_without_presence") - others == 1, "it is not a presence"
    assert tile(manager, frame, Period.month(2015, 11)) == 0


@pytest.mark.parametrize(
    ("met_on", "month", "touched"),
    [
        # Before the entry, in the month of the entry; after the exit, then a month too late.
        (date(2015, 2, 2), 2, 1),
        (date(2015, 1, 30), 1, 0),
        (date(2015, 6, 30), 6, 1),
        (date(2015, 7, 1), 7, 0),
    ],
)
def test_b_an_interview_touches_in_a_period_that_the_stay_shares(
    met_on, month, touched, frame, manager
):
    person = people.make_person(
        frame.programme, entered_on=date(2015, 2, 10), left_on=date(2015, 6, 10)
    )
    pathways.make_interview(people.enrolment_of(person), on=met_on)
    assert tile(manager, frame, Period.month(2015, month)) == touched


def test_c_who_leaves_and_comes_back_is_one_person_and_one_participation(frame, manager):
    operation = make.make_edition(frame.programme, 2015, operation_number="2015-0142")
    person = people.make_person(
        frame.programme, entered_on=date(2015, 1, 12), left_on=date(2015, 3, 31)
    )
    first = people.enrolment_of(person)
    back = people.make_enrolment(
        person, frame.programme, entered_on=date(2015, 9, 1), left_on=date(2015, 12, 18)
    )
    for stay, day in ((first, date(2015, 2, 2)), (back, date(2015, 10, 5))):
        session = make.close(make.make_session(frame.programme, frame.site, on=day))
        people.make_attendance(stay, session, frame.site)

    found = participations(scope=scope_of(frame.programme_manager), edition=operation)
    (theirs,) = [one for one in found if one.person == person]
    assert (theirs.entered_on, theirs.left_on) == (date(2015, 1, 12), date(2015, 12, 18))
    assert theirs.stays == (first, back)
    assert tile(manager, frame) == 1
    assert tile(manager, frame, Period.month(2015, 6)) == 0, "gone meanwhile"


def test_d_an_unknown_sex_is_in_the_total_and_on_its_own_line(frame, manager):
    for sex in ("F", "F", "H", ""):
        person = people.make_person(frame.programme)
        people.make_identity(person, sex)
        attends(frame, person, date(2015, 3, 2))
    assert tile(manager, frame) == 4
    nb = "\u00a0"
    # Shares are read on the total, the unknown included.
    assert sorted(card(manager, frame, "Personnes par sexe")) == [
        ("Femme", "2", f"50,0{nb}%"),
        ("Homme", "1", f"25,0{nb}%"),
        ("Non renseigné", "1", f"25,0{nb}%"),
    ]


def was_there(frame, person, site, on: date, hours: tuple[str, str], end: date | None = None):
    """Tick somebody at a session as a page does, then close it; `end` is the day it ends."""
    scope = scope_of(frame.workshop_leader)
    times = {} if end is None else {"ends_at": make.at(end, hours[1])}
    session = make.make_session(frame.programme, site, on=on, hours=hours, **times)
    stay = people.enrolment_of(person)
    tap = Tap(status=Presence.PRESENT, site=site)
    tick(scope=scope, session=session, enrolment=stay.pk, tap=tap)
    return close(scope=scope, session=session, absent=True)


def statement_of(frame, person, year: int, month: int) -> tuple[int, int]:
    """Return the days and minutes that somebody is asked to sign for."""
    scope, stay = scope_of(frame.workshop_leader), people.enrolment_of(person)
    row = prepare(scope=scope, enrolment=stay, month=Period.month(year, month))
    return row.days, row.minutes


def test_e_two_sites_in_a_day_are_one_day_and_one_person(frame, manager):
    person = people.make_person(frame.programme)
    one, other = (
        make.make_site(frame.territory, frame.programme, name=name) for name in ("Nord", "Sud")
    )
    day = date(2015, 3, 2)
    was_there(frame, person, one, day, ("08:00", "10:00"))
    was_there(frame, person, other, day, ("10:00", "12:00"))
    with pytest.raises(ValidationError, match="Déjà présent"):
        was_there(frame, person, other, day, ("09:00", "11:00"))
    assert (tile(manager, frame), value(frame, "hours")) == (1, 240)
    assert statement_of(frame, person, 2015, 3) == (1, 240)
    found = of_programme(scope_of(frame.programme_manager), frame.programme, YEAR)
    (line,) = found.participants.lines
    assert {site.name: line.spent.sites[site.pk] for site in found.sites} == {
        "Nord": 120,
        "Sud": 120,
    }


def test_f_a_session_over_midnight_is_of_the_day_it_starts(frame):
    person = people.make_person(frame.programme, entered_on=date(2014, 12, 1))
    new_year = date(2015, 1, 1)
    was_there(frame, person, frame.site, date(2014, 12, 31), ("22:00", "02:00"), end=new_year)
    assert value(frame, "hours", Period.year(2014)) == 240
    assert value(frame, "hours") == 0
    assert statement_of(frame, person, 2014, 12) == (1, 240)
    with pytest.raises(ValidationError, match="rien à signer"):
        statement_of(frame, person, 2015, 1)


@pytest.mark.parametrize(
    ("sunday", "minutes"), [(date(2015, 3, 29), 2 * 60), (date(2015, 10, 25), 4 * 60)]
)
def test_g_the_hours_that_really_pass_when_the_clocks_change(sunday, minutes, frame):
    person = people.make_person(frame.programme)
    was_there(frame, person, frame.site, sunday, ("01:00", "04:00"))
    assert value(frame, "hours") == minutes
    assert statement_of(frame, person, 2015, sunday.month) == (1, minutes)
    row = Statement.objects.get(enrolment__person=person)
    assert [(line["on"], line["starts"], line["ends"]) for line in row.lines] == [
        (sunday.isoformat(), "01:00", "04:00")
    ]


def test_h_born_on_29_february_turns_on_1_march(frame, manager):
    person = people.make_person(frame.programme)
    people.make_identity(person, "F", born_on=date(1992, 2, 29))
    for month, band in ((2, "De 18 à 25 ans"), (3, "De 26 à 29 ans")):
        attends(frame, person, date(2018, month, 1))
        rows = card(manager, frame, "Personnes par âge", Period.month(2018, month))
        assert [row[0] for row in rows] == [band], "26 on 1 March 2018, which is not bissextile"


def test_i_who_is_named_at_one_event_of_a_day_is_touched(frame, manager):
    day = date(2015, 6, 6)
    attends(frame, people.make_person(frame.programme, entered_on=day, left_on=day), day)
    assert tile(manager, frame) == 1


def test_j_a_merge_takes_one_person_and_only_the_time_counted_twice(frame, manager):
    kept, absorbed = (people.make_person(frame.programme, "Karim", "Diallo") for _ in range(2))
    morning = make.close(make.make_session(frame.programme, frame.site, on=date(2015, 3, 2)))
    for person in (kept, absorbed):
        people.make_attendance(people.enrolment_of(person), morning, frame.site)
    attends(frame, absorbed, date(2015, 3, 3))
    assert (tile(manager, frame), value(frame, "hours")) == (2, 3 * 240)
    merge(scope=scope_of(frame.programme_manager), kept=kept, absorbed=absorbed)
    assert (tile(manager, frame), value(frame, "hours")) == (1, 2 * 240)
