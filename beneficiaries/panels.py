"""What this floor shows on the pages below it."""

from collections.abc import Sequence

from django.db import models
from django.urls import reverse

from autoprod.core.panels import Panel, register
from autoprod.core.scoping import Action, Scope
from beneficiaries.services import (
    agendas,
    check_ins,
    completeness,
    enrolments,
    follow_ups,
    fse,
    interviews,
    months,
    outcomes,
    pathways,
    presences,
    referrals,
    schedule_members,
    sheets,
    skills,
    statement_months,
)
from beneficiaries.services.addresses import of_persons as addresses_of
from beneficiaries.services.households import of_persons as households_of
from beneficiaries.services.identities import of_persons as identities_of

#: What hangs on the rights of pathways: on a session's page, an edition's, one's day.
_PATHWAYS = (
    ("today_side", "beneficiaries/pathways/_today.html", pathways.to_follow, 60),
    ("session_detail", "beneficiaries/pathways/_session.html", pathways.of_sessions, 60),
    ("edition_detail", "beneficiaries/outcomes/_edition.html", outcomes.of_editions, 50),
)

#: For who follows persons, on one's day.
_FOLLOWING = (
    ("beneficiaries/agendas/_today.html", agendas.of_today, 12),
    ("beneficiaries/agendas/_to_see.html", agendas.to_see, 14),
)

#: What is left to tell or to ask: on the page of the day of who writes pathways. What may wait a
#: few days stands beside what is of today.
_TO_DO = (
    ("today", "beneficiaries/referrals/_today.html", referrals.to_answer, 24),
    ("today_side", "beneficiaries/follow_ups/_today.html", follow_ups.to_ask, 65),
)

#: Presences: on a session's row and page for who takes the roll, on a person's page.
_PRESENCES = (
    ("session_row", "_session_row", presences.of_sessions, Action.TICK_ATTENDANCE),
    ("session_actions", "_session_actions", presences.of_sessions, Action.TICK_ATTENDANCE),
    ("session_detail", "_session_detail", presences.by_site, Action.TICK_ATTENDANCE),
    ("person_attendance", "_person", presences.of_persons, Action.VIEW_PERSONS),
)

#: The statements of a person's months, under their presences.
_STATEMENTS = Panel(
    "person_attendance",
    "beneficiaries/statements/_person.html",
    statement_months.of_persons,
    Action.TICK_ATTENDANCE,
    20,
)

#: Who is expected: on a schedule's page and its sessions', on a person's.
_EXPECTED = (
    ("schedule_detail", "_schedule", schedule_members.of_schedules, Action.EDIT_SESSIONS, 10),
    ("session_detail", "_schedule", schedule_members.of_sessions, Action.EDIT_SESSIONS, 15),
    ("person_attendance", "_person", schedule_members.of_persons, Action.EDIT_SESSIONS, 20),
)

#: Who somebody is, beside their situations: each table under its own right.
_PERSONS = (
    ("identities", identities_of, Action.VIEW_IDENTITIES, 10),
    ("addresses", addresses_of, Action.VIEW_IDENTITIES, 20),
    ("households", households_of, Action.VIEW_SITUATIONS, 30),
)

#: Skills: a programme's list, and those of who was at a session.
_SKILLS = (
    ("programme_detail", "_programme", skills.of_programmes, Action.VIEW_PERSONS),
    ("session_detail", "_session", skills.of_sessions, Action.RATE_SKILLS),
)


def search_of_names(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return where the search of the top bar leads, and what it asks as one types."""
    names = {"url": "person_search", "suggest_url": "person_suggest"}
    return {None: {key: reverse(f"beneficiaries:{name}") for key, name in names.items()}}


def register_all() -> None:
    """Register the panels; called once at start-up."""
    month = "beneficiaries/months/_today.html"
    register(Panel("today_side", month, months.of_today, Action.EDIT_PATHWAYS, 20))
    calls = "beneficiaries/check_ins/_today.html"
    register(Panel("today", calls, check_ins.of_today, Action.VIEW_PERSONS, 16))
    search = "beneficiaries/persons/_search.html"
    register(Panel("search", search, search_of_names, Action.VIEW_PERSONS))
    waiting = "beneficiaries/enrolments/_today.html"
    register(Panel("today", waiting, enrolments.to_welcome, Action.EDIT_PERSONS, 20))
    for name, context, action, order in _PERSONS:
        template = f"beneficiaries/{name}/_card.html"
        register(Panel("person_situation_side", template, context, action, order))
    team = "beneficiaries/interviews/_team.html"
    register(Panel("person_attendance", team, interviews.to_team, Action.VIEW_PERSONS, 5))
    for template, context, order in _FOLLOWING:
        register(Panel("today", template, context, Action.EDIT_PATHWAYS, order))
    operation = "beneficiaries/completeness/_edition.html"
    register(Panel("edition_detail", operation, completeness.of_editions, Action.VIEW_FSE, 40))
    exits = "beneficiaries/fse/_today.html"
    register(Panel("today", exits, fse.exits_to_ask, Action.VIEW_FSE, 26))
    for slot, template, context, order in _PATHWAYS:
        register(Panel(slot, template, context, Action.VIEW_PATHWAYS, order))
    for slot, template, context, order in _TO_DO:
        register(Panel(slot, template, context, Action.EDIT_PATHWAYS, order))
    for slot, name, context, action in _PRESENCES:
        register(Panel(slot, f"beneficiaries/attendance/{name}.html", context, action, 10))
    paper = "beneficiaries/sheets/_session.html"
    register(Panel("session_detail", paper, sheets.of_sessions, Action.TICK_ATTENDANCE, 20))
    register(_STATEMENTS)
    for slot, name, context, action, order in _EXPECTED:
        template = f"beneficiaries/schedule_members/{name}.html"
        register(Panel(slot, template, context, action, order))
    for slot, name, context, action in _SKILLS:
        register(Panel(slot, f"beneficiaries/skills/{name}.html", context, action, 70))
