"""Households: who lives together, with a file or without; nobody out of the scope is named."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.models import Household, HouseholdMember, Person
from beneficiaries.services import households
from programmes.access import scope_of
from programmes.enums import Role
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import same_queries

ELSEWHERE = "une personne suivie par une autre action"


def url(name: str, *keys: int) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


def page(browser, person: Person) -> str:
    return browser.get(url("person_situation", person.pk)).content.decode()


def added(browser, resident: Person, **fields):
    return browser.post(url("household_member_create", resident.pk), fields)


def member_of(person: Person) -> HouseholdMember:
    return HouseholdMember.objects.get(person=person)


@pytest.fixture
def karim(garden) -> Person:
    return people.make_person(garden.programme, "Karim", "Diallo")


@pytest.fixture
def awa(garden) -> Person:
    return people.make_person(garden.programme, "Awa", "Diallo")


# Somebody without a file.


def test_the_first_member_opens_the_home(browser, leader, karim):
    child = make.code("household_relations", "enfant")
    sent = {"first_name": "Lou", "birth_year": "2014", "relation": child.pk}
    response = added(browser, karim, joined_on="2016-03-01", **sent)
    assert response.url == url("person_situation", karim.pk)
    home = Household.objects.get(members__person=karim)
    assert HouseholdMember.objects.filter(household=home).count() == 2
    html = page(browser, karim)
    for words in ("Lou", "Enfant · 2014 · depuis le 1", "mars"):
        assert words in html
    assert "Lou" not in page(leader, karim)
    kinds = AuditEvent.objects.filter(verb="create").values_list("object_kind", flat=True)
    assert sorted(kinds) == [
        "beneficiaries.household",
        "beneficiaries.householdmember",
        "beneficiaries.householdmember",
    ]
    added(browser, karim, first_name="Sam")
    assert Household.objects.filter(members__person=karim).distinct().get() == home


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({}, "first_name", "ou écrivez un prénom"),
        ({"first_name": "Lou", "birth_year": "1850"}, "birth_year", "l’année de naissance"),
        ({"first_name": "Lou", "birth_year": "2199"}, "birth_year", "l’année de naissance"),
        ({"first_name": "Lou", "joined_on": "2190-01-01"}, "joined_on", "pas encore venu"),
        ({"first_name": "185055960612345"}, "first_name", "sécurité sociale"),
        ({"person": "999999"}, "person", "choix valide"),
        ({"person": "9" * 30}, "person", "choix valide"),
    ],
)
def test_a_fault_is_told_beside_its_field(fields, field, told, browser, karim):
    response = added(browser, karim, **fields)
    errors = response.context["form"].errors
    assert set(errors) == {field}
    assert told in str(errors)
    assert not HouseholdMember.objects.filter(person=karim).exists()
    if name := fields.get("first_name"):
        assert f'value="{name}"' in response.content.decode()


# Two persons followed.


def test_a_file_is_found_then_linked_and_both_pages_say_it(browser, karim, awa):
    path = url("household_member_create", karim.pk)
    partner = make.code("household_relations", "conjoint").pk
    typed = {"words": "AWA dia", "relation": partner, "search": "1"}
    response = browser.post(path, typed)
    html = response.content.decode()
    assert f'value="{awa.pk}"' in html
    assert f'<option value="{partner}" selected' in html
    assert not HouseholdMember.objects.filter(person__in=[karim, awa]).exists()
    added(browser, karim, person=awa.pk, relation=partner, first_name="Oublié", birth_year="1980")
    linked = member_of(awa)
    assert (linked.first_name, linked.birth_year) == ("", None)
    assert linked.household == member_of(karim).household
    assert f'href="{url("person_situation", awa.pk)}"' in page(browser, karim)
    assert f'href="{url("person_situation", karim.pk)}"' in page(browser, awa)


def test_the_words_stay_in_the_body_and_in_the_scope(browser, karim, world):
    path = url("household_member_create", karim.pk)
    for frame in (world.here.kitchen, world.elsewhere.garden):
        people.make_person(frame.programme, "Awa", "Ailleurs")
    html = browser.post(path, {"words": "ailleurs", "search": "1"}).content.decode()
    assert "Personne de ce nom" in html
    assert "Awa" not in html
    assert 'method="post"' in html


@pytest.mark.parametrize("where", ["kitchen", "neighbour", "oneself"])
def test_a_file_out_of_the_scope_is_no_choice(where, browser, karim, world):
    frames = {"kitchen": world.here.kitchen, "neighbour": world.elsewhere.garden}
    other = people.make_person(frames[where].programme) if where in frames else karim
    errors = added(browser, karim, person=other.pk).context["form"].errors
    assert set(errors) == {"person"}


def test_rights_in_two_territories_make_no_home_of_both(world, client_for, karim):
    both = make.make_member(Role.SOCIAL_WORKER, world.here.territory)
    make.make_membership(both, Role.SOCIAL_WORKER, world.elsewhere.territory)
    theirs = people.make_person(world.elsewhere.garden.programme)
    errors = added(client_for(both), karim, person=theirs.pk).context["form"].errors
    assert set(errors) == {"person"}


def test_somebody_has_one_home_at_a_time(browser, garden, karim, awa):
    """What to do is said beside the field, whoever has a home already."""
    zoe = people.make_person(garden.programme, "Zoé", "Petit")
    paths.make_household(awa, "Lou")
    told = str(added(browser, karim, person=awa.pk).context["form"].errors["person"])
    assert "ajoutez-y Karim Diallo" in told
    paths.make_household(karim)
    told = str(added(browser, karim, person=awa.pk).context["form"].errors["person"])
    assert "notez d’abord son départ" in told
    added(browser, karim, person=zoe.pk)
    told = str(added(browser, karim, person=zoe.pk).context["form"].errors["person"])
    assert "déjà partie de ce foyer" in told


def test_two_colleagues_at_once_make_one_home(browser, karim, awa, monkeypatch):
    """The second one is told, as if the first had been there before."""
    check = households.lives_with
    home_of = households.home_of
    seen = []

    def home_then(person):
        found = home_of(person)
        if person == awa and not seen:
            seen.append(person)
            paths.make_household(awa)
            return None
        return found

    monkeypatch.setattr(households, "home_of", home_then)
    response = added(browser, karim, person=awa.pk)
    assert set(response.context["form"].errors) == {"person"}
    assert check(home_of(awa), awa)
    assert not HouseholdMember.objects.filter(person=karim).exists()


# Out of the scope.


@pytest.fixture
def shared(world, karim) -> Person:
    """Return somebody of another programme who lives with Karim, with a child."""
    stranger = people.make_person(world.here.kitchen.programme, "Zohra", "Secrète")
    people.make_identity(stranger, born_on=date(1961, 5, 4))
    home = paths.make_household(karim, "Lou")
    HouseholdMember.objects.create(
        household=home,
        person=stranger,
        relation=make.code("household_relations", "parent"),
        joined_on=date(2016, 3, 1),
    )
    return stranger


def test_a_member_out_of_the_scope_is_told_and_never_named(browser, client_for, world, shared):
    karim = Person.objects.get(first_name="Karim")
    html = page(browser, karim)
    assert ELSEWHERE in html
    for words in ("Zohra", "Secrète", "1961", "Parent", "2016", f"/personnes/{shared.pk}/"):
        assert words not in html, words
    kitchen = page(client_for(world.here.kitchen.social_worker), shared)
    assert "Lou" in kitchen
    assert ELSEWHERE in kitchen
    assert "Karim" not in kitchen


@pytest.mark.parametrize("name", ["update", "leave", "delete"])
def test_nothing_is_written_of_a_member_out_of_the_scope(name, browser, shared):
    karim = Person.objects.get(first_name="Karim")
    path = url(f"household_member_{name}", karim.pk, member_of(shared).pk)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"left_on": "2016-05-01"}).status_code == 404
    assert member_of(shared).left_on is None


def test_a_member_out_of_the_scope_who_left_is_no_longer_told(browser, shared):
    """Where they went, and when, is of their own file."""
    HouseholdMember.objects.filter(person=shared).update(left_on=make.yesterday())
    assert ELSEWHERE not in page(browser, Person.objects.get(first_name="Karim"))


@pytest.mark.parametrize("name", ["update", "leave", "delete"])
def test_a_member_is_reached_from_a_person_of_the_home_only(name, browser, karim, awa):
    paths.make_household(karim, "Lou")
    child = HouseholdMember.objects.get(first_name="Lou", household=member_of(karim).household)
    assert browser.get(url(f"household_member_{name}", awa.pk, child.pk)).status_code == 404
    assert browser.get(url(f"household_member_{name}", karim.pk, child.pk)).status_code == 200


def test_each_household_under_its_own_right(world, client_for):
    """Social worker of the garden, leader of the kitchen: the kitchen's homes stay closed."""
    user = make.make_member(Role.SOCIAL_WORKER, world.here.garden.programme)
    make.make_membership(user, Role.WORKSHOP_LEADER, world.here.kitchen.programme)
    person = world.here.kitchen.somebody.person
    browser = client_for(user)
    assert "Lou" not in page(browser, person)
    assert browser.get(url("household_member_create", person.pk)).status_code == 404


# Leaving, correcting, taking away.


def test_somebody_leaves_then_lives_elsewhere(browser, karim, awa):
    paths.make_household(karim)
    added(browser, karim, person=awa.pk)
    path = url("household_member_leave", karim.pk, member_of(awa).pk)
    form = browser.get(path).context["form"]
    assert form["left_on"].value() == timezone.localdate()
    browser.post(path, filled(form) | {"left_on": "2016-05-01"})
    assert "jusqu’au 1" in page(browser, karim)
    html = page(browser, awa)
    assert "A quitté un foyer le 1" in html
    assert f"/personnes/{karim.pk}/situation" not in html
    added(browser, awa, first_name="Sam")
    assert households.home_of(awa) != households.home_of(karim)


@pytest.mark.parametrize(
    ("left_on", "told"),
    [("2016-02-28", "Le départ précède l’arrivée."), ("2199-01-01", "pas encore venu"), ("", "")],
)
def test_a_departure_that_cannot_be(left_on, told, browser, karim):
    home = paths.make_household(karim)
    HouseholdMember.objects.filter(household=home).update(joined_on=date(2016, 3, 1))
    path = url("household_member_leave", karim.pk, member_of(karim).pk)
    errors = browser.post(path, filled(browser.get(path).context["form"]) | {"left_on": left_on})
    errors = errors.context["form"].errors
    assert set(errors) == {"left_on"}
    assert told in str(errors)


def test_a_member_is_corrected(browser, karim):
    paths.make_household(karim, "Lou")
    child = HouseholdMember.objects.get(first_name="Lou", household=member_of(karim).household)
    path = url("household_member_update", karim.pk, child.pk)
    form = browser.get(path).context["form"]
    browser.post(path, filled(form) | {"first_name": "Louise", "birth_year": "2014"})
    child.refresh_from_db()
    assert (child.first_name, child.birth_year, child.version) == ("Louise", 2014, 2)
    own = browser.get(url("household_member_update", karim.pk, member_of(karim).pk))
    assert not {"first_name", "birth_year"} & set(own.context["form"].fields)


def test_a_departure_is_not_undone_over_another_home(browser, karim):
    old = paths.make_household(karim)
    gone = HouseholdMember.objects.get(household=old)
    HouseholdMember.objects.filter(pk=gone.pk).update(left_on=date(2016, 5, 1))
    paths.make_household(karim)
    path = url("household_member_update", karim.pk, gone.pk)
    response = browser.post(path, filled(browser.get(path).context["form"]) | {"left_on": ""})
    assert "déjà partie d’un foyer" in str(response.context["form"].errors)


def test_the_last_file_takes_the_home_with_it(browser, karim, awa):
    """The first names of children that no scope reaches any more would stay for ever."""
    home = paths.make_household(karim, "Lou")
    added(browser, karim, person=awa.pk)
    browser.post(url("household_member_delete", karim.pk, member_of(karim).pk))
    assert HouseholdMember.objects.filter(household=home).count() == 2
    browser.post(url("household_member_delete", awa.pk, member_of(awa).pk))
    assert not Household.objects.filter(pk=home.pk).exists()
    assert not HouseholdMember.objects.filter(household=home.pk).exists()


def test_a_file_deleted_takes_the_home_nobody_else_has_a_file_in(browser, karim, awa):
    home = paths.make_household(karim, "Lou")
    added(browser, karim, person=awa.pk)
    browser.post(url("person_delete", awa.pk))
    assert Household.objects.filter(pk=home.pk).exists()
    browser.post(url("person_delete", karim.pk))
    assert not Person.objects.filter(pk=karim.pk).exists()
    assert not Household.objects.filter(pk=home.pk).exists()


# What it costs.


def test_the_card_costs_the_same_for_two_members_and_seven(browser, garden, karim):
    home = paths.make_household(karim, "Lou")

    def grow():
        for _ in range(5):
            person = people.make_person(garden.programme)
            people.make_identity(person, born_on=date(1990, 1, 1))
            HouseholdMember.objects.create(household=home, person=person)

    HouseholdMember.objects.create(household=home, person=people.make_person(garden.programme))
    same_queries(lambda: page(browser, karim), grow)


def test_the_cards_cost_the_same_for_two_persons_and_seven(garden):
    scope = scope_of(garden.social_worker)
    shown = []

    def grow(number=5):
        for _ in range(number):
            shown.append(people.make_person(garden.programme))
            paths.make_household(shown[-1], "Lou")

    grow(2)
    same_queries(lambda: households.of_persons(scope, shown), grow)
    assert all(len(card["lines"]) == 2 for card in households.of_persons(scope, shown).values())
