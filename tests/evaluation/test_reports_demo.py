"""The bilan of 2015 of the demo: what the fiche says, read in the text of the documents."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from evaluation.documents.reports import Subject, document_of, draft_of
from evaluation.enums import Audience
from programmes.access import scope_of
from programmes.models import Membership, Programme, Site
from tests.evaluation.bilans import YEAR, names, words_of
from tests.evaluation.demos import demo_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.one_engine]

ON = date(2025, 11, 17)


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demo_of(ON, django_db_blocker):
        yield


def printed(role: str, audience: Audience, period: Period = YEAR) -> bytes:
    """Return the PDF that somebody of the demo prints."""
    scope = scope_of(Membership.objects.get(role=role).user)
    programmes = Programme.objects.for_scope(scope, Action.VIEW_FIGURES)
    found = programmes.select_related("territory").get(name="Les Jardins du cœur")
    return document_of(draft_of(Subject(scope, found, period, audience)))[1]


SHARED = (
    "Les Jardins du cœur · bilan collectif · 3 sites",
    "56 personnes touchées\n60 visées, 46 au RSA",
    "4 205 h de présence",
    "St Waast 6 10,7 %",
    "Dutemple 5 8,9 %",
    "Fg de Lille 7 12,5 %",
    "Fg de Paris 10 17,9 %",
    "Centre ville 7 12,5 %",
    "Chasse Royale 7 12,5 %",
    "V bis 13 23,2 %",
    "VI 36 64,3 %",
    "RSA 46 82,1 %",
    "CDD d’insertion (CDDI) 4",
    "Mission d’intérim 4",
    "CDD 2",
    "Formation qualifiante 2",
    "Ensemble au moins 12",
    "Personnes sensibilisées à la santé 18",
    "Bilans de santé réalisés 12",
    "Charges : 97 200 € ; produits : 97 200 €, le budget est équilibré.",
    "31 500 € 32,4 %",
    "25 000 € 25,7 %",
    "20 700 € 21,3 %",
    "20 000 € 20,6 %",
    "Chaque part est arrondie au dixième : leur somme peut différer de 100 %.",
    "Données fictives",
)


def test_the_team_reads_the_fiche():
    text = words_of(printed("programme_manager", Audience.INTERNAL))
    for words in (
        *SHARED,
        "IV 1 1,8 %",
        "V 6 10,7 %",
        "Accacias 3 5,4 %",
        "Les Tertiales 3 5,4 %",
        "La Briquette 3 5,4 %",
        "Fg de Cambrai 2 3,6 %",
        "Les Cheminots 1 1,8 %",
        "Fg Ste Catherine 1 1,8 %",
    ):
        assert words in text, words


def test_the_committee_reads_it_with_small_counts_regrouped():
    text = words_of(printed("committee_member", Audience.DIFFUSION))
    for words in (*SHARED, "7 quartiers de moins de 5 pers. 14 25,0 %", "IV / V 7 12,5 %"):
        assert words in text, words
    for words in ("Accacias", "Cheminots", "Tertiales", "1,8 %", "usage interne"):
        assert words not in text, words


def test_the_committee_reads_no_name_of_anybody():
    content = printed("committee_member", Audience.DIFFUSION)
    reader = PdfReader(io.BytesIO(content))
    said = set(re.findall(r"\w+", f"{words_of(content)} {reader.metadata}"))
    # A site is called after somebody: Blaise Pascal.
    places = {word for site in Site.objects.all() for word in site.name.split()}
    assert len(names()) > 100
    assert not said & names() - places


def test_a_month_of_the_demo_fits_on_two_sheets_the_second_for_its_garden():
    content = printed("programme_manager", Audience.INTERNAL, Period.month(2025, 10))
    text = words_of(content)
    assert "Bilan mensuel — octobre 2025" in text
    first, _, second = text.partition("1 / 2")
    assert "Orientations positives" in first
    assert "Récoltes et partage" in second
    assert "2 / 2" in second
    assert re.search(r"[1-9]\d personnes présentes", text)
