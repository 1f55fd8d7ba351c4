"""What is still to ask: in words, person by person and operation by operation, under each right."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Part
from beneficiaries.models import Person
from beneficiaries.services import completeness, fse
from programmes.access import ROLE_ACTIONS, scope_of
from programmes.enums import Role
from tests.beneficiaries.questionnaires import asked, told_all
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries

#: What a participant of no operation has to answer: 3 of identity, 13 of the situation.
PLAIN = 16


@pytest.fixture
def operation(garden):
    """Return an operation under way since the world began."""
    edition = garden.edition
    edition.operation_number, edition.starts_on = "202600123", make.LONG_AGO
    edition.save()
    return edition


@pytest.fixture
def alone(garden, operation):
    """Leave the operation to those the test makes."""
    stay = garden.somebody.enrolment
    stay.part = Part.VOLUNTEER
    stay.save()
    Person.objects.filter(enrolments__programme=garden.programme).exclude(
        pk=stay.person_id
    ).delete()
    return operation


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


def of(scope: Scope, person: Person) -> completeness.Completeness:
    return completeness.of_persons(scope, [person.pk])[person.pk]


def missing(scope: Scope, person: Person) -> set[str]:
    return {item.code for item in of(scope, person).missing}


def leave(person: Person, days: int) -> None:
    stay = people.enrolment_of(person)
    stay.left_on = timezone.localdate() - timedelta(days=days)
    stay.save()


# --- of a person


def test_a_newcomer_has_everything_to_answer(garden, scope):
    found = of(scope, people.make_person(garden.programme))
    assert (found.done, found.total) == (0, PLAIN)
    assert {item.code for item in found.missing} >= {"contact", "sex", "birth", "district"}


@pytest.mark.parametrize("declining", [False, True], ids=["aucun", "decline"])
def test_none_and_declined_are_answers(garden, scope, declining):
    found = of(scope, told_all(people.make_person(garden.programme), declining=declining))
    assert found.missing == []
    # Who declines to tell of their home and household is asked no more about either.
    assert found.total == PLAIN - 2 * declining


@pytest.mark.parametrize(
    "field",
    [
        "housing_status",
        "accommodation",
        "household_type",
        "dependent_children",
        "driving_licence",
        "transport",
        "health_cover",
        "regular_doctor",
        "employment_status",
        "education_level",
    ],
)
def test_each_question_left_is_named(garden, scope, field):
    person = told_all(people.make_person(garden.programme))
    row = person.situations.get()
    setattr(row, field, None)
    row.save()
    assert missing(scope, person) == {field}


def test_the_lists_of_resources_are_asked_too(garden, scope):
    person = told_all(people.make_person(garden.programme))
    row = person.situations.get()
    row.minimum_incomes.clear()
    row.resources.clear()
    assert missing(scope, person) == {"minimum_incomes", "resources"}


def test_how_long_one_seeks_work_is_asked_of_who_does(garden, scope):
    person = told_all(people.make_person(garden.programme))
    row = person.situations.get()
    row.employment_status = code("employment_status_entry", "chomage")
    row.save()
    assert missing(scope, person) == {"unemployment_duration"}
    row.unemployment_duration = code("unemployment_durations", "01")
    row.save()
    assert of(scope, person).total == PLAIN + 1


@pytest.mark.parametrize(
    ("housing", "home", "asked_too"),
    [
        ("exclusion_logement", "chrs_chu_cph_cada", {"sheltered_by"}),
        ("exclusion_logement", None, {"accommodation", "sheltered_by"}),
        ("exclusion_logement", "insalubre", set()),
        ("heberge", "tiers", set()),
        ("sans_abri", "sans_hebergement", set()),
    ],
)
def test_who_shelters_is_asked_where_an_organisation_may(garden, scope, housing, home, asked_too):
    """A friend who puts somebody up is no organisation: the question had no answer."""
    person = told_all(people.make_person(garden.programme))
    row = person.situations.get()
    row.housing_status = code("housing_status", housing)
    row.accommodation = code("accommodation_mss", home) if home else None
    row.save()
    assert missing(scope, person) == asked_too


@pytest.mark.parametrize("way", ["phone", "contact_name", "email"])
def test_somebody_is_reached_in_one_way_or_another(garden, scope, way):
    person = people.make_person(garden.programme)
    assert "contact" in missing(scope, person)
    if way == "email":
        people.make_identity(person, email="karim@exemple.fr")
    else:
        values = {"phone": "0612345678", "contact_name": "Une voisine"}
        Person.objects.filter(pk=person.pk).update(**{way: values[way]})
    assert "contact" not in missing(scope, person)


def test_each_question_leads_to_where_it_is_typed(garden, browser, operation):
    person = people.make_person(garden.programme)
    situation = people.make_situation(person)
    paths.make_fse_answers(person, operation)
    leave(person, 3)
    scope = scope_of(garden.social_worker)
    pages = of(scope, person).by_page()
    urls = [page["url"] for page in pages]
    assert urls == list(dict.fromkeys(urls))
    assert reverse("beneficiaries:situation_complete", args=[situation.pk]) in urls
    assert reverse("beneficiaries:fse_exit", args=[person.pk, operation.pk]) in urls
    html = browser.get(reverse("beneficiaries:person_situation", args=[person.pk])).content
    for target in urls:
        assert browser.get(target).status_code == 200
        assert f'href="{target}"' in html.decode()


def test_the_deadline_is_the_end_of_the_month_of_entry(garden, browser):
    today = timezone.localdate()
    person = people.make_person(garden.programme, entered_on=date(2016, 2, 3))
    assert completeness.entry_deadline(people.enrolment_of(person)) == date(2016, 2, 29)
    page = reverse("beneficiaries:person_situation", args=[person.pk])
    assert "d’ici au" not in browser.get(page).content.decode()
    person.enrolments.update(entered_on=today)
    deadline = completeness.entry_deadline(people.enrolment_of(person))
    assert f"d’ici au {day(deadline)}" in browser.get(page).content.decode()


# --- of an operation


def test_an_operation_asks_its_own_questions(garden, scope, operation):
    person = told_all(people.make_person(garden.programme))
    assert missing(scope, person) == {
        "informed_on",
        "disability",
        "parent_born_abroad",
        "minority",
        "nationality",
    }
    asked(person, operation)
    assert missing(scope, person) == set()


def test_who_has_left_is_asked_three_more_and_where_they_stand(garden, scope, operation):
    person = told_all(people.make_person(garden.programme))
    row = asked(person, operation)
    leave(person, 2)
    assert missing(scope, person) == {
        "exit_seeking",
        "exit_training",
        "exit_qualification",
        "exit_reason",
    }
    for name in ("exit_seeking", "exit_training", "exit_qualification"):
        setattr(row, name, code("yes_no_declined", "ne_souhaite_pas_repondre"))
    row.save()
    stay = people.enrolment_of(person)
    stay.exit_reason = code("exit_reasons_asp")
    stay.save()
    assert missing(scope, person) == set()
    # A contract found says as much as a reason.
    stay.exit_reason, stay.exit_outcome = None, people.make_outcome(stay)
    stay.save()
    assert missing(scope, person) == set()


@pytest.mark.parametrize(
    ("incomplete", "total", "level"),
    [
        (0, 20, "good"),
        (1, 20, "good"),
        (2, 20, "early"),
        (4, 20, "early"),
        (5, 20, "urgent"),
        (7, 20, "urgent"),
        (8, 20, "corrected"),
        (0, 0, "good"),
    ],
)
def test_alerts_come_at_10_and_25_percent_and_beyond_35(operation, incomplete, total, level):
    """Over 35 % of incomplete participants, the payment is corrected (Seine-et-Marne)."""

    def record(number: int) -> completeness.Record:
        is_done = number >= incomplete
        item = completeness.Item("sex", "le sexe", is_done, ("person_identity", (1,)), True)
        return completeness.Record(None, completeness.Completeness((item,)), None)

    rate = completeness.rate_of(operation, [record(number) for number in range(total)])
    assert (rate["incomplete"], rate["total"], rate["level"]) == (incomplete, total, level)


def test_the_panel_counts_what_the_list_shows(garden, browser, scope, alone):
    people_of = [told_all(people.make_person(garden.programme)) for _ in range(4)]
    for person in people_of[:3]:
        asked(person, alone)
    page = browser.get(reverse("programmes:edition_detail", args=[alone.pk])).content.decode()
    assert "1 sur 4\u00a0participants" in page
    assert "25,0\u00a0%" in page
    assert "25\u00a0% ou plus" in page
    response = browser.get(reverse("beneficiaries:fse_list", args=[alone.pk]))
    rows = response.context["table"].body
    assert [row["url"] for row in rows] == [
        reverse("beneficiaries:person_situation", args=[people_of[3].pk])
    ]
    asked(people_of[3], alone)
    page = browser.get(reverse("programmes:edition_detail", args=[alone.pk])).content.decode()
    assert "moins de 10\u00a0%" in page
    assert reverse("beneficiaries:fse_list", args=[alone.pk]) not in page


def test_what_is_learnt_after_an_operation_does_not_complete_it(garden, scope):
    past = make.make_edition(garden.programme, 2016, operation_number="201600001")
    person = told_all(people.make_person(garden.programme, entered_on=date(2016, 2, 1)))
    asked(person, past)
    row = person.situations.get()
    row.observed_on = date(2017, 1, 5)
    row.save()
    [record] = [
        record
        for record in completeness.of_edition(scope, past)
        if record.participation.person == person
    ]
    assert "housing_status" in {item.code for item in record.completeness.missing}
    assert "transport" not in {item.code for item in record.completeness.items}


@pytest.mark.parametrize(
    ("days", "waiting"), [(1, None), (14, None), (15, 15), (24, 24), (25, 25), (40, 40)]
)
def test_an_exit_is_asked_again_after_15_and_25_days(garden, browser, scope, alone, days, waiting):
    person = told_all(people.make_person(garden.programme))
    row = asked(person, alone)
    leave(person, days)
    [one] = fse.of_persons(scope=scope, persons=[person.pk])
    today = timezone.localdate()
    assert fse.reminder(one, row, on=today) == waiting
    rate = completeness.rate_of(alone, completeness.of_edition(scope, alone))
    assert (rate["waiting"], rate["late"]) == (bool(waiting), days >= 25)
    row.exit_collected_on = today
    assert fse.reminder(one, row, on=today) is None


def test_what_is_missing_is_named_when_it_is_little():
    def item(label: str, page: str, *keys: int) -> completeness.Item:
        return completeness.Item(label, label, False, (page, keys))

    told = [item(label, "situation_complete", 1) for label in ("l’emploi", "le foyer")]
    more = [item(label, "fse_update", 1, 2) for label in ("a", "b", "c")]
    assert completeness.Completeness((*told, *more)).in_short() == (
        "Situation\u00a0: l’emploi, le foyer · FSE+, à l’entrée\u00a0: 3\u00a0questions"
    )


# --- under each right


def with_actions(garden, *actions: Action) -> Scope:
    keys = frozenset({garden.programme.pk})
    return Scope(actor_key="1", programmes=dict.fromkeys(actions, keys))


@pytest.mark.parametrize(
    ("right", "codes"),
    [
        (None, set()),
        (Action.VIEW_IDENTITIES, {"contact", "sex", "birth"}),
        (Action.VIEW_SITUATIONS, {"district", "transport", "health_cover"}),
        (Action.VIEW_FSE, {"informed_on", "disability"}),
    ],
)
def test_a_reader_is_told_of_what_they_may_see_only(garden, operation, right, codes):
    person = people.make_person(garden.programme)
    rights = [Action.VIEW_PERSONS, *([right] if right else [])]
    found = of(with_actions(garden, *rights), person)
    told = {item.code for item in found.items}
    assert told >= codes
    if right != Action.VIEW_FSE:
        assert not told & {"informed_on", "disability"}
    if right != Action.VIEW_SITUATIONS:
        assert not told & {"district", "transport"}
    if right != Action.VIEW_IDENTITIES:
        assert not told & {"contact", "sex"}


def test_nothing_is_told_of_who_is_out_of_the_scope(garden, world, operation):
    person = people.make_person(garden.programme)
    other = scope_of(world.here.kitchen.social_worker)
    assert completeness.of_persons(other, [person.pk]) == {}
    assert completeness.of_enrolments(other, [people.enrolment_of(person)]) == {}


@pytest.mark.parametrize("role", list(Role))
def test_the_panel_is_for_who_reads_such_answers(world, garden, operation, client_for, role):
    client = client_for(world.here.member(role))
    page = client.get(reverse("programmes:edition_detail", args=[operation.pk]))
    sees = Action.VIEW_FSE in ROLE_ACTIONS[role]
    assert page.status_code == 200
    assert ("questionnaire à compléter" in page.content.decode()) == sees


def test_an_edition_that_is_no_operation_has_no_panel_and_no_list(browser, garden):
    page = browser.get(reverse("programmes:edition_detail", args=[garden.edition.pk]))
    assert "Questionnaires FSE+" not in page.content.decode()
    assert (
        browser.get(reverse("beneficiaries:fse_list", args=[garden.edition.pk])).status_code == 404
    )


def test_nothing_is_to_ask_of_a_volunteer(garden, scope):
    stay = people.enrolment_of(people.make_person(garden.programme, part=Part.VOLUNTEER))
    assert completeness.of_enrolments(scope, [stay]) == {}


# --- for many


def test_many_enrolments_are_counted_in_few_queries(
    garden, scope, operation, django_assert_max_num_queries
):
    def newcomers(number: int) -> list:
        rows = [people.make_person(garden.programme) for _ in range(number)]
        for person in rows:
            people.make_situation(person, "rsa")
            paths.make_fse_answers(person, operation)
        return [people.enrolment_of(person) for person in rows]

    stays = newcomers(2)
    same_queries(
        lambda: completeness.of_enrolments(scope, stays), lambda: stays.extend(newcomers(5))
    )
    with django_assert_max_num_queries(7):
        found = completeness.of_enrolments(scope, stays)
    assert len(found) == 7
    assert all(done < total for done, total in found.values())


def test_the_page_of_an_operation_asks_as_much_for_seven(garden, browser, operation):
    def grow() -> None:
        for _ in range(5):
            asked(told_all(people.make_person(garden.programme)), operation)

    same_queries(lambda: browser.get(reverse("beneficiaries:fse_list", args=[operation.pk])), grow)
