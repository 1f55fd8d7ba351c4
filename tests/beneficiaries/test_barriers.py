"""Barriers: the eight always in sight, told in a tap, said more of in a form, under their right."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.enums import BarrierState
from beneficiaries.models import Barrier, Enrolment
from beneficiaries.models.pathways import REASSESS_AFTER
from beneficiaries.services import barriers
from tests.beneficiaries.test_threads import file_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories.programmes import code

MOBILITY, HOUSING = "23", "27"
TODAY = timezone.localdate()


def address(name: str, *args) -> str:
    return reverse(f"beneficiaries:barrier_{name}", args=args)


def kind(number: str = MOBILITY):
    return code("barriers", number)


def chips(reader, stay: Enrolment) -> dict[str, barriers.Chip]:
    return {chip.label: chip for chip in barriers.of_file(file_of(reader, stay, TODAY))}


def noted(stay: Enrolment) -> Barrier:
    return Barrier.objects.get(enrolment=stay)


# What is shown.


def test_the_eight_are_always_there_and_none_is_before_another(garden, stay):
    shown = chips(garden.social_worker, stay)
    assert set(shown) == {
        "Numérique",
        "Mobilité",
        "Famille et garde d’enfants",
        "Santé",
        "Lecture, écriture, calcul",
        "Logement",
        "Budget",
        "Accès aux droits",
    }
    assert {chip.state for chip in shown.values()} == {"pas abordé"}


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({"identified_on": 1}, BarrierState.IDENTIFIED),
        ({"identified_on": 40, "worked_since": 1}, BarrierState.WORKED_ON),
        ({"identified_on": 40, "lifted_on": 1}, BarrierState.LIFTED),
        ({"identified_on": REASSESS_AFTER.days + 1}, BarrierState.TO_REASSESS),
        ({"identified_on": 900, "reassessed_on": 1}, BarrierState.IDENTIFIED),
    ],
)
def test_its_state_is_told_in_words(garden, stay, dates, state):
    days = {name: TODAY - timedelta(days=ago) for name, ago in dates.items()}
    paths.make_barrier(stay, MOBILITY, **days)
    chip = chips(garden.social_worker, stay)["Mobilité"]
    assert chip.state == state.label
    assert chip.can_identify == (state == BarrierState.LIFTED)


def test_what_stands_is_shown_before_what_was_lifted(garden, stay):
    old = paths.make_barrier(stay, MOBILITY, identified_on=date(2015, 1, 1), lifted_on=TODAY)
    again = paths.make_barrier(stay, MOBILITY, identified_on=TODAY)
    (seen,) = chips(garden.social_worker, stay)["Mobilité"].seen
    assert seen.barrier == again
    again.delete()
    (seen,) = chips(garden.social_worker, stay)["Mobilité"].seen
    assert seen.barrier == old


def test_what_is_seen_and_what_it_weighs_are_told(garden, stay):
    barrier = paths.make_barrier(
        stay, MOBILITY, identified_on=TODAY, impact=code("barrier_impact", "FORT"), is_worse=True
    )
    barrier.situations.set([code("barrier_situations", "7")])
    chip = chips(garden.social_worker, stay)["Mobilité"]
    assert chip.seen[0].notes[:3] == (
        "Dépendant des transports en commun",
        "pèse\u00a0: fort",
        "s’est aggravé",
    )
    assert chip.is_worse


# Taps.


def test_one_tap_notes_a_barrier_and_another_takes_it_back(stay, browser):
    url = address("identify", stay.person_id, kind().pk)
    html = browser.post(url, follow=True).content.decode()
    barrier = noted(stay)
    assert (barrier.kind, barrier.identified_on) == (kind(), TODAY)
    assert "Mobilité\u00a0: repéré aujourd’hui" in html
    undo = address("undo", barrier.pk)
    assert f'action="{undo}"' in html
    html = browser.post(undo, {"version": 1}, follow=True).content.decode()
    assert "geste annulé" in html
    assert not Barrier.objects.filter(enrolment=stay).exists()


def test_two_taps_note_it_once(stay, browser):
    url = address("identify", stay.person_id, kind().pk)
    browser.post(url)
    assert "déjà noté" in browser.post(url, follow=True).content.decode()
    assert Barrier.objects.filter(enrolment=stay).count() == 1


def test_what_was_lifted_may_be_noted_again(stay, browser):
    paths.make_barrier(stay, MOBILITY, lifted_on=TODAY)
    browser.post(address("identify", stay.person_id, kind().pk))
    assert Barrier.objects.filter(enrolment=stay, lifted_on=None).count() == 1


def test_a_tap_writes_on_the_stay_of_today(garden, stay, browser):
    past = people.make_enrolment(
        stay.person, garden.programme, entered_on=date(2014, 1, 1), left_on=date(2014, 6, 1)
    )
    browser.post(address("identify", stay.person_id, kind().pk))
    assert noted(stay)
    assert not Barrier.objects.filter(enrolment=past).exists()


@pytest.mark.parametrize(
    ("gesture", "expected"),
    [
        ("travailler", {"worked_since": TODAY, "lifted_on": None}),
        ("reevaluer", {"reassessed_on": TODAY, "lifted_on": None}),
        ("aggraver", {"reassessed_on": TODAY, "is_worse": True}),
        ("lever", {"lifted_on": TODAY, "is_worse": False}),
    ],
)
def test_each_tap_writes_what_it_says_and_is_taken_back(stay, browser, gesture, expected):
    day = date(2015, 3, 1)
    was_worse = gesture != "aggraver"
    barrier = paths.make_barrier(stay, reassessed_on=day, is_worse=was_worse)
    html = browser.post(address("tap", barrier.pk, gesture), follow=True).content.decode()
    kept = noted(stay)
    assert {name: getattr(kept, name) for name in expected} == expected
    form = html.split(f'action="{address("undo", barrier.pk)}"')[1].split("</form>")[0]
    sent = [part.split('"')[0] for part in form.split('name="before" value="')[1:]]
    browser.post(address("undo", barrier.pk), {"version": kept.version, "before": sent})
    kept = noted(stay)
    assert (kept.reassessed_on, kept.is_worse, kept.worked_since, kept.lifted_on) == (
        day,
        was_worse,
        None,
        None,
    )


def test_a_tap_on_what_was_lifted_changes_nothing(stay, browser):
    barrier = paths.make_barrier(stay, lifted_on=date(2015, 6, 1))
    html = browser.post(address("tap", barrier.pk, "aggraver"), follow=True).content.decode()
    assert "vient d’être modifiée" in html
    assert noted(stay).version == 1


def test_no_other_word_is_a_tap(stay, browser):
    barrier = paths.make_barrier(stay)
    assert browser.post(address("tap", barrier.pk, "effacer")).status_code == 404
    other = code("pathway_strands", "sante")
    assert browser.post(address("identify", stay.person_id, other.pk)).status_code == 404


# The form.


def test_the_form_offers_what_may_be_seen_of_this_barrier_alone(stay, browser):
    html = browser.get(address("create", stay.person_id, kind(HOUSING).pk)).content.decode()
    assert "Logement insalubre" in html
    assert "Dépendant des transports en commun" not in html
    assert "Frein\u00a0: Logement" in html
    forged = {"identified_on": "2016-02-01", "situations": code("barrier_situations", "7").pk}
    answer = browser.post(address("create", stay.person_id, kind(HOUSING).pk), forged)
    assert "id_situations_error" in answer.content.decode()
    assert not Barrier.objects.filter(enrolment=stay).exists()


def test_all_is_written_at_once_and_edited(stay, browser):
    found = code("barrier_situations", "25")
    data = {
        "identified_on": "2016-02-01",
        "situations": [found.pk],
        "impact": code("barrier_impact", "MOYEN").pk,
    }
    answer = browser.post(address("create", stay.person_id, kind(HOUSING).pk), data)
    assert answer.headers["Location"].endswith(f"/personnes/{stay.person_id}/#freins")
    barrier = noted(stay)
    assert list(barrier.situations.all()) == [found]
    sent = {"identified_on": "2016-02-01", "lifted_on": "2016-03-01", "version": 1}
    browser.post(address("update", barrier.pk), sent)
    assert noted(stay).lifted_on == date(2016, 3, 1)
    assert list(barrier.situations.all()) == []


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"identified_on": ""}, "identified_on", ""),
        ({"lifted_on": (TODAY + timedelta(days=1)).isoformat()}, "lifted_on", "à venir"),
        ({"lifted_on": "2016-01-31"}, "lifted_on", "repéré avant d’être levé"),
        ({"worked_since": "2016-01-31"}, "worked_since", "avant d’être travaillé"),
        ({"lifted_on": "2016-03-01", "is_worse": "on"}, "lifted_on", "aggravé"),
    ],
)
def test_what_is_refused_is_told_and_stays_typed(stay, browser, data, field, words):
    sent = {"identified_on": "2016-02-01", **data}
    html = browser.post(address("create", stay.person_id, kind().pk), sent).content.decode()
    assert words in html
    assert "field-invalid" in html or "alert-danger" in html
    assert not Barrier.objects.filter(enrolment=stay).exists()
    if value := data.get(field):
        assert value in html


def test_opening_it_again_beside_another_is_told(stay, browser):
    old = paths.make_barrier(stay, lifted_on=date(2015, 6, 1))
    paths.make_barrier(stay)
    sent = {"identified_on": "2015-01-01", "lifted_on": "", "version": 1}
    html = browser.post(address("update", old.pk), sent).content.decode()
    assert "n’est pas levé" in html


# Who sees nothing.


def test_another_programme_s_barrier_is_not_found(world, browser):
    other = paths.make_barrier(world.here.kitchen.somebody.enrolment, HOUSING)
    for name in ("update", "delete"):
        assert browser.get(address(name, other.pk)).status_code == 404
    assert browser.post(address("tap", other.pk, "lever")).status_code == 404
    assert browser.post(address("undo", other.pk)).status_code == 404
    assert Barrier.objects.get(pk=other.pk).version == 1


def test_the_leader_sees_no_barrier_by_any_address(stay, leader):
    barrier = paths.make_barrier(stay)
    person = reverse("beneficiaries:person_detail", args=[stay.person_id])
    html = leader.get(person).content.decode()
    for words in ("Freins", "Mobilité", "Objectifs", "Fil du parcours", "À faire"):
        assert words not in html, words
    gets = [("create", stay.person_id, kind().pk), ("update", barrier.pk), ("delete", barrier.pk)]
    posts = [("identify", stay.person_id, kind().pk), ("tap", barrier.pk, "lever")]
    for name, *args in gets:
        assert leader.get(address(name, *args)).status_code == 403
    for name, *args in [*posts, ("undo", barrier.pk)]:
        assert leader.post(address(name, *args)).status_code == 403
