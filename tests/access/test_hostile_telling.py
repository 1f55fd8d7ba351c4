"""Page by page: nothing of somebody beyond the rights of a role, no script run, nothing written.

What stays between few people (the hours agreed with somebody, a hidden address, a note for
oneself, what is being typed) is in no list, no file and no figure; on one's own page, it is there
for whom it is.
"""

import re

import pytest
from django.db import transaction

from programmes.enums import Role
from tests.access import telling
from tests.access.telling import Said
from tests.factories import programmes as make
from tests.harness.clients import log_in
from tests.house.tree import PROJECT

pytestmark = [pytest.mark.long, pytest.mark.one_engine, pytest.mark.django_db]

#: A social worker who did not lead the interview and is nobody's referent.
COLLEAGUE = "colleague"
READERS = (*(role.value for role in Role), COLLEAGUE)
#: What each reads of somebody, and no more.
READ_BY = {
    Role.SOCIAL_WORKER.value: telling.EVERYTHING,
    COLLEAGUE: telling.FOLLOWING,
    Role.PROGRAMME_MANAGER.value: telling.FOLLOWING,
    Role.WORKSHOP_LEADER.value: telling.TEAM,
}
#: Asked as parts of a page as well, for who meets somebody most.
PARTS = {COLLEAGUE, Role.WORKSHOP_LEADER.value}
#: Models of what is of few, and the names by which a query reaches them.
_WAYS = re.compile(
    r"\b(EngagementContract|InterviewNote|InterviewDraft|InterviewDocument|PersonAddress"
    r"|weekly_minutes|\w+__(?:contracts|notes|drafts|address)\b)"
)

every_reader = pytest.mark.parametrize("reader", READERS)


@pytest.fixture(scope="module")
def told(_built, django_db_blocker) -> dict[str, list[Said]]:
    """Return what each reader was told, address by address."""
    found = {}
    with django_db_blocker.unblock(), transaction.atomic():
        telling.plant(_built.world.here.garden)
        colleague = make.make_member(Role.SOCIAL_WORKER, _built.world.here.garden.programme)
        for reader in READERS:
            role = Role.SOCIAL_WORKER if reader == COLLEAGUE else Role(reader)
            user = colleague if reader == COLLEAGUE else _built.world.here.member(role)
            browser = log_in(user)
            found[reader] = telling.walk(_built, role, browser, parts=reader in PARTS)
        transaction.set_rollback(True)
    return found


@every_reader
def test_each_reads_what_their_rights_open_and_no_more(reader, told):
    allowed = READ_BY.get(reader, frozenset())
    beyond = {(said.name, mark) for said in told[reader] for mark in said.marks - allowed}
    assert beyond == set()
    # The marks are where they may be read: the test would see them.
    read = frozenset().union(*(said.marks for said in told[reader]))
    assert read == allowed - telling.WRITTEN_ELSEWHERE


@every_reader
def test_no_page_of_many_and_no_file_holds_a_note_or_what_is_of_few(reader, told):
    kept = telling.OF_FEW | {telling.LOGISTIC, telling.SOCIAL}
    found = {
        (said.name, mark)
        for said in told[reader]
        for mark in said.marks & kept
        if said.is_file or not said.is_of_one
    }
    assert found == set()
    assert (
        len({said.name for said in told[reader] if said.is_file}) > 1 or reader == "administrator"
    )


def test_hours_are_told_from_a_clock_and_from_a_random_key():
    assert telling.hours_in("2026-11-23T22:43:07Z x2587f 1.43,12 9b-2587-4e") == set()
    assert telling.hours_in("<v>2587</v> ;43:07; 43,12 h") == {"2587", "43:07", "43,12"}


def test_a_note_for_oneself_is_on_the_pages_of_its_interview_and_of_the_person(told):
    pages = ("interview_detail", "interview_update", "person_detail")
    said = told[Role.SOCIAL_WORKER.value]
    holding = {one.name for one in said if telling.PRIVATE in one.marks}
    assert holding == {f"beneficiaries:{name}" for name in pages}


@every_reader
def test_what_is_typed_of_somebody_is_never_run(reader, told):
    assert {said.name for said in told[reader] if said.is_run} == set()


@every_reader
def test_reading_a_page_writes_nothing_but_the_journal(reader, told):
    assert {(said.name, table) for said in told[reader] for table in said.written} == set()


def test_no_column_no_export_and_no_figure_knows_the_way_to_what_is_of_few():
    rooms = PROJECT.in_rooms(frozenset({"columns", "exports", "imports", "indicators", "results"}))
    sources = [source for source in rooms if not source.name.startswith("tests/")]
    sources += [s for s in PROJECT.sources if s.name.startswith(("evaluation/", "gardens/"))]
    python = [source for source in sources if source.name.endswith(".py")]
    assert len(python) > 50
    found = {(s.name, way) for s in python for way in _WAYS.findall(s.text)}
    assert found == set()
