"""Walks over every page and file, and tells which marks of somebody each of them bears.

Everything kept of somebody is written as a mark, which is then found wherever it goes: in a page,
in a part of a page, in a sheet, in a printed document.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import InterviewState, NoteLevel
from beneficiaries.models import EngagementContract, Interview, InterviewDraft, InterviewNote
from programmes.enums import Role
from programmes.models import ReferenceCode
from tests.access.asking import ask
from tests.access.conftest import Stage
from tests.access.entries import Entry
from tests.access.matrix import LOGGED_IN, MATRIX, MEMBERS
from tests.factories import pathways as paths
from tests.harness.prints import text_of
from tests.world import Frame

#: What the whole team reads, what those who follow read, what few read.
NAMES = frozenset({"zqfirst", "zqlast", "0611223344", "zqconsigne"})
FACTS = frozenset(
    {
        "zqmail@exemple.fr",
        "zqchild",
        "zqobjective",
        "zqstep",
        "zqresult",
        "zqoutcome",
        "zqproof",
        "zqprescriber",
        "zqreason",
        "zqexpectations",
        "zqpause",
        "zqdocument",
    }
)
LOGISTIC, SOCIAL, PRIVATE = "zqlogistic", "zqsocial", "zqprivate"
HIDDEN, DRAFT, AGREED = "zqhidden", "zqdraft", "43h07"
_AGREED_MINUTES = 43 * 60 + 7
#: The hours agreed with somebody, as a sheet, a base or a clock would write them.
_OTHER_HOURS = frozenset({"43:07", "43,12", "43.12", str(_AGREED_MINUTES)})
OF_FEW = frozenset({HIDDEN, PRIVATE, DRAFT, AGREED}) | _OTHER_HOURS
TEAM = NAMES | {LOGISTIC}
FOLLOWING = TEAM | FACTS | {SOCIAL}
EVERYTHING = FOLLOWING | OF_FEW
WRITTEN_ELSEWHERE = _OTHER_HOURS

SCRIPT = "<script>zq</script>"
#: A figure that stands alone: not the end of a clock, nor four characters of a random key.
_ALONE = {
    mark: re.compile(rf"(?<![\w:.,-]){re.escape(mark)}(?![\d:])") for mark in sorted(_OTHER_HOURS)
}
_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
#: What reading leaves behind: the journal, and the browsers where somebody is logged in.
_LEFT_BY_READING = ("audit_", "accounts_usersession", "django_session")
_PART = {"HX-Request": "true"}


@dataclass(frozen=True)
class Said:
    """What one answer says: its marks, a script that would run, the tables that it wrote."""

    name: str
    #: It names a row of somebody; else it is of many.
    is_of_one: bool
    is_file: bool
    marks: frozenset[str]
    is_run: bool
    written: frozenset[str]


def plant(garden: Frame) -> None:
    """Write each thing kept of somebody as its mark, whoever reads it."""
    rows = vars(garden.somebody)
    fresh = {name: type(row).objects.get(pk=row.pk) for name, row in rows.items()}
    for name, values in _marks_of(fresh).items():
        for field, value in values.items():
            setattr(fresh[name], field, value)
        fresh[name].save()
    for level, mark in zip(NoteLevel, (LOGISTIC, SOCIAL, PRIVATE), strict=True):
        InterviewNote.objects.filter(interview=fresh["interview"], level=level).update(text=mark)
    EngagementContract.objects.update(weekly_minutes=_AGREED_MINUTES)
    typed = {"tab": "t", "turn": 1, "fields": {"social": DRAFT, "private": DRAFT}}
    InterviewDraft.objects.update(content=typed, author=garden.social_worker)
    fresh["household"].members.exclude(first_name="").update(first_name=f"ZQCHILD{SCRIPT}")
    # Recent, and another to come: the first things that a page tells.
    today, author = timezone.localdate(), garden.social_worker
    Interview.objects.filter(pk=fresh["interview"].pk).update(on=today)
    planned = InterviewState.PLANNED
    paths.make_interview(fresh["enrolment"], today, state=planned, led_by=author)


def _marks_of(fresh: dict) -> dict[str, dict]:
    pause = ReferenceCode.objects.create(list="suspension_reasons", code="zq", label="ZQPAUSE")
    return {
        "person": {
            "first_name": "ZQFIRST",
            "last_name": f"ZQLAST{SCRIPT}",
            "phone": "0611223344",
            "activity_notes": f"ZQCONSIGNE{SCRIPT}",
        },
        "identity": {"email": "zqmail@exemple.fr"},
        "address": {"street": f"97 rue {HIDDEN}{SCRIPT}", "is_hidden": True},
        "step": {"label": f"ZQSTEP{SCRIPT}", "result": f"ZQRESULT{SCRIPT}"},
        "objective": {"words": f"ZQOBJECTIVE{SCRIPT}"},
        "outcome": {"label": f"ZQOUTCOME{SCRIPT}"},
        "proof": {"title": f"ZQPROOF{SCRIPT}"},
        "document": {"title": f"ZQDOCUMENT{SCRIPT}"},
        "referral": {
            "prescriber": f"ZQPRESCRIBER{SCRIPT}",
            "reason": f"ZQREASON{SCRIPT}",
            "expectations": f"ZQEXPECTATIONS{SCRIPT}",
        },
        # Going on: the team is told the days, never why.
        "suspension": {"ends_on": None, "reason": pause},
        "enrolment": {"exit_outcome": fresh["outcome"]},
    }


def walk(stage: Stage, role: Role, browser: Client, *, parts: bool = False) -> list[Said]:
    """Return what each page and file says that the role opens; `parts`: asked as parts too."""
    place, found = stage.world.here, []
    for name, entry in sorted(MATRIX.items()):
        if not entry.opens_to(role):
            continue
        # What a target changes for its own page (somebody left) is not there for the next.
        with transaction.atomic():
            target = entry.target(name, place, place.garden)
            is_of_one = any(row._meta.app_label == "beneficiaries" for row in target.rows)
            for way in ({}, _PART) if parts else ({},):
                answers = _asked(browser, name, entry, target.path, way)
                found += [_said(name, is_of_one, *answer) for answer in answers]
            transaction.set_rollback(True)
    for name in ("core:home", *sorted(MEMBERS | LOGGED_IN)):
        found.append(_said(name, False, *_measured(browser, "GET", reverse(name))))
    return found


def _asked(browser: Client, name: str, entry: Entry, path: str, way: dict) -> Iterator[tuple]:
    """Yield the answers of one address, in each of its forms."""
    if "GET" in entry.methods:
        yield _measured(browser, "GET", path + entry.query, headers=way)
    if path.endswith("/csv/"):
        yield _measured(browser, "GET", path.removesuffix("csv/") + "xlsx/")
    if name in {"beneficiaries:person_list", "beneficiaries:caseload_list"}:
        words = {"words": "nom", "tab": "team"}
        yield _measured(browser, "POST", path, words, headers=way)


def _measured(browser: Client, method: str, path: str, data=None, **how) -> tuple:
    """Return an answer, and the tables that it wrote."""
    # The log keeps 9,000 queries, and a walk makes more.
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as queries:
        response = ask(browser, method, path, data, **how)
    tables = {t for q in queries.captured_queries for t in _WRITES.findall(q["sql"])}
    return response, frozenset(t for t in tables if not t.startswith(_LEFT_BY_READING))


def _said(name: str, is_of_one: bool, response: HttpResponse, written: frozenset[str]) -> Said:
    raw = _words(response) + str(response.headers)
    # A mark is found however its words are spaced.
    text = re.sub(r"\s+|&nbsp;", "", raw).lower()
    found = {mark for mark in EVERYTHING - _OTHER_HOURS if mark in text}
    found.update(hours_in(raw))
    return Said(
        name=name,
        is_of_one=is_of_one,
        is_file="attachment" in response.headers.get("Content-Disposition", ""),
        marks=frozenset(found),
        is_run=SCRIPT in raw and response.headers["Content-Type"].startswith("text/html"),
        written=written,
    )


def hours_in(text: str) -> set[str]:
    """Return the ways in which a text writes the hours agreed with somebody."""
    return {mark for mark, alone in _ALONE.items() if alone.search(text)}


def _words(response: HttpResponse) -> str:
    content = b"" if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf" and content:
        return text_of(content)
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return "".join(archive.read(name).decode() for name in archive.namelist())
    return content.decode(errors="replace")
