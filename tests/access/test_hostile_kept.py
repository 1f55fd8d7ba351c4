"""What stays between few people: in no list, no file, no figure; on one's own page, for whom it is.

The hours agreed with somebody (their referents'), a hidden address (their referents'), notes (by
level, a private one is its author's), what is being typed (its author's). Each is a mark that is
found wherever it goes: in a page, in a sheet, in a printed document.
"""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from beneficiaries.enums import NoteLevel
from beneficiaries.models import PersonAddress
from programmes.enums import Role
from tests.access.asking import ask
from tests.access.conftest import Stage
from tests.access.entries import Entry, Target
from tests.access.matrix import MATRIX
from tests.factories import pathways as paths
from tests.house.tree import PROJECT

pytestmark = pytest.mark.long

AGREED_MINUTES = 43 * 60 + 7
#: The hours as a page, a sheet, a base or a clock would write them.
HOURS = ("43h07", "43:07", "43,12", "43.12", str(AGREED_MINUTES))
HIDDEN, SOCIAL, LOGISTIC, PRIVATE, DRAFT = (
    "zqhidden",
    "zqsocial",
    "zqlogistic",
    "zqprivate",
    "zqdraft",
)
OF_FEW = (*HOURS, HIDDEN, PRIVATE, DRAFT)
KEPT = (*OF_FEW, SOCIAL, LOGISTIC)

every_role = pytest.mark.parametrize("role", list(Role))
#: Models of what is kept, and the names by which a query reaches them.
_WAYS = re.compile(
    r"\b(EngagementContract|InterviewNote|InterviewDraft|InterviewDocument|PersonAddress"
    r"|weekly_minutes|\w+__(?:contracts|notes|drafts|address)\b)"
)


@pytest.fixture
def told(stage) -> Stage:
    """Return the stage, each thing kept of somebody written as a mark."""
    garden = stage.world.here.garden
    referent = garden.social_worker
    garden.somebody.contract.__class__.objects.update(weekly_minutes=AGREED_MINUTES)
    address = PersonAddress.objects.get(pk=garden.somebody.address.pk)
    address.street, address.is_hidden = f"97 rue {HIDDEN}", True
    address.save()
    note = garden.somebody.private_note.__class__
    for level, mark in (
        (NoteLevel.SOCIAL, SOCIAL),
        (NoteLevel.LOGISTIC, LOGISTIC),
        (NoteLevel.PRIVATE, PRIVATE),
    ):
        note.objects.filter(level=level).update(text=mark)
    paths.InterviewDraft.objects.update(content={"social": DRAFT}, author=referent)
    return stage


def _is_of_one(target: Target) -> bool:
    """Tell whether the address names a row of somebody: the others are of many."""
    return any(row._meta.app_label == "beneficiaries" for row in target.rows)


def _answers(stage: Stage, role: Role, *, of_one: bool) -> Iterator[tuple[str, HttpResponse]]:
    """Yield (URL name, answer) for each page that the role opens, of somebody or of many."""
    place = stage.world.here
    browser = stage.browser(stage.members(place)[role])
    for name, entry in sorted(MATRIX.items()):
        if not entry.opens_to(role):
            continue
        # What a target changes for its own page (somebody left) is not there for the next.
        with transaction.atomic():
            target = entry.target(name, place, place.garden)
            asked = _is_of_one(target) == of_one
            answers = list(_asked(browser, name, entry, target.path)) if asked else []
            transaction.set_rollback(True)
        yield from ((name, answer) for answer in answers)
    if not of_one:
        yield "core:home", ask(browser, "GET", "/")


def _asked(browser: Client, name: str, entry: Entry, path: str) -> Iterator[HttpResponse]:
    """Yield the answers of one address, in each of its forms."""
    if "GET" in entry.methods:
        yield ask(browser, "GET", path + entry.query)
    if path.endswith("/csv/"):
        yield ask(browser, "GET", path.removesuffix("csv/") + "xlsx/")
    if name in {"beneficiaries:person_list", "beneficiaries:caseload_list"}:
        yield ask(browser, "POST", path, {"words": "nom", "tab": "team"})


def _text(response: HttpResponse) -> str:
    """Return all the words of an answer, in small letters and without a space."""
    content = b"" if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if kind == "application/pdf" and content:
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        words = "".join(archive.read(name).decode() for name in archive.namelist())
    else:
        words = content.decode(errors="replace")
    return re.sub(r"\s+|&nbsp;", "", words + str(response.headers)).lower()


def _found(answers: Iterator[tuple[str, HttpResponse]], marks: tuple[str, ...]) -> list[tuple]:
    found = []
    for name, response in answers:
        text = _text(response)
        found += [(name, mark) for mark in marks if mark in text]
    return found


@every_role
def test_no_page_of_many_and_no_file_holds_what_is_of_few(role, told):
    assert _found(_answers(told, role, of_one=False), KEPT) == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SOCIAL_WORKER])
def test_no_page_of_somebody_tells_others_what_is_of_few(role, told):
    marks = (*OF_FEW, SOCIAL) if role != Role.PROGRAMME_MANAGER else OF_FEW
    assert _found(_answers(told, role, of_one=True), marks) == []


def test_the_marks_are_found_where_they_are_to_be_read(told):
    seen = {mark for _, mark in _found(_answers(told, Role.SOCIAL_WORKER, of_one=True), KEPT)}
    assert {HOURS[0], HIDDEN, SOCIAL, LOGISTIC, PRIVATE} <= seen
    seen = {mark for _, mark in _found(_answers(told, Role.PROGRAMME_MANAGER, of_one=True), KEPT)}
    assert SOCIAL in seen


def test_no_column_no_export_and_no_figure_knows_the_way_to_what_is_of_few():
    rooms = PROJECT.in_rooms(frozenset({"columns", "exports", "imports", "indicators", "results"}))
    sources = [source for source in rooms if not source.name.startswith("tests/")]
    sources += [s for s in PROJECT.sources if s.name.startswith(("evaluation/", "gardens/"))]
    python = [source for source in sources if source.name.endswith(".py")]
    assert len(python) > 50
    found = {(s.name, way) for s in python for way in _WAYS.findall(s.text)}
    assert found == set()
