"""The same step for several persons: who is ticked, who has it, what is taken back."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Enrolment, Step
from beneficiaries.services import pathways
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code

FUTURE = (timezone.localdate() + timedelta(days=2)).isoformat()


def steps_of(stay: Enrolment) -> list[Step]:
    return list(Step.objects.filter(enrolment=stay))


def many_url(garden, **query) -> str:
    url = reverse("beneficiaries:step_create_many", args=[garden.programme.pk])
    return url + "".join(f"?{name}={value}" for name, value in query.items())


def many_data(*stays, **fields) -> dict:
    keys = [stay.pk for stay in stays]
    return {
        "kind": code("step_kinds", "bilan_sante").pk,
        "state": "started",
        "on": "2016-02-09",
        "people": keys,
    } | fields


def test_the_gesture_skips_who_has_it_and_is_taken_back(garden, stay, browser):
    had = people.enrolment_of(people.make_person(garden.programme, "Nadia", "Benali"))
    people.make_step(had)
    html = browser.post(many_url(garden), many_data(stay, had), follow=True).content.decode()
    assert "Démarche ajoutée à 1\u00a0personne." in html
    assert "déjà notée pour Nadia B." in html
    token = html.split('name="added" value="')[1].split('"')[0]
    undo = reverse("beneficiaries:step_undo_many", args=[garden.programme.pk])
    assert (
        "1\u00a0démarche retirée"
        in browser.post(undo, {"added": token}, follow=True).content.decode()
    )
    assert (steps_of(stay), len(steps_of(had))) == ([], 1)
    assert "plus rien" in browser.post(undo, {"added": token}, follow=True).content.decode()


def test_a_forged_token_takes_nothing_back(garden, browser):
    undo = reverse("beneficiaries:step_undo_many", args=[garden.programme.pk])
    before = Step.objects.count()
    for token in ("", "[1]", "x:y:z"):
        assert "plus rien" in browser.post(undo, {"added": token}, follow=True).content.decode()
    assert Step.objects.count() == before


def test_a_token_of_one_programme_takes_nothing_back_elsewhere(world, garden, stay, client_for):
    both = make.make_member("social_worker", garden.programme)
    make.make_membership(both, "social_worker", world.here.kitchen.programme)
    browser = client_for(both)
    html = browser.post(many_url(garden), many_data(stay), follow=True).content.decode()
    token = html.split('name="added" value="')[1].split('"')[0]
    undo = reverse("beneficiaries:step_undo_many", args=[world.here.kitchen.programme.pk])
    browser.post(undo, {"added": token})
    assert len(steps_of(stay)) == 1


def test_the_whole_gesture_made_twice_says_that_nothing_is_added(garden, stay, browser):
    browser.post(many_url(garden), many_data(stay))
    html = browser.post(many_url(garden), many_data(stay), follow=True).content.decode()
    assert "Rien n’a été ajouté. Elle était déjà notée pour Karim D." in html
    assert len(steps_of(stay)) == 1


def test_those_of_a_session_are_ticked_on_its_day(garden, stay, browser):
    absent = people.enrolment_of(people.make_person(garden.programme))
    people.make_attendance(stay, garden.held, garden.site)
    people.make_attendance(absent, garden.held, garden.site, status="absent")
    stay.left_on = timezone.localdate() - timedelta(days=1)
    stay.save()
    form = browser.get(many_url(garden, seance=garden.held.pk)).context["form"]
    assert set(form.initial["people"]) == {stay.pk, garden.somebody.enrolment.pk}
    assert form.initial["on"] == garden.held.on
    assert {stay, absent} <= set(form.fields["people"].queryset)
    data = many_data(stay, state="done", on=garden.held.on.isoformat())
    browser.post(many_url(garden, seance=garden.held.pk), data)
    assert steps_of(stay)[0].done_on == garden.held.on


def test_those_of_a_workshop_are_ticked(garden, browser):
    form = browser.get(many_url(garden, atelier=garden.workshop.pk)).context["form"]
    assert form.initial["people"] == [garden.somebody.enrolment.pk]


def test_the_session_of_another_programme_is_not_found(world, garden, browser):
    held = world.here.kitchen
    for query in (
        {"seance": held.held.pk},
        {"atelier": held.workshop.pk},
        {"seance": "x"},
        {"atelier": "9" * 30},
    ):
        assert browser.get(many_url(garden, **query)).status_code == 404, query


def test_what_is_wrong_for_several_is_told_and_writes_nothing(world, garden, stay, browser):
    theirs = world.here.kitchen.somebody.enrolment
    before = Step.objects.count()
    for fields, field in (
        ({"people": []}, "people"),
        ({"people": [stay.pk, theirs.pk]}, "people"),
        ({"people": ["9" * 30]}, "people"),
        ({"on": FUTURE}, "on"),
        ({"kind": ""}, "kind"),
        ({"state": "abandoned"}, "state"),
        ({"partner": world.elsewhere.garden.funder.pk}, "partner"),
    ):
        answer = browser.post(many_url(garden), many_data(stay, **fields))
        assert field in answer.context["form"].errors, fields
    assert Step.objects.count() == before


def test_the_page_of_a_session_leads_to_the_gesture(world, garden, client_for):
    page = reverse("programmes:session_detail", args=[garden.held.pk])
    links = (f"?seance={garden.held.pk}", f"?atelier={garden.workshop.pk}")
    html = client_for(garden.social_worker).get(page).content.decode()
    assert all(link in html for link in links)
    html = client_for(garden.workshop_leader).get(page).content.decode()
    assert not any(link in html for link in links)


def test_a_session_nobody_came_to_has_no_gesture(garden):
    scope = scope_of(garden.social_worker)
    assert pathways.of_sessions(scope, [garden.open_session]) == {}
    assert list(pathways.of_sessions(scope, [garden.held])) == [garden.held.pk]
