"""The page of a caseload and its file: tabs, filters, words, what they cost, what they hide."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Level, Part
from beneficiaries.models import Enrolment
from beneficiaries.services import completeness
from programmes.access import scope_of
from programmes.enums import Role
from tests.beneficiaries.crowds import crowd
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

LIST = "/suivis/"


@pytest.fixture
def mine(garden):
    person = people.make_person(garden.programme, "Zoé", "Abadie", referent=garden.social_worker)
    return people.enrolment_of(person)


def page(browser, **query) -> str:
    response = browser.get(LIST, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_menu_leads_to_it(browser, leader):
    assert 'href="/suivis/"' in browser.get("/").content.decode()
    assert 'href="/suivis/"' not in leader.get("/").content.decode()


def test_a_tab_and_the_filters_stand_in_the_address(browser, garden, mine):
    people.make_person(garden.programme, "Noé", "Nobody")
    assert "Zoé Abadie" in page(browser)
    assert "Noé Nobody" not in page(browser)
    assert "Noé Nobody" in page(browser, whose="nobody")
    assert "Zoé Abadie" not in page(browser, whose="nobody")
    assert "Zoé Abadie" in page(browser, whose="team", level=Level.PATHWAY)
    html = page(browser, level=Level.PARTICIPATION)
    assert "Zoé Abadie" not in html
    assert "Personne ne correspond" in html
    # Typed by hand.
    assert "Zoé Abadie" in page(browser, whose="x", level="x", programme="x")


def test_words_are_sent_in_the_body_and_the_tab_with_them(browser, garden, mine):
    people.make_person(garden.programme, "Noé", "Nobody")
    html = browser.post(LIST, {"words": "abadie zoe"}).content.decode()
    assert "Zoé Abadie" in html
    html = browser.post(LIST, {"words": "noe", "tab": "nobody"}).content.decode()
    assert "Noé Nobody" in html
    assert "Zoé Abadie" not in html
    answer = browser.post(LIST, {"words": "", "tab": "team", "level": "pathway"})
    assert (answer.status_code, answer["Location"]) == (302, "/suivis/?level=pathway&whose=team")
    assert browser.post(LIST, {"words": ""})["Location"] == LIST


def test_the_programme_is_asked_when_there_are_several(browser, garden, world, mine):
    assert "Action" not in re.findall(r"<label[^>]*>([^<]*)<", page(browser))
    make.make_membership(garden.social_worker, Role.SOCIAL_WORKER, world.here.kitchen.programme)
    person = people.make_person(
        world.here.kitchen.programme, "Lou", "Cuisine", referent=garden.social_worker
    )
    assert str(person) in page(browser)
    html = page(browser, programme=garden.programme.pk)
    assert "Zoé Abadie" in html
    assert str(person) not in html


def test_a_line_has_a_telephone_only_when_there_is_one(browser, mine):
    Enrolment.objects.exclude(pk=mine.pk).update(left_on=make.LONG_AGO)
    assert "tel:" not in page(browser)
    mine.person.phone = "0612345678"
    mine.person.save()
    mine.person.refresh_from_db()
    assert f'href="tel:{mine.person.phone}"' in page(browser)


def test_the_top_says_how_many_appointments_are_to_be_fixed(browser, garden, mine):
    Enrolment.objects.exclude(pk=mine.pk).update(left_on=make.LONG_AGO)
    assert "1\u00a0personne · 1\u00a0rendez-vous à fixer" in page(browser)
    paths.make_interview(mine, timezone.localdate(), state="planned")
    assert "1\u00a0personne · tous les rendez-vous attendus sont fixés" in page(browser)
    paths.make_interview(mine, timezone.localdate())
    html = page(browser)
    assert "1\u00a0personne" in html
    assert "rendez-vous attendus" not in html


def test_who_has_no_referent_is_given_one_from_there(browser, garden):
    stay = people.enrolment_of(people.make_person(garden.programme, "Noé", "Nobody"))
    edit = f'href="/inscriptions/{stay.pk}/modifier/"'
    assert edit in page(browser, whose="nobody")
    assert edit not in page(browser, whose="team")


def test_an_empty_tab_says_what_to_do(browser):
    Enrolment.objects.update(left_on=make.LONG_AGO)
    assert "Choisissez-vous comme référent" in page(browser)
    assert "Chaque personne a son référent" in page(browser, whose="nobody")
    assert "Inscrivez une première personne" in page(browser, whose="team")


def test_nothing_blames(browser, garden):
    crowd(garden, 20)
    html = page(browser, whose="team").lower()
    assert "entretien depuis" in html
    for word in ("retard", "dépassé", "urgent", "tag-red", "danger", "manqu"):
        assert word not in html


# What is still to ask, read once the page is there.


def files(browser, *stays) -> str:
    response = browser.post("/suivis/fiches/", {"stay": [stay.pk for stay in stays]})
    assert response.status_code == 200
    return response.content.decode()


def test_each_line_says_what_is_still_to_ask(browser, garden, mine):
    assert f'id="fiche-{mine.pk}">voir' in page(browser)
    volunteer = people.make_person(garden.programme, part=Part.VOLUNTEER)
    said = files(browser, mine, people.enrolment_of(volunteer))
    ((key, number),) = re.findall(r'id="fiche-(\d+)" hx-swap-oob="true">(\d+) à demander', said)
    assert (int(key), int(number)) == (mine.pk, _missing(garden, mine))
    people.make_identity(mine.person, born_on=make.LONG_AGO)
    assert f">{int(number) - 1} à demander" in files(browser, mine)


def _missing(garden, stay) -> int:
    found = completeness.of_enrolments(scope_of(garden.social_worker), [stay])
    done, total = found[stay.pk]
    assert done < total
    return total - done


def test_what_is_to_ask_stays_within_the_scope(browser, world, mine):
    others = [frame.somebody.enrolment for frame in (world.here.kitchen, world.elsewhere.garden)]
    others.append(people.make_enrolment(mine.person, world.here.kitchen.programme))
    assert files(browser, *others).strip() == ""
    response = browser.post("/suivis/fiches/", {"stay": ["x", "9" * 30, "-1", ""]})
    assert (response.status_code, response.content.strip()) == (200, b"")


def test_what_is_to_ask_costs_the_same_for_two_rows_and_seven(browser, garden):
    stays = crowd(garden, 2)
    made = same_queries(lambda: files(browser, *stays), lambda: stays.extend(crowd(garden, 5)))
    assert made < 15


# What it costs.


@pytest.mark.parametrize("number", [60, 600])
def test_a_long_caseload_costs_what_a_short_one_does(number, garden, browser):
    crowd(garden, number)
    browser.get(LIST)
    with max_queries(11):
        html = page(browser)
    assert html.count("caseload-name") == 50
    assert f"sur {number + 1}" in html


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER])
def test_rights_over_a_territory_cost_hardly_more(role, garden, client_for):
    crowd(garden, 60)
    browser = client_for(make.make_member(role, garden.territory))
    page(browser, whose="team")
    with max_queries(14):
        html = page(browser, whose="team")
    assert html.count("caseload-name") == 50
    assert garden.programme.name in html


def test_the_order_goes_on_from_page_to_page(garden, browser):
    crowd(garden, 120)
    found = [
        name
        for number in (1, 2, 3)
        for name in re.findall(r'caseload-name" href="[^"]*">([^<]*)<', page(browser, page=number))
    ]
    assert len(found) == len(set(found)) == 121
    # Who has no appointment, whoever has one, then who is on a pause.
    crowded = [int(name.split("Nom")[1]) for name in found if "Nom0" in name or "Nom1" in name]
    group = {n: 2 if n % 7 == 0 else 1 if n % 3 == 0 else 0 for n in range(120)}
    mine = [n for n in crowded if n < 120]
    assert [group[n] for n in mine] == sorted(group[n] for n in mine)


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(garden, browser):
    def pages():
        page(browser)
        browser.post(LIST, {"words": "nom"})
        browser.get("/suivis/export/csv/")

    crowd(garden, 2)
    same_queries(pages, lambda: crowd(garden, 5))


# The file.


def export(browser, kind="csv", **query) -> str:
    response = browser.get(f"/suivis/export/{kind}/", query)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return response.content.decode("utf-8-sig")


def test_the_file_holds_dates_and_counts(browser, garden, mine):
    today = timezone.localdate()
    paths.make_interview(mine, today - timedelta(days=400))
    people.make_step(mine)
    paths.make_barrier(mine)
    lines = export(browser).splitlines()
    header = next(line for line in lines if line.startswith("Nom;"))
    assert header == (
        "Nom;Prénom;Nom d’usage;Action;Accompagnement;Référent;Entrée;À prévoir;"
        "Prochain rendez-vous;Dernier entretien;Démarches ouvertes;Freins non levés;"
        "Informations à demander;Heures du mois;Heures en tout"
    )
    row = next(line for line in lines if line.startswith("Abadie;")).split(";")
    assert row[4] == "Parcours accompagné"
    assert row[7].startswith("pas d’entretien depuis le")
    assert row[8:12] == ["", (today - timedelta(days=400)).isoformat(), "1", "1"]
    assert int(row[12]) > 0
    assert row[13:] == ["0,00", "0,00"]


def test_the_file_follows_the_tab_and_the_filters(browser, garden, mine):
    people.make_person(garden.programme, "Noé", "Nobody")
    assert "Abadie" in export(browser)
    assert "Nobody" not in export(browser)
    assert "Nobody" in export(browser, whose="nobody")
    assert "Abadie" not in export(browser, whose="team", level=Level.PARTICIPATION)
    assert "whose=team" in page(browser, whose="team")


def test_the_file_is_journaled_without_a_name(browser, garden, mine):
    export(browser)
    event = AuditEvent.objects.filter(verb=Verb.EXPORT).latest("pk")
    assert event.object_label.startswith("Suivis")
    assert "Abadie" not in str(vars(event))
    assert browser.get("/suivis/export/pdf/").status_code == 404


def test_no_note_and_no_agreed_hours_leave(browser, garden, mine):
    interview = paths.make_interview(mine, led_by=garden.social_worker)
    paths.make_note(interview, garden.social_worker, text="ZQNOTE")
    paths.make_contract(mine, 17 * 60 + 13)
    paths.make_address(mine.person, "12 rue ZQCACHEE", is_hidden=True)
    for said in (page(browser), export(browser)):
        assert "Abadie" in said
        for mark in ("ZQNOTE", "ZQCACHEE", "17\u00a0h\u00a013", "17,22", "1033"):
            assert mark not in said
