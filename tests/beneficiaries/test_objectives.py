"""Objectives: in the person's words, their steps under them, reached or set aside in a tap."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Enrolment, Objective, Step
from beneficiaries.services import objectives
from tests.beneficiaries.test_threads import file_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories.programmes import code

TODAY = timezone.localdate()
WORDS = "Avoir un chez-moi"


def address(name: str, *args) -> str:
    return reverse(f"beneficiaries:{name}", args=args)


def work(reader, stay: Enrolment) -> dict:
    return objectives.of_file(file_of(reader, stay, TODAY))


def goal(stay: Enrolment) -> Objective:
    return Objective.objects.get(enrolment=stay)


# What is shown.


def test_steps_stand_under_their_objective_the_others_after(garden, stay):
    housing = paths.make_objective(stay, WORDS)
    under = people.make_step(stay, "logement_social", objective=housing)
    alone = people.make_step(stay)
    done = paths.make_objective(stay, "Lire", reached_on=TODAY)
    groups = work(garden.social_worker, stay)["groups"]
    assert [(g.objective, [row.step for row in g.steps]) for g in groups] == [
        (housing, [under]),
        (done, []),
        (None, [alone]),
    ]
    assert [g.state["label"] for g in groups[:2]] == ["en cours", "atteint"]


def test_what_ended_over_a_year_ago_is_folded(garden, stay):
    gone, day = TODAY - timedelta(days=366), date(2015, 2, 1)
    paths.make_objective(stay, WORDS, agreed_on=day, abandoned_on=gone)
    people.make_step(stay, started_on=day, done_on=gone)
    people.make_step(stay, "permis", started_on=day, done_on=gone + timedelta(days=1))
    shown = work(garden.social_worker, stay)
    assert [row.step.name for g in shown["groups"] for row in g.steps] == ["Permis de conduire"]
    assert shown["old_count"] == 2
    assert [g.objective is None for g in shown["old"]] == [False, True]


def test_its_strand_its_barrier_and_its_day_are_told(garden, stay):
    barrier = paths.make_barrier(stay, "27", identified_on=date(2016, 1, 4))
    paths.make_objective(
        stay,
        WORDS,
        barrier=barrier,
        strand=code("pathway_strands", "logement"),
        agreed_on=date(2016, 1, 5),
        due_on=date(2016, 6, 30),
    )
    (group,) = work(garden.social_worker, stay)["groups"]
    assert group.notes == (
        "Logement",
        "convenu le 5\u00a0janvier\u00a02016",
        "pour le 30\u00a0juin\u00a02016",
    )


# The form.


def test_words_are_enough(stay, browser):
    answer = browser.post(address("objective_create", stay.person_id), {"words": WORDS})
    assert "id_agreed_on_error" in answer.content.decode()
    browser.post(
        address("objective_create", stay.person_id), {"words": WORDS, "agreed_on": "2016-01-05"}
    )
    assert (goal(stay).words, goal(stay).agreed_on) == (WORDS, date(2016, 1, 5))


def test_an_end_is_asked_of_an_edit_only(stay, browser):
    assert (
        "reached_on"
        not in browser.get(address("objective_create", stay.person_id)).content.decode()
    )
    objective = paths.make_objective(stay)
    url = address("objective_update", objective.pk)
    assert "reached_on" in browser.get(url).content.decode()
    sent = {
        "words": WORDS,
        "agreed_on": "2016-01-05",
        "reached_on": "2016-02-01",
        "abandoned_on": "2016-02-01",
        "version": 1,
    }
    html = browser.post(url, sent).content.decode()
    assert "pas les deux" in html
    assert WORDS in html
    browser.post(url, {**sent, "abandoned_on": ""})
    assert goal(stay).reached_on == date(2016, 2, 1)


def test_a_due_day_may_be_ahead_the_agreement_may_not(stay, browser):
    url, ahead = address("objective_create", stay.person_id), TODAY + timedelta(days=30)
    sent = {"words": WORDS, "agreed_on": ahead.isoformat()}
    assert "id_agreed_on_error" in browser.post(url, sent).content.decode()
    browser.post(url, {"words": WORDS, "agreed_on": TODAY, "due_on": ahead.isoformat()})
    assert goal(stay).due_on == ahead


def test_only_the_person_s_own_barriers_that_stand_are_offered(garden, stay, browser):
    mine = paths.make_barrier(stay, "27")
    lifted = paths.make_barrier(stay, "23", lifted_on=TODAY)
    theirs = garden.somebody.barrier
    url = address("objective_create", stay.person_id)
    sent = {"words": WORDS, "agreed_on": "2016-01-05"}
    for wrong in (lifted, theirs):
        html = browser.post(url, {**sent, "barrier": wrong.pk}).content.decode()
        assert "id_barrier_error" in html
    browser.post(url, {**sent, "barrier": mine.pk})
    assert goal(stay).barrier == mine


def test_the_barrier_of_another_stay_is_refused(garden, stay, browser):
    past = people.make_enrolment(
        stay.person, garden.programme, entered_on=date(2014, 1, 1), left_on=date(2014, 6, 1)
    )
    sent = {
        "enrolment": stay.pk,
        "words": WORDS,
        "agreed_on": "2016-01-05",
        "barrier": paths.make_barrier(past).pk,
    }
    html = browser.post(address("objective_create", stay.person_id), sent).content.decode()
    assert "dans une autre inscription" in html


# Steps of an objective.


def test_a_step_is_added_under_its_objective_with_its_time(stay, browser):
    objective = paths.make_objective(stay, WORDS)
    url = address("step_create", stay.person_id)
    html = browser.get(f"{url}?objectif={objective.pk}").content.decode()
    assert f'<option value="{objective.pk}" selected>{WORDS}</option>' in html
    kind = code("step_kinds", "pmsmp")
    sent = {"kind": kind.pk, "objective": objective.pk, "minutes": "70 h"}
    browser.post(url, sent)
    step = Step.objects.get(enrolment=stay)
    assert (step.objective, step.minutes) == (objective, 70 * 60)


def test_no_objective_is_asked_when_there_is_none(stay, browser):
    html = browser.get(address("step_create", stay.person_id)).content.decode()
    assert 'name="objective"' not in html
    assert 'name="minutes"' in html


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30, ""])
def test_a_wrong_objective_in_the_address_is_no_choice(stay, browser, asked):
    paths.make_objective(stay)
    url = f"{address('step_create', stay.person_id)}?objectif={asked}"
    html = browser.get(url).content.decode()
    assert 'name="objective"' in html
    assert html.split('name="objective"')[1].split("</select>")[0].count("selected") <= 1


def test_an_objective_of_somebody_else_or_over_is_refused(garden, stay, browser):
    over = paths.make_objective(stay, reached_on=TODAY)
    paths.make_objective(stay)
    kind = code("step_kinds", "permis").pk
    for wrong in (over, garden.somebody.objective):
        sent = {"kind": kind, "objective": wrong.pk}
        html = browser.post(address("step_create", stay.person_id), sent).content.decode()
        assert "id_objective_error" in html
    assert not Step.objects.filter(enrolment=stay).exists()


def test_an_objective_deleted_leaves_its_steps(stay, browser):
    objective = paths.make_objective(stay)
    step = people.make_step(stay, objective=objective)
    browser.post(address("objective_delete", objective.pk))
    assert Step.objects.get(pk=step.pk).objective is None


# Taps.


@pytest.mark.parametrize(
    ("gesture", "name"), [("atteindre", "reached_on"), ("mettre-de-cote", "abandoned_on")]
)
def test_a_tap_dates_its_end_and_is_taken_back(stay, browser, gesture, name):
    objective = paths.make_objective(stay, WORDS)
    url = address("objective_tap", objective.pk, gesture)
    html = browser.post(url, follow=True).content.decode()
    assert getattr(goal(stay), name) == TODAY
    assert f'name="before" value="{name}="' in html
    # Once over, a second tap writes nothing.
    browser.post(address("objective_tap", objective.pk, "atteindre"))
    assert goal(stay).version == 2
    sent = {"version": 2, "before": f"{name}="}
    browser.post(address("objective_undo", objective.pk), sent)
    assert getattr(goal(stay), name) is None


def test_no_other_word_is_a_tap(stay, browser):
    objective = paths.make_objective(stay)
    url = address("objective_tap", objective.pk, "effacer")
    assert browser.post(url).status_code == 404


def test_the_neighbour_and_the_leader_find_nothing(world, stay, leader, browser):
    theirs = world.here.kitchen.somebody.objective
    mine = paths.make_objective(stay, WORDS)
    for name in ("objective_update", "objective_delete"):
        assert browser.get(address(name, theirs.pk)).status_code == 404
        assert leader.get(address(name, mine.pk)).status_code == 403
    assert browser.post(address("objective_tap", theirs.pk, "atteindre")).status_code == 404
    assert leader.post(address("objective_tap", mine.pk, "atteindre")).status_code == 403
    assert leader.post(address("objective_undo", mine.pk)).status_code == 403
    person = reverse("beneficiaries:person_detail", args=[stay.person_id])
    assert WORDS not in leader.get(person).content.decode()
