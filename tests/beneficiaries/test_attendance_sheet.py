"""The sheet to sign: its mentions, absents struck, boxes that no page break cuts."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Presence
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

DAY = date(2026, 3, 16)
#: A millimetre in points; in millimetres, the page and its margins, then what a box of 8.7 mm has
#: below and above the foot of the name in its middle.
MILLIMETRE = 72 / 25.4
HEIGHT, TOP, BOTTOM = 297, 17, 20
BELOW, ABOVE = 3, 5


@pytest.fixture
def garden(world):
    garden = world.here.garden
    garden.edition.operation_title = "Du jardin à l’assiette"
    garden.edition.operation_number = "202601234"
    garden.edition.starts_on, garden.edition.ends_on = date(2026, 1, 1), date(2026, 12, 31)
    garden.edition.save()
    return garden


@pytest.fixture
def sites(garden):
    names = ("Blaise Pascal", "Le Rôleur", "Le Vignoble")
    return [make.make_site(garden.territory, garden.programme, name=name) for name in names]


@pytest.fixture
def session(garden, sites):
    return make.make_session(garden.programme, *sites, on=DAY, leader=garden.workshop_leader)


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def crowd(garden, session, sites, number):
    """Return the enrolments of so many people, each usually on one of the sites."""
    before = make.make_session(garden.programme, *sites, on=date(2026, 3, 2))
    found = []
    for index in range(number):
        person = people.make_person(garden.programme, "Camille", f"Personne{index:02}x")
        enrolment = people.enrolment_of(person)
        people.make_attendance(enrolment, before, sites[index % 3])
        found.append(enrolment)
    return found


def read(browser, session):
    response = browser.get(reverse("beneficiaries:attendance_sheet", args=[session.pk]))
    assert response.headers["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(response.content))


def text_of(pdf):
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


def test_the_sheet_has_its_mentions(browser, garden, session, sites):
    crowd(garden, session, sites, 14)
    text = text_of(read(browser, session)).replace("\u00a0", " ")
    for words in (
        "Du jardin à l’assiette",
        "202601234",
        garden.funder.name,
        "Culture maraîchère",
        "lundi 16 mars 2026",
        "8 h – 12 h (4 h)",
        "NOM Prénom",
        "Signature",
        "Arrivée",
        f"Encadrant : {garden.workshop_leader.get_full_name()}",
        "Qualité :",
        "Durée effective :",
        "Blaise Pascal",
        "Le Rôleur",
        "Le Vignoble",
        "PERSONNE13X Camille",
        "1 / 2",
    ):
        assert words in text, words


def test_who_is_ticked_has_their_hours_and_who_is_absent_is_struck(browser, garden, session, sites):
    late, absent, excused = crowd(garden, session, sites, 3)
    people.make_attendance(late, session, sites[0], starts_at=make.at(DAY, "09:30"))
    people.make_attendance(absent, session, sites[1], Presence.ABSENT)
    reason = make.code("absence_reasons", "sante")
    people.make_attendance(excused, session, sites[2], Presence.EXCUSED, reason=reason)
    text = text_of(read(browser, session)).replace("\u00a0", " ")
    assert "PERSONNE00X Camille 9 h 30 12 h" in text
    assert "PERSONNE01X Camille ABS PERSONNE" not in text
    assert "PERSONNE01X Camille ABS" in text
    assert "PERSONNE02X Camille ABS · excusé" in text
    # Everybody reads the sheet they sign: why somebody is absent is not theirs to know.
    assert "Santé" not in text


@pytest.mark.parametrize(("number", "pages"), [(14, 2), (60, 3)])
def test_no_box_is_cut_and_each_person_has_one(browser, garden, session, sites, number, pages):
    """A name stands in the middle of its row: nearer to an edge, its box would be cut."""
    crowd(garden, session, sites, number)
    pdf = read(browser, session)
    assert len(pdf.pages) == pages
    found = []
    for page in pdf.pages:

        def note(text, ctm, matrix, font, size):
            if "PERSONNE" in text:
                # From the bottom of the page, in millimetres, whatever the page's own axes.
                height = ctm[3] * matrix[5] + ctm[5]
                found.append((text.split()[0], height / MILLIMETRE))

        page.extract_text(visitor_text=note)
    assert len({name for name, _ in found}) == len(found) == number
    for name, height in found:
        assert BOTTOM + BELOW <= height <= HEIGHT - TOP - ABOVE, (name, height)


def test_the_sheet_is_journaled_and_closed_to_who_sees_no_name(
    browser, garden, session, client_for
):
    read(browser, session)
    event = AuditEvent.objects.get(verb=Verb.DOCUMENT)
    assert event.object_label == f"Feuille de présence de la séance n° {session.pk}"
    path = reverse("beneficiaries:attendance_sheet", args=[session.pk])
    assert client_for(garden.committee_member).get(path).status_code == 403
