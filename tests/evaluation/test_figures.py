"""Pages of figures: what a number means, the rows it counts, and who may open them."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.models import Person, PersonIdentity
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, compute, count_of, definitions, listing
from evaluation.services.figures import address_of
from programmes.access import scope_of
from programmes.enums import Module
from tests.evaluation.gardens import grow_year
from tests.factories import beneficiaries as people
from tests.factories import pathways
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import max_queries

YEAR = Period.year(2015)
DAY = date(2015, 3, 2)
CODES = [words.code for words in definitions()]


@pytest.fixture
def garden(world):
    """Return the garden after a busy year: each figure counts something, unknowns included."""
    frame = world.here.garden
    session = make.close(make.make_session(frame.programme, frame.site, on=DAY))
    workshop = make.make_workshop(session, "sante")
    district = make.make_district(frame.territory, "Dutemple")
    for number in range(6):
        person = people.make_person(frame.programme)
        sex, born = ("F", "H", "")[number % 3], date(1960 + 8 * number, 5, 4)
        people.make_identity(person, sex, born_on=born if number else None)
        incomes = (("rsa",), ("rsa", "aah"), ())[number % 3]
        people.make_situation(
            person,
            *incomes,
            district=district if number % 2 else None,
            education_level=make.code("education_levels") if number else None,
        )
        enrolment = people.enrolment_of(person)
        people.make_attendance(enrolment, session, frame.site)
        people.make_participation(enrolment, workshop)
        kind = ("bilan_sante", "suivi_medico_social", "cv")[number % 3]
        people.make_step(enrolment, kind, started_on=DAY, done_on=DAY if number > 2 else None)
        people.make_outcome(enrolment, ("cddi", "cdd")[number % 2], starts_on=DAY)
        _accompany(enrolment, number)
    leaver = people.make_person(frame.programme, entered_on=DAY, left_on=date(2015, 6, 1))
    people.make_identity(leaver)
    for reason, left_on in (("3", date(2015, 6, 2)), ("17", date(2015, 6, 3))):
        person = people.make_person(frame.programme, entered_on=DAY, left_on=left_on)
        stay = people.enrolment_of(person)
        stay.exit_reason = make.code("exit_reasons_asp", reason)
        stay.save()
    cancelled = make.make_session(frame.programme, frame.site, on=date(2015, 4, 1))
    cancelled.cancelled_on, cancelled.cancel_reason = DAY, make.code("cancellation_reasons")
    cancelled.save()
    make.make_session(frame.programme, frame.site, on=date(2015, 4, 2))
    budget = make.make_budget(make.make_edition(frame.programme, 2015), ("60_fournitures", 400))
    make.make_line(budget, "74_etat", 300, payer=frame.funder)
    make.make_line(budget, "74_departement", 100)
    frame.programme.modules = [Module.GARDEN]
    frame.programme.save()
    return frame


def _accompany(enrolment, number: int) -> None:
    """Meet somebody twice in March, and write down what stands in their way."""
    kind = make.code("interview_kinds", "mensuel") if number % 2 else None
    for day in (DAY, date(2015, 3, 30)):
        pathways.make_interview(enrolment, on=day, kind=kind)
    lifted = date(2015, 9, 1) if number > 3 else None
    barrier = ("23", "27")[number % 2]
    pathways.make_barrier(enrolment, barrier, identified_on=DAY, lifted_on=lifted)


@pytest.fixture
def busy(garden):
    """Return the garden, with a session of each kind that counts, and a month signed for."""
    frame = garden
    room = make.make_site(
        frame.territory,
        frame.programme,
        kind=make.code("site_kinds", "salle"),
        district=make.make_district(frame.territory),
    )
    person = people.make_person(frame.programme)
    people.make_situation(person)
    stay = people.enrolment_of(person)
    for number, kind in enumerate(
        ("table_solidaire", "sante", "reunion_participants", "permanence", "information")
    ):
        code, day = make.code("session_kinds", kind), date(2015, 5, 4 + number)
        held = make.make_session(frame.programme, room, on=day, kind=code, headcount=4 + number)
        make.make_workshop(held, "sante")
        plans.make_outreach(held)
        people.make_attendance(stay, make.close(held), room)
    plans.sign(plans.make_statement(stay, date(2015, 5, 1)))
    grow_year(frame)
    return frame


def page_of(frame, name: str, *args: str, period=YEAR, **query) -> str:
    path = reverse(f"evaluation:{name}", args=[frame.programme.pk, period, *args])
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def selection_of(frame, role: str = "programme_manager") -> Selection:
    return Selection(scope_of(frame.member(role)), frozenset({frame.programme.pk}), YEAR)


def result_of(frame, code: str):
    """Return a figure by all its dimensions, as the team reads it."""
    words = next(words for words in definitions() if words.code == code)
    asks = (Ask("persons_reached"), Ask(code, tuple(words.build(selection_of(frame)).by)))
    return compute(selection_of(frame), asks, audience=Audience.INTERNAL, threshold=5)[code]


# The number is its list.


@pytest.mark.long
def test_each_number_and_each_part_is_the_count_of_its_list(busy, client_for):
    """All of them in one garden: building one for each would take longer than reading it."""
    browser = client_for(busy.programme_manager)
    for code in CODES:
        result, whole = result_of(busy, code), listing(selection_of(busy), code)
        assert result.value, f"{code}: the year counts nothing of it, the test says nothing"
        assert result.value == count_of(whole), code
        page = browser.get(page_of(busy, "figure_rows", code))
        assert (page.status_code, page.context["total"]) == (200, result.text), code
        assert page.context["paginator"].count == whole.rows.count(), code
        for name, parts in result.parts.items():
            assert parts, (code, name)
            for part in parts:
                found = listing(selection_of(busy), code, by=name, key=part.keys[0])
                assert part.value == count_of(found), (code, name, part.label)
                query = {"par": name, "valeur": address_of(part)}
                page = browser.get(page_of(busy, "figure_rows", code, **query))
                assert (page.status_code, page.context["total"]) == (200, part.text), (code, query)


def test_the_rows_of_a_list_ask_nothing_one_by_one(busy):
    for code in CODES:
        found = listing(selection_of(busy), code)
        with max_queries(1):
            assert [[column.cell(row) for column in found.columns] for row in found.rows], code


def test_a_row_leads_to_the_person_it_is_about(garden, client_for):
    browser = client_for(garden.programme_manager)
    person = Person.objects.filter(enrolments__programme=garden.programme).latest("pk")
    path = reverse("beneficiaries:person_detail", args=[person.pk])
    assert browser.get(path).status_code == 200
    left = browser.get(page_of(garden, "figure_rows", "persons_left"))
    assert path in left.content.decode()
    sessions = browser.get(page_of(garden, "figure_rows", "sessions_held")).content.decode()
    assert "row-link" not in sessions


def test_a_list_is_cut_in_pages_of_fifty(garden, client_for):
    session = make.close(make.make_session(garden.programme, garden.site, on=date(2015, 5, 5)))
    for _ in range(50):
        enrolment = people.enrolment_of(people.make_person(garden.programme))
        people.make_attendance(enrolment, session, garden.site)
    browser = client_for(garden.programme_manager)
    first = browser.get(page_of(garden, "figure_rows", "persons_reached"))
    assert len(first.context["object_list"]) == 50
    last = browser.get(page_of(garden, "figure_rows", "persons_reached", page=2))
    assert len(last.context["object_list"]) == 6
    assert last.context["total"] == "56"


# What a figure says of itself.


@pytest.mark.parametrize("role", ["programme_manager", "committee_member"])
def test_a_figure_says_where_it_comes_from(role, garden, client_for):
    body = client_for(garden.member(role)).get(page_of(garden, "figure_detail", "hours"))
    text = body.content.decode()
    for words in ("Somme des durées", "version 1", "6 lignes", "année\u00a02015", "Fiche d’exp"):
        assert words in text.replace("6\u00a0lignes", "6 lignes"), words
    assert ("Voir les 6 lignes" in text) == (role == "programme_manager")


def test_a_hidden_number_does_not_say_how_many_rows_it_has(garden, client_for):
    keys = list(Person.objects.filter(enrolments__programme=garden.programme).values("pk")[:3])
    month = Period.month(2015, 5)
    session = make.close(make.make_session(garden.programme, garden.site, on=date(2015, 5, 5)))
    for key in keys:
        enrolment = people.enrolment_of(Person.objects.get(**key))
        people.make_attendance(enrolment, session, garden.site)
    path = page_of(garden, "figure_detail", "persons_reached", period=month)
    text = client_for(garden.committee_member).get(path).content.decode()
    assert "moins de 5" in text
    assert "Lignes comptées" not in text
    assert "Lignes comptées" in client_for(garden.social_worker).get(path).content.decode()


def test_a_yearly_figure_sends_the_committee_to_the_year(garden, client_for):
    month = Period.month(2015, 3)
    path = page_of(garden, "figure_detail", "health_done", period=month)
    text = client_for(garden.committee_member).get(path).content.decode()
    assert "donné par année" in text
    assert page_of(garden, "figure_detail", "health_done") in text


def test_the_list_of_figures_leads_to_each(garden, client_for):
    text = client_for(garden.programme_manager).get(page_of(garden, "figure_list"))
    for code in CODES:
        assert page_of(garden, "figure_detail", code) in text.content.decode()
    social = client_for(garden.social_worker).get(page_of(garden, "figure_list")).content.decode()
    assert page_of(garden, "figure_detail", "budget_charges") not in social


# Who may open what.


def test_a_forged_address_is_not_found(garden, client_for):
    browser = client_for(garden.programme_manager)
    for code, query in (
        ("persons_reached", {"par": "nom"}),
        ("persons_reached", {"par": "sex", "valeur": "99999"}),
        ("persons_reached", {"par": "sex", "valeur": "1 OR 1=1"}),
        ("persons_reached", {"par": "sex"}),
        ("hours", {"par": "month", "valeur": "2014-01-01"}),
        ("hours", {"par": "month", "valeur": "hier"}),
    ):
        assert browser.get(page_of(garden, "figure_rows", code, **query)).status_code == 404, query
    for name in ("figure_detail", "figure_rows"):
        assert browser.get(page_of(garden, name, "personnes")).status_code == 404
    assert browser.get(page_of(garden, "figure_export", "hours", "pdf")).status_code == 404


@pytest.mark.long
@pytest.mark.one_engine
def test_rows_ask_for_the_right_of_their_table(garden, client_for):
    for role in ("workshop_leader", "committee_member", "network_coordinator"):
        browser = client_for(garden.member(role))
        for code in CODES:
            assert browser.get(page_of(garden, "figure_rows", code)).status_code == 403, code
            export = page_of(garden, "figure_export", code, "csv")
            assert browser.get(export).status_code == 403, code
    social = client_for(garden.social_worker)
    assert social.get(page_of(garden, "figure_rows", "budget_charges")).status_code == 403
    assert social.get(page_of(garden, "figure_detail", "budget_charges")).status_code == 403
    lowered = page_of(garden, "figure_rows", "persons_reached", edition="comite")
    assert social.get(lowered).status_code == 403


def test_the_team_is_given_no_list_in_the_edition_of_the_committee(garden, client_for):
    browser = client_for(garden.programme_manager)
    for name, args in (("dashboard", ()), ("figure_detail", ("persons_reached",))):
        assert "/lignes/" in browser.get(page_of(garden, name, *args)).content.decode()
        lowered = browser.get(page_of(garden, name, *args, edition="comite"))
        assert "/lignes/" not in lowered.content.decode()


@pytest.mark.long
@pytest.mark.one_engine
@pytest.mark.parametrize("role", ["committee_member", "network_coordinator"])
def test_no_name_reaches_who_may_not_read_one(role, garden, client_for):
    browser = client_for(garden.member(role))
    paths = [page_of(garden, "dashboard"), page_of(garden, "figure_list"), "/"]
    paths += [page_of(garden, "dashboard_export", kind) for kind in ("csv",)]
    internal = {words.code for words in definitions() if words.is_internal}
    for code in internal:
        assert browser.get(page_of(garden, "figure_detail", code)).status_code == 403
    paths += [page_of(garden, "figure_detail", code) for code in CODES if code not in internal]
    paths += [page_of(garden, "dashboard", period=Period.month(2015, 3))]
    names = {
        name
        for person in Person.objects.all()
        for name in (person.first_name, person.last_name, str(person))
    }
    assert len(names) > 20
    for path in paths:
        response = browser.get(path)
        assert response.status_code == 200, path
        body = response.content.decode()
        assert not [name for name in names if name in body], path
        assert "/personnes/" not in body, path


def test_each_page_of_names_is_one_line_of_the_journal(garden, client_for):
    browser = client_for(garden.social_worker)
    browser.get(page_of(garden, "figure_rows", "persons_reached"))
    (event,) = AuditEvent.objects.filter(verb="read", object_label__contains="Personnes touchées")
    assert event.object_label == "Lignes de «\u00a0Personnes touchées\u00a0», année\u00a02015"
    assert str(garden.territory.pk) == event.territory_key
    refused = client_for(garden.committee_member)
    refused.get(page_of(garden, "figure_rows", "persons_reached"))
    assert AuditEvent.objects.filter(verb="read", object_label__contains="touchées").count() == 1


def test_the_rows_leave_in_a_spreadsheet_for_who_may_list_them(garden, client_for):
    identity = PersonIdentity.objects.filter(sex__code="F").order_by("pk").first()
    sex = str(identity.sex_id)
    path = page_of(garden, "figure_export", "persons_reached", "csv", par="sex", valeur=sex)
    text = client_for(garden.social_worker).get(path).content.decode("utf-8-sig")
    assert "# Personnes touchées · Femme" in text
    assert str(identity.person) in text
    assert len([line for line in text.splitlines() if not line.startswith("#")]) == 3
    assert AuditEvent.objects.filter(verb="export", object_label__contains="2\u00a0lignes").exists()
    xlsx = page_of(garden, "figure_export", "hours", "xlsx")
    assert client_for(garden.social_worker).get(xlsx).content.startswith(b"PK")
