"""The demo on any day: the same day changes nothing, a later one only adds."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

from beneficiaries.models import (
    Attendance,
    Barrier,
    Enrolment,
    FollowUp,
    FseAnswers,
    Interview,
    InterviewNote,
    Objective,
    Outcome,
    Paper,
    Person,
    ReferralAnswer,
    Situation,
    SkillLevel,
    Step,
)
from beneficiaries.services import rolls
from programmes.models import Edition, Session

pytestmark = [pytest.mark.django_db, pytest.mark.long]

#: What time itself writes in a row that is already there: it was empty, then it is known.
MOVING = {
    "Session": {
        "closed_at",
        "cancelled_on",
        "cancel_reason_id",
        "headcount",
        "roll_begun_at",
        "held_on",
    },
    "Enrolment": {
        "accepted_on",
        "entered_on",
        "left_on",
        "exit_motive_id",
        "exit_outcome_id",
        "exit_reason_id",
    },
    "Step": {"started_on", "done_on", "abandoned_on", "objective_id"},
    "Barrier": {"worked_since", "reassessed_on", "lifted_on"},
    "Objective": {"reached_on", "abandoned_on"},
    "Suspension": {"ends_on"},
    "EngagementContract": {"ends_on"},
    "Interview": {"minutes"},
    "ScheduleMember": {"ends_on"},
    "Statement": {
        "signed_on",
        "way",
        "is_mark",
        "is_read_aloud",
        "witness",
        "recorded_by_id",
        "unsigned_reason_id",
        "frozen_at",
    },
    "StatementObjection": {"settled_on", "answer"},
    "FseAnswers": {
        "exit_collected_on",
        "exit_recorded_at",
        "exit_seeking_id",
        "exit_training_id",
        "exit_qualification_id",
    },
}
#: What it writes over, and what it found there: an appointment takes place, a level changes.
REPLACED = {
    "Interview": {"state": {"planned"}},
    "Statement": {"state": {"to_sign", "signed"}},
    "Enrolment": {"level": {"pathway", "participation"}},
}
PARIS = ZoneInfo("Europe/Paris")


def _load(day: date) -> None:
    call_command("load_demo", "--on", day.isoformat(), verbosity=0)


def _rows(*labels: str) -> dict[tuple[type[Model], object], dict[str, object]]:
    """Return every row of these applications, links between rows included."""
    return {
        (model, values["pk"]): values
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for values in model._base_manager.values("pk", *(f.attname for f in model._meta.fields))
    }


def _people() -> dict[tuple[type[Model], object], dict[str, object]]:
    """Return the rows of sessions and of persons."""
    rows = {
        key: values
        for key, values in _rows("programmes", "beneficiaries").items()
        if key[0]._meta.app_label == "beneficiaries" or "session" in key[0]._meta.model_name
    }
    assert {"Person", "Session", "Session_sites", "Attendance"} <= {key[0].__name__ for key in rows}
    return rows


@pytest.mark.one_engine
def test_the_same_day_twice_changes_nothing():
    _load(date(2025, 11, 18))
    before = _rows("programmes", "beneficiaries", "audit", "accounts")

    _load(date(2025, 11, 18))

    assert _rows("programmes", "beneficiaries", "audit", "accounts") == before


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("first", "then"),
    [(date(2026, 3, 10), date(2026, 9, 15)), (date(2016, 12, 14), date(2017, 2, 16))],
    ids=str,
)
def test_a_later_day_only_adds(first, then):
    _load(first)
    before = _people()
    _load(then)
    after = _people()

    assert before.keys() < after.keys()
    for key, values in before.items():
        moving = MOVING.get(key[0].__name__, set())
        replaced = REPLACED.get(key[0].__name__, {})
        for name, value in values.items():
            is_free = name == "version" or (name in moving and not value)
            is_free |= value in replaced.get(name, ())
            assert is_free or after[key][name] == value, (key, name)


@pytest.mark.one_engine
def test_two_loads_or_one_give_the_same_records():
    _load(date(2026, 3, 10))
    _load(date(2026, 4, 16))
    in_two = _facts()
    # The presences of a signed month stay.
    open_month = Attendance.objects.filter(on__gte=date(2026, 4, 1))
    open_month.delete()
    for model in (Step, Interview, SkillLevel, FseAnswers):
        model.objects.filter(pk__in=model.objects.values("pk")).delete()

    _load(date(2026, 4, 16))

    assert _facts() == in_two


def _facts() -> tuple[set, ...]:
    attendances = Attendance.objects.values_list(
        "client_uuid", "enrolment", "session", "site", "status", "starts_at", "minutes"
    )
    steps = Step.objects.values_list("enrolment", "kind", "started_on", "done_on", "abandoned_on")
    interviews = Interview.objects.values_list("enrolment", "on", "at", "state", "kind", "minutes")
    notes = InterviewNote.objects.values_list("interview__enrolment", "interview__on", "text")
    skills = SkillLevel.objects.values_list("enrolment", "skill", "on", "observer", "level")
    answers = FseAnswers.objects.values_list(
        "person", "edition", "collected_on", "disability", "exit_collected_on", "exit_seeking"
    )
    return tuple(map(set, (attendances, steps, interviews, notes, skills, answers)))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 22),  # a Sunday
        date(2028, 2, 29),
        date(2027, 1, 1),
        date(2016, 1, 1),
        date(2015, 6, 17),
        date(2014, 10, 1),
    ],
    ids=str,
)
def test_any_day_is_good(day):
    _load(day)

    midnight = datetime(day.year, day.month, day.day, 23, 59, tzinfo=PARIS)
    assert not Attendance.objects.filter(on__gt=day).exists()
    assert not Attendance.objects.filter(observed_at__gt=midnight).exists()
    assert not Session.objects.filter(on__gte=day, closed_at__isnull=False).exists()
    assert not Session.objects.filter(on__lt=day, closed_at=None, cancelled_on=None).exists()
    assert not Enrolment.objects.filter(entered_on__gt=day).exists()
    assert not Situation.objects.filter(observed_on__gt=day).exists()
    assert not FseAnswers.objects.filter(collected_on__gt=day).exists()
    assert not FseAnswers.objects.filter(exit_collected_on__gt=day).exists()
    assert not Outcome.objects.filter(starts_on__gt=day).exists()
    assert not Interview.objects.filter(on__gte=day).exclude(state="planned").exists()
    assert not Interview.objects.filter(on__lt=day, state="planned").exists()
    assert not Barrier.objects.filter(identified_on__gt=day).exists()
    assert not Objective.objects.filter(agreed_on__gt=day).exists()
    assert not ReferralAnswer.objects.filter(sent_on__gt=day).exists()
    assert not FollowUp.objects.filter(done_on__gt=day).exists()
    assert not Paper.objects.filter(handed_on__gt=day).exists()
    assert Person.objects.exists()
    assert Edition.objects.filter(label=str(day.year)).exists()
    if day.year > 2015:
        held = Session.objects.filter(on__year=day.year)
        assert held.exclude(schedule=None).count() == 23 * 8
        assert len(Enrolment.objects.ongoing(day)) >= 15


@pytest.mark.one_engine
def test_nobody_is_ticked_later_than_now(monkeypatch):
    """A session to come has no line; one that has begun has those of who came so far."""
    day = date(2026, 11, 23)
    first = datetime(2026, 11, 23, 8, tzinfo=PARIS)
    counts, before = [], set()
    for minutes in (-1, 5, 90, 330, 480):
        now = first + timedelta(minutes=minutes)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=now: at)
        _load(day)
        lines = Attendance.objects.filter(on=day)
        assert not lines.filter(observed_at__gt=now).exists()
        assert not lines.filter(session__starts_at__gt=now).exists()
        begun = Session.objects.filter(on=day).exclude(roll_begun_at=None)
        assert set(begun) == {line.session for line in lines.select_related("session")}
        stored = set(Attendance.objects.values_list("client_uuid", flat=True))
        assert before <= stored
        before = stored
        counts.append(lines.count())

    early, beginning, morning, *_ = counts
    assert (early, 0 < beginning < morning) == (0, True)
    # Some are left to be ticked by the visitor.
    session = Session.objects.get(starts_at=first)
    assert rolls.tallies([session])[session.pk].waiting


@pytest.mark.one_engine
def test_some_of_2015_go_on_in_2016():
    _load(date(2016, 6, 30))

    came = {
        row.enrolment.person_id: row.enrolment.entered_on.year
        for row in Attendance.objects.filter(on__year=2016).select_related("enrolment")
    }
    years = list(came.values())
    assert years.count(2015) > 10
    assert years.count(2016) > 10


@pytest.mark.one_engine
def test_what_a_visitor_did_stays():
    _load(date(2025, 11, 17))
    session = Session.objects.filter(on=date(2025, 11, 17)).earliest("starts_at")
    ticked = Attendance.objects.filter(session=session).earliest("pk")
    Attendance.objects.filter(pk=ticked.pk).update(status="absent", minutes=0)
    leaver = Enrolment.objects.ongoing(date(2025, 11, 17)).exclude(pk=ticked.enrolment_id).first()
    Enrolment.objects.filter(pk=leaver.pk).update(left_on=date(2025, 11, 17))
    cancelled = Session.objects.filter(on=date(2025, 11, 18)).earliest("starts_at")
    reason = Session.objects.exclude(cancel_reason=None).earliest("pk").cancel_reason
    Session.objects.filter(pk=cancelled.pk).update(
        cancelled_on=date(2025, 11, 17), cancel_reason=reason
    )

    _load(date(2025, 12, 17))

    assert Attendance.objects.get(pk=ticked.pk).status == "absent"
    assert Attendance.objects.filter(session=session, enrolment=ticked.enrolment).count() == 1
    assert Enrolment.objects.get(pk=leaver.pk).left_on == date(2025, 11, 17)
    assert not Attendance.objects.filter(enrolment=leaver, on__gt=date(2025, 11, 17)).exists()
    assert not Attendance.objects.filter(session=cancelled).exists()
    assert Session.objects.get(pk=cancelled.pk).closed_at is None
