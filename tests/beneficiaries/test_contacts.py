"""How to reach somebody, and what the leader must know during the activity."""

import pytest
from django.urls import reverse

from beneficiaries.documents import attendance
from beneficiaries.models import Person
from tests.access.filling import filled
from tests.factories import beneficiaries as people

UNREACHABLE = "Aucun moyen de joindre"


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


def newcomer(**fields) -> dict:
    least = {"first_name": "Aïcha", "last_name": "Benali", "level": "pathway"}
    return least | {"part": "participant"} | fields


@pytest.fixture
def person(garden) -> Person:
    """Return somebody reached through their landlord, who must stay away from the hives."""
    person = people.make_person(garden.programme, "Karim", "Diallo")
    person.contact_name, person.contact_phone = "Mme Petit", "+33611223344"
    person.activity_notes = "pas de ruches"
    person.save()
    return person


@pytest.fixture
def create_url(garden) -> str:
    return reverse("beneficiaries:person_create", args=[garden.programme.pk])


# Reaching somebody.


def test_names_and_contacts_are_written_together(browser, person):
    path = url("person_update", person.pk)
    fields = {"usual_name": "Benali", "phone": "06 12 34 56 78", "emergency_name": "Sa sœur"}
    browser.post(path, filled(browser.get(path).context["form"]) | fields)
    person.refresh_from_db()
    assert (person.usual_name, person.phone) == ("Benali", "+33612345678")
    assert (person.emergency_name, person.contact_name) == ("Sa sœur", "Mme Petit")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("contact_phone", "06 12"),
        ("contact_name", "1 85 05 59 606 123 45"),
        ("activity_notes", "Sécu 185055960612345"),
        ("activity_notes", "x" * 301),
    ],
)
def test_a_fault_is_told_beside_its_field(field, typed, browser, person):
    path = url("person_update", person.pk)
    data = filled(browser.get(path).context["form"]) | {field: typed}
    response = browser.post(path, data)
    assert set(response.context["form"].errors) == {field}
    assert typed in response.content.decode()


def test_who_to_go_through_stands_under_the_name_of_who_has_no_phone(leader, person):
    path = url("person_detail", person.pk)
    html = leader.get(path).content.decode()
    assert 'par Mme Petit <a href="tel:+33611223344">' in html
    person.phone = "+33612345678"
    person.save()
    html = leader.get(path).content.decode()
    assert 'href="tel:+33612345678"' in html
    assert "par Mme Petit" not in html
    assert "Mme Petit" in leader.get(url("person_enrolments", person.pk)).content.decode()


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({}, True),
        ({"emergency_phone": "06 12 34 56 78"}, True),
        ({"phone": "06 12 34 56 78"}, False),
        ({"email": "aicha@exemple.fr"}, False),
        ({"contact_name": "Mme Petit"}, False),
        ({"contact_phone": "06 12 34 56 78"}, False),
    ],
)
def test_a_newcomer_nobody_can_reach_is_written_and_it_is_said(
    fields, is_told, browser, create_url
):
    html = browser.post(create_url, newcomer(**fields), follow=True).content.decode()
    person = Person.objects.get(last_name="Benali")
    assert "Inscription enregistrée." in html
    assert (UNREACHABLE in html) == is_told
    tab = browser.get(url("person_enrolments", person.pk)).content.decode()
    assert (UNREACHABLE in tab) == is_told


def test_nothing_is_said_to_who_cannot_read_e_mails(leader, garden):
    """An e-mail may be known: the leader would be told what is false, and cannot write it."""
    person = people.make_person(garden.programme)
    assert UNREACHABLE not in leader.get(url("person_enrolments", person.pk)).content.decode()


# What the leader must know.


def test_the_advice_stands_above_every_tab(browser, leader, person):
    tabs = {
        leader: ("person_detail", "person_attendance", "person_enrolments"),
        browser: ("person_detail", "person_situation", "person_attendance", "person_enrolments"),
    }
    for reader, names in tabs.items():
        for name in names:
            html = reader.get(url(name, person.pk)).content.decode()
            assert "À savoir\u00a0:" in html
            assert "pas de ruches" in html


@pytest.mark.parametrize("session", ["open_session", "held"])
def test_the_advice_stands_on_the_line_of_the_roll(session, leader, person, garden):
    held = getattr(garden, session)
    people.make_attendance(people.enrolment_of(person), held, garden.site)
    html = leader.get(url("attendance_tick", held.pk)).content.decode()
    line = html.partition(f'id="ligne-{people.enrolment_of(person).pk}"')[2].partition("</li>")[0]
    assert "pas de ruches" in line
    assert html.count("roll-advice") == 1


def test_the_advice_never_goes_on_paper(person, garden, monkeypatch, leader):
    """The sheet goes from hand to hand."""
    said = []
    monkeypatch.setattr(
        attendance, "render", lambda document, context: said.append(str(context)) or b"%PDF-1.4"
    )
    assert leader.get(url("attendance_sheet", garden.open_session.pk)).status_code == 200
    assert "DIALLO Karim" in said[0]
    assert "ruches" not in said[0]
