"""The bilan in PDF, both editions: numbers counted by hand, nobody's name."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from evaluation.documents.reports import Subject, draft_of
from evaluation.enums import Audience
from programmes.access import scope_of
from tests.evaluation.bilans import MARCH, YEAR, build_year, names, words_of
from tests.factories import beneficiaries as people
from tests.factories import evaluation as bilans
from tests.factories import programmes as make

pytestmark = [
    pytest.mark.long,
    pytest.mark.one_engine,
    pytest.mark.filterwarnings("error"),
]


@pytest.fixture
def year(frame):
    build_year(frame)


@pytest.fixture
def pdf_of(frame, client_for):
    """Return the PDF of an edition of a period, asked by somebody of the garden."""

    def ask(role, period, edition, status=200):
        browser = client_for(getattr(frame, role))
        path = f"/actions/{frame.programme.pk}/{period.slug}/bilan/{edition}.pdf"
        answer = browser.get(path)
        assert answer.status_code == status
        return answer.content

    return ask


def draft(frame, audience=Audience.INTERNAL, period=MARCH):
    scope = scope_of(frame.programme_manager)
    return draft_of(Subject(scope, frame.programme, period, audience))


def test_the_month_for_the_team(frame, march, pdf_of):
    bilans.make_note(frame.programme, MARCH, "Semis sous serre : 18 personnes.")
    text = words_of(pdf_of("programme_manager", MARCH, "equipe"))
    for words in (
        frame.territory.controller,
        "Bilan mensuel — mars 2016",
        f"{frame.programme.name} · bilan collectif · 2 sites · édition équipe",
        "6 personnes présentes\n1 entrée, 1 sortie",
        "28 h de présence\n+ 40 % sur février",
        "2 séances tenues\n1 annulée (gel)",
        "1 atelier tenu",
        "Engagées en mars En cours Abouties en mars",
        "Santé 1 1 1",
        "Logement 0 1 0",
        "Présence par site",
        "Ce qui a marqué le mois\nSemis sous serre : 18 personnes.",
        "Nature Mars Depuis janvier",
        "CDD d’insertion (CDDI) 1 1",
        "CDD 0 1",
        "Ensemble au moins 1 au moins 2",
        "Le responsable de l’action",
        "Pour les participants",
        "1 séance à clôturer : ses heures ne comptent pas encore.",
    ):
        assert words in text, words
    # The bars: a site, then its hours.
    assert re.search(rf"{frame.site.name}\s+24 h", text)
    assert re.search(r"Le Rôleur\s+4 h", text)


def test_the_footer_names_the_edition_and_the_figures(frame, march, pdf_of):
    mark = draft(frame).fingerprint
    text = words_of(pdf_of("programme_manager", MARCH, "equipe"))
    footer = r"Édition équipe, usage interne\. Édité le .+ à .+ — empreinte des chiffres "
    assert re.search(footer + f"{mark[:4]} {mark[4:]}", text)
    assert text.count("empreinte des chiffres") == text.count("Édité le ") == 1
    text = words_of(pdf_of("committee_member", MARCH, "comite"))
    assert "Édition comité, petits effectifs regroupés. Édité le" in text
    assert "1 / 1" in text


def test_the_year_for_the_team(frame, year, pdf_of):
    text = words_of(pdf_of("programme_manager", YEAR, "equipe"))
    for words in (
        "Bilan annuel — 2015",
        "16 personnes touchées\n20 visées, 12 au RSA",
        "64 h",
        "Dutemple 6 37,5 %",
        "Chasse Royale 5 31,3 %",
        "Accacias 3 18,8 %",
        "La Briquette 2 12,5 %",
        "IV 1 6,3 %",
        "V 6 37,5 %",
        "VI 9 56,3 %",
        "Femme 10 62,5 %",
        "De 30 à 49 ans 16 100,0 %",
        "RSA 12 75,0 %",
        "Engagées en 2015",
        "au moins 1",
        "Charges : 1 000 € ; produits : 1 000 €, le budget est équilibré.",
        f"{frame.funder.name} 600 € 60,0 %",
        "Chaque part est arrondie au dixième : leur somme peut différer de 100 %.",
        "Présence par mois",
    ):
        assert words in text, words
    assert "Depuis janvier" not in text


def test_the_year_for_the_committee(frame, year, pdf_of):
    text = words_of(pdf_of("committee_member", YEAR, "comite"))
    for words in (
        "Dutemple 6 37,5 %",
        "2 quartiers de moins de 5 pers. 5 31,3 %",
        "IV / V 7 43,8 %",
        "VI 9 56,3 %",
        f"{frame.funder.name} 600 € 60,0 %",
        "Les effectifs de moins de 5 personnes sont regroupés ou ne sont pas diffusés.",
    ):
        assert words in text, words
    # Four persons are not on RSA: neither number may be read, at the head either.
    assert "RSA non diffusé" in text
    for words in ("Accacias", "La Briquette", "au RSA", "IV 1", "édition équipe"):
        assert words not in text, words


def test_amounts_are_for_who_may_read_budgets(frame, year, pdf_of):
    text = words_of(pdf_of("social_worker", YEAR, "equipe"))
    assert "Dutemple 6" in text
    assert "€" not in text
    assert "€" not in words_of(pdf_of("workshop_leader", YEAR, "comite"))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("programme_manager", 200),
        ("social_worker", 200),
        ("workshop_leader", 403),
        ("committee_member", 403),
        ("network_coordinator", 403),
    ],
)
def test_the_team_edition_is_for_the_team(role, status, pdf_of):
    pdf_of(role, MARCH, "equipe", status)
    pdf_of(role, MARCH, "comite")


def test_the_team_edition_of_another_programme_is_not_found(world, client_for):
    """Social worker in the garden, committee member in the kitchen."""
    browser = client_for(world.two_roles)
    path = f"/actions/{world.here.kitchen.programme.pk}/2016-03/bilan/"
    assert browser.get(f"{path}equipe.pdf").status_code == 404
    assert browser.get(f"{path}comite.pdf").status_code == 200


def test_other_periods_and_editions_are_not_found(pdf_of):
    pdf_of("programme_manager", MARCH, "presse", 404)
    for role in ("programme_manager", "committee_member"):
        pdf_of(role, Period(date(2016, 3, 1), date(2016, 3, 30)), "comite", 404)


@pytest.mark.parametrize("edition", ["equipe", "comite"])
@pytest.mark.parametrize("period", [MARCH, YEAR], ids=str)
def test_nobody_is_named_in_any_edition(edition, period, march, year, pdf_of):
    content = pdf_of("programme_manager", period, edition)
    reader = PdfReader(io.BytesIO(content))
    hidden = f"{reader.metadata} {reader.xmp_metadata and reader.xmp_metadata.dc_title}"
    said = set(re.findall(r"\w+", words_of(content) + hidden))
    assert names()
    assert not said & names()


def test_a_document_is_tagged_and_named(frame, march, pdf_of):
    reader = PdfReader(io.BytesIO(pdf_of("committee_member", MARCH, "comite")))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Bilan mensuel — mars\u00a02016"
    assert reader.metadata.author == frame.territory.controller
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_each_document_is_in_the_journal_once(frame, march, pdf_of):
    pdf_of("committee_member", MARCH, "comite")
    (event,) = AuditEvent.objects.filter(verb="document")
    assert event.object_label == (
        f"Bilan de mars\u00a02016, édition comité, action n° {frame.programme.pk}"
    )


def test_a_month_of_too_few_says_so_to_the_committee(frame, pdf_of):
    session = make.close(make.make_session(frame.programme, frame.site, on=date(2016, 3, 1)))
    stay = people.enrolment_of(people.make_person(frame.programme))
    people.make_attendance(stay, session, frame.site)
    assert "moins de 5 personnes touchées" in words_of(pdf_of("committee_member", MARCH, "comite"))
    assert "1 personne présente" in words_of(pdf_of("programme_manager", MARCH, "equipe"))


def test_the_fingerprint_changes_with_a_figure_and_only_then(frame, march):
    before = draft(frame)
    bilans.make_note(frame.programme, MARCH, "Un autre texte.")
    people.make_person(frame.programme, "Nouvelle", "Venue", entered_on=date(2016, 4, 1))
    assert draft(frame).fingerprint == before.fingerprint
    make.close(march["late"])
    after = draft(frame)
    assert after.fingerprint != before.fingerprint
    assert after.frozen != before.frozen
    assert draft(frame, Audience.DIFFUSION).fingerprint != after.fingerprint


def test_a_long_text_keeps_the_signatures_whole(frame, march, pdf_of):
    bilans.make_note(frame.programme, MARCH, "Une ligne.\n\n" * 60)
    pages = PdfReader(io.BytesIO(pdf_of("programme_manager", MARCH, "equipe"))).pages
    last = pages[-1].extract_text()
    assert len(pages) > 1
    assert "Le responsable" in last
    assert "Pour les participants" in last
    assert "empreinte des chiffres" in last
