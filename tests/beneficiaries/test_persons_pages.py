"""Files of persons: edited, deleted, read in as many queries for seven rows as for two."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.columns.enrolments import DISTRICT, PERSONS
from beneficiaries.models import Person, PersonIdentity
from beneficiaries.services.persons import headline
from beneficiaries.services.situations import with_incomes
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

MARCH = Period.month(2016, 3)


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


# The file.


def test_what_stands_under_a_name(garden):
    person = garden.somebody.person
    today = timezone.localdate()
    district = make.make_district(garden.territory, "Fg de Paris")
    situation = people.make_situation(person, "rsa", "aah", on=date(2016, 1, 4), district=district)
    identity = PersonIdentity(person=person, born_on=date(today.year - 43, 1, 1))
    enrolment = people.enrolment_of(person)
    enrolment.referent = garden.social_worker
    facts = headline(enrolment, identity, with_incomes([situation])[0])
    assert facts == [
        "43\u00a0ans",
        "Fg de Paris",
        "RSA",
        "AAH",
        "entrée le 1er\u00a0janvier\u00a02015",
        f"référent\u00a0: {garden.social_worker}",
    ]


@pytest.mark.parametrize("incomes", [("aucun",), ("ne_souhaite_pas_repondre",), ()])
def test_none_declined_and_unknown_are_not_resources(incomes, garden):
    situation = people.make_situation(garden.somebody.person, *incomes, on=date(2016, 1, 4))
    assert headline(None, None, with_incomes([situation])[0]) == []


def test_the_leader_sees_no_situation_by_any_tab(leader, browser, garden):
    person = garden.somebody.person
    district = make.make_district(garden.territory, "Fg de Paris")
    people.make_situation(person, "rsa", on=date(2016, 1, 4), district=district)
    PersonIdentity.objects.filter(person=person).update(born_on=date(1973, 2, 1), email="k@ex.fr")
    secrets = ("Fg de Paris", "RSA", "1973", "k@ex.fr", "ans ·")
    tabs = ("person_detail", "person_situation", "person_attendance", "person_enrolments")
    for name in tabs:
        html = leader.get(url(name, person.pk)).content.decode()
        assert person.last_name in html
        assert [word for word in secrets if word in html] == [], name
    assert "Fg de Paris" in browser.get(url("person_situation", person.pk)).content.decode()
    shown = leader.get(url("person_detail", person.pk)).context["tabs"]
    assert [(tab["label"], tab["current"]) for tab in shown] == [
        ("Présences", True),
        ("Acquis", False),
        ("Inscriptions", False),
    ]


def test_each_table_opens_under_its_own_right_on_the_programme(world, client_for):
    """Social worker of the garden, leader of the kitchen: the kitchen's files stay closed."""
    user = make.make_member(Role.SOCIAL_WORKER, world.here.garden.programme)
    make.make_membership(user, Role.WORKSHOP_LEADER, world.here.kitchen.programme)
    person = world.here.kitchen.somebody.person
    people.make_situation(person, "rsa", on=date(2016, 1, 4))
    browser = client_for(user)
    html = browser.get(url("person_situation", person.pk)).content.decode()
    assert person.last_name in html
    assert "RSA" not in html
    assert browser.get(url("person_update", person.pk)).status_code == 404
    assert browser.get(url("person_identity", person.pk)).status_code == 404
    assert browser.get(url("situation_create", person.pk)).status_code == 404


def test_reading_a_file_is_noted_once_without_a_name(browser, garden):
    person = garden.somebody.person
    for name in ("person_detail", "person_situation", "person_identity", "person_update"):
        before = AuditEvent.objects.count()
        browser.get(url(name, person.pk))
        event = AuditEvent.objects.first()
        assert AuditEvent.objects.count() == before + 1
        assert (event.verb, event.object_label) == (Verb.READ, f"Personne n° {person.pk}")


# Editing.


def test_two_people_on_the_same_file(browser, garden):
    person = garden.somebody.person
    form = browser.get(url("person_update", person.pk)).context["form"]
    sent = {"first_name": "Karim", "last_name": "Diallo", "version": form["version"].value()}
    colleague = Person.objects.get(pk=person.pk)
    colleague.last_name = "Ndiaye"
    colleague.save()
    html = browser.post(url("person_update", person.pk), sent).content.decode()
    assert "Rien n’est perdu" in html
    assert "Ndiaye" in html
    assert Person.objects.get(pk=person.pk).last_name == "Ndiaye"


def test_an_identity_is_written_the_first_time_then_edited(browser, garden):
    person = people.make_person(garden.programme)
    target = url("person_identity", person.pk)
    browser.post(target, {"born_on": "1973-02-01", "email": "zoe@denain.example"})
    first = PersonIdentity.objects.get(person=person)
    browser.post(
        target, {"born_on": "1973-02-01", "email": "zoe@anzin.example", "version": first.version}
    )
    assert PersonIdentity.objects.get(person=person).email == "zoe@anzin.example"
    verbs = AuditEvent.objects.filter(object_kind="beneficiaries.personidentity")
    assert list(verbs.values_list("verb", flat=True)) == [Verb.UPDATE, Verb.CREATE]


def test_an_identity_written_by_a_colleague_meanwhile_is_shown(browser, garden):
    person = people.make_person(garden.programme)
    people.make_identity(person, email="zoe@denain.example")
    html = browser.post(
        url("person_identity", person.pk), {"email": "zoe@anzin.example"}
    ).content.decode()
    assert "zoe@denain.example" in html
    assert PersonIdentity.objects.get(person=person).email == "zoe@denain.example"


# Deleting.


def test_a_file_opened_by_mistake_goes_with_what_hangs_on_it(browser, garden):
    person = people.make_person(garden.programme)
    people.make_identity(person)
    people.make_situation(person, "rsa")
    key = person.pk
    browser.post(url("person_delete", key))
    assert not Person.objects.filter(pk=key).exists()
    deleted = AuditEvent.objects.filter(verb=Verb.DELETE).get()
    assert deleted.object_label == f"Personne n° {key}"


@pytest.mark.parametrize(
    ("keep", "word"),
    [
        (lambda e, g: people.make_attendance(e, g.held, g.site), "présences"),
        (lambda e, g: people.make_step(e), "démarches"),
        (lambda e, g: people.make_outcome(e), "orientations"),
    ],
)
def test_a_file_that_something_depends_on_stays(keep, word, browser, garden):
    person = people.make_person(garden.programme)
    keep(people.enrolment_of(person), garden)
    html = browser.post(url("person_delete", person.pk), follow=True).content.decode()
    assert f"il s’y rattache des {word}" in html
    assert Person.objects.filter(pk=person.pk).exists()
    assert not AuditEvent.objects.filter(verb=Verb.DELETE).exists()


def test_a_file_that_another_programme_needs_stays(browser, world):
    person = people.make_person(world.here.garden.programme)
    people.make_enrolment(person, world.here.kitchen.programme)
    html = browser.post(url("person_delete", person.pk), follow=True).content.decode()
    assert "une autre action" in html
    assert world.here.kitchen.programme.name not in html
    assert Person.objects.filter(pk=person.pk).exists()


# What it costs.


def test_lists_make_the_same_queries_for_two_rows_and_seven(browser, garden):
    district = make.make_district(garden.territory)

    def grow(number=5):
        for _ in range(number):
            person = people.make_person(
                garden.programme,
                "Aïcha",
                referent=make.make_member("social_worker", garden.site.territory),
            )
            people.make_situation(person, "rsa", district=district)
            waiting = timezone.localdate() - timedelta(days=3)
            people.make_person(garden.programme, entered_on=None, referred_on=waiting)

    def pages():
        listed = reverse("beneficiaries:person_list", args=[garden.programme.pk, MARCH])
        assert browser.get(listed).status_code == 200
        search = reverse("beneficiaries:person_search")
        assert browser.post(search, {"words": "aicha"}).status_code == 200
        assert browser.get("/").status_code == 200

    grow(2)
    same_queries(pages, grow)


def test_a_file_makes_the_same_queries_for_two_rows_and_seven(browser, garden):
    person = garden.somebody.person

    def grow(number=5):
        for _ in range(number):
            day = date(2010, 1, 1) + timedelta(days=100 * Person.objects.count())
            people.make_situation(person, "rsa", "aah", on=day)
            people.make_enrolment(person, garden.programme, entered_on=day, left_on=day)
            people.make_person(garden.programme)

    def pages():
        for name in ("person_situation", "person_enrolments"):
            assert browser.get(url(name, person.pk)).status_code == 200

    grow(1)
    same_queries(pages, grow)


def test_a_tab_stays_cheap(browser, garden):
    for name in ("person_situation", "person_enrolments", "person_update"):
        browser.get(url(name, garden.somebody.person.pk))
        with max_queries(20):
            browser.get(url(name, garden.somebody.person.pk))


def test_on_a_phone_a_line_keeps_how_to_reach_somebody(browser, garden):
    """Its style hides columns by their names: each is one of the list, none is of first need."""
    people.make_person(garden.programme)
    page = reverse("beneficiaries:person_list", args=[garden.programme.pk, Period.year(2026)])
    assert 'class="stack person-rows"' in browser.get(page).content.decode()
    style = Path(settings.BASE_DIR, "static/css/components.css").read_text()
    (rule,) = re.findall(r"\.person-rows td:is\((.*)\) \{ display: none; \}", style)
    hidden = set(re.findall(r'data-label="([^"]+)"', rule))
    assert hidden < {column.label for column in (*PERSONS, DISTRICT)}
    assert not hidden & {"Personne", "Téléphone", "Entrée", "Sortie", "Référent"}
