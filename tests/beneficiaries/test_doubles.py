"""Files that may be of one person: proposed, told apart, compared, made into one."""

from datetime import date

import pytest
from django.urls import reverse

from beneficiaries.models import Enrolment, NamesakePair, Person, PersonMerge
from beneficiaries.services import doubles
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.harness.queries import same_queries

BORN = date(1973, 2, 1)


def url(name: str, *keys: int) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


def found(scope, *files: Person) -> bool:
    """Tell whether the two files are proposed."""
    keys = {row.pk for row in files}
    return any({pair.first.pk, pair.second.pk} == keys for pair in doubles.proposed(scope))


def a_file(garden, first: str, last: str, born=None, **identity) -> Person:
    person = people.make_person(garden.programme, first, last)
    if born:
        people.make_identity(person, born_on=born, **identity)
    return person


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # Accents, case, hyphens, order.
        (("Aïcha", "Ben Ali"), ("aicha", "BEN-ALI"), True),
        (("Karim", "Dupont"), ("Dupont", "Karim"), True),
        (("Karim", "Dupont", BORN), ("Karim", "Dupont"), True),
        (("Karim", "Dupont", BORN), ("Karim", "Dupont", BORN), True),
        (("Karim", "Dupont", BORN), ("Karim", "Dupont", date(1973, 2, 2)), False),
        # A name that changed, a slip of the pen.
        (("Karima", "Dupont", BORN), ("Karima", "Diallo", BORN), True),
        (("Mohamed", "Diallo", BORN), ("Mohammed", "Diallo", BORN), True),
        # Twins.
        (("Awa", "Diallo", BORN), ("Fatou", "Diallo", BORN), False),
        (("Karim", "Dupont"), ("Karima", "Dupont"), False),
    ],
)
def test_names_and_births_are_compared(scope, garden, one, other, expected):
    assert found(scope, a_file(garden, *one), a_file(garden, *other)) is expected


def test_a_year_alone_rules_nothing_out_but_another_year(scope, garden):
    year = a_file(garden, "Karim", "Dupont", date(1973, 1, 1), is_birth_year_only=True)
    same = a_file(garden, "Karim", "Dupont", BORN)
    other = a_file(garden, "Karim", "Dupont", date(1974, 2, 1))
    assert found(scope, year, same)
    assert not found(scope, year, other)


def test_a_usual_name_is_a_name(scope, garden):
    married = a_file(garden, "Awa", "Diallo")
    married.usual_name = "Dupont"
    married.save()
    assert found(scope, married, a_file(garden, "Awa", "Dupont"))
    assert found(scope, married, a_file(garden, "Awa", "Diallo"))


def test_files_of_another_action_are_not_proposed(scope, garden, world):
    here = a_file(garden, "Karim", "Dupont")
    elsewhere = a_file(world.here.kitchen, "Karim", "Dupont")
    assert not found(scope, here, elsewhere)


def test_what_was_told_apart_is_not_proposed_again(browser, scope, garden):
    one, other = (a_file(garden, "Karim", "Dupont") for _ in range(2))
    browser.post(url("double_tell_apart", other.pk, one.pk))
    assert not found(scope, one, other)
    pair = NamesakePair.objects.get(first=one, second=other)
    assert "Homonymes reconnus" in browser.get(url("double_list")).content.decode()
    browser.post(url("double_propose_again", pair.pk))
    assert found(scope, one, other)


def test_two_files_are_made_one_and_taken_apart_from_the_page(browser, garden):
    one, other = (a_file(garden, "Karim", "Dupont") for _ in range(2))
    page = browser.get(url("double_list")).content.decode()
    assert url("double_compare", one.pk, other.pk) in page
    answer = browser.post(url("double_compare", one.pk, other.pk), {"kept": other.pk})
    assert answer.url == url("person_detail", other.pk)
    assert not Person.objects.filter(pk=one.pk).exists()
    trace = PersonMerge.objects.get(kept=other)
    assert url("merge_undo", trace.pk) in browser.get(url("double_list")).content.decode()
    browser.post(url("merge_undo", trace.pk))
    assert Person.objects.filter(pk=one.pk).exists()
    assert url("merge_undo", trace.pk) not in browser.get(url("double_list")).content.decode()


def test_a_file_followed_elsewhere_is_refused_in_words(browser, garden, world):
    one, other = (a_file(garden, "Karim", "Dupont") for _ in range(2))
    people.make_enrolment(other, world.here.kitchen.programme)
    page = browser.post(url("double_compare", one.pk, other.pk), {"kept": one.pk})
    assert "qui ne vous est pas ouverte" in page.content.decode()
    assert "Cuisine" not in page.content.decode()


def test_two_files_are_found_by_their_numbers(browser, garden, world):
    one, other = (a_file(garden, "Karim", "Dupont") for _ in range(2))
    sent = {"one": one.pk, "other": other.pk}
    assert browser.post(url("double_list"), sent).url == url("double_compare", one.pk, other.pk)
    for wrong in (one.pk, world.here.kitchen.somebody.person.pk, 10**30, "x"):
        form = browser.post(url("double_list"), sent | {"other": wrong}).context["form"]
        assert "other" in form.errors, wrong


def test_a_forged_choice_changes_nothing(browser, garden, world):
    one, other = (a_file(garden, "Karim", "Dupont") for _ in range(2))
    for kept in ("", "0", world.here.kitchen.somebody.person.pk):
        browser.post(url("double_compare", one.pk, other.pk), {"kept": kept})
    assert Person.objects.filter(pk__in=[one.pk, other.pk]).count() == 2
    assert browser.get(url("double_compare", one.pk, one.pk)).status_code == 404


def test_undoing_when_it_moved_since_says_why(browser, garden):
    one, other = (a_file(garden, "Karim", "Dupont") for _ in range(2))
    Enrolment.objects.filter(person=other).update(entered_on=date(2014, 1, 1))
    browser.post(url("double_compare", one.pk, other.pk), {"kept": one.pk})
    Enrolment.objects.filter(person=one).update(entered_on=date(2013, 1, 1))
    page = browser.post(url("merge_undo", PersonMerge.objects.get(kept=one).pk), follow=True)
    assert "a changé depuis" in page.content.decode()


def test_the_births_are_for_who_may_see_them(scope, garden):
    person = a_file(garden, "Karim", "Dupont", BORN)
    told = dict(doubles.facts_of(scope, [person])[person.pk])
    assert told["Naissance"] == "1er\u00a0février\u00a01973"
    leader = scope_of(garden.workshop_leader)
    assert dict(doubles.facts_of(leader, [person])[person.pk])["Naissance"] == ""


def test_the_page_costs_the_same_for_two_and_seven(browser, garden):
    def add(pairs: range) -> None:
        for number in pairs:
            for _ in range(2):
                people.make_identity(
                    people.make_person(garden.programme, "Karim", f"Nom {number}x")
                )

    add(range(2))
    same_queries(lambda: browser.get(url("double_list")), lambda: add(range(2, 7)))
