"""The dashboard: its numbers, its edition by role, its queries."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.models import Person
from evaluation.services.overviews import overviews
from programmes.access import scope_of
from programmes.models import Edition, Programme
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries

YEAR = Period.year(2015)
NB = "\u00a0"


@pytest.fixture
def garden(world):
    """Return the garden, with an edition of 2015 that aims at sixty persons."""
    frame = world.here.garden
    make.make_edition(frame.programme, 2015, target_persons=60)
    return frame


def come(frame, count: int = 1, *, day=date(2015, 3, 2), **situation) -> list[Person]:
    """Return so many persons who came to the same closed session of four hours."""
    session = make.close(make.make_session(frame.programme, frame.site, on=day))
    found = []
    for _ in range(count):
        person = people.make_person(frame.programme)
        people.make_situation(person, *situation.get("incomes", ()), **_known(situation))
        people.make_attendance(people.enrolment_of(person), session, frame.site)
        found.append(person)
    return found


def _known(situation: dict) -> dict:
    return {key: value for key, value in situation.items() if key != "incomes"}


def page_of(frame, period=YEAR, *, name="dashboard", args=(), **query) -> str:
    path = reverse(f"evaluation:{name}", args=[frame.programme.pk, period, *args])
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def tiles_of(response) -> dict:
    return {row["tile"].code: row["tile"] for row in response.context["tiles"]}


def cards_of(response) -> dict:
    return {row["card"].title: row["card"] for row in response.context["cards"]}


def rows_of(response, title: str) -> list[tuple]:
    return [row.cells for row in cards_of(response)[title].table.rows]


def test_the_tiles_read_as_on_paper(garden, client_for):
    come(garden, 5, incomes=("rsa",))
    come(garden, 1, day=date(2015, 3, 3))
    edition = Edition.objects.get(programme=garden.programme, label="2015")
    make.make_budget(edition, ("60_fournitures", 400), ("74_etat", 300))
    kinds = ("cddi", "cddi", "formation", "formation")
    for kind in kinds:
        enrolment = people.enrolment_of(people.make_person(garden.programme))
        people.make_outcome(enrolment, kind, starts_on=date(2015, 5, 4))
    response = client_for(garden.programme_manager).get(page_of(garden))
    tiles = tiles_of(response)
    reached, hours = tiles["persons_reached"], tiles["hours"]
    assert (reached.value, reached.unit, reached.hint) == (6, "/ 60 visées", "dont 5 au RSA")
    assert (hours.value, hours.unit, hours.hint) == ("24", "h", f"4{NB}h par personne en moyenne")
    outcomes, budget = tiles["outcomes_positive"], tiles["budget_charges"]
    assert (outcomes.value, outcomes.unit) == (5, "au moins")
    assert outcomes.hint == f"3{NB}CDDI · 2{NB}formations"
    assert (budget.value, budget.unit, budget.tag) == ("400", "€", ("à équilibrer", "ochre"))
    assert budget.hint == f"les charges dépassent de 100{NB}€"
    assert "Tableau de bord 2015" in response.content.decode()


def test_districts_are_regrouped_for_the_committee_and_whole_for_the_team(garden, client_for):
    for name, size in (("Dutemple", 6), ("St Waast", 5), ("Accacias", 3), ("Cambrai", 2)):
        come(garden, size, district=make.make_district(garden.territory, name))
    team = rows_of(client_for(garden.social_worker).get(page_of(garden)), "Personnes par quartier")
    assert team[0] == ("Dutemple", "6", f"37,5{NB}%")
    assert [row[1] for row in team] == ["6", "5", "3", "2"]
    response = client_for(garden.committee_member).get(page_of(garden))
    assert rows_of(response, "Personnes par quartier") == [
        ("Dutemple", "6", f"37,5{NB}%"),
        ("St Waast", "5", f"31,3{NB}%"),
        ("2 quartiers de moins de 5 pers.", "5", f"31,3{NB}%"),
    ]
    (note,) = cards_of(response)["Personnes par quartier"].notes
    assert "arrondies une à une" in note  # 37,5 + 31,3 + 31,3


@pytest.mark.parametrize(
    ("role", "edition"),
    [
        ("social_worker", "équipe"),
        ("programme_manager", "équipe"),
        ("workshop_leader", "comité"),
        ("committee_member", "comité"),
        ("network_coordinator", "comité"),
    ],
)
def test_each_role_reads_its_edition(role, edition, garden, client_for):
    body = client_for(garden.member(role)).get(page_of(garden)).content.decode()
    assert f"édition {edition}" in body
    asked = client_for(garden.member(role)).get(page_of(garden, edition="equipe"))
    assert f"édition {edition}" in asked.content.decode()
    lowered = client_for(garden.member(role)).get(page_of(garden, edition="comite"))
    assert "édition comité" in lowered.content.decode()


def test_the_committee_reads_civil_periods_only(garden, client_for):
    stretch = Period(date(2015, 3, 1), date(2015, 3, 30))
    come(garden)
    for role, status in (("programme_manager", 200), ("workshop_leader", 404)):
        assert client_for(garden.member(role)).get(page_of(garden, stretch)).status_code == status
    browser = client_for(garden.committee_member)
    for name, args in (
        ("dashboard", ()),
        ("dashboard_export", ("csv",)),
        ("figure_list", ()),
        ("figure_detail", ("hours",)),
    ):
        assert browser.get(page_of(garden, stretch, name=name, args=args)).status_code == 404, name
    for period in (Period.month(2015, 3), Period.quarter(2015, 1)):
        assert browser.get(page_of(garden, period)).status_code == 200


def test_a_month_sends_the_committee_to_the_year_for_its_tables(garden, client_for):
    come(garden, 6)
    month = Period.month(2015, 3)
    card = cards_of(client_for(garden.committee_member).get(page_of(garden, month)))
    assert card["Personnes par quartier"].year == YEAR
    assert card["Personnes par quartier"].table is None
    team = cards_of(client_for(garden.social_worker).get(page_of(garden, month)))
    assert team["Personnes par quartier"].year is None
    assert team["Personnes par quartier"].table.rows


def test_a_mean_would_give_back_a_hidden_count(garden, client_for):
    come(garden, 3)
    tiles = tiles_of(client_for(garden.committee_member).get(page_of(garden)))
    assert tiles["persons_reached"].value == "moins de 5"
    assert tiles["persons_reached"].target is None
    assert tiles["hours"].hint == ""


def test_who_may_not_read_the_budget_has_no_tile_of_it(garden, client_for):
    response = client_for(garden.social_worker).get(page_of(garden))
    assert "budget_charges" not in tiles_of(response)
    assert "Qui finance" not in cards_of(response)


def test_an_empty_period_says_what_to_do(garden, client_for):
    future = Period.year(2031)
    team = client_for(garden.social_worker).get(page_of(garden, future)).content.decode()
    sessions = reverse("programmes:session_list", args=[garden.programme.pk, future])
    assert "Aucune présence sur cette période" in team
    assert f'href="{sessions}"' in team
    committee = client_for(garden.committee_member).get(page_of(garden, future)).content.decode()
    assert "Aucune présence sur cette période" in committee
    assert sessions not in committee


@pytest.mark.parametrize("role", ["programme_manager", "committee_member"])
def test_twenty_queries_at_most_whoever_comes(role, garden, client_for):
    url, browser = page_of(garden), client_for(garden.member(role))
    come(garden, 2, district=make.make_district(garden.territory, "Dutemple"))
    same_queries(lambda: browser.get(url), lambda: come(garden, 5, day=date(2015, 4, 7)))
    for number in range(10):
        district = make.make_district(garden.territory, f"Quartier {number:02}")
        day = date(2015, 6, 1 + number)
        for person in come(garden, 5, day=day, district=district, incomes=("rsa",)):
            people.make_step(people.enrolment_of(person), started_on=day, done_on=day)
    with max_queries(20):
        response = browser.get(url)
    assert tiles_of(response)["persons_reached"].value == 57


def test_the_export_says_what_the_screen_says_and_is_traced(garden, client_for):
    come(garden, 6, district=make.make_district(garden.territory, "Dutemple"))
    come(garden, 1, district=make.make_district(garden.territory, "Accacias"), day=date(2015, 4, 7))
    url = page_of(garden, name="dashboard_export", args=("csv",))
    before = AuditEvent.objects.filter(verb="export").count()
    team = client_for(garden.social_worker).get(url).content.decode("utf-8-sig")
    assert "Personnes par quartier;Accacias;1;personnes;14,3;" in team
    assert "Heures de présence;Total;28,00;heures;;" in team
    committee = client_for(garden.committee_member).get(url).content.decode("utf-8-sig")
    assert "Accacias" not in committee
    assert "Édition comité, petits effectifs regroupés" in committee
    assert AuditEvent.objects.filter(verb="export").count() == before + 2
    unknown = page_of(garden, name="dashboard_export", args=("pdf",))
    assert client_for(garden.social_worker).get(unknown).status_code == 404


def test_the_home_page_shows_the_month_to_the_team_and_the_year_to_the_committee(
    garden, client_for
):
    # Yesterday was perhaps another year.
    today = make.make_session(garden.programme, garden.site, on=timezone.localdate())
    people.make_attendance(garden.somebody.enrolment, make.close(today), garden.site)
    team = client_for(garden.social_worker).get("/").content.decode()
    assert "Ce mois-ci" in team
    assert reverse("evaluation:dashboard", args=[garden.programme.pk, _this("month")]) in team
    committee = client_for(garden.committee_member).get("/").content.decode()
    assert "Ce mois-ci" not in committee
    assert "moins de 5" in committee
    assert reverse("evaluation:dashboard", args=[garden.programme.pk, _this("year")]) in committee


def _this(kind: str) -> Period:
    return Period.containing(timezone.localdate(), kind)


def test_the_home_page_has_a_line_per_programme(world, client_for):
    browser = client_for(make.make_member("network_coordinator", world.here.garden.network))
    numbers = iter(range(20))

    def more(count: int) -> None:
        for _ in range(count):
            other = make.make_programme(world.here.territory, f"Action {next(numbers):02}")
            make.make_partnership(other, world.here.garden.network, "network")
            make.close(make.make_session(other, make.make_site(world.here.territory, other)))

    more(1)
    same_queries(lambda: browser.get("/"), lambda: more(5))
    body = browser.get("/").content.decode()
    assert body.count("personnes touchées ·") == 7
    assert "Action 05" in body


def test_a_small_programme_of_a_network_stays_hidden_beside_a_large_one(world, client_for):
    network = world.here.garden.network
    for name, size in (("Grand jardin", 6), ("Petit jardin", 2)):
        programme = make.make_programme(world.here.territory, name)
        make.make_partnership(programme, network, "network")
        site = make.make_site(world.here.territory, programme)
        session = make.close(make.make_session(programme, site, on=date(2015, 3, 2)))
        for _ in range(size):
            enrolment = people.enrolment_of(people.make_person(programme))
            people.make_attendance(enrolment, session, site)
    scope = scope_of(make.make_member("network_coordinator", network))
    programmes = Programme.objects.filter(name__endswith="jardin").select_related("territory")
    lines = overviews(scope, programmes, YEAR)
    assert [(line.programme.name, line.persons, line.hours) for line in lines] == [
        ("Grand jardin", "6", f"24{NB}h"),
        ("Petit jardin", "moins de 5", f"8{NB}h"),
    ]


@pytest.mark.parametrize(
    ("role", "is_offered"), [("programme_manager", True), ("committee_member", False)]
)
def test_a_stretch_of_days_is_offered_to_who_may_read_it(role, is_offered, garden, client_for):
    stretch = Period(date(2015, 9, 1), date(2016, 8, 31))
    make.make_edition(
        garden.programme, label="2015-2016", starts_on=stretch.start, ends_on=stretch.end
    )
    html = client_for(getattr(garden, role)).get(page_of(garden)).content.decode()
    assert (f"/{stretch.slug}/tableau-de-bord/" in html) is is_offered
