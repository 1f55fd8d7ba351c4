"""Addresses: one that is hidden is read and written by the person's referents, by nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.forms import STALE
from autoprod.core.handovers import Handover
from autoprod.core.scoping import Action
from beneficiaries.models import Enrolment, Person, PersonAddress
from beneficiaries.services import addresses, enrolments
from beneficiaries.views.addresses import AddressUpdate
from programmes.access import scope_of
from programmes.enums import Role
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import same_queries

STREET = "12 rue des Lilas"
HIDDEN = "Adresse masquée\u00a0: seul le référent la voit."


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


def page(browser, person: Person) -> str:
    """Return what the tab of the situation says, spaces as they are."""
    html = browser.get(url("person_situation", person.pk)).content.decode()
    return html.replace("&nbsp;", "\u00a0")


def sent(browser, person: Person, **fields):
    path = url("person_address", person.pk)
    return browser.post(path, filled(browser.get(path).context["form"]) | fields)


def address_of(person: Person) -> PersonAddress:
    return PersonAddress.objects.get(person=person)


@pytest.fixture
def colleague(garden, client_for):
    """Return a social worker of the same garden, who follows nobody."""
    return client_for(make.make_member(Role.SOCIAL_WORKER, garden.programme))


@pytest.fixture
def person(garden) -> Person:
    return people.make_person(garden.programme, "Aïcha", "Benali", referent=garden.social_worker)


@pytest.fixture
def hidden(person) -> PersonAddress:
    return paths.make_address(person, STREET, city="Denain", is_hidden=True)


# Written and read.


def test_an_address_is_written_then_corrected(browser, leader, person):
    sent(browser, person, street=STREET, postcode="59220", city="Denain")
    assert f"{STREET}<br>59220 Denain" in page(browser, person)
    sent(browser, person, street="3 rue du Puits")
    known = address_of(person)
    assert (known.street, known.postcode, known.version) == ("3 rue du Puits", "59220", 2)
    assert "rue du Puits" not in page(leader, person)
    assert leader.get(url("person_address", person.pk)).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed"), [("postcode", "592"), ("postcode", "5922A"), ("street", "x" * 201)]
)
def test_a_fault_is_told_beside_its_field(field, typed, browser, person):
    response = sent(browser, person, **{field: typed})
    assert set(response.context["form"].errors) == {field}
    assert f'value="{typed}"' in response.content.decode()


def test_an_address_written_meanwhile_is_told(browser, person):
    path = url("person_address", person.pk)
    typed = filled(browser.get(path).context["form"]) | {"street": STREET}
    paths.make_address(person, "3 rue du Puits")
    html = browser.post(path, typed).content.decode()
    assert STALE in html
    assert "3 rue du Puits" in html
    assert address_of(person).street == "3 rue du Puits"


def test_a_leader_of_the_programme_reads_no_address(world, client_for):
    """Social worker of the garden, leader of the kitchen: the kitchen's addresses stay closed."""
    user = make.make_member(Role.SOCIAL_WORKER, world.here.garden.programme)
    make.make_membership(user, Role.WORKSHOP_LEADER, world.here.kitchen.programme)
    person = world.here.kitchen.somebody.person
    browser = client_for(user)
    assert address_of(person).street not in page(browser, person)
    assert browser.get(url("person_address", person.pk)).status_code == 404
    assert browser.post(url("person_address", person.pk), {"city": "X"}).status_code == 404


# Hidden.


def test_the_referents_read_it_and_the_others_know_that_it_is_hidden(
    browser, colleague, leader, client_for, garden, person, hidden
):
    second = make.make_member(Role.SOCIAL_WORKER, garden.programme)
    Enrolment.objects.filter(person=person).update(co_referent=second)
    for reader in (browser, client_for(second)):
        assert STREET in page(reader, person)
        assert HIDDEN not in page(reader, person)
    for reader in (colleague, client_for(garden.programme_manager)):
        assert HIDDEN in page(reader, person)
        assert STREET not in page(reader, person)
        assert "Denain" not in page(reader, person)
    assert "masquée" not in page(leader, person)


@pytest.mark.parametrize("role", ["programme_manager", "colleague"])
def test_nobody_else_opens_or_overwrites_it(role, colleague, client_for, garden, person, hidden):
    reader = colleague if role == "colleague" else client_for(garden.programme_manager)
    path = url("person_address", person.pk)
    sent_blindly = {"street": "3 rue du Puits", "version": hidden.version, "loses_sight": "on"}
    for response in (reader.get(path), reader.post(path, sent_blindly)):
        html = response.content.decode()
        assert response.status_code == 403
        assert "Cette adresse est masquée" in html
        assert garden.social_worker.get_full_name() in html
        assert STREET not in html
    assert "Rien n’a été enregistré" in html
    known = address_of(person)
    assert (known.street, known.is_hidden, known.version) == (STREET, True, hidden.version)


def test_no_page_of_the_file_says_it_to_others(colleague, person, hidden):
    names = ("person_detail", "person_situation", "person_attendance", "person_enrolments")
    names += ("person_update", "person_identity", "person_address", "person_delete")
    for name in names:
        html = colleague.get(url(name, person.pk)).content.decode()
        assert STREET not in html, name
    found = colleague.post(reverse("beneficiaries:person_search"), {"words": "lilas"})
    assert "Benali" not in found.content.decode()


def test_hidden_while_a_colleague_types(browser, colleague, person):
    paths.make_address(person, "3 rue du Puits")
    path = url("person_address", person.pk)
    typed = filled(colleague.get(path).context["form"]) | {"city": "Anzin"}
    sent(browser, person, street=STREET, is_hidden="on")
    response = colleague.post(path, typed)
    assert response.status_code == 403
    assert STREET not in response.content.decode()
    assert address_of(person).city == ""


def test_hidden_between_the_check_and_the_write(colleague, person, monkeypatch):
    """The version is checked as it is written; what is read again is the hidden row."""
    paths.make_address(person, "3 rue du Puits")
    path = url("person_address", person.pk)
    typed = filled(colleague.get(path).context["form"]) | {"city": "Anzin"}
    save = AddressUpdate.form_valid

    def hide_first(view, form):
        known = address_of(person)
        known.street, known.is_hidden = STREET, True
        known.save()
        return save(view, form)

    monkeypatch.setattr(AddressUpdate, "form_valid", hide_first)
    response = colleague.post(path, typed)
    assert response.status_code == 403
    assert STREET not in response.content.decode()
    assert address_of(person).city == ""


@pytest.mark.parametrize("left", ["yesterday", "elsewhere"])
def test_who_no_longer_follows_no_longer_reads(left, browser, world, person, hidden):
    stay = people.enrolment_of(person)
    if left == "yesterday":
        stay.left_on = timezone.localdate() - timedelta(days=1)
    else:
        stay.referent = world.here.garden.programme_manager
    stay.save()
    assert HIDDEN in page(browser, person)
    assert browser.get(url("person_address", person.pk)).status_code == 403


def test_a_referent_whose_right_ended_reads_nothing(world, client_for, person, hidden):
    Enrolment.objects.filter(person=person).update(referent=world.former)
    assert client_for(world.former).get(url("person_address", person.pk)).status_code == 403
    assert not PersonAddress.objects.for_scope(
        scope_of(world.former), Action.VIEW_IDENTITIES
    ).exists()


def test_a_handover_opens_it_to_the_successor(world, browser, client_for, person, hidden, garden):
    successor = client_for(garden.programme_manager)
    assert HIDDEN in page(successor, person)
    enrolments.pass_on(
        Handover(
            scope=scope_of(world.here.administrator),
            leaver=garden.social_worker,
            successor=garden.programme_manager,
            on=timezone.localdate(),
        )
    )
    assert STREET in page(successor, person)
    assert successor.get(url("person_address", person.pk)).status_code == 200
    assert HIDDEN in page(browser, person)


# Hiding.


def test_the_referent_hides_and_shows_again_without_a_question(browser, person):
    paths.make_address(person, STREET)
    sent(browser, person, is_hidden="on")
    assert address_of(person).is_hidden
    assert "le référent seul la voit" in page(browser, person)
    path = url("person_address", person.pk)
    form = browser.get(path).context["form"]
    assert form["is_hidden"].value() is True
    browser.post(path, {"street": STREET, "version": form["version"].value()})
    assert not address_of(person).is_hidden


def test_who_hides_without_being_the_referent_is_warned_first(colleague, browser, person):
    response = sent(colleague, person, street=STREET, is_hidden="on")
    errors = response.context["form"].errors
    assert set(errors) == {"loses_sight"}
    assert "Vous n’êtes pas référent" in str(errors)
    assert f'value="{STREET}"' in response.content.decode()
    assert not PersonAddress.objects.filter(person=person).exists()
    answer = sent(colleague, person, street=STREET, is_hidden="on", loses_sight="on")
    assert answer.status_code == 302
    assert HIDDEN in page(colleague, person)
    assert STREET in page(browser, person)
    event = AuditEvent.objects.filter(object_kind="beneficiaries.personaddress").first()
    assert event.changed == ["is_hidden", "street"]
    assert STREET not in str(vars(event))


@pytest.mark.parametrize("referent", [None, "inactive"])
def test_an_address_is_not_hidden_from_everybody(referent, colleague, person, garden):
    gone = None
    if referent:
        gone = make.make_member(Role.SOCIAL_WORKER, garden.programme)
        gone.is_active = False
        gone.save()
    Enrolment.objects.filter(person=person).update(referent=gone)
    response = sent(colleague, person, street=STREET, is_hidden="on", loses_sight="on")
    errors = response.context["form"].errors
    assert set(errors) == {"is_hidden"}
    assert "Nommez d’abord un référent" in str(errors)
    assert not PersonAddress.objects.filter(person=person).exists()


def test_the_question_is_not_asked_for_nothing(colleague, browser, person):
    for reader in (colleague, browser):
        form = reader.get(url("person_address", person.pk)).context["form"]
        assert "loses_sight" not in form.fields


# What it costs.


def test_the_cards_cost_the_same_for_two_persons_and_seven(garden):
    scope = scope_of(garden.social_worker)
    shown = [people.make_person(garden.programme) for _ in range(2)]

    def grow():
        for _ in range(5):
            shown.append(people.make_person(garden.programme))
            paths.make_address(shown[-1], is_hidden=len(shown) % 2)

    same_queries(lambda: addresses.of_persons(scope, shown), grow)
    assert {card["is_closed"] for card in addresses.of_persons(scope, shown).values()} == {
        True,
        False,
    }
