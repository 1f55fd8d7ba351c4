"""The demo's records add up to the fiche: each figure counted again, row by row."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from autoprod.audit.models import AuditEvent
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Outcome,
    OutcomeSurvey,
    Person,
    PersonIdentity,
    Situation,
    Step,
    WorkshopParticipation,
)
from programmes.models import Edition, Session, Workshop
from tests.evaluation.demos import demo_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]

#: In the past, whenever this is read: the clock of the day itself has its own test.
ON = date(2025, 11, 17)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Load the demo once for the module, in a transaction that is never kept."""
    with demo_of(ON, django_db_blocker):
        yield
    _presences.cache_clear()


@cache
def _presences(year: int) -> list[Attendance]:
    """Return the presences of participants in closed sessions of a year."""
    links = ("session", "site", "enrolment__person", "enrolment__programme")
    return [
        row
        for row in Attendance.objects.select_related(*links).order_by("pk")
        if row.on.year == year
        and row.status == "present"
        and row.session.closed_at is not None
        and row.session.cancelled_on is None
        and row.enrolment.part == "participant"
    ]


def _touched(year: int) -> set[int]:
    """Return the keys of the persons touched in a year."""
    return {row.enrolment.person_id for row in _presences(year) if row.enrolment.entered_on}


def _last_situations(keys: set[int], day: date) -> list[Situation]:
    """Return each person's last situation on a day."""
    last = {}
    links = ("district", "education_level")
    rows = Situation.objects.select_related(*links).prefetch_related("minimum_incomes")
    for row in rows.order_by("observed_on"):
        if row.person_id in keys and row.observed_on <= day:
            last[row.person_id] = row
    return list(last.values())


def test_fifty_six_persons_of_sixty():
    assert len(_touched(2015)) == 56
    assert Edition.objects.get(label="2015").target_persons == 60


def test_the_districts_of_the_fiche():
    rows = _last_situations(_touched(2015), date(2015, 12, 31))

    assert Counter(row.district.name for row in rows) == {
        "St Waast": 6,
        "Dutemple": 5,
        "Fg de Lille": 7,
        "Fg de Paris": 10,
        "Centre ville": 7,
        "Accacias": 3,
        "Fg de Cambrai": 2,
        "Les Tertiales": 3,
        "Chasse Royale": 7,
        "La Briquette": 3,
        "Les Cheminots": 1,
        "Fg Ste Catherine": 1,
        "Le Rôleur": 1,
    }


def test_some_moved_so_that_the_last_situation_decides():
    touched, first = _touched(2015), {}
    for row in Situation.objects.order_by("-observed_on"):
        if row.person_id in touched:
            first[row.person_id] = row.district_id
    last = {row.person_id: row.district_id for row in _last_situations(touched, date(2015, 12, 31))}

    assert 3 <= sum(first[key] != last[key] for key in touched) <= 8


def test_the_levels_of_the_fiche():
    rows = _last_situations(_touched(2015), date(2015, 12, 31))

    levels = Counter(row.education_level.code for row in rows)
    assert levels == {"N_IV": 1, "N_V": 6, "N_VBIS": 13, "N_VI": 36}


def test_forty_six_with_the_rsa():
    rows = _last_situations(_touched(2015), date(2015, 12, 31))
    incomes = [{income.code for income in row.minimum_incomes.all()} for row in rows]

    assert sum("rsa" in codes for codes in incomes) == 46
    others = [codes for codes in incomes if "rsa" not in codes]
    assert len(others) == 10
    assert not any(code.startswith("rsa") for codes in others for code in codes)


def test_sexes_and_ages_are_those_of_such_a_group():
    touched = _touched(2015)
    everyone = PersonIdentity.objects.select_related("sex")
    rows = [row for row in everyone if row.person_id in touched]
    ages = [row.age_on(date(2015, 12, 31)) for row in rows]

    assert Counter(row.sex.code if row.sex else "" for row in rows) == {"F": 21, "H": 33, "": 2}
    assert len(ages) == 56
    assert min(ages) >= 19
    assert max(ages) <= 63


def test_the_hours_of_2015():
    by_month = Counter()
    for row in _presences(2015):
        by_month[row.on.month] += row.minutes

    hours = [by_month[month] / 60 for month in range(1, 13)]
    assert hours == [220, 260, 310, 340, 420, 455, 470, 390, 430, 400, 300, 210]
    assert sum(by_month.values()) == 252_300


def test_every_site_is_lived_in():
    for year in (2015, ON.year):
        by_site = Counter()
        for row in _presences(year):
            by_site[row.site.name] += row.minutes
        assert set(by_site) == {"Blaise Pascal", "Le Rôleur", "Le Vignoble"}
        assert min(by_site.values()) > sum(by_site.values()) / 10


def test_the_health_meeting_and_what_followed():
    health = [
        row
        for row in Workshop.objects.select_related("session__kind", "theme")
        if row.theme.meta.get("health") and row.session.on.year == 2015
    ]
    assert [(row.session.on, row.session.kind.code, row.theme.code) for row in health] == [
        (date(2015, 2, 9), "sante", "sante")
    ]
    there = {
        row.enrolment_id
        for row in WorkshopParticipation.objects.all()
        if row.workshop_id == health[0].pk
    }
    present = {row.enrolment_id for row in _presences(2015) if row.session == health[0].session}
    assert len(there) == 18
    assert there == present

    steps = [row for row in Step.objects.select_related("kind") if row.enrolment_id in there]
    checks = [row for row in steps if row.kind.code == "bilan_sante"]
    done = {row.enrolment_id for row in checks if row.done_on}
    followed = {row.enrolment_id for row in steps if row.kind.code == "suivi_medico_social"}
    assert {row.started_on for row in checks} == {date(2015, 2, 9)}
    assert {row.enrolment_id for row in checks} == there
    assert len(done) == 12
    assert {row.done_on.year for row in checks if row.done_on} == {2015}
    assert followed == done


def test_the_steps_of_2015_by_strand():
    started, done = Counter(), Counter()
    for row in Step.objects.select_related("strand"):
        started[row.strand.code] += bool(row.started_on) and row.started_on.year == 2015
        done[row.strand.code] += bool(row.done_on) and row.done_on.year == 2015

    assert (started["logement"], done["logement"]) == (14, 9)
    assert (started["emploi"], done["emploi"]) == (21, 10)
    assert (started["formation"], done["formation"]) == (7, 2)
    assert started["droits"] > done["droits"] > 0
    assert started["mobilite"] > done["mobilite"] > 0


def test_at_least_twelve_outcomes():
    rows = [row for row in Outcome.objects.select_related("kind") if row.starts_on.year == 2015]

    kinds = Counter(row.kind.code for row in rows)
    assert kinds == {"cddi": 4, "interim": 4, "cdd": 2, "formation": 2}
    assert all(row.kind.meta["positive"] for row in rows)
    assert OutcomeSurvey.objects.get(edition__label="2015").closed_on is None


def test_outcomes_and_steps_fall_in_a_stay():
    for model, field in ((Outcome, "starts_on"), (Step, "started_on")):
        for row in model.objects.select_related("enrolment"):
            day, stay = getattr(row, field), row.enrolment
            if day is not None:
                assert stay.entered_on <= day <= (stay.left_on or ON)


def test_who_is_gone_leaves_no_step_open():
    for row in Step.objects.select_related("enrolment"):
        if row.enrolment.left_on is not None:
            assert row.done_on or row.abandoned_on


def test_some_are_enrolled_and_never_came_others_wait():
    day, touched, came_not, waiting = date(2015, 12, 31), _touched(2015), set(), set()
    for row in Enrolment.objects.all():
        is_gone = row.left_on is not None and row.left_on < date(2015, 1, 1)
        if row.part != "participant" or is_gone:
            continue
        if row.entered_on and row.entered_on <= day and row.person_id not in touched:
            came_not.add(row.person_id)
        if row.entered_on is None and row.referred_on and row.referred_on <= day:
            waiting.add(row.person_id)

    assert len(came_not) == 2
    assert len(waiting) == 3
    assert not waiting & touched


def test_volunteers_come_and_are_not_counted():
    volunteers = {
        row.enrolment.person_id
        for row in Attendance.objects.select_related("enrolment")
        if row.enrolment.part == "volunteer" and row.on.year == 2015
    }

    assert len(volunteers) == 3
    assert not volunteers & _touched(2015)


def test_somebody_stayed_twice_and_both_levels_are_there():
    touched = _touched(2015)
    stays = [row for row in Enrolment.objects.all() if row.person_id in touched]

    assert Counter(Counter(row.person_id for row in stays).values()) == {1: 55, 2: 1}
    assert {row.level for row in stays} == {"participation", "pathway"}
    assert any(row.entered_on.year == 2014 for row in stays)
    assert sum(row.left_on.year == 2015 for row in stays) > 10


def test_a_presence_is_in_its_session_and_in_the_stay():
    places = {row.pk: set() for row in Session.objects.all()}
    for session, site in Session.sites.through.objects.values_list("session", "site"):
        places[session].add(site)
    for row in Attendance.objects.select_related("session", "enrolment"):
        assert row.session.starts_at <= row.starts_at < row.ends_at <= row.session.ends_at
        assert row.on == row.session.on == row.starts_at.astimezone(PARIS).date()
        assert row.site_id in places[row.session_id]
        assert row.enrolment.entered_on <= row.on <= (row.enrolment.left_on or ON)
        spent = (row.ends_at - row.starts_at) // timedelta(minutes=1)
        assert row.minutes == (spent if row.status == "present" else 0)
        assert abs(row.observed_at - row.starts_at) < timedelta(hours=1)


def test_nobody_is_at_two_places_at_once():
    by_person = defaultdict(list)
    for row in Attendance.objects.select_related("enrolment").order_by("starts_at"):
        if row.status == "present":
            by_person[row.enrolment.person_id].append((row.starts_at, row.ends_at))

    assert len(by_person) > 100
    for stretches in by_person.values():
        for (_, end), (start, _) in pairwise(stretches):
            assert end <= start


def test_absences_are_told():
    statuses = Counter(row.status for row in Attendance.objects.all() if row.on.year == 2015)
    reasons = {row.reason_id for row in Attendance.objects.all() if row.status == "excused"}

    assert statuses["excused"] > 50
    assert statuses["absent"] > 20
    assert None not in reasons
    assert len(reasons) >= 3


def test_frost_cancels():
    rows = [row for row in Session.objects.select_related("cancel_reason") if row.cancelled_on]

    assert {"gel", "intemperies"} <= {row.cancel_reason.code for row in rows}
    assert not Attendance.objects.filter(session__in=rows).exists()
    assert all(row.cancelled_on == row.on for row in rows)


def test_2015_is_over():
    for row in Session.objects.filter(on__year=2015):
        assert row.closed_at or row.cancelled_on
    assert not Enrolment.objects.filter(entered_on__lt=date(2016, 1, 1), left_on=None).exists()


def test_the_year_of_the_demo_plans_276_workshops():
    workshops = [
        w for w in Workshop.objects.select_related("session") if w.session.on.year == ON.year
    ]
    # The week of the gardens: permanences and public meetings are beside it.
    week = Session.objects.exclude(schedule=None)
    sessions = [row for row in week if row.on.year == ON.year]

    assert len(workshops) == 276
    assert {w.ends_at - w.starts_at for w in workshops} == {timedelta(hours=2)}
    assert sum(row.minutes for row in sessions) == 552 * 60
    assert len({row.on.isocalendar().week for row in sessions}) == 23
    assert {row.on.month for row in sessions} == set(range(1, 13))
    assert {row.on.isoweekday() for row in sessions} == {1, 2, 3, 4}
    for w in workshops:
        assert w.session.starts_at <= w.starts_at
        assert w.ends_at <= w.session.ends_at


def test_nothing_is_known_of_tomorrow():
    for row in Session.objects.filter(on__gt=ON):
        assert (row.closed_at, row.cancelled_on, row.headcount) == (None, None, 0)
    for model, fields in {
        Attendance: ("on",),
        Situation: ("observed_on",),
        Enrolment: ("referred_on", "accepted_on", "entered_on", "left_on"),
        Step: ("started_on", "done_on", "abandoned_on"),
        Outcome: ("starts_on",),
    }.items():
        for values in model.objects.values_list(*fields):
            assert all(day is None or day <= ON for day in values)
    assert not Person.objects.filter(created_at__gt=datetime(2025, 11, 18, tzinfo=UTC)).exists()


def test_the_day_of_the_demo_is_alive():
    morning, afternoon = Session.objects.filter(on=ON).order_by("starts_at")
    ticked = [row for row in Attendance.objects.all() if row.session_id == morning.pk]

    assert (morning.closed_at, afternoon.closed_at) == (None, None)
    assert len(ticked) >= 3
    assert {row.status for row in ticked} == {"present"}
    assert not Attendance.objects.filter(session=afternoon).exists()
    begun = set(Session.objects.exclude(roll_begun_at=None).values_list("pk", flat=True))
    assert begun == set(Attendance.objects.values_list("session", flat=True))
    assert all(row.closed_at or row.cancelled_on for row in Session.objects.filter(on__lt=ON))


def test_the_year_of_the_demo_is_plausible():
    by_month, heads = Counter(), defaultdict(set)
    for row in _presences(ON.year):
        by_month[row.on.month] += row.minutes / 60
        heads[row.on.month].add(row.enrolment.person_id)

    assert 50 <= len(_touched(ON.year)) <= 60
    assert 400 <= by_month[3] <= 800
    assert 30 <= len(heads[3]) <= 42
    assert {row.starts_on.month for row in Outcome.objects.all() if row.starts_on.year == ON.year}
    open_steps = [s for s in Step.objects.all() if s.started_on and not s.done_on]
    assert any(s.started_on.year == ON.year and not s.abandoned_on for s in open_steps)
    assert any(s.started_on is None for s in Step.objects.all())
    waiting = [e for e in Enrolment.objects.all() if e.entered_on is None and e.left_on is None]
    assert waiting


def test_names_and_numbers_are_for_fiction():
    for person in Person.objects.all():
        for phone in (person.phone, person.emergency_phone):
            assert phone == "" or phone.startswith(("+26263998", "+3363998"))
    for identity in PersonIdentity.objects.all():
        assert identity.email == "" or identity.email.endswith("@demo.example")
    people = {(person.first_name, person.last_name) for person in Person.objects.all()}
    assert len(people) == Person.objects.count()


def test_the_journal_names_nobody():
    told = " ".join(str(values) for values in AuditEvent.objects.values_list())

    assert told
    for person in Person.objects.all():
        assert person.last_name not in told
