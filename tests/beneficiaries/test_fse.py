"""The FSE+ questionnaire: who takes part, what is asked, and moments that never move."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.scoping import Action
from beneficiaries.enums import Part
from beneficiaries.models import Enrolment, FseAnswers
from beneficiaries.services import completeness, fse
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries

NUMBER = "202600123"


@pytest.fixture
def operation(garden):
    """Return an operation of 2016, long over."""
    return make.make_edition(garden.programme, 2016, operation_number=NUMBER)


@pytest.fixture
def current(garden):
    """Return an operation under way since the world began."""
    edition = garden.edition
    edition.operation_number, edition.starts_on = NUMBER, make.LONG_AGO
    edition.save()
    return edition


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def person(garden):
    return people.make_person(garden.programme, "Karim", "Diallo")


def found(scope, edition, person) -> list[fse.Participation]:
    rows = fse.participations(scope=scope, edition=edition)
    return [one for one in rows if one.person == person]


def only(scope, edition, person) -> fse.Participation:
    rows = found(scope, edition, person)
    assert len(rows) == 1
    return rows[0]


def url(name: str, person, edition) -> str:
    return reverse(f"beneficiaries:{name}", args=[person.pk, edition.pk])


def answers(field: str, value: str) -> int:
    name = "nationality_groups" if field == "nationality" else "yes_no_declined"
    return code(name, value).pk


def entry(**fields) -> dict:
    today = timezone.localdate().isoformat()
    return {"informed_on": today, "collected_on": today} | fields


def leave(person, on: date) -> Enrolment:
    stay = people.enrolment_of(person)
    stay.left_on = on
    stay.save()
    return stay


# --- who takes part


def test_case_c_leaving_and_coming_back_is_one_participation(garden, operation, scope):
    """Leaves on 31 March, returns on 1 September: one participation, two stays, one person."""
    person = people.make_person(
        garden.programme, entered_on=date(2016, 1, 11), left_on=date(2016, 3, 31)
    )
    people.make_enrolment(
        person, garden.programme, entered_on=date(2016, 9, 1), left_on=date(2016, 11, 30)
    )
    one = only(scope, operation, person)
    assert (one.entered_on, one.left_on) == (date(2016, 1, 11), date(2016, 11, 30))
    assert len(one.stays) == 2


def test_case_i_one_day_is_no_participation(garden, operation, scope):
    day = date(2016, 5, 12)
    person = people.make_person(garden.programme, entered_on=day, left_on=day)
    assert found(scope, operation, person) == []
    stay = people.enrolment_of(person)
    stay.left_on = day + timedelta(days=1)
    stay.save()
    assert only(scope, operation, person).left_on == date(2016, 5, 13)


def test_two_operations_are_two_participations(garden, operation, scope):
    after = make.make_edition(garden.programme, 2017, operation_number="202700456")
    person = people.make_person(
        garden.programme, entered_on=date(2016, 10, 3), left_on=date(2017, 2, 28)
    )
    rows = fse.of_persons(scope=scope, persons=[person.pk])
    assert [(one.edition, one.entered_on, one.left_on) for one in rows] == [
        (operation, date(2016, 10, 3), date(2016, 12, 31)),
        (after, date(2017, 1, 1), date(2017, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("entered_on", "left_on"),
    [
        (None, None),
        (None, date(2016, 4, 1)),
        (date(2015, 3, 1), date(2015, 12, 31)),
        (date(2015, 3, 1), date(2016, 1, 1)),
        (date(2017, 1, 1), None),
        (date(2016, 12, 31), None),
    ],
)
def test_who_gives_the_operation_no_two_days_is_not_in_it(
    garden, operation, scope, entered_on, left_on
):
    person = people.make_person(garden.programme, entered_on=entered_on, left_on=left_on)
    assert found(scope, operation, person) == []


@pytest.mark.parametrize("part", [Part.VOLUNTEER, Part.MEMBER, Part.TRAINEE])
def test_only_participants_take_part(garden, operation, scope, part):
    person = people.make_person(garden.programme, part=part, entered_on=date(2016, 1, 4))
    assert found(scope, operation, person) == []


def test_an_operation_under_way_lets_nobody_out(current, scope, person):
    one = only(scope, current, person)
    assert (one.left_on, one.exit_due_on) == (None, None)
    assert not one.has_left(timezone.localdate())


def test_an_edition_without_a_number_has_no_participant(garden, scope, person):
    assert fse.participations(scope=scope, edition=garden.edition) == []
    assert fse.of_persons(scope=scope, persons=[person.pk]) == []


def test_nobody_of_another_programme_is_told(garden, current, world, person):
    assert found(scope_of(world.here.kitchen.social_worker), current, person) == []
    leader = scope_of(garden.workshop_leader)
    one = only(leader, current, person)
    paths.make_fse_answers(person, current)
    assert fse.answers_to(scope=leader, found=[one]) == {}
    assert not leader.allows(Action.VIEW_FSE)


# --- what is asked at the entry


def test_each_question_has_four_answers(browser, current, person):
    form = browser.get(url("fse_update", person, current)).context["form"]
    assert next(iter(form.fields)) == "informed_on"
    for name in ("disability", "parent_born_abroad", "minority"):
        labels = [str(label) for _, label in form.fields[name].choices]
        assert labels == ["Pas encore demandé", "Oui", "Non", "Ne souhaite pas répondre"]
    nationality = [str(label) for _, label in form.fields["nationality"].choices]
    assert nationality[0] == "Pas encore demandé"
    assert nationality[-1] == "Ne souhaite pas répondre"


def test_the_page_says_why_it_is_asked(browser, current, person):
    html = browser.get(url("fse_update", person, current)).content.decode()
    for words in ("cofinancée par l’Union européenne", "ne pas répondre", "les faire corriger"):
        assert words in html


def test_answers_are_written_once_and_signed(browser, garden, current, person):
    sent = entry(disability=answers("disability", "ne_souhaite_pas_repondre"))
    response = browser.post(url("fse_update", person, current), sent)
    assert response.url == reverse("beneficiaries:person_situation", args=[person.pk])
    row = FseAnswers.objects.get(person=person)
    assert (row.edition, row.recorded_by) == (current, garden.social_worker)
    assert row.disability.code == "ne_souhaite_pas_repondre"
    assert row.minority is None
    again = sent | {"version": row.version, "minority": answers("minority", "non")}
    browser.post(url("fse_update", person, current), again)
    row = FseAnswers.objects.get(person=person)
    assert (row.minority.code, row.disability.code) == ("non", "ne_souhaite_pas_repondre")


def test_the_person_is_told_before_anything_is_asked(browser, current, person):
    form = browser.post(url("fse_update", person, current), {"collected_on": "2016-02-01"})
    assert set(form.context["form"].errors) == {"informed_on"}
    sent = entry(informed_on="2016-02-02", collected_on="2016-02-01")
    form = browser.post(url("fse_update", person, current), sent).context["form"]
    assert "d’abord informée" in str(form.errors["collected_on"])
    assert form["informed_on"].value() == "2016-02-02"
    sent = entry(informed_on=make.tomorrow().isoformat())
    form = browser.post(url("fse_update", person, current), sent).context["form"]
    assert "informed_on" in form.errors
    assert not FseAnswers.objects.filter(person=person).exists()


def test_nothing_is_asked_of_who_takes_no_part(browser, garden, current, operation, person):
    volunteer = people.make_person(garden.programme, part=Part.VOLUNTEER)
    assert browser.get(url("fse_update", volunteer, current)).status_code == 404
    plain = make.make_edition(garden.programme, 2018)
    assert browser.get(url("fse_update", person, plain)).status_code == 404


def test_two_colleagues_open_it_at_once(browser, current, person):
    page = url("fse_update", person, current)
    browser.get(page)
    paths.make_fse_answers(
        person, current, informed_on=make.yesterday(), minority=code("yes_no_declined", "oui")
    )
    sent = entry(minority=answers("minority", "non"))
    html = browser.post(page, sent).content.decode()
    assert "Rien n’est perdu" in html
    assert FseAnswers.objects.get(person=person).minority.code == "oui"


# --- what is asked at the exit


def test_the_exit_is_asked_once_somebody_has_left(browser, current, person):
    page = url("fse_exit", person, current)
    paths.make_fse_answers(person, current)
    assert browser.get(page).status_code == 404
    leave(person, timezone.localdate())
    assert browser.get(page).status_code == 404
    Enrolment.objects.filter(person=person).update(left_on=make.yesterday())
    html = browser.get(page).content.decode()
    assert "quatre semaines" in html


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_entry_is_asked_before_the_exit(browser, current, person, method):
    leave(person, make.yesterday())
    response = getattr(browser, method)(url("fse_exit", person, current))
    assert response.url == url("fse_update", person, current)
    assert not FseAnswers.objects.filter(person=person).exists()


def test_the_answers_of_an_exit_are_noted(browser, current, person):
    leave(person, make.yesterday())
    row = paths.make_fse_answers(person, current)
    sent = {
        "version": row.version,
        "exit_collected_on": timezone.localdate().isoformat(),
        "exit_seeking": answers("exit_seeking", "oui"),
        "exit_training": answers("exit_training", "non"),
        "exit_qualification": answers("exit_qualification", "oui"),
        "qualification": "CACES",
    }
    browser.post(url("fse_exit", person, current), sent)
    row = FseAnswers.objects.get(person=person)
    said = [row.exit_seeking.code, row.exit_training.code, row.exit_qualification.code]
    assert said == ["oui", "non", "oui"]
    assert row.qualification == "CACES"


def test_an_exit_is_not_collected_before_it_nor_in_the_future(browser, current, person):
    left = timezone.localdate() - timedelta(days=10)
    leave(person, left)
    row = paths.make_fse_answers(person, current)
    for day in (left - timedelta(days=1), make.tomorrow()):
        sent = {"version": row.version, "exit_collected_on": day.isoformat()}
        form = browser.post(url("fse_exit", person, current), sent).context["form"]
        assert set(form.errors) == {"exit_collected_on"}


def test_a_late_answer_is_kept_with_its_true_day(browser, current, person):
    leave(person, timezone.localdate() - timedelta(days=60))
    row = paths.make_fse_answers(person, current)
    sent = {"version": row.version, "exit_collected_on": timezone.localdate().isoformat()}
    browser.post(url("fse_exit", person, current), sent)
    assert FseAnswers.objects.get(person=person).exit_collected_on == timezone.localdate()


@pytest.mark.parametrize("obtained", ["", "non", "ne_souhaite_pas_repondre"])
def test_a_qualification_has_a_title_when_it_was_obtained(browser, current, person, obtained):
    leave(person, make.yesterday())
    row = paths.make_fse_answers(person, current)
    sent = {
        "version": row.version,
        "exit_collected_on": timezone.localdate().isoformat(),
        "exit_qualification": answers("exit_qualification", obtained) if obtained else "",
        "qualification": "CACES",
    }
    form = browser.post(url("fse_exit", person, current), sent).context["form"]
    assert set(form.errors) == {"qualification"}


def test_the_moments_of_recording_never_move(browser, current, person, monkeypatch):
    browser.post(url("fse_update", person, current), entry())
    leave(person, make.yesterday())
    page = url("fse_exit", person, current)
    today = timezone.localdate().isoformat()
    row = FseAnswers.objects.get(person=person)
    assert row.exit_recorded_at is None
    browser.post(page, {"version": row.version, "exit_collected_on": today})
    first = FseAnswers.objects.get(person=person)
    assert first.exit_recorded_at is not None

    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    sent = entry(version=first.version, minority=answers("minority", "oui"))
    browser.post(url("fse_update", person, current), sent)
    sent = {
        "version": first.version + 1,
        "exit_collected_on": today,
        "exit_seeking": answers("exit_seeking", "non"),
    }
    browser.post(page, sent)
    row = FseAnswers.objects.get(person=person)
    assert (row.minority.code, row.exit_seeking.code) == ("oui", "non")
    assert row.recorded_at == first.recorded_at
    assert row.exit_recorded_at == first.exit_recorded_at
    assert row.recorded_by == first.recorded_by


# --- an exit is asked in time


def names_of(client) -> list[str]:
    html = client.get("/").content.decode()
    return re.findall(r"personnes/(\d+)/operations/\d+/questionnaire/sortie/", html)


@pytest.mark.parametrize(("days", "is_told"), [(14, False), (15, True), (28, True), (29, False)])
def test_the_page_of_the_day_tells_an_exit_while_there_is_time(
    browser, current, person, days, is_told
):
    row = paths.make_fse_answers(person, current)
    leave(person, timezone.localdate() - timedelta(days=days))
    assert (str(person.pk) in names_of(browser)) == is_told
    row.exit_collected_on = timezone.localdate()
    row.save()
    assert str(person.pk) not in names_of(browser)


def test_an_exit_is_told_to_who_follows_the_person(garden, browser, client_for, current, person):
    stay = leave(person, timezone.localdate() - timedelta(days=25))
    assert "à faire vite" in browser.get("/").content.decode()
    stay.referent = garden.social_worker
    stay.save()
    assert names_of(browser) == [str(person.pk)]
    for other in (garden.programme_manager, garden.workshop_leader, garden.committee_member):
        assert names_of(client_for(other)) == []


def test_nobody_is_asked_about_somebody_who_died(browser, scope, current, person):
    stay = leave(person, timezone.localdate() - timedelta(days=20))
    assert names_of(browser) == [str(person.pk)]
    stay.exit_motive = code("exit_motives", "deces")
    stay.save()
    assert names_of(browser) == []
    told = completeness.of_persons(scope, [person.pk])[person.pk]
    assert not {item.code for item in told.items} & {"exit_seeking", "exit_reason"}


def test_the_list_begins_with_the_exits_still_in_time(garden, browser, current, person):
    for days in (60, 16, 26):
        gone = people.make_person(garden.programme)
        leave(gone, timezone.localdate() - timedelta(days=days))
    page = browser.get(reverse("beneficiaries:fse_list", args=[current.pk]))
    waits = re.findall(r"\d+\u00a0jours|délai passé", page.content.decode())
    assert waits == ["26\u00a0jours", "16\u00a0jours", "délai passé"]


def test_the_page_of_the_day_asks_as_much_for_seven_exits(garden, browser, current):
    def grow(number: int = 5) -> None:
        for _ in range(number):
            gone = people.make_person(garden.programme)
            leave(gone, timezone.localdate() - timedelta(days=20))

    grow(2)
    same_queries(lambda: browser.get("/"), grow)
