"""Situations: dated, prefilled from the last one, never rewritten by the next."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.models import Situation
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code


@pytest.fixture
def person(garden):
    return people.make_person(garden.programme)


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


def incomes_of(situation) -> set[str]:
    return set(situation.minimum_incomes.values_list("code", flat=True))


def test_a_new_situation_starts_from_the_last_one(browser, person, garden):
    old, new = (make.make_district(garden.territory, name) for name in ("Anzin", "Denain"))
    level = code("education_levels", "N_V")
    people.make_situation(person, "rsa", on=date(2015, 1, 5), district=old, education_level=level)
    form = browser.get(url("situation_create", person.pk)).context["form"]
    assert form["observed_on"].value() == timezone.localdate()
    sent = filled(form) | {"observed_on": "2016-02-01", "district": new.pk}
    browser.post(url("situation_create", person.pk), sent)

    before, after = Situation.objects.filter(person=person).order_by("observed_on")
    assert (before.district, after.district) == (old, new)
    assert after.education_level == level
    assert incomes_of(before) == incomes_of(after) == {"rsa"}


def test_the_newest_comes_first_and_declined_is_said(browser, person):
    people.make_situation(person, on=date(2015, 1, 5), no_fixed_address=True)
    people.make_situation(person, "ne_souhaite_pas_repondre", on=date(2016, 1, 5))
    response = browser.get(url("person_situation", person.pk))
    days = [item["row"].observed_on for item in response.context["situations"]]
    assert days == [date(2016, 1, 5), date(2015, 1, 5)]
    html = response.content.decode()
    assert "Ne souhaite pas répondre" in html
    assert "sans domicile fixe" in html


def test_one_situation_a_day(browser, person):
    people.make_situation(person, on=date(2016, 1, 5))
    response = browser.post(url("situation_create", person.pk), {"observed_on": "2016-01-05"})
    assert "déjà notée à cette date" in str(response.context["form"].errors["observed_on"])
    assert Situation.objects.filter(person=person).count() == 1


def test_one_situation_a_day_also_when_it_is_moved(browser, person):
    people.make_situation(person, on=date(2016, 1, 5))
    moved = people.make_situation(person, on=date(2016, 1, 6))
    sent = {"observed_on": "2016-01-05", "version": moved.version}
    response = browser.post(url("situation_update", moved.pk), sent)
    assert "observed_on" in response.context["form"].errors


def test_a_day_to_come_is_refused(browser, person):
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = browser.post(url("situation_create", person.pk), {"observed_on": tomorrow})
    assert "observed_on" in response.context["form"].errors


def test_a_correction_is_journaled_and_what_nobody_asked_stays_empty(browser, person):
    situation = people.make_situation(person, "rsa", on=date(2016, 1, 5))
    sent = {"observed_on": "2016-01-05", "version": situation.version}
    browser.post(url("situation_update", situation.pk), sent)
    assert incomes_of(situation) == set()
    event = AuditEvent.objects.filter(verb="update").get()
    assert (event.object_label, event.changed) == (
        f"Situation n° {situation.pk}",
        ["minimum_incomes"],
    )


def test_a_closed_district_stays_where_it_was_noted(browser, person, garden):
    district = make.make_district(garden.territory, "Ancien", closed_on=make.yesterday())
    situation = people.make_situation(person, on=date(2016, 1, 5), district=district)
    edited = browser.get(url("situation_update", situation.pk)).context["form"]
    assert district in edited.fields["district"].queryset
    other = people.make_person(garden.programme)
    created = browser.get(url("situation_create", other.pk)).context["form"]
    assert district not in created.fields["district"].queryset


def test_a_stale_situation_shows_both_texts(browser, person, garden):
    ours, theirs = (make.make_district(garden.territory, name) for name in ("Anzin", "Denain"))
    situation = people.make_situation(person, on=date(2016, 1, 5))
    sent = {"observed_on": "2016-01-05", "district": ours.pk, "version": situation.version}
    colleague = Situation.objects.get(pk=situation.pk)
    colleague.district = theirs
    colleague.save()
    html = browser.post(url("situation_update", situation.pk), sent).content.decode()
    assert "Rien n’est perdu" in html
    assert "«\u00a0Denain\u00a0»" in html
    assert Situation.objects.get(pk=situation.pk).district == theirs


def test_a_situation_noted_by_mistake_is_deleted(browser, person):
    situation = people.make_situation(person, "rsa", on=date(2016, 1, 5))
    response = browser.post(url("situation_delete", situation.pk))
    assert response.url == url("person_situation", person.pk)
    assert not Situation.objects.filter(person=person).exists()


def test_the_leader_writes_no_situation(garden, client_for, person):
    leader = client_for(garden.workshop_leader)
    situation = people.make_situation(person, on=date(2016, 1, 5))
    for name, key in (("situation_create", person.pk), ("situation_update", situation.pk)):
        assert leader.get(url(name, key)).status_code == 403
