"""Identities: a birth as it is known, a domiciliation and its renewal."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.templatetags.french import ordinals
from beneficiaries.columns.persons import age_of
from beneficiaries.models import Person, PersonIdentity
from beneficiaries.services.identities import renewal_of
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import programmes as make


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


@pytest.fixture
def person(garden) -> Person:
    return people.make_person(garden.programme, "Karim", "Diallo")


@pytest.fixture
def ccas(garden):
    return make.make_organisation(garden.territory, "CCAS de Denain")


def sent(browser, person: Person, **fields):
    path = url("person_identity", person.pk)
    return browser.post(path, filled(browser.get(path).context["form"]) | fields)


def identity_of(person: Person) -> PersonIdentity:
    return PersonIdentity.objects.get(person=person)


# Birth.


@pytest.mark.parametrize(
    ("typed", "born_on", "is_year", "shown"),
    [
        ("1973", date(1973, 1, 1), True, "1973 (année seule)"),
        (" 1973 ", date(1973, 1, 1), True, "1973 (année seule)"),
        ("12/03/1973", date(1973, 3, 12), False, "12\u00a0mars\u00a01973"),
        ("1973-03-12", date(1973, 3, 12), False, "12\u00a0mars\u00a01973"),
        ("12.03.1973", date(1973, 3, 12), False, "12\u00a0mars\u00a01973"),
    ],
)
def test_a_birth_is_a_day_or_a_year(typed, born_on, is_year, shown, browser, person):
    sent(browser, person, born_on=typed)
    known = identity_of(person)
    assert (known.born_on, known.is_birth_year_only) == (born_on, is_year)
    assert shown in browser.get(url("person_situation", person.pk)).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("73", "ou l’année seule"),
        ("12/03/73", "ou l’année seule"),
        ("mars 1973", "ou l’année seule"),
        ("0000", "ou l’année seule"),
        ("1899", "quatre chiffres"),
        ("2199", "Vérifiez l’année de naissance"),
    ],
)
def test_a_birth_that_cannot_be_is_told_beside_its_field(typed, told, browser, person):
    response = sent(browser, person, born_on=typed)
    errors = response.context["form"].errors
    assert set(errors) == {"born_on"}
    assert told in str(errors)
    assert f'value="{typed}"' in response.content.decode()
    assert not PersonIdentity.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    ("before", "after"), [("1973", "01/01/1973"), ("01/01/1973", "1973"), ("1973", "")]
)
def test_a_birth_known_better_is_written(before, after, browser, person):
    """The first of January and the year alone are the same day in the base, not the same fact."""
    sent(browser, person, born_on=before)
    sent(browser, person, born_on=after)
    known = identity_of(person)
    assert known.is_birth_year_only == (after == "1973")
    assert known.born_on == (date(1973, 1, 1) if after else None)


def test_a_birth_left_as_it_is_stays_a_year(browser, person):
    sent(browser, person, born_on="1973")
    assert (
        browser.get(url("person_identity", person.pk)).context["form"]["born_on"].value() == "1973"
    )
    sent(browser, person, birthplace="Annaba")
    known = identity_of(person)
    assert (known.is_birth_year_only, known.birthplace) == (True, "Annaba")


@pytest.mark.parametrize("day", [date(2016, 1, 1), date(2016, 12, 31)])
def test_the_age_of_a_year_alone_is_the_one_reached_in_the_year(day):
    born = date(1973, 1, 1)
    assert age_of(PersonIdentity(born_on=born), date(2016, 3, 12)) == "43\u00a0ans"
    year = PersonIdentity(born_on=born, is_birth_year_only=True)
    assert age_of(year, day) == "43\u00a0ans dans l’année"
    assert age_of(None, day) == age_of(PersonIdentity(), day) == ""


def test_the_age_stands_under_the_name_for_who_reads_identities(browser, leader, person):
    year = timezone.localdate().year - 43
    people.make_identity(person, born_on=date(year, 1, 1), is_birth_year_only=True)
    path = url("person_detail", person.pk)
    assert "43\u00a0ans dans l’année" in browser.get(path).content.decode()
    assert "43\u00a0ans" not in leader.get(path).content.decode()


def test_a_newcomer_is_known_by_their_year(browser, garden):
    path = reverse("beneficiaries:person_create", args=[garden.programme.pk])
    typed = {
        "first_name": "Aïcha",
        "last_name": "Benali",
        "level": "pathway",
        "part": "participant",
    }
    browser.post(path, typed | {"born_on": "1986"})
    known = identity_of(Person.objects.get(last_name="Benali"))
    assert (known.born_on, known.is_birth_year_only) == (date(1986, 1, 1), True)


def test_two_people_on_the_same_birth(browser, person):
    people.make_identity(person, born_on=date(1973, 1, 1), is_birth_year_only=True)
    form = browser.get(url("person_identity", person.pk)).context["form"]
    typed = filled(form) | {"born_on": "12/03/1974"}
    colleague = identity_of(person)
    colleague.birthplace = "Annaba"
    colleague.save()
    html = browser.post(url("person_identity", person.pk), typed).content.decode()
    assert "Rien n’est perdu" in html
    assert "«\u00a01973\u00a0»" in html


# Domiciliation.


def test_a_domiciliation_is_noted_and_shown(browser, leader, person, ccas):
    later = timezone.localdate() + timedelta(days=300)
    sent(browser, person, domiciled_by=ccas.pk, domiciled_until=later.isoformat())
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert "CCAS de Denain, jusqu’au" in html
    assert "renouvel" not in html
    assert "CCAS de Denain" not in leader.get(url("person_situation", person.pk)).content.decode()


def test_an_end_without_a_place_is_told_beside_it(browser, person):
    errors = sent(browser, person, domiciled_until="2026-05-01").context["form"].errors
    assert errors == {"domiciled_until": ["Dites auprès de qui la personne est domiciliée."]}


def test_the_places_are_those_of_the_territory_in_use(browser, person, ccas, world):
    closed = make.make_organisation(person.territory, "Fermée", closed_on=make.yesterday())
    form = browser.get(url("person_identity", person.pk)).context["form"]
    offered = set(form.fields["domiciled_by"].queryset)
    assert ccas in offered
    assert not offered & {closed, world.elsewhere.operator}
    people.make_identity(person, domiciled_by=closed)
    form = browser.get(url("person_identity", person.pk)).context["form"]
    assert closed in form.fields["domiciled_by"].queryset
    errors = sent(browser, person, domiciled_by=world.elsewhere.operator.pk).context["form"].errors
    assert set(errors) == {"domiciled_by"}


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (-1, "a pris fin le"),
        (0, "prend fin aujourd’hui"),
        (1, "dans 1\u00a0jour"),
        (60, "dans 60\u00a0jours"),
        (61, ""),
        (None, ""),
    ],
)
def test_a_domiciliation_that_ends_is_told_two_months_before(days, told, browser, person, ccas):
    today = timezone.localdate()
    until = None if days is None else today + timedelta(days=days)
    identity = people.make_identity(person, domiciled_by=ccas, domiciled_until=until)
    words = renewal_of(identity, on=today)
    assert told in words
    assert bool(words) == bool(told)
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert ordinals(words) in html
    assert ("La domiciliation" in html) == bool(told)
