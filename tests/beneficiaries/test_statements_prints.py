"""The paper of a statement: its mentions, its code, no box ever cut; a whole month in one file."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.pdf import Pile
from autoprod.core.periods import Period
from autoprod.jobs import running
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import Job
from beneficiaries.documents.sheets import Mentions
from beneficiaries.documents.statement_codes import in_groups
from beneficiaries.documents.statements import statement_paper
from beneficiaries.models import Statement, StatementFile
from beneficiaries.services import statement_lines, statements
from beneficiaries.services.statements import Signature
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.prints import texts_of

MARCH = Period.month(2016, 3)
#: In millimetres: a page, what its footer takes, its margin at the top.
HEIGHT, FOOT, TOP = 297, 19, 12
MILLIMETRE = 72 / 25.4
SAID = Mentions("Du jardin à l’assiette", "202601234", "Commune de Valenciennes", is_european=False)


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


def came(garden, *stays, day=15):
    session = make.make_session(garden.programme, garden.site, on=date(2016, 3, day))
    for stay in stays:
        people.make_attendance(stay, session, garden.site)
    return make.close(session)


def of_lines(stay, number: int) -> Statement:
    """Return a statement, not saved, of so many half-days."""
    row = Statement(enrolment=stay, month=MARCH.start, last_day=MARCH.end, code="2346789CDFGH")
    line = {"site": "Blaise Pascal", "minutes": 120, "title": "Culture maraîchère"}
    clocks = {"starts": "14:00", "ends": "16:00"}
    days = [MARCH.start + timedelta(days=index // 2) for index in range(number)]
    statement_lines.write(row, [line | clocks | {"on": day.isoformat()} for day in days])
    return row


def heights(content: bytes, words: str) -> list[tuple[int, float]]:
    """Return (page, millimetres from its foot) of each text that begins with these words."""
    found = []
    for number, page in enumerate(PdfReader(BytesIO(content)).pages, start=1):

        def note(text, ctm, matrix, font, size, number=number):
            if text.strip().startswith(words):
                found.append((number, (ctm[3] * matrix[5] + ctm[5]) / MILLIMETRE))

        page.extract_text(visitor_text=note)
    return found


def test_the_paper_has_its_mentions(garden, leader, scope, karim):
    garden.edition.starts_on, garden.edition.operation_number = MARCH.start, "202601234"
    garden.edition.operation_title = "Du jardin à l’assiette"
    garden.edition.save()
    came(garden, karim)
    statement = statements.prepare(scope=scope, enrolment=karim, month=MARCH)
    path = reverse("beneficiaries:statement_print", args=[statement.pk])
    content = leader.post(path, follow=True).getvalue()
    (text,) = texts_of(content)
    for words in (
        "État de présence de mars 2016",
        in_groups(statement.code).replace("\u00a0", " "),
        "DUPONT Karim",
        "Du jardin à l’assiette",
        "202601234",
        garden.funder.name,
        "mardi 15 mars 8 h – 12 h 4 h",
        garden.site.name,
        "1 jour, 4 h",
        "J’étais là à ces dates",
        "lu à voix haute",
        "signé d’une marque",
        "Encadrant (nom, qualité)",
        "Pour la direction",
        "1 / 1",
        f"{statement.fingerprint[:4]} {statement.fingerprint[4:]}",
    ):
        assert words in text, words
    assert leader.post(path, follow=True).getvalue() == content, "kept as it was printed"
    assert AuditEvent.objects.filter(verb=Verb.DOCUMENT, object_key=str(statement.pk)).count() == 2


def test_a_new_version_tells_what_changed(garden, leader, scope, karim):
    session = came(garden, karim)
    first = statements.prepare(scope=scope, enrolment=karim, month=MARCH)
    how = Signature(on=date(2016, 4, 4), way="paper")
    statements.sign(scope=scope, statement=first, signature=how)
    statements.reopen(scope=scope, statement=first, reason="Oubli")
    came(garden, karim, day=16)
    again = statements.prepare(scope=scope, enrolment=karim, month=MARCH)
    content = leader.post(
        reverse("beneficiaries:statement_print", args=[again.pk]), follow=True
    ).getvalue()
    (text,) = texts_of(content)
    assert "version 2, remplace la précédente" in text
    assert "Ajouté : 16 mars 2016, 8 h – 12 h" in text
    assert session.on.isoformat() not in text


@pytest.mark.one_engine
def test_no_box_is_cut_however_long_the_month(karim):
    """A full month of the fiche, four days of two half-days a week, stands on one page."""
    pile, pages = Pile(), {}
    for number in (1, 39, 40, 60):
        document, context = statement_paper(of_lines(karim, number), SAID)
        content = pile.add(document, context=context)
        pages[number] = len(PdfReader(BytesIO(content)).pages)
        # The last words of a box, just above its foot; the total and the three boxes go together.
        ((_, lowest),) = heights(content, "signé d’une marque")
        assert lowest >= FOOT + 2, number
        for words in ("En tout", "J’étais là", "Encadrant (nom", "Pour la direction"):
            ((page, height),) = heights(content, words)
            assert (page, height <= HEIGHT - TOP) == (pages[number], True), (number, words)
    assert pages == {1: 1, 39: 1, 40: 2, 60: 2}
    assert len(PdfReader(BytesIO(pile.write())).pages) == sum(pages.values())


@pytest.mark.one_engine
@pytest.mark.long
def test_the_month_of_sixty_persons_is_one_file(garden, leader, scope):
    stays = [
        people.enrolment_of(people.make_person(garden.programme, "Camille", f"Nom{index:02}x"))
        for index in range(60)
    ]
    came(garden, *stays)
    plans.make_objection(statements.prepare(scope=scope, enrolment=stays[59], month=MARCH))
    path = reverse("beneficiaries:statement_print_month", args=[garden.programme.pk, MARCH])
    leader.post(path)
    job = Job.objects.get()
    running.run_now(job.pk, "test")
    job.refresh_from_db()
    assert (job.status, job.progress_done) == (JobStatus.SUCCESSFUL, 59)
    with job.result_file.open() as stream:
        content = stream.read()
    texts = texts_of(content)
    assert len(texts) == 59, "one contests a line: nothing to sign yet"
    for index, text in enumerate(texts):
        assert f"NOM{index:02}X Camille" in text
        assert "1 / 1" in text
    lowest = [height for _, height in heights(content, "signé d’une marque")]
    assert len(lowest) == 59
    assert min(lowest) >= FOOT + 2
    assert StatementFile.objects.filter(statement__month=MARCH.start).count() == 59
    assert AuditEvent.objects.filter(verb=Verb.DOCUMENT).count() == 59
