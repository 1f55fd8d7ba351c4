"""Search of persons: some letters in any order, on a page or as one types, in no address."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from beneficiaries.models import Person
from programmes.enums import Role
from tests.beneficiaries.crowds import crowd
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

EXISTS = "Une fiche existe. Demandez le rattachement"


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


def suggested(browser, words: str) -> str:
    """Return what is proposed as one types."""
    path = reverse("beneficiaries:person_suggest")
    return browser.post(path, {"words": words}, headers={"HX-Request": "true"}).content.decode()


def found(browser, words: str):
    return browser.post(url_search(), {"words": words})


# On the page.


@pytest.mark.parametrize("words", ["ka dia", "DIALLO karim", "diallo", "Kàrim"])
def test_a_search_finds_by_letters_in_any_order(words, browser, garden):
    person = people.make_person(garden.programme, "Karim", "Diallo")
    response = browser.post(url_search(), {"words": words})
    assert response.url == url("person_detail", person.pk)


def url_search() -> str:
    return reverse("beneficiaries:person_search")


def test_several_are_listed_with_their_programmes(browser, garden):
    for first_name in ("Karim", "Fatou"):
        people.make_person(garden.programme, first_name, "Diallo")
    html = browser.post(url_search(), {"words": "diallo"}).content.decode()
    assert "Karim Diallo" in html
    assert "Fatou Diallo" in html
    assert garden.programme.name in html


@pytest.mark.parametrize("words", ["k", " ", "-", "%", ""])
def test_a_search_needs_two_letters(words, browser, garden):
    people.make_person(garden.programme, "Karim", "Diallo")
    response = browser.post(url_search(), {"words": words})
    assert "words" in response.context["form"].errors
    assert "Diallo" not in response.content.decode()


def test_a_search_stays_in_the_scope(browser, world):
    for frame in (world.here.kitchen, world.elsewhere.garden):
        people.make_person(frame.programme, "Karim", "Ailleurs")
    html = browser.post(url_search(), {"words": "ailleurs"}).content.decode()
    assert "Personne de ce nom" in html
    assert "Karim" not in html


def test_the_search_stands_on_every_page_of_the_team_only(browser, garden, client_for):
    html = browser.get("/").content.decode()
    assert "recherche-personne" in html
    assert f'class="search-link" href="{url_search()}"' in html
    html = client_for(garden.committee_member).get("/").content.decode()
    assert "recherche-personne" not in html
    assert "search-link" not in html


def test_a_usual_name_is_found(browser, garden):
    person = people.make_person(garden.programme, "Aïcha", "Benali")
    person.usual_name = "Lœuillet"
    person.save()
    assert found(browser, "loeuillet aicha").url == url("person_detail", person.pk)
    assert "Aïcha Lœuillet" in suggested(browser, "lœ")


def test_a_vague_search_says_so(browser, garden):
    crowd(garden, 51)
    html = found(browser, "prenom nom").content.decode()
    assert "ajoutez une lettre" in html
    assert len(found(browser, "prenom nom").context["table"].body) == 50


def test_all_are_shown_when_asked_even_one(browser, garden):
    person = people.make_person(garden.programme, "Karim", "Diallo")
    response = browser.post(url_search(), {"words": "diallo", "all": "1"})
    assert str(person) in response.content.decode()


# As one types.


@pytest.mark.parametrize("words", ["di", "DIA ka", "kàr", "karim diallo"])
def test_persons_are_proposed_from_two_letters(words, browser, garden):
    person = people.make_person(garden.programme, "Karim", "Diallo")
    html = suggested(browser, words)
    assert f'href="{url("person_detail", person.pk)}"' in html
    assert garden.programme.name in html
    assert 'data-said="1\u00a0personne proposée"' in html
    assert "<html" not in html


@pytest.mark.parametrize("words", ["k", "", " - ", "%", "x" * 81])
def test_nothing_is_proposed_for_less(words, browser, garden):
    people.make_person(garden.programme, "Karim", "Diallo")
    assert suggested(browser, words) == ""


def test_a_name_never_stands_in_an_address(browser, garden):
    people.make_person(garden.programme, "Karim", "Diallo")
    path = reverse("beneficiaries:person_suggest")
    assert browser.get(path, {"words": "diallo"}).status_code == 405
    page = browser.get("/").content.decode()
    assert f'hx-post="{path}"' in page
    assert f'hx-get="{path}"' not in page


def test_names_that_begin_with_the_letters_come_first(browser, garden):
    for last_name in ("Anbar", "Barca", "Zbar-Bari"):
        people.make_person(garden.programme, "Karim", last_name)
    html = suggested(browser, "bar")
    assert html.index("Barca") < html.index("Zbar-Bari") < html.index("Anbar")


def test_eight_are_proposed_then_all(browser, garden):
    for number in range(8):
        people.make_person(garden.programme, f"Karim{number}", "Diallo")
    assert "Voir tout" not in suggested(browser, "diallo")
    people.make_person(garden.programme, "Zoé", "Diallo")
    html = suggested(browser, "diallo")
    assert html.count('<a class="suggestion"') == 8
    assert "Voir tout" in html


def test_the_year_of_birth_is_for_who_reads_identities(browser, leader, garden):
    person = people.make_person(garden.programme, "Karim", "Diallo")
    people.make_person(garden.programme, "Fatou", "Diallo")
    people.make_identity(person, born_on=date(1973, 2, 1))
    for ask in (suggested, lambda *args: found(*args).content.decode()):
        assert "1973" in ask(browser, "diallo")
        assert "1973" not in ask(leader, "diallo")
        assert "Karim Diallo" in ask(leader, "diallo")


def test_each_year_of_birth_under_its_own_right(world, client_for):
    """Social worker of the garden, leader of the kitchen: the kitchen's births stay closed."""
    user = make.make_member(Role.SOCIAL_WORKER, world.here.garden.programme)
    make.make_membership(user, Role.WORKSHOP_LEADER, world.here.kitchen.programme)
    for frame, year in ((world.here.garden, 1973), (world.here.kitchen, 1986)):
        person = people.make_person(frame.programme, "Karim", "Diallo")
        people.make_identity(person, born_on=date(year, 2, 1))
    html = suggested(client_for(user), "diallo")
    assert "1973" in html
    assert "1986" not in html


def test_proposals_stay_in_the_scope(browser, world, client_for, garden):
    shared = people.make_person(garden.programme, "Karim", "Diallo")
    people.make_enrolment(shared, world.here.kitchen.programme)
    for frame in (world.here.kitchen, world.elsewhere.garden):
        people.make_person(frame.programme, "Fatou", "Diallo")
    html = suggested(browser, "diallo")
    assert "Karim Diallo" in html
    assert "Fatou" not in html
    assert world.here.kitchen.programme.name not in html
    path = reverse("beneficiaries:person_suggest")
    assert client_for(garden.committee_member).post(path, {"words": "di"}).status_code == 403


# A file out of the scope.


@pytest.fixture
def stranger(world) -> Person:
    """Return somebody of another programme of the same territory."""
    person = people.make_person(world.here.kitchen.programme, "Jean-Marc", "Diallo")
    person.usual_name = "Le Goff"
    person.save()
    return person


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("Jean-Marc Diallo", True),
        ("diallo JEAN MARC", True),
        ("jean-marc le goff", True),
        ("jean marc diallo le goff", True),
        ("diallo", False),
        ("jean diallo", False),
        ("jean-marc diall", False),
        ("jean-marc", False),
        ("jean-marc goff", False),
        ("jean-marc jean-marc diallo", False),
    ],
)
def test_a_file_elsewhere_is_told_for_its_whole_name_only(words, is_told, browser, stranger):
    """Some letters would let anybody guess who is followed, name after name."""
    html = found(browser, words).content.decode()
    assert (EXISTS in html) == is_told
    assert url("person_detail", stranger.pk) not in html
    assert "Cuisine" not in html
    assert EXISTS not in suggested(browser, words)
    told = AuditEvent.objects.filter(object_label=f"Personne n° {stranger.pk}")
    assert [bool(event.reason) for event in told] == [True] * is_told


def test_it_is_told_to_who_may_ask_for_a_file_and_on_their_territory(
    browser, leader, world, stranger, client_for
):
    assert EXISTS not in found(leader, "jean-marc diallo").content.decode()
    neighbour = client_for(world.elsewhere.garden.social_worker)
    assert EXISTS not in found(neighbour, "jean-marc diallo").content.decode()


def test_nothing_is_told_when_somebody_of_this_name_is_found(browser, garden, stranger):
    known = people.make_person(garden.programme, "Jean-Marc", "Diallo")
    assert found(browser, "jean-marc diallo").url == url("person_detail", known.pk)


def test_it_is_told_beside_other_names_found(browser, garden, stranger):
    people.make_person(garden.programme, "Jean-Marc Diallo", "Traoré")
    html = found(browser, "jean-marc diallo").content.decode()
    assert EXISTS in html
    assert "Traoré" in html


# What it costs.


def test_six_hundred_persons_cost_what_sixty_do(browser, garden):
    path = reverse("beneficiaries:person_suggest")

    def search():
        assert browser.post(url_search(), {"words": "prenom nom"}).status_code == 200

    def suggest():
        assert browser.post(path, {"words": "prenom nom"}).status_code == 200

    crowd(garden, 60)
    for act in (search, suggest):
        act()
        with max_queries(14):
            act()

    def both():
        search()
        suggest()

    same_queries(both, lambda: crowd(garden, 540))
