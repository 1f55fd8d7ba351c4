"""Steps: what a tap writes and takes back, the gesture for several, the lists."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.models import StaleError
from autoprod.core.periods import Period
from beneficiaries.enums import StepState
from beneficiaries.models import Enrolment, Step
from beneficiaries.services import pathways
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories.programmes import code

MARCH = Period.month(2016, 3)


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def stay(garden) -> Enrolment:
    return people.enrolment_of(people.make_person(garden.programme))


def to_launch(stay: Enrolment, **fields) -> Step:
    return people.make_step(stay, started_on=None, **fields)


# A tap.


@pytest.mark.parametrize(
    ("state", "written"),
    [(StepState.STARTED, {"started_on"}), (StepState.DONE, {"started_on", "done_on"})],
)
def test_a_tap_dates_today_what_is_empty(scope, stay, state, written):
    step = to_launch(stay)
    before = pathways.mark(scope=scope, step=step, state=state)
    assert before == dict.fromkeys(written, "")
    kept = Step.objects.get(pk=step.pk)
    assert kept.state == state
    assert {getattr(kept, name) for name in written} == {timezone.localdate()}
    assert AuditEvent.objects.first().changed == sorted(written)


def test_a_tap_keeps_the_day_a_step_started(scope, stay):
    step = people.make_step(stay, started_on=date(2016, 1, 4))
    assert pathways.mark(scope=scope, step=step, state=StepState.DONE) == {"done_on": ""}
    assert Step.objects.get(pk=step.pk).started_on == date(2016, 1, 4)


@pytest.mark.parametrize("end", ["done_on", "abandoned_on"])
@pytest.mark.parametrize("state", [StepState.STARTED, StepState.DONE])
def test_a_tap_on_what_is_over_writes_nothing(scope, stay, end, state):
    step = people.make_step(stay, **{end: timezone.localdate()})
    assert pathways.mark(scope=scope, step=step, state=state) == {}
    assert Step.objects.get(pk=step.pk).version == 1


def test_two_taps_at_once_do_not_both_write(scope, stay):
    step = to_launch(stay)
    late = Step.objects.get(pk=step.pk)
    pathways.mark(scope=scope, step=step, state=StepState.STARTED)
    with pytest.raises(StaleError):
        pathways.mark(scope=scope, step=late, state=StepState.DONE)


# The same step for several.


def planned(state=StepState.STARTED, on=date(2016, 2, 9), kind="bilan_sante") -> pathways.Planned:
    chosen = code("step_kinds", kind)
    strand = code("pathway_strands", chosen.meta["strand"])
    return pathways.Planned(kind=chosen, strand=strand, state=state, on=on)


def test_eighteen_persons_in_one_gesture_and_twice_adds_nothing(garden, scope):
    stays = [people.enrolment_of(people.make_person(garden.programme)) for _ in range(18)]
    first = pathways.add_to_many(scope=scope, enrolments=stays, planned=planned())
    again = pathways.add_to_many(scope=scope, enrolments=stays, planned=planned())
    assert (len(first.steps), first.skipped) == (18, [])
    assert (again.steps, again.skipped) == ([], stays)
    steps = Step.objects.filter(enrolment__in=stays)
    assert {(s.strand.code, s.started_on, s.done_on) for s in steps} == {
        ("sante", date(2016, 2, 9), None)
    }
    assert AuditEvent.objects.filter(object_kind="beneficiaries.step", verb="create").count() == 18


@pytest.mark.parametrize(
    ("dates", "is_skipped"),
    [
        ({"started_on": date(2015, 2, 1)}, True),
        ({"started_on": None, "planned_on": date(2016, 5, 1)}, True),
        ({"started_on": date(2015, 2, 1), "done_on": date(2015, 2, 1)}, False),
        ({"started_on": date(2016, 2, 9), "done_on": date(2016, 2, 20)}, True),
        ({"started_on": date(2015, 2, 1), "abandoned_on": date(2015, 3, 1)}, False),
    ],
    ids=["open", "to launch", "last year's", "same day", "abandoned"],
)
def test_who_has_the_step_is_skipped(scope, stay, dates, is_skipped):
    people.make_step(stay, **dates)
    added = pathways.add_to_many(scope=scope, enrolments=[stay], planned=planned())
    assert bool(added.skipped) == is_skipped


def test_another_step_skips_nobody(scope, stay):
    people.make_step(stay, "couverture_sante")
    assert pathways.add_to_many(scope=scope, enrolments=[stay], planned=planned()).steps


@pytest.mark.parametrize(
    ("state", "dated"),
    [
        (StepState.PLANNED, {"planned_on"}),
        (StepState.STARTED, {"started_on"}),
        (StepState.DONE, {"started_on", "done_on"}),
    ],
)
def test_the_day_goes_where_the_state_says(scope, stay, state, dated):
    added = pathways.add_to_many(scope=scope, enrolments=[stay], planned=planned(state))
    step = Step.objects.get(pk=added.steps[0].pk)
    names = ("planned_on", "started_on", "done_on", "abandoned_on")
    assert {name for name in names if getattr(step, name)} == dated
    assert step.state == state


def test_what_somebody_touched_since_is_not_taken_back(garden, scope):
    stays = [people.enrolment_of(people.make_person(garden.programme)) for _ in range(2)]
    added = pathways.add_to_many(scope=scope, enrolments=stays, planned=planned())
    touched = added.steps[0]
    touched.result = "Rendez-vous pris"
    touched.save()
    assert pathways.take_back(scope=scope, steps=added.steps) == 1
    assert list(Step.objects.filter(enrolment__in=stays)) == [touched]
    assert AuditEvent.objects.first().verb == "delete"


# The lists.


STATES = {
    StepState.PLANNED: {"started_on": None},
    StepState.STARTED: {},
    StepState.DONE: {"done_on": date(2030, 1, 1)},
    StepState.ABANDONED: {"abandoned_on": date(2030, 1, 1)},
}


def test_the_state_asked_of_the_base_is_the_state_told_of_a_row(stay):
    steps = [people.make_step(stay, **dates) for dates in STATES.values()]
    steps.append(
        people.make_step(stay, started_on=None, abandoned_on=date(2030, 1, 1), kind="permis")
    )
    rows = Step.objects.filter(enrolment=stay)
    for state in StepState:
        expected = {step for step in steps if step.state == state}
        assert set(rows.in_state(state)) == expected
        assert expected
    assert {step.state for step in rows.unfinished()} == {StepState.PLANNED, StepState.STARTED}


@pytest.mark.parametrize(
    ("dates", "is_shown"),
    [
        ({"started_on": date(2016, 3, 31)}, True),
        ({"started_on": date(2016, 4, 1)}, False),
        ({"started_on": date(2015, 1, 1)}, True),
        ({"started_on": date(2015, 1, 1), "done_on": date(2016, 3, 1)}, True),
        ({"started_on": date(2015, 1, 1), "done_on": date(2016, 2, 29)}, False),
        ({"started_on": date(2015, 1, 1), "abandoned_on": date(2016, 2, 29)}, False),
        ({"started_on": None, "planned_on": date(2016, 3, 31)}, True),
        ({"started_on": None, "planned_on": date(2016, 4, 1)}, False),
        ({"started_on": None, "abandoned_on": date(2016, 3, 5)}, True),
        ({"started_on": None, "abandoned_on": date(2016, 4, 5)}, False),
        ({"started_on": None}, False),
    ],
)
def test_a_period_shows_the_steps_that_live_in_it(stay, dates, is_shown):
    step = people.make_step(stay, **dates)
    assert (step in Step.objects.during(MARCH)) == is_shown


def test_a_step_without_a_date_is_on_today_s_list(stay):
    step = to_launch(stay)
    assert step in Step.objects.during(Period.year(timezone.localdate().year))


@pytest.mark.parametrize(
    ("days", "is_followed"),
    [
        ({"planned_on": 15}, True),
        ({"planned_on": 16}, False),
        ({"planned_on": -40}, True),
        ({"started_on": -91}, True),
        ({"started_on": -90}, False),
        ({"started_on": -91, "done_on": -1}, False),
        ({"started_on": -91, "abandoned_on": -1}, False),
    ],
)
def test_what_comes_soon_or_lasts_is_followed(garden, scope, stay, days, is_followed):
    today = timezone.localdate()
    Step.objects.exclude(enrolment=stay).delete()
    dates = {name: today + timedelta(days=gap) for name, gap in days.items()}
    step = people.make_step(stay, **{"started_on": None, **dates})
    shown = pathways.to_follow(scope, []).get(None, {"rows": []})["rows"]
    assert [row["step"] for row in shown] == ([step] if is_followed else [])


def test_each_follows_their_own_and_nobody_s_and_eight_at_most(garden, scope, stay):
    mine, theirs = garden.social_worker, garden.programme_manager
    # Those of a colleague first: without the rule they would fill the eight.
    for person_of, count in ((theirs, 6), (mine, 6), (None, 6)):
        for _ in range(count):
            person = people.make_person(garden.programme, referent=person_of)
            people.make_step(people.enrolment_of(person))
    rows = pathways.to_follow(scope, [])[None]["rows"]
    assert len(rows) == 8
    assert {row["step"].enrolment.referent_id for row in rows} <= {mine.pk, None}


def test_who_has_left_is_not_followed(scope, stay):
    Step.objects.exclude(enrolment=stay).delete()
    stay.left_on = timezone.localdate() - timedelta(days=1)
    stay.save()
    people.make_step(stay)
    assert pathways.to_follow(scope, []) == {}
