"""Situations in two moments: two minutes on the first day, the rest later; then the exit."""

from datetime import date

import pytest
from django.urls import reverse

from beneficiaries.models import Situation
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries


@pytest.fixture
def person(garden):
    return people.make_person(garden.programme)


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


# --- the first day, then the rest


def full(person, **fields) -> Situation:
    """Return a situation where every question was answered, by « aucun » wherever it can be."""
    answers = {
        "district": make.make_district(person.territory, "Centre ville"),
        "last_class": code("last_classes", "troisieme_generale"),
        "diploma": code("diplomas", "aucun"),
        "education_level": code("education_levels", "N_VBIS"),
        "employment_status": code("employment_status_entry", "chomage"),
        "unemployment_duration": code("unemployment_durations", "03"),
        "housing_status": code("housing_status", "heberge"),
        "accommodation": code("accommodation_mss", "tiers"),
        "sheltered_by": make.make_organisation(person.territory, "Foyer Blaise Pascal"),
        "household_type": code("household_types", "seul"),
        "dependent_children": 0,
        "driving_licence": code("driving_licences", "aucun"),
        "transport": code("transport_means", "a_pied"),
        "health_cover": code("health_covers", "css"),
        "regular_doctor": code("yes_no_declined", "non"),
    }
    situation = people.make_situation(person, "aucun", on=date(2016, 1, 5), **answers | fields)
    situation.resources.set([code("resources", "aucune")])
    return situation


def questions_of(response) -> set[str]:
    return set(response.context["form"].fields) - {"version"}


def test_the_first_day_asks_for_two_minutes_only(browser, garden):
    form = browser.get(reverse("beneficiaries:person_create", args=[garden.programme.pk]))
    asked = set(form.context["form"].situation.fields)
    assert asked == {
        "district",
        "no_fixed_address",
        "housing_status",
        "last_class",
        "diploma",
        "diploma_abroad",
        "minimum_incomes",
    }


def test_what_was_asked_on_the_first_day_is_not_asked_again(browser, person):
    situation = people.make_situation(
        person,
        "rsa",
        no_fixed_address=True,
        last_class=code("last_classes", "terminale"),
        diploma=code("diplomas", "aucun"),
        housing_status=code("housing_status", "ne_souhaite_pas_repondre"),
    )
    response = browser.get(url("situation_complete", situation.pk))
    assert questions_of(response) == {
        "resources",
        "employment_status",
        "unemployment_duration",
        "household_type",
        "dependent_children",
        "driving_licence",
        "transport",
        "health_cover",
        "regular_doctor",
    }
    titles = [title for title, _, _ in response.context["form"].sections()]
    assert titles == [
        "Ressources",
        "Emploi",
        "Foyer",
        "Mobilité",
        "Santé, accès aux soins seulement",
    ]


def test_completing_leaves_what_was_known(browser, person):
    situation = people.make_situation(
        person, "rsa", diploma=code("diplomas", "cap_bep"), no_fixed_address=True
    )
    first = situation.recorded_at
    sent = {
        "version": situation.version,
        "last_class": code("last_classes", "terminale").pk,
        "employment_status": code("employment_status_entry", "chomage").pk,
        "unemployment_duration": code("unemployment_durations", "04").pk,
        "resources": [code("resources", "apl").pk, code("resources", "salaire").pk],
        "dependent_children": "0",
    }
    response = browser.post(url("situation_complete", situation.pk), sent)
    assert response.url == url("person_situation", person.pk)
    after = Situation.objects.get(pk=situation.pk)
    assert (after.no_fixed_address, after.diploma, after.dependent_children) == (
        True,
        situation.diploma,
        0,
    )
    assert [income.code for income in after.minimum_incomes.all()] == ["rsa"]
    assert set(after.resources.values_list("code", flat=True)) == {"apl", "salaire"}
    assert after.education_level.code == "N_IV_SD"
    assert after.recorded_at == first


def test_a_question_answered_meanwhile_keeps_both_texts(browser, person):
    situation = people.make_situation(person)
    sent = {"version": situation.version, "transport": code("transport_means", "velo").pk}
    colleague = Situation.objects.get(pk=situation.pk)
    colleague.transport = code("transport_means", "voiture")
    colleague.save()
    html = browser.post(url("situation_complete", situation.pk), sent).content.decode()
    assert "«\u00a0En voiture\u00a0»" in html
    assert "Rien n’est perdu" in html
    assert Situation.objects.get(pk=situation.pk).transport.code == "voiture"


@pytest.mark.parametrize("status", ["", "emploi_salarie", "inactif"])
def test_only_who_seeks_work_has_been_seeking_it_for_a_time(browser, person, status):
    sent = {
        "observed_on": "2016-01-05",
        "unemployment_duration": code("unemployment_durations", "03").pk,
        "employment_status": code("employment_status_entry", status).pk if status else "",
        "dependent_children": "2",
    }
    form = browser.post(url("situation_create", person.pk), sent).context["form"]
    assert set(form.errors) == {"unemployment_duration"}
    assert form["dependent_children"].value() == "2"
    assert not Situation.objects.filter(person=person).exists()


@pytest.mark.parametrize("diploma", ["", "aucun"])
def test_a_foreign_diploma_is_a_diploma(browser, person, diploma):
    sent = {
        "observed_on": "2016-01-05",
        "diploma_abroad": "on",
        "diploma": code("diplomas", diploma).pk if diploma else "",
    }
    form = browser.post(url("situation_create", person.pk), sent).context["form"]
    assert set(form.errors) == {"diploma_abroad"}


@pytest.mark.parametrize(
    ("field", "alone", "list_name"),
    [
        ("resources", "aucune", "resources"),
        ("resources", "ne_souhaite_pas_repondre", "resources"),
        ("minimum_incomes", "aucun", "minimum_income"),
    ],
)
def test_none_and_declined_go_with_nothing_else(browser, person, field, alone, list_name):
    other = code(list_name, {"resources": "apl", "minimum_incomes": "rsa"}[field])
    sent = {"observed_on": "2016-01-05", field: [code(list_name, alone).pk, other.pk]}
    form = browser.post(url("situation_create", person.pk), sent).context["form"]
    assert "ne va pas avec un autre choix" in str(form.errors[field])


def test_the_level_is_read_and_never_typed(browser, person):
    assert (
        "education_level"
        not in browser.get(url("situation_create", person.pk)).context["form"].fields
    )
    sent = {
        "observed_on": "2016-01-05",
        "education_level": code("education_levels", "N_I").pk,
        "diploma": code("diplomas", "cap_bep").pk,
        "last_class": code("last_classes", "seconde_ou_premiere").pk,
    }
    browser.post(url("situation_create", person.pk), sent)
    situation = Situation.objects.get(person=person)
    assert situation.education_level.code == "N_V"
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert "Niveau V (CAP ou BEP obtenu — actuel niveau 3)" in html

    sent = {"observed_on": "2016-01-05", "version": situation.version}
    browser.post(url("situation_update", situation.pk), sent)
    assert Situation.objects.get(person=person).education_level is None


def test_a_new_situation_carries_every_answer(browser, person):
    last = full(person)
    form = browser.get(url("situation_create", person.pk)).context["form"]
    none = {"dependent_children": form["dependent_children"].value()}
    sent = filled(form) | none | {"observed_on": "2016-02-01"}
    browser.post(url("situation_create", person.pk), sent)
    new = Situation.objects.get(person=person, observed_on=date(2016, 2, 1))
    for field in Situation._meta.fields:
        if field.name not in {"id", "version", "observed_on", "recorded_at"}:
            assert getattr(new, field.name) == getattr(last, field.name), field.name
    for field in Situation._meta.many_to_many:
        linked = [set(getattr(row, field.name).values_list("pk")) for row in (last, new)]
        assert linked[0] == linked[1] != set(), field.name


def test_not_asked_declined_and_none_are_three_things(browser, person):
    said = {}
    for number, answer in enumerate(("", "ne_souhaite_pas_repondre", "aucun"), start=1):
        licence = code("driving_licences", answer) if answer else None
        people.make_situation(person, on=date(2016, 1, number), driving_licence=licence)
        response = browser.get(url("person_situation", person.pk))
        sections = dict(response.context["situations"][0]["sections"])
        said[answer] = dict(sections["Mobilité"])["Permis de conduire"]
    assert "pas encore demandé" in said[""]
    assert "Ne souhaite pas répondre" in said["ne_souhaite_pas_repondre"]
    assert said["aucun"] == "Aucun permis"


def test_no_child_is_not_a_question_still_to_ask(browser, person):
    people.make_situation(person, on=date(2016, 1, 5), dependent_children=0)
    people.make_situation(person, on=date(2016, 1, 4))
    rows = browser.get(url("person_situation", person.pk)).context["situations"]
    children = [dict(dict(row["sections"])["Foyer"])["Enfants à charge"] for row in rows]
    assert children[0] == "aucun"
    assert "pas encore demandé" in children[1]


def test_a_situation_complete_offers_a_new_one(browser, person):
    situation = full(person)
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert url("situation_complete", situation.pk) not in html
    assert url("situation_create", person.pk) in html
    Situation.objects.filter(pk=situation.pk).update(transport=None)
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert url("situation_complete", situation.pk) in html


# --- at the exit


@pytest.fixture
def gone(person):
    stay = people.enrolment_of(person)
    stay.left_on = date(2016, 3, 31)
    stay.save()
    return stay


def test_at_the_exit_only_what_changed_is_typed_again(browser, person, gone):
    full(person)
    page = browser.get(url("person_situation", person.pk)).content.decode()
    assert url("situation_exit", gone.pk) in page
    form = browser.get(url("situation_exit", gone.pk)).context["form"]
    assert form["observed_on"].value() == gone.left_on
    sent = filled(form) | {"transport": code("transport_means", "voiture").pk}
    browser.post(url("situation_exit", gone.pk), sent)
    new = Situation.objects.get(person=person, observed_on=gone.left_on)
    assert (new.transport.code, new.health_cover.code) == ("voiture", "css")
    assert (
        url("situation_exit", gone.pk)
        not in browser.get(url("person_situation", person.pk)).content.decode()
    )


def test_the_situation_already_noted_at_the_exit_is_corrected(browser, person, gone):
    noted = people.make_situation(person, on=gone.left_on)
    response = browser.get(url("situation_exit", gone.pk))
    assert response.url == url("situation_update", noted.pk)


@pytest.mark.parametrize("left_on", [None, "tomorrow"])
def test_there_is_no_situation_of_an_exit_to_come(browser, person, left_on):
    stay = people.enrolment_of(person)
    stay.left_on = make.tomorrow() if left_on else None
    stay.save()
    assert browser.get(url("situation_exit", stay.pk)).status_code == 404
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert url("situation_exit", stay.pk) not in html


def test_as_many_queries_for_seven_situations_as_for_two(browser, person):
    def grow() -> None:
        for number in range(10, 15):
            people.make_situation(person, "rsa", on=date(2016, 1, number))

    for number in (1, 2):
        people.make_situation(person, "rsa", on=date(2016, 1, number))
    same_queries(lambda: browser.get(url("person_situation", person.pk)), grow)
