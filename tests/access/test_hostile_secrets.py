"""Page by page: no fact beyond the rights of a role, no name run as a script, no page that writes.

Everything said of somebody is a mark that is found wherever it goes.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.enums import Role
from programmes.models import ReferenceCode
from tests.access.asking import ask
from tests.access.conftest import Stage
from tests.access.matrix import MATRIX

pytestmark = pytest.mark.long

#: What only social workers and managers read, and what the team reads too.
SOCIAL = (
    "12 rue ZQADDRESS",
    "zqmail@exemple.fr",
    "ZQSTEP",
    "ZQRESULT",
    "ZQOUTCOME",
    "ZQPROOF",
    "ZQPRESCRIBER",
    "ZQREASON",
    "ZQEXPECTATIONS",
    "ZQPAUSE",
)
NOMINATIVE = (
    "ZQFIRST",
    "ZQLAST",
    "0611223344",
    "06 11 22 33 44",
    "06\u00a011\u00a022\u00a033\u00a044",
)
SCRIPT = "<script>zq</script>"
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
#: What reading leaves behind: the journal, and the browsers where somebody is logged in.
KEPT_OF_READING = ("audit_", "accounts_usersession", "django_session")

every_role = pytest.mark.parametrize("role", list(Role))


def _hidden_from(role: Role) -> tuple[str, ...]:
    if role == Role.WORKSHOP_LEADER:
        return SOCIAL
    return () if role in {Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER} else SOCIAL + NOMINATIVE


@pytest.fixture
def told(stage) -> Stage:
    """Return the stage, each fact of somebody written so that it is found anywhere."""
    rows = vars(stage.world.here.garden.somebody)
    fresh = {name: type(row).objects.get(pk=row.pk) for name, row in rows.items()}
    said = {
        "person": {"first_name": "ZQFIRST", "last_name": f"ZQLAST{SCRIPT}", "phone": "0611223344"},
        "identity": {"email": SOCIAL[1]},
        "address": {"street": SOCIAL[0]},
        "step": {"label": f"ZQSTEP{SCRIPT}", "result": f"ZQRESULT{SCRIPT}"},
        "outcome": {"label": f"ZQOUTCOME{SCRIPT}"},
        "proof": {"title": f"ZQPROOF{SCRIPT}"},
        "referral": {
            "prescriber": f"ZQPRESCRIBER{SCRIPT}",
            "reason": f"ZQREASON{SCRIPT}",
            "expectations": f"ZQEXPECTATIONS{SCRIPT}",
        },
        # Going on: the team is told the days, never why.
        "suspension": {
            "ends_on": None,
            "reason": ReferenceCode.objects.create(
                list="suspension_reasons", code="zq", label="ZQPAUSE"
            ),
        },
        "enrolment": {"exit_outcome": fresh["outcome"]},
    }
    for name, values in said.items():
        for field, value in values.items():
            setattr(fresh[name], field, value)
        fresh[name].save()
    return stage


def _pages(stage: Stage, role: Role) -> Iterator[tuple[str, HttpResponse]]:
    """Yield (URL name, answer) for each page that the role opens."""
    place = stage.world.here
    browser = stage.browser(stage.members(place)[role])
    for name, entry in sorted(MATRIX.items()):
        if "GET" in entry.methods and entry.opens_to(role):
            yield (
                name,
                ask(browser, "GET", entry.target(name, place, place.garden).path + entry.query),
            )
    yield "core:home", ask(browser, "GET", reverse("core:home"))


def _text(response: HttpResponse) -> str:
    content = b"" if response.streaming else response.content
    return content.decode(errors="replace") + str(response.headers)


@every_role
def test_no_page_says_more_than_the_rights_of_the_role(role, told):
    said = [
        (name, mark)
        for name, response in _pages(told, role)
        for mark in _hidden_from(role)
        if mark.lower() in _text(response).lower()
    ]
    assert said == []


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER, Role.WORKSHOP_LEADER])
def test_what_is_typed_of_somebody_is_never_run(role, told):
    pages = list(_pages(told, role))
    assert any("ZQLAST" in _text(response) for _, response in pages)
    html = [(name, r) for name, r in pages if r["Content-Type"].startswith("text/html")]
    assert [name for name, response in html if SCRIPT in _text(response)] == []


@every_role
def test_reading_a_page_writes_nothing_but_the_journal(role, told):
    place = told.world.here
    browser = told.browser(told.members(place)[role])
    written = set()
    for name, entry in sorted(MATRIX.items()):
        if "GET" in entry.methods and entry.opens_to(role):
            path = entry.target(name, place, place.garden).path + entry.query
            with CaptureQueriesContext(connection) as queries:
                ask(browser, "GET", path)
            tables = {t for q in queries.captured_queries for t in WRITES.findall(q["sql"])}
            written |= {(name, table) for table in tables if not table.startswith(KEPT_OF_READING)}
    assert written == set()
