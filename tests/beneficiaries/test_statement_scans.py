"""A stack of signed statements is filed by code; what is doubtful waits for somebody."""

import random
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from autoprod.core.pdf import Pile
from autoprod.core.periods import Period
from autoprod.core.scans import Stack, squares
from autoprod.core.scoping import Scope
from autoprod.jobs import running
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.queue import enqueue_for
from beneficiaries.documents.statement_codes import qr_text
from beneficiaries.enums import PageState, StatementState
from beneficiaries.models import Statement, StatementFile, StatementScan, StatementScanPage
from beneficiaries.services import statement_files, statement_scans, statements
from beneficiaries.services.statement_codes import mark_in
from beneficiaries.services.statement_scans import Sheet
from beneficiaries.tasks.statement_scans import read_scan
from programmes.access import scope_of
from programmes.enums import Role
from programmes.models import Membership
from tests.beneficiaries import scanned
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

MARCH, SIGNED_ON = Period.month(2016, 3), date(2016, 4, 4)
PAPER = b"%PDF-1.7\n%%EOF\n"
EVERYTHING = Scope.everything(reason="essai")


def prepared(frame, many: int) -> list[Statement]:
    """Return the statements of March of so many people who came on the 15th."""
    session = make.close(make.make_session(frame.programme, frame.site, on=date(2016, 3, 15)))
    stays = []
    for _ in range(many):
        person = people.make_person(frame.programme, entered_on=date(2016, 1, 4))
        stays.append(people.enrolment_of(person))
        people.make_attendance(stays[-1], session, frame.site)
    statements.prepare_month(scope=EVERYTHING, programme=frame.programme, month=MARCH)
    return list(Statement.objects.of_month(MARCH).filter(enrolment__in=stays).order_by("pk"))


def kept(programme, content: bytes) -> StatementScan:
    """Return a stack signed on 4 April."""
    return scanned.kept(programme, content, SIGNED_ON)


def printed(rows: list[Statement]) -> bytes:
    """Return the statements as they are printed, one behind the other."""
    rows = Statement.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    rows = list(rows.select_related("enrolment__person", "enrolment__programme__territory"))
    pile = Pile()
    for document, context in statement_files.papers(EVERYTHING, rows).values():
        pile.add(document, context=context)
    return pile.write()


def read(user, scan: StatementScan):
    """Return the job that reads a stack, run to its end."""
    job = enqueue_for(user, read_scan, "Pile", scan=scan.pk)
    running.run_now(job.pk, "test")
    job.refresh_from_db()
    return job


def sheet_of(statement: Statement, number: int = 1, page: int = 1) -> Sheet:
    """Return a page that was read, without a picture."""
    return Sheet(number, [qr_text(statement.code, page)], PAPER)


def state_of(statement: Statement) -> str:
    statement.refresh_from_db()
    return statement.state


def papers_stored() -> set[str]:
    """Return the files of papers that the storage holds."""
    folder = default_storage.path(StatementFile._meta.label_lower)
    return {str(path) for path in Path(folder).rglob("*.pdf")}


@pytest.mark.one_engine
@pytest.mark.long
@pytest.mark.django_db
def test_38_pages_are_filed_by_code_and_two_damaged_ones_wait_for_somebody(garden):
    signed = prepared(garden, 38)
    chance, ways = random.Random(38), count()
    looks = (
        lambda page: page,
        lambda page: scanned.turned(page, 180),
        lambda page: scanned.turned(page, 90),
        lambda page: scanned.turned(page, -3),
        lambda page: scanned.turned(page, 270),
        scanned.pale,
        scanned.folded,
        lambda page: scanned.turned(page, 2),
    )
    sheets = scanned.drawn(printed(signed))
    assert len(sheets) == 38
    pages = [looks[next(ways) % len(looks)](sheet) for sheet in sheets]
    pages[11], pages[29] = scanned.torn(sheets[11]), scanned.blank()
    scan = kept(garden.programme, scanned.stacked(scanned.specked(page, chance) for page in pages))

    job = read(garden.social_worker, scan)

    assert job.status == JobStatus.SUCCESSFUL
    assert job.result == {"Pages classées": 36, "Pages à regarder": 2}
    pages = StatementScanPage.objects.filter(scan=scan).select_related("file")
    found = {page.number: page for page in pages}
    doubtful = [number for number, page in found.items() if page.state == PageState.DOUBTFUL]
    assert sorted(doubtful) == [12, 30]
    for number, row in enumerate(signed, start=1):
        if number not in doubtful:
            assert found[number].file.statement_id == row.pk
            assert state_of(row) == StatementState.SIGNED
            assert (row.signed_on, row.way) == (SIGNED_ON, "paper")
            assert row.recorded_by == garden.social_worker
        else:
            assert state_of(row) == StatementState.TO_SIGN
            assert found[number].found == "Aucun code lisible"


@pytest.mark.django_db
def test_each_paper_is_its_page_alone_and_is_filed_once(garden):
    rows = prepared(garden, 2)
    content = scanned.stacked(scanned.printed(row.code) for row in rows)
    scan = kept(garden.programme, content)
    read(garden.social_worker, scan)
    again = read(garden.social_worker, scan)
    assert again.result == {"Pages classées": 0, "Pages à regarder": 0}
    assert StatementFile.objects.filter(kind="scanned").count() == 2
    for row in rows:
        paper = statement_scans.papers_of(row).get()
        with paper.file.open("rb") as file, Stack(file) as stack:
            assert len(stack) == 1
            assert mark_in(squares(stack, 1)[0]).code == row.code
    other = kept(garden.programme, content)
    read(garden.social_worker, other)
    pages = StatementScanPage.objects.filter(scan=other)
    assert {page.state for page in pages} == {PageState.DOUBTFUL}
    assert all(page.found.startswith("Déjà classée") for page in pages)


@pytest.mark.django_db
def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_files_once(
    garden, monkeypatch
):
    rows = prepared(garden, 2)
    scan = kept(garden.programme, scanned.stacked(scanned.printed(row.code) for row in rows))
    attach, calls, before = statement_scans._attach, count(), papers_stored()

    def killed(*args, **kwargs):
        if next(calls) == 1:
            raise SystemError
        return attach(*args, **kwargs)

    monkeypatch.setattr(statement_scans, "_attach", killed)
    job = read(garden.social_worker, scan)
    assert job.status != JobStatus.SUCCESSFUL
    assert not StatementScanPage.objects.filter(scan=scan).exists()
    assert {state_of(row) for row in rows} == {StatementState.TO_SIGN}
    # The paper of the first page was written, and went with its row.
    assert next(calls) == 2
    assert papers_stored() == before
    monkeypatch.undo()
    read(garden.social_worker, scan)
    assert StatementFile.objects.filter(kind="scanned").count() == 2
    assert {state_of(row) for row in rows} == {StatementState.SIGNED}


@pytest.mark.django_db
def test_a_page_says_why_it_waits_for_somebody(garden, world):
    fine, noted, opened, closed, contested = prepared(garden, 5)
    (cooked,), (abroad,) = prepared(world.here.kitchen, 1), prepared(world.elsewhere.garden, 1)
    plans.sign(noted, SIGNED_ON)
    old = Sheet(3, [qr_text(opened.code)], PAPER)
    plans.sign(opened, SIGNED_ON)
    statements.reopen(scope=EVERYTHING, statement=opened, reason="Erreur de site")
    reason = make.code("unsigned_reasons", "hospitalise")
    statements.close_unsigned(scope=EVERYTHING, statement=closed, reason=reason)
    plans.make_objection(contested, on=date(2016, 3, 15))
    sheets = [
        sheet_of(fine, 1),
        sheet_of(noted, 2),
        old,
        sheet_of(closed, 4),
        sheet_of(contested, 5),
        sheet_of(abroad, 6),
        sheet_of(cooked, 7),
        Sheet(8, [], PAPER),
        Sheet(9, [qr_text(fine.code), qr_text(noted.code)], PAPER),
        Sheet(10, ["https://example.org", qr_text(fine.code)[:-4] + "C:1"], PAPER),
        sheet_of(fine, 11),
        sheet_of(fine, 12, page=2),
    ]
    scan = kept(garden.programme, PAPER)
    both = world.two_roles
    make.make_membership(both, Role.SOCIAL_WORKER, world.here.kitchen.programme)
    statement_scans.file_sheets(scope=scope_of(both), scan=scan, sheets=sheets)
    pages = {page.number: page for page in StatementScanPage.objects.filter(scan=scan)}
    assert [n for n, page in pages.items() if page.state == PageState.FILED] == [1, 2, 12]
    assert [n for n, page in pages.items() if page.has_signed] == [1]
    words = {3: "rouvert", 4: "clos sans", 5: "conteste", 6: "inconnu", 7: "autre action"}
    words |= {8: "Aucun code", 9: "Plusieurs codes", 10: "inconnu", 11: "Déjà classée"}
    for number, said in words.items():
        assert said in pages[number].found, (number, pages[number].found)


@pytest.mark.django_db
def test_a_page_is_filed_by_hand_set_aside_and_taken_back(garden, world):
    mine, other = prepared(garden, 2)
    scan = kept(garden.programme, scanned.stacked([scanned.blank()]))
    read(garden.social_worker, scan)
    page, scope = StatementScanPage.objects.get(scan=scan), scope_of(garden.social_worker)
    assert {mine, other} <= set(statement_scans.waiting(scope, page))
    (abroad,) = prepared(world.here.kitchen, 1)
    with pytest.raises(ValidationError, match="n’attend plus"):
        statement_scans.file_by_hand(scope=EVERYTHING, page=page, statement=abroad)

    statement_scans.file_by_hand(scope=scope, page=page, statement=mine)
    page.refresh_from_db()
    assert (page.state, page.handled_by) == (PageState.FILED, garden.social_worker)
    assert state_of(mine) == StatementState.SIGNED
    assert mine not in statement_scans.waiting(scope, page)
    with pytest.raises(ValidationError, match="vient de la traiter"):
        statement_scans.file_by_hand(scope=scope, page=page, statement=other)

    with pytest.raises(ValidationError, match="chef de projet"):
        statement_scans.take_back(scope=scope, page=page)
    scope = scope_of(garden.programme_manager)
    statement_scans.take_back(scope=scope, page=page)
    page.refresh_from_db()
    assert (page.state, page.handled_by, page.file) == (PageState.DOUBTFUL, None, None)
    assert not statement_scans.papers_of(mine).exists()
    assert state_of(mine) == StatementState.REOPENED
    again = Statement.objects.in_force().get(enrolment=mine.enrolment, month=MARCH.start)
    assert (again.state, again.number) == (StatementState.TO_SIGN, 2)

    statement_scans.set_aside(scope=scope, page=page, words="Page de garde")
    statement_scans.take_back(scope=scope, page=page)
    page.refresh_from_db()
    assert (page.state, page.handled_by, page.found) == (PageState.DOUBTFUL, None, "")


@pytest.mark.django_db
def test_a_paper_signed_before_its_scan_only_loses_the_scan(garden):
    (row,) = prepared(garden, 1)
    plans.sign(row, SIGNED_ON)
    scan = kept(garden.programme, scanned.stacked([scanned.blank()]))
    read(garden.social_worker, scan)
    page, scope = StatementScanPage.objects.get(scan=scan), scope_of(garden.social_worker)
    statement_scans.file_by_hand(scope=scope, page=page, statement=row)
    statement_scans.take_back(scope=scope, page=page)
    assert state_of(row) == StatementState.SIGNED
    assert not statement_scans.papers_of(row).exists()


@pytest.mark.django_db
def test_a_statement_of_two_pages_is_signed_by_its_last_one(garden):
    (row,) = prepared(garden, 1)
    statement_files.keep(EVERYTHING, row, scanned.stacked([scanned.blank(), scanned.blank()]))
    scan = kept(garden.programme, PAPER)
    pages = [sheet_of(row, number, page=number) for number in (1, 2)]
    statement_scans.file_sheets(scope=EVERYTHING, scan=scan, sheets=pages[:1])
    assert state_of(row) == StatementState.TO_SIGN
    statement_scans.file_sheets(scope=EVERYTHING, scan=scan, sheets=pages)
    assert state_of(row) == StatementState.SIGNED
    assert statement_scans.papers_of(row).count() == 2


@pytest.mark.django_db
def test_who_lost_the_right_files_nothing(garden):
    (row,) = prepared(garden, 1)
    scan = kept(garden.programme, scanned.stacked([scanned.printed(row.code)]))
    Membership.objects.filter(user=garden.social_worker).delete()
    job = read(garden.social_worker, scan)
    assert job.status == JobStatus.FAILED
    assert "plus le droit" in job.error_message
    assert state_of(row) == StatementState.TO_SIGN
