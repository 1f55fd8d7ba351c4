"""The dashboard of 2015 on the demo: it reads as the fiche, for the team and the committee."""

import pytest
from django.core.management import call_command

from autoprod.accounts.models import User
from beneficiaries.models import Person
from programmes.models import Programme
from tests.journeys.browser import DESK, Page, check, expect, login, visit
from tests.journeys.steps import follow

NB = "\u00a0"
#: Persons by district, printed by the fiche with other percentages, which are wrong.
DISTRICTS = [
    ("Fg de Paris", "10", "17,9"),
    ("Centre ville", "7", "12,5"),
    ("Chasse Royale", "7", "12,5"),
    ("Fg de Lille", "7", "12,5"),
    ("St Waast", "6", "10,7"),
    ("Dutemple", "5", "8,9"),
]
SMALL_DISTRICTS = [
    ("Accacias", "3", "5,4"),
    ("La Briquette", "3", "5,4"),
    ("Les Tertiales", "3", "5,4"),
    ("Fg de Cambrai", "2", "3,6"),
    ("Fg Ste Catherine", "1", "1,8"),
    ("Le Rôleur", "1", "1,8"),
    ("Les Cheminots", "1", "1,8"),
]
LEVELS = [("IV", "1", "1,8"), ("V", "6", "10,7"), ("V bis", "13", "23,2"), ("VI", "36", "64,3")]
SHARES = [
    ("Département du Nord", f"31\u202f500{NB}€", "32,4"),
    ("État (contrat de ville)", f"25\u202f000{NB}€", "25,7"),
    ("CCAS de Valenciennes", f"20\u202f700{NB}€", "21,3"),
    ("Fonds social européen", f"20\u202f000{NB}€", "20,6"),
]


@pytest.fixture
def dashboard(db) -> str:
    """Load the demo and return the address of the dashboard of 2015."""
    call_command("load_demo", verbosity=0)
    return f"/actions/{Programme.objects.get().pk}/2015/tableau-de-bord/"


def enter(page: Page, role: str, path: str) -> None:
    login(page, User.objects.get(email=f"{role}@demo.example"))
    visit(page, path)


def text_of(page: Page) -> str:
    """Return what is read on the page, its spaces made plain."""
    return " ".join(page.locator("main").inner_text().replace(NB, " ").split())


def table_of(page: Page, title: str) -> list[tuple[str, ...]]:
    """Return the cells of a card's table, unfolded when it is folded."""
    card = page.locator(".figure-card").filter(has=page.get_by_role("heading", name=title))
    if card.locator("summary").count():
        card.locator("summary").click()
    rows = card.locator("tbody tr").all()
    return [tuple(cell.inner_text() for cell in row.locator("th, td").all()) for row in rows]


def lines(expected: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    return [(label, count, f"{share}{NB}%") for label, count, share in expected]


def test_the_team_reads_the_year_of_the_fiche(dashboard, page):
    enter(page, "programme-manager", dashboard)

    read = text_of(page)
    assert "Les Jardins du cœur · 3 sites · du 1er janvier au 31 décembre 2015" in read
    assert "édition équipe" in read
    for words in ("56 / 60 visées", "dont 46 au RSA", "12 au moins", "97 200 €", "équilibré"):
        assert words in read, words
    assert "4 CDDI · 4 intérim · 2 CDD · 2 formations" in read
    assert table_of(page, "Personnes par quartier") == lines(DISTRICTS + SMALL_DISTRICTS)
    shown = [(label.partition(" (")[0], *rest) for label, *rest in table_of(page, "niveau")]
    assert shown == [(f"Niveau {label}", *rest) for label, *rest in lines(LEVELS)]
    assert table_of(page, "Qui finance") == lines(SHARES)
    assert "leur somme peut différer de 100 %" in read


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_number_leads_to_its_words_then_to_its_persons(dashboard, page):
    enter(page, "social-worker", dashboard)

    follow(page, "Personnes touchées")
    expect(page.get_by_text("au moins une présence dans une séance clôturée")).to_be_visible()
    follow(page, "Voir les 56 lignes")
    expect(page.get_by_text("Ces lignes sont celles que compte le chiffre")).to_contain_text("56")
    visit(page, dashboard)
    rows = page.locator(".figure-card").filter(
        has=page.get_by_role("heading", name="Personnes par quartier")
    )
    rows.locator("summary").click()
    with page.expect_navigation():
        rows.get_by_role("link", name="Dutemple").last.click()
    check(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Personnes touchées · Dutemple")
    expect(page.locator("main tbody tr")).to_have_count(5)


def test_the_committee_reads_the_same_page_without_a_small_count(dashboard, page):
    enter(page, "committee-member", dashboard)

    read = text_of(page)
    assert "édition comité" in read
    assert "56 / 60 visées" in read
    assert table_of(page, "Personnes par quartier") == [
        *lines(DISTRICTS),
        ("7 quartiers de moins de 5 pers.", "14", f"25,0{NB}%"),
    ]
    assert len(table_of(page, "niveau")) < len(LEVELS)
    expect(page.get_by_role("link", name="édition équipe")).to_have_count(0)
    hidden = [str(person) for person in Person.objects.all()]
    body = page.content()
    assert not [name for name in hidden if name in body]
    visit(page, dashboard.replace("tableau-de-bord", "chiffres/persons_reached"))
    expect(page.get_by_role("link", name="Voir les")).to_have_count(0)
    visit(page, dashboard.replace("tableau-de-bord", "chiffres/persons_reached/lignes"), status=403)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_the_team_reads_what_the_committee_reads(dashboard, page):
    enter(page, "programme-manager", dashboard)

    follow(page, "Voir l’édition comité")
    expect(page.locator(".subtitle")).to_contain_text("édition comité")
    assert table_of(page, "Personnes par quartier")[-1][:2] == (
        "7 quartiers de moins de 5 pers.",
        "14",
    )
    follow(page, "Voir l’édition équipe")
    expect(page.locator(".subtitle")).to_contain_text("édition équipe")


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_on_paper_there_is_no_menu(dashboard, page):
    enter(page, "committee-member", dashboard)

    page.emulate_media(media="print")
    expect(page.locator("#navigation")).to_be_hidden()
    expect(page.get_by_role("link", name="Exporter")).to_be_hidden()
    expect(page.get_by_text("Édition comité, petits effectifs regroupés")).to_be_visible()
    expect(page.get_by_role("heading", name="Personnes par quartier")).to_be_visible()
