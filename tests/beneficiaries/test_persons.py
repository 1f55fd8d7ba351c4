"""Persons of a programme: the list, a newcomer, somebody of the same names."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import Level, Part, Whereabouts
from beneficiaries.models import Enrolment, Person, PersonIdentity, Situation
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code

MARCH = Period.month(2016, 3)


@pytest.fixture
def list_url(garden):
    return reverse("beneficiaries:person_list", args=[garden.programme.pk, MARCH])


@pytest.fixture
def create_url(garden):
    return reverse("beneficiaries:person_create", args=[garden.programme.pk])


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


def names(response) -> list[str]:
    return [row.person.last_name for row in response.context["object_list"]]


def typed(**fields) -> dict:
    """Return what is sent for a newcomer: the least, unless more is said."""
    values = {
        "first_name": "Karim",
        "last_name": "Diallo",
        "level": Level.PATHWAY,
        "part": Part.PARTICIPANT,
    }
    return values | fields


# The list of a programme.


@pytest.fixture
def march(garden):
    """Enrol one person per case around March 2016, beside the world's own."""
    cases = {
        "Avant": {"entered_on": date(2015, 5, 4), "left_on": date(2016, 2, 29)},
        "Premier": {"entered_on": date(2015, 5, 4), "left_on": date(2016, 3, 1)},
        "Pendant": {"entered_on": date(2016, 3, 10), "left_on": date(2016, 3, 20)},
        "Dernier": {"entered_on": date(2016, 3, 31)},
        "Après": {"entered_on": date(2016, 4, 1)},
        "Attente": {"entered_on": None, "referred_on": date(2016, 1, 5)},
        "Close": {"entered_on": None, "left_on": date(2016, 3, 8)},
    }
    for last_name, entry in cases.items():
        people.make_person(garden.programme, "Aïcha", last_name, **entry)


@pytest.mark.usefixtures("march")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", {"Premier", "Pendant", "Dernier", "Attente", "Close"}),
        (Whereabouts.PRESENT, {"Dernier"}),
        (Whereabouts.WAITING, {"Attente"}),
        (Whereabouts.LEFT, {"Premier", "Pendant", "Close"}),
        ("unknown", {"Premier", "Pendant", "Dernier", "Attente", "Close"}),
    ],
)
def test_the_list_holds_who_shares_a_day_and_who_waits(state, expected, browser, list_url, garden):
    response = browser.get(list_url, {"state": state})
    always = {garden.somebody.person.last_name} if state in {"", "present", "unknown"} else set()
    assert set(names(response)) == expected | always


@pytest.mark.usefixtures("march")
def test_the_tabs_count_what_they_show(browser, list_url):
    counts = [tab["count"] for tab in browser.get(list_url).context["tabs"]]
    assert counts == [6, 2, 1, 3]


@pytest.mark.usefixtures("march")
def test_words_of_a_name_are_sent_in_the_body(browser, list_url):
    response = browser.post(list_url, {"words": "AICHA prémier"})
    assert names(response) == ["Premier"]
    assert "prémier" not in response.request["QUERY_STRING"]
    assert len(names(browser.get(list_url, {"words": "premier"}))) > 1


@pytest.mark.usefixtures("march")
def test_words_and_filters_are_kept_together(browser, list_url):
    sent = {"words": "aicha", "level": Level.PATHWAY, "part": Part.PARTICIPANT, "state": "left"}
    page = browser.post(list_url, sent)
    assert set(names(page)) == {"Premier", "Pendant", "Close"}
    form = page.content.decode().partition('id="filtrer"')[2].partition("</form>")[0]
    assert 'value="aicha"' in form
    assert f'value="{Level.PATHWAY}" selected' in form
    assert 'name="state" value="left"' in form
    # A tab sends the same form: what is left is who waits among those of this name.
    assert (
        '<button type="submit" form="filtrer" name="tab" value="waiting"' in page.content.decode()
    )
    assert names(browser.post(list_url, sent | {"tab": "waiting"})) == ["Attente"]
    assert len(names(browser.post(list_url, sent | {"tab": ""}))) == 5
    assert names(browser.post(list_url, sent | {"level": Level.PARTICIPATION})) == []


def test_filters_without_words_stand_in_the_address(browser, list_url):
    sent = {"words": " ", "level": Level.PATHWAY, "part": "", "tab": "left"}
    assert browser.post(list_url, sent).url == f"{list_url}?level=pathway&state=left"
    assert browser.post(list_url, {"words": ""}).url == list_url
    typed_over = browser.post(list_url, {"words": ""}, headers={"HX-Request": "true"})
    assert typed_over.status_code == 200


def test_htmx_receives_the_rows_alone(browser, list_url):
    response = browser.post(list_url, {"words": "nobody"}, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "Personne ne correspond" in html
    assert "<html" not in html


def test_the_filters_narrow_by_level_part_and_referent(browser, list_url, garden):
    for fields in (
        {"level": Level.PARTICIPATION},
        {"part": Part.VOLUNTEER},
        {"referent": garden.programme_manager},
    ):
        kept = people.make_person(garden.programme, **fields).last_name
        asked = {name: getattr(value, "pk", value) for name, value in fields.items()}
        assert names(browser.get(list_url, asked)) == [kept]


def test_the_district_is_that_of_the_period_and_not_for_the_leader(
    browser, leader, list_url, garden
):
    person, place = garden.somebody.person, garden.territory
    now = make.make_district(place, "Fg de Lille")
    people.make_situation(person, on=date(2016, 3, 31), district=make.make_district(place, "Anzin"))
    people.make_situation(person, on=date(2016, 4, 1), district=now)
    html = browser.get(list_url).content.decode()
    assert "Anzin" in html
    assert "Fg de Lille" not in html
    html = leader.get(list_url).content.decode()
    assert person.last_name in html
    assert "Anzin" not in html
    assert "Quartier" not in html


def test_an_empty_list_leads_to_the_first_enrolment(browser, garden, create_url):
    empty = reverse("beneficiaries:person_list", args=[garden.programme.pk, Period.year(2001)])
    assert create_url in browser.get(empty).content.decode()


def test_the_leader_enrols_nobody(leader, list_url, create_url):
    assert create_url not in leader.get(list_url).content.decode()
    assert leader.post(create_url, typed()).status_code == 403


# A newcomer.


def test_a_newcomer_is_written_at_once(browser, create_url, garden, world):
    district = make.make_district(garden.territory)
    data = typed(
        phone="06 12 34 56 78",
        referral_source=code("referral_sources", "departement").pk,
        referred_by=world.here.operator.pk,
        referred_on="2016-01-02",
        accepted_on="2016-01-03",
        entered_on="2016-01-04",
        referent=garden.social_worker.pk,
        sex=code("sex", "H").pk,
        born_on="1973-02-01",
        district=district.pk,
        minimum_incomes=[code("minimum_income", "rsa").pk],
    )
    response = browser.post(create_url, data)
    person = Person.objects.get(last_name="Diallo")
    assert response.url == url("person_detail", person.pk)
    enrolment = people.enrolment_of(person)
    assert (enrolment.programme, enrolment.entered_on) == (garden.programme, date(2016, 1, 4))
    assert PersonIdentity.objects.get(person=person).born_on == date(1973, 2, 1)
    situation = Situation.objects.get(person=person)
    assert (situation.observed_on, situation.district) == (date(2016, 1, 4), district)
    assert [code.code for code in situation.minimum_incomes.all()] == ["rsa"]
    written = AuditEvent.objects.filter(verb=Verb.CREATE).values_list("object_kind", flat=True)
    assert set(written) == {
        "beneficiaries.person",
        "beneficiaries.enrolment",
        "beneficiaries.personidentity",
        "beneficiaries.situation",
    }


def test_what_was_not_asked_is_not_written(browser, create_url):
    browser.post(create_url, typed())
    person = Person.objects.get(last_name="Diallo")
    assert people.enrolment_of(person).entered_on is None
    assert not PersonIdentity.objects.filter(person=person).exists()
    assert not Situation.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"referred_on": "2016-02-02", "accepted_on": "2016-02-01"}, "accepted_on"),
        ({"accepted_on": "2016-02-02", "entered_on": "2016-02-01"}, "entered_on"),
        ({"referred_on": "2016-02-02", "entered_on": "2016-02-01"}, "entered_on"),
        ({"first_name": "1 85 05 59 606 123 45"}, "first_name"),
        ({"emergency_name": "185055960612345"}, "emergency_name"),
        ({"phone": "06 12"}, "phone"),
        ({"last_name": ""}, "last_name"),
        ({"level": "unknown"}, "level"),
        ({"district": "999999"}, "district"),
        ({"born_on": "2199-01-01"}, "born_on"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_written(
    fields, field, browser, create_url
):
    before = Person.objects.count(), Enrolment.objects.count()
    response = browser.post(create_url, typed(**fields))
    assert set(response.context["form"].errors) == {field}
    assert f"id_{field}_error" in response.content.decode()
    assert (Person.objects.count(), Enrolment.objects.count()) == before


def test_no_fixed_address_and_a_district_do_not_go_together(browser, create_url, garden):
    district = make.make_district(garden.territory)
    data = typed(district=district.pk, no_fixed_address="on")
    response = browser.post(create_url, data)
    assert "Choisissez un quartier" in str(response.context["form"].errors)
    assert not Person.objects.filter(last_name="Diallo").exists()


@pytest.mark.parametrize("alone", ["aucun", "ne_souhaite_pas_repondre"])
def test_none_or_declined_stands_alone(alone, browser, create_url):
    chosen = [code("minimum_income", value).pk for value in ("rsa", alone)]
    response = browser.post(create_url, typed(minimum_incomes=chosen))
    assert "minimum_incomes" in response.context["form"].errors


def test_the_choices_are_those_of_who_works_there(browser, create_url, garden, world):
    form = browser.get(create_url).context["form"]
    everywhere = make.make_member(Role.PROGRAMME_MANAGER, garden.territory)
    by_operator = make.make_member(Role.SOCIAL_WORKER, world.here.operator)
    offered = set(form.fields["referent"].queryset)
    assert {garden.social_worker, garden.programme_manager, everywhere, by_operator} <= offered
    strangers = {garden.workshop_leader, world.former, world.here.kitchen.social_worker}
    assert not offered & strangers
    assert form["referent"].value() == garden.social_worker.pk
    assert set(form.fields["district"].queryset) == {world.here.district}


# Somebody of the same names.


def test_a_homonym_of_the_scope_is_proposed_and_nothing_typed_is_lost(browser, create_url, garden):
    known = people.make_person(garden.programme, "Karím", "DIALLO", left_on=date(2016, 1, 1))
    response = browser.post(create_url, typed(entered_on="2016-05-02"))
    assert Person.objects.filter(territory=garden.territory, last_name="Diallo").count() == 0
    html = response.content.decode()
    target = url("enrolment_create", known.pk)
    assert f'formaction="{target}"' in html
    assert 'value="2016-05-02"' in html
    sent = typed(entered_on="2016-05-02", proposed="1")
    proposed = browser.post(target, sent)
    assert proposed.context["form"]["entered_on"].value() == "2016-05-02"
    assert "proposed" not in proposed.content.decode()
    assert Enrolment.objects.filter(person=known).count() == 1

    browser.post(create_url, typed(another="1"))
    assert Person.objects.filter(last_name="Diallo").count() == 1


def test_a_usual_name_is_a_name_too(browser, create_url, garden):
    people.make_person(garden.programme, "Karim", "Ndiaye")
    Person.objects.filter(last_name="Ndiaye").update(usual_name="Diallo", sort_key="ndiaye karim")
    person = Person.objects.get(last_name="Ndiaye")
    person.save()
    assert "porte déjà ce nom" in browser.post(create_url, typed()).content.decode()


def test_outside_the_scope_only_the_existence_is_told(browser, create_url, world):
    hidden = people.make_person(world.here.kitchen.programme, "Karim", "Diallo")
    html = browser.post(create_url, typed()).content.decode()
    assert "Une fiche existe" in html
    assert url("person_detail", hidden.pk) not in html
    assert f"n° {hidden.pk}" not in html
    assert "Inscrire cette personne" not in html


def test_the_neighbour_territory_is_not_even_told(browser, create_url, world):
    people.make_person(world.elsewhere.garden.programme, "Karim", "Diallo")
    assert browser.post(create_url, typed()).status_code == 302
