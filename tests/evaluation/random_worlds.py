"""Random worlds: two programmes, a few people, days at the edges of a year; saved, then undone."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from django.utils import timezone
from hypothesis import strategies as st

from beneficiaries.enums import InterviewState, Level, Part, Presence, StatementState
from beneficiaries.models import Attendance, Enrolment
from programmes.models import Edition, Programme, Session
from tests.evaluation.random_gardens import draw_garden, save_garden
from tests.factories import beneficiaries as people
from tests.factories import pathways
from tests.factories import presence as plans
from tests.factories import programmes as make

DAYS = [
    date(2014, 12, 31),
    date(2015, 1, 1),
    date(2015, 2, 28),
    date(2015, 3, 1),
    date(2015, 6, 15),
    date(2015, 12, 31),
    date(2016, 1, 1),
]
BIRTHS = [
    None,
    date(1950, 12, 31),
    date(1950, 1, 1),
    date(1985, 12, 31),
    date(1986, 1, 1),
    date(1992, 2, 29),
    date(1997, 3, 1),
    date(2002, 6, 15),
]
HOURS = [("08:00", "12:00"), ("14:00", "16:00"), ("16:30", "17:00"), ("18:00", "21:15")]
LEVELS = ["N_IV", "N_V", "N_VI"]
INCOMES = ["rsa", "rsa_majore", "aah", "aucun"]
KINDS = ["culture", "sante", "table_solidaire", "permanence", "information", "reunion_participants"]
THEMES = ["culture", "sante", "nutrition"]
STEPS = ["bilan_sante", "suivi_medico_social", "logement_social", "cv"]
OUTCOMES = ["cddi", "formation", "reorientation"]
BARRIERS = ["23", "25", "27"]
REASONS = ["3", "8", "17", "96"]
CONTRACTS = ["FIXED_TERM", "TEMPORARY", "PERMANENT", "PERMANENT_I", "OTHER"]
#: Last days of contracts that began on one of DAYS, around six months after.
ENDS = [
    date(2015, 6, 29),
    date(2015, 6, 30),
    date(2015, 8, 27),
    date(2015, 8, 30),
    date(2016, 6, 29),
    date(2016, 6, 30),
    date(2016, 12, 1),
]
ACCOUNTS = ["60_fournitures", "74_etat", "74_commune"]


def _day(random: Random) -> date | None:
    return random.choice([None, *DAYS])


def _some(random: Random, values: list, most: int) -> list:
    return random.sample(values, random.randint(0, min(most, len(values))))


def _drawn_stay(random: Random) -> dict:
    return {
        "part": random.choice([Part.PARTICIPANT] * 3 + [Part.VOLUNTEER]),
        "entered_on": random.choice([None, *DAYS, *DAYS[:3] * 3]),
        "left_on": random.choice([None] * 6 + DAYS),
        "steps": [
            (kind, _day(random), _day(random), random.random() < 0.6)
            for kind in _some(random, STEPS * 2, 3)
        ],
        "outcomes": [(kind, random.choice(DAYS)) for kind in _some(random, OUTCOMES, 2)],
        "exit": (
            random.choice([None, None, *REASONS]),
            random.choice([None, *CONTRACTS]),
            random.choice(OUTCOMES),
            random.choice([None, *ENDS]),
        ),
        "level": random.choice(list(Level)),
        "changes": sorted(_some(random, DAYS, 2)),
        "pause": sorted(random.choices(DAYS, k=2)) if random.random() < 0.4 else None,
        "is_open": random.random() < 0.5,
        "barriers": [
            (kind, *sorted(random.choices([*DAYS, date(2014, 6, 1)], k=3)), random.random() < 0.5)
            for kind in _some(random, BARRIERS, 2)
        ],
        "interviews": [
            (day, random.choice([InterviewState.HELD] * 2 + list(InterviewState)))
            for day in _some(random, DAYS, 3)
        ],
    }


def _drawn_person(random: Random) -> dict:
    return {
        "sex": random.choice(["", "F", "H"]),
        "born_on": random.choice(BIRTHS),
        "has_identity": random.random() < 0.8,
        "situations": [
            (
                day,
                random.choice([None, 0, 1]),
                random.choice([None, *LEVELS]),
                _some(random, INCOMES, 2),
            )
            for day in _some(random, DAYS, 4)
        ],
        "stays": {place: _drawn_stay(random) for place in range(random.randint(1, 2))},
        "ticks": [
            (
                index,
                random.choice([Presence.PRESENT] * 3 + list(Presence)),
                random.randint(0, 1),
                random.randint(1, 3),
                random.random() < 0.5,
            )
            for index in _some(random, list(range(6)), 5)
        ],
    }


def _drawn_session(random: Random) -> tuple:
    return (
        random.choice([0, 0, 0, 1]),
        random.choice(DAYS),
        random.choice(HOURS),
        random.choice(["closed"] * 4 + ["open", "cancelled"]),
        random.choice(KINDS),
        _some(random, THEMES, 2),
    )


def draw(random: Random) -> dict:
    """Return a world in plain values."""
    return {
        "people": [_drawn_person(random) for _ in range(random.randint(0, 6))],
        "sessions": [_drawn_session(random) for _ in range(random.randint(1, 6))],
        "survey": random.choice([None, "open", "closed"]),
        "lines": [
            (random.choice(ACCOUNTS), random.randint(1, 900), random.random() < 0.5)
            for _ in range(random.randint(0, 4))
        ],
        "numbers": [sorted(random.choices(range(30), k=4)) for _ in range(6)],
        "statements": random.choices([None, *StatementState.values], k=8),
        "garden": draw_garden(random),
    }


#: Dense on purpose: hypothesis prefers small worlds, where nobody comes.
worlds = st.randoms(use_true_random=True).map(draw)


@dataclass
class Stage:
    """What every random world is played on."""

    programmes: list[Programme]
    sites: list
    districts: list
    edition: Edition
    payer: object


def stage() -> Stage:
    """Return two programmes of one territory, two sites, two districts, one edition."""
    territory = make.make_territory()
    programmes = [make.make_programme(territory) for _ in range(2)]
    return Stage(
        programmes,
        [
            make.make_site(territory, *programmes),
            make.make_site(
                territory,
                *programmes,
                kind=make.code("site_kinds", "salle"),
                district=make.make_district(territory),
            ),
        ],
        [make.make_district(territory) for _ in range(2)],
        make.make_edition(programmes[0], 2015),
        make.make_organisation(territory),
    )


def save(drawn: dict, on: Stage) -> None:
    """Write a drawn world."""
    sessions = [_session(on, *each) for each in drawn["sessions"]]
    for session, numbers in zip(sessions, drawn["numbers"], strict=False):
        _count_people(session, *numbers)
    for each in drawn["people"]:
        _person(each, sessions, on)
    if drawn["survey"]:
        closed = date(2016, 2, 1) if drawn["survey"] == "closed" else None
        people.make_survey(on.edition, closed_on=closed)
    if drawn["lines"]:
        budget = make.make_budget(on.edition)
        for account, amount, is_paid in drawn["lines"]:
            make.make_line(budget, account, amount, payer=on.payer if is_paid else None)
    _make_statements(drawn["statements"])
    save_garden(drawn["garden"], on)


def _session(on: Stage, programme: int, day_, hours, state: str, kind: str, themes) -> Session:
    made = make.make_session(
        on.programmes[programme],
        *on.sites,
        on=day_,
        hours=hours,
        kind=make.code("session_kinds", kind),
        **_cancelled(state, day_),
    )
    for theme in themes:
        make.make_workshop(made, theme)
    return make.close(made) if state == "closed" else made


def _count_people(session: Session, entered: int, oriented: int, met: int, passing: int) -> None:
    """Count people at a session, of every kind: what its kind counts is for figures to tell."""
    if entered % 3:
        plans.make_outreach(session, met, oriented, entered)
    Session.objects.filter(pk=session.pk).update(headcount=passing)


def _make_statements(states: list[str | None]) -> None:
    """Make the statement of each month somebody came in, in one state after the other."""
    rows = Attendance.objects.present().order_by("enrolment", "on").values_list("enrolment", "on")
    months = sorted({(key, on.replace(day=1)) for key, on in rows})
    for (key, month), state in zip(months, cycle(states), strict=False):
        if state:
            _make_statement(Enrolment.objects.get(pk=key), month, state)


def _make_statement(enrolment: Enrolment, month: date, state: str) -> None:
    fields = {}
    if state == StatementState.UNSIGNED:
        fields["unsigned_reason"] = make.code("unsigned_reasons")
    if state == StatementState.REOPENED:
        fields |= {"reopened_at": timezone.now(), "reopen_reason": "Oubli"}
    made = plans.make_statement(enrolment, month)
    if state in {StatementState.SIGNED, StatementState.LOCKED}:
        plans.sign(made)
    made.state = state
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()


def _cancelled(state: str, day_) -> dict:
    if state != "cancelled":
        return {}
    return {"cancelled_on": day_, "cancel_reason": make.code("cancellation_reasons", "gel")}


def _person(drawn: dict, sessions: list[Session], on: Stage) -> None:
    stays = {}
    for place, each in drawn["stays"].items():
        stays[place] = _stay(each, place, on, stays)
    who = stays[0].person
    if drawn["has_identity"]:
        people.make_identity(who, drawn["sex"], born_on=drawn["born_on"])
    for observed_on, district, level, incomes in drawn["situations"]:
        people.make_situation(
            who,
            *incomes,
            on=observed_on,
            district=None if district is None else on.districts[district],
            education_level=level and make.code("education_levels", level),
        )
    for index, status, site, quarters, takes_part in drawn["ticks"]:
        if index < len(sessions):
            _tick(sessions[index], stays, on, (status, on.sites[site], quarters, takes_part))


def _stay(each: dict, place: int, on: Stage, others: dict):
    entered, left = each["entered_on"], each["left_on"]
    if entered and left and left < entered:
        entered, left = left, entered
    dates = {"part": each["part"], "entered_on": entered, "left_on": left, "level": each["level"]}
    if others:
        made = people.make_enrolment(others[0].person, on.programmes[place], **dates)
    else:
        made = people.enrolment_of(people.make_person(on.programmes[place], **dates))
    for kind, first, second, is_done in each["steps"]:
        started, ended = (first, second) if not (first and second) else sorted((first, second))
        fields = {"started_on": started}
        if started and ended:
            fields["done_on" if is_done else "abandoned_on"] = ended
        people.make_step(made, kind, **fields)
    for kind, starts_on in each["outcomes"]:
        people.make_outcome(made, kind, starts_on=starts_on)
    if left:
        _exit(made, *each["exit"])
    _accompany(made, each)
    return made


def _exit(stay, reason, contract, kind, ends_on) -> None:
    """Say what a stay led to: a reason, a contract, both, or nothing."""
    stay.exit_reason = reason and make.code("exit_reasons_asp", reason)
    if contract:
        starts_on = stay.left_on if ends_on is None else min(stay.left_on, ends_on)
        stay.exit_outcome = people.make_outcome(
            stay,
            kind,
            contract=make.code("contract_kinds", contract),
            starts_on=starts_on,
            ends_on=ends_on,
        )
    stay.save()


def _accompany(stay, each: dict) -> None:
    level = each["level"]
    for since in each["changes"]:
        level = next(other for other in Level.values if other != level)
        pathways.make_level_change(stay, level, since)
    if each["pause"]:
        start, end = each["pause"]
        pathways.make_suspension(stay, start, None if each["is_open"] else end)
    for kind, identified, worked, lifted, is_lifted in each["barriers"]:
        pathways.make_barrier(
            stay,
            kind,
            identified_on=identified,
            worked_since=worked,
            lifted_on=lifted if is_lifted else None,
        )
    for index, (on_, state) in enumerate(each["interviews"]):
        kind = make.code("interview_kinds", "mensuel") if index else None
        pathways.make_interview(stay, on=on_, state=state, kind=kind)


def _tick(session_: Session, stays: dict, on: Stage, tick: tuple) -> None:
    place = on.programmes.index(session_.programme)
    if place not in stays:
        return
    status, site, quarters, takes_part = tick
    end = session_.starts_at + timedelta(minutes=15 * quarters)
    people.make_attendance(stays[place], session_, site, status, ends_at=min(end, session_.ends_at))
    if takes_part:
        for workshop in session_.workshops.all():
            people.make_participation(stays[place], workshop)
