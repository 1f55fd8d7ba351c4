"""News taken six months after an exit: who is to be asked, what is noted."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.panels import registered
from beneficiaries.enums import Part
from beneficiaries.models import Enrolment, FollowUp
from beneficiaries.services.follow_ups import due_on, is_due, left_between
from beneficiaries.services.stays import months_after
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories.programmes import code
from tests.harness.queries import same_queries

TODAY = timezone.localdate


def url(name: str, *keys) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


def left(garden, on: date, name: str = "Parti", **fields) -> Enrolment:
    person = people.make_person(garden.programme, "Karim", name, left_on=on, **fields)
    return people.enrolment_of(person)


@pytest.fixture
def gone(garden) -> Enrolment:
    return left(garden, months_after(TODAY(), -6))


def sent(browser, stay: Enrolment, **fields):
    address = url("follow_up_update", stay.pk)
    return browser.post(address, filled(browser.get(address).context["form"]) | fields)


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2026, 11, 23), -8, date(2026, 3, 23)),
        (date(2026, 2, 28), -6, date(2025, 8, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
    ],
)
def test_months_are_counted_day_for_day(on, months, expected):
    assert months_after(on, months) == expected


@pytest.mark.parametrize(
    ("left_on", "expected"),
    [
        (date(2026, 3, 22), False),
        (date(2026, 3, 23), True),
        (date(2026, 6, 23), True),
        (date(2026, 6, 24), False),
    ],
)
def test_news_are_taken_from_five_to_eight_months_after(left_on, expected, garden):
    on, stay = date(2026, 11, 23), left(garden, left_on)
    found = due_on(Enrolment.objects.filter(pk=stay.pk), on)
    assert found.exists() is expected
    assert is_due(stay, on) is expected
    assert left_between(on).contains(left_on) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"part": Part.VOLUNTEER},
        {"entered_on": None},
        {"exit_motive": ("exit_motives", "deces")},
        {"exit_reason": ("exit_reasons_asp", "17")},
    ],
)
def test_some_are_not_to_be_asked(fields, garden):
    on = date(2026, 11, 23)
    values = {k: code(*v) if isinstance(v, tuple) else v for k, v in fields.items()}
    stay = left(garden, date(2026, 5, 1), **values)
    assert not due_on(Enrolment.objects.filter(pk=stay.pk), on).exists()
    assert not is_due(stay, on)


def test_who_is_back_is_not_asked(garden, gone):
    people.make_enrolment(gone.person, garden.programme, entered_on=TODAY())
    assert not due_on(Enrolment.objects.filter(pk=gone.pk), TODAY()).exists()


def test_not_reached_is_not_the_same_as_not_asked(browser, gone):
    address = url("follow_up_list", gone.programme_id)
    assert "Karim Parti" in browser.get(address).content.decode()
    assert "Prendre des nouvelles" in browser.get("/").content.decode()
    response = sent(browser, gone, result=code("followup_results", "injoignable").pk)
    assert response.url == url("person_enrolments", gone.person_id)
    row = FollowUp.objects.get(enrolment=gone)
    assert (row.result.code, row.situation, row.done_on) == ("injoignable", None, TODAY())
    assert "Karim Parti" not in browser.get(address).content.decode()
    assert "Prendre des nouvelles" not in browser.get("/").content.decode()
    assert "injoignable" in browser.get(response.url).content.decode()
    browser.post(url("follow_up_delete", row.pk))
    assert "Karim Parti" in browser.get(address).content.decode()


def test_a_situation_is_noted_and_corrected(browser, gone):
    known = code("followup_results", "relevee").pk
    sent(browser, gone, result=known, situation=code("exit_reasons_asp", "3").pk)
    sent(browser, gone, situation=code("exit_reasons_asp", "7").pk)
    row = FollowUp.objects.get(enrolment=gone)
    assert (row.situation.code, row.version) == ("7", 2)


@pytest.mark.parametrize(
    ("result", "situation", "done_on", "field"),
    [
        ("relevee", "", "", "situation"),
        ("injoignable", "7", "", "situation"),
        ("injoignable", "", "2199-01-01", "done_on"),
        ("injoignable", "", "2016-01-01", "done_on"),
    ],
)
def test_a_fault_is_told_beside_its_field(result, situation, done_on, field, browser, gone):
    fields = {"result": code("followup_results", result).pk, "words": "Par téléphone"}
    if situation:
        fields["situation"] = code("exit_reasons_asp", situation).pk
    if done_on:
        fields["done_on"] = done_on
    form = sent(browser, gone, **fields).context["form"]
    assert set(form.errors) == {field}
    assert form["words"].value() == "Par téléphone"


def test_nobody_is_asked_before_they_leave(browser, stay):
    assert browser.get(url("follow_up_update", stay.pk)).status_code == 404


def test_the_list_makes_the_same_queries_for_seven_people(browser, garden, gone):
    def more(count):
        for _ in range(count):
            left(garden, months_after(TODAY(), -6), referent=garden.social_worker)

    more(1)
    address = url("follow_up_list", garden.programme.pk)
    same_queries(lambda: browser.get(address), lambda: more(5))


def test_the_leader_takes_no_news(leader, gone):
    assert leader.get(url("follow_up_list", gone.programme_id)).status_code == 403
    assert leader.get(url("follow_up_update", gone.pk)).status_code == 403


def test_what_may_wait_a_few_days_stands_beside_what_is_of_today():
    beside = [panel.template for panel in registered("today_side")]
    assert "beneficiaries/follow_ups/_today.html" in beside
    assert "beneficiaries/pathways/_today.html" in beside
