"""The sheets of a day, of a month and of a meeting: their mentions, their boxes, who gets them."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.documents.sheets import COLUMNS, Column, Line, blocks_of
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services.rolls import roll_of, rolls_of
from beneficiaries.services.sheets import sessions_to_print
from programmes.access import scope_of
from programmes.models import Organisation, Session
from tests.beneficiaries.printed import pages_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import same_queries

MONDAY = date(2026, 3, 16)
#: Millimetres: the page on its side, its margins, half a box of 8.7 mm.
MILLIMETRE, HEIGHT, TOP, BOTTOM, HALF = 72 / 25.4, 210, 17, 20, 4


@pytest.fixture
def garden(world):
    garden = world.here.garden
    garden.edition.operation_title = "Du jardin à l’assiette"
    garden.edition.operation_number = "202601234"
    garden.edition.starts_on, garden.edition.ends_on = date(2026, 1, 1), date(2026, 12, 31)
    garden.edition.save()
    europe = make.code("organisation_kinds", "europe")
    Organisation.objects.filter(pk=garden.funder.pk).update(kind=europe)
    return garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def half_days(garden, on):
    """Return the morning and the afternoon of a day."""
    return [
        make.make_session(
            garden.programme, garden.site, on=on, hours=hours, leader=garden.workshop_leader
        )
        for hours in (("08:00", "12:00"), ("14:00", "16:00"))
    ]


def crowd(garden, number):
    people_ = [
        people.make_person(garden.programme, "Camille", f"Personne{n:02}x") for n in range(number)
    ]
    return [people.enrolment_of(person) for person in people_]


def table_of(garden, period):
    return reverse("beneficiaries:attendance_table", args=[garden.programme.pk, period])


def test_the_sheet_of_a_day_has_its_mentions_and_a_box_per_half_day(browser, garden):
    morning, afternoon = half_days(garden, MONDAY)
    cancelled = make.make_session(
        garden.programme, garden.site, on=MONDAY, title="Sortie au marché"
    )
    make.cancel(cancelled)
    late, absent, excused = crowd(garden, 3)
    people.make_attendance(late, morning, garden.site, starts_at=make.at(MONDAY, "09:30"))
    people.make_attendance(absent, morning, garden.site, Presence.ABSENT)
    reason = make.code("absence_reasons", "sante")
    people.make_attendance(excused, afternoon, garden.site, Presence.EXCUSED, reason=reason)
    text = " ".join(pages_of(browser, table_of(garden, "2026-03-16_2026-03-16")))
    text = text.replace("\u00a0", " ")
    for words in (
        "Feuille de présence du lundi 16 mars 2026",
        "Opération Du jardin à l’assiette",
        "N° de l’opération 202601234",
        f"Financeurs {garden.funder.name}",
        "Cofinancé par l’Union européenne",
        f"Sites {garden.site.name}",
        "8 h – 12 h (4 h) ; 14 h – 16 h (2 h)",
        "Culture maraîchère, 4 h",
        "NOM Prénom",
        "PERSONNE00X Camille",
        "9 h 30 – 12 h",
        "ABS exc.",
        garden.workshop_leader.get_full_name(),
        "Encadrant technique",
        "1 / 1",
    ):
        assert words in text, words
    assert text.count("ABS") == len(["absent", "excused", "what the sheet says of it"])
    # Who pays, not who helps; neither what did not take place, nor why somebody is absent.
    assert garden.network.name not in text
    assert "Sortie au marché" not in text
    assert "Santé" not in text
    event = AuditEvent.objects.get(verb=Verb.DOCUMENT)
    assert "2026-03-16" in event.object_label
    assert "Camille" not in event.object_label


def test_the_sheet_of_a_month_says_the_operation_on_each_page_and_cuts_no_box(browser, garden):
    for number in range(9):
        half_days(garden, MONDAY + timedelta(days=number))
    crowd(garden, 20)
    content = browser.get(table_of(garden, "2026-03")).content
    found = []
    pages = PdfReader(BytesIO(content)).pages
    for page in pages:
        assert page.mediabox.width > page.mediabox.height
        text = " ".join(page.extract_text().split())
        assert "Du jardin à l’assiette" in text
        assert "202601234" in text
        assert garden.funder.name in text
        assert "Cofinancé par l’Union européenne" in text
        assert "Encadrant" in text

        def note(text, ctm, matrix, font, size):
            if "PERSONNE" in text:
                found.append((text.split()[0], (ctm[3] * matrix[5] + ctm[5]) / MILLIMETRE))

        page.extract_text(visitor_text=note)
    # Eighteen half-days, of two weeks: each person has a row on two tables.
    assert len(found) == 2 * len({name for name, _ in found}) == 40
    for name, height in found:
        assert BOTTOM + HALF <= height <= HEIGHT - TOP - HALF, (name, height)


@pytest.mark.parametrize(
    ("weeks", "pieces"),
    [
        ([8, 8, 8], [8, 8, 8]),
        ([2, 2, 2, 2, 2, 2], [10, 2]),
        ([12, 3], [10, 5]),
        ([1], [1]),
    ],
)
def test_weeks_stay_whole_when_they_fit_on_a_page(weeks, pieces):
    columns = [
        Column(f"{week}-{day}", "", "", "", "", (2026, week), "")
        for week, number in enumerate(weeks)
        for day in range(number)
    ]
    line = Line("Camille", boxes=[column.day for column in columns])
    blocks = blocks_of(columns, [line], has_total=True)
    assert [len(block.columns) for block in blocks] == pieces
    assert max(pieces) <= COLUMNS
    # Nothing is lost nor moved: each box stays under its column.
    assert [column for block in blocks for column in block.columns] == columns
    assert [b for block in blocks for b in block.lines[0].boxes] == [c.day for c in columns]
    assert [block.has_total for block in blocks] == [*[False] * (len(pieces) - 1), True]


def test_the_rolls_of_a_month_are_read_at_once_and_say_what_each_says(garden):
    """A site per session, somebody who moves in the month, somebody paused, one session over."""
    sites = [garden.site, make.make_site(garden.territory, garden.programme, name="Le Rôleur")]
    moving, paused, leaving = crowd(garden, 3)
    sessions = []

    def grow(number=5):
        for on in range(len(sessions), len(sessions) + number):
            places = sites if on % 3 else []
            day = MONDAY + timedelta(days=on)
            sessions.append(make.make_session(garden.programme, *places, on=day))
            people.make_attendance(moving, sessions[-1], sites[on % 2])

    grow(2)
    paths.make_suspension(paused, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=1))
    leaving.left_on = MONDAY + timedelta(days=3)
    leaving.save()

    def read():
        period = Period(MONDAY, MONDAY + timedelta(days=31))
        scope = scope_of(garden.workshop_leader)
        return rolls_of(sessions_to_print(scope, garden.programme, period))

    same_queries(read, grow)
    make.close(sessions[4])
    Attendance.objects.filter(session__in=sessions[2:4]).delete()

    def said(roll):
        rows = [
            [(row.enrolment.pk, row.site, row.status) for row in rows]
            for rows in (roll.rows, roll.others)
        ]
        return roll.session.pk, roll.sites, rows

    found = [said(roll) for roll in read()]
    alone = [said(roll_of(Session.objects.get(pk=session.pk))) for session in sessions]
    assert found == alone
    assert len({str(rows) for _, _, rows in found}) > 3


def test_a_meeting_has_one_line_each_or_blank_ones(browser, garden):
    meeting = make.make_session(garden.programme, garden.site, on=MONDAY, title="Réunion")
    here, absent = crowd(garden, 2)
    people.make_attendance(here, meeting, garden.site)
    people.make_attendance(absent, meeting, garden.site, Presence.ABSENT)
    path = reverse("beneficiaries:attendance_collective", args=[meeting.pk])
    named = " ".join(pages_of(browser, path))
    assert "PERSONNE00X Camille" in named
    assert "PERSONNE01X Camille" not in named
    assert "Du jardin à l’assiette" in named
    blank = " ".join(pages_of(browser, f"{path}?noms=non"))
    assert "PERSONNE" not in blank
    assert "Organisme ou qualité" in blank


def test_days_without_a_session_lead_back_and_a_year_has_no_sheet(browser, garden):
    answer = browser.get(table_of(garden, "2026-04-12_2026-04-12"), follow=True)
    assert "il n’y a pas de feuille à imprimer" in answer.content.decode()
    assert browser.get(table_of(garden, "2026")).status_code == 404
