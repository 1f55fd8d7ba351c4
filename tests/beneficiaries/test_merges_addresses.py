"""The address of a file that was merged leads to the file that was kept, for who may open it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.models import Person, PersonMerge
from beneficiaries.services.merges import merge, unmerge
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

MERGED = "Cette fiche a été réunie avec celle-ci."


@pytest.fixture
def scope(garden):
    return scope_of(garden.social_worker)


@pytest.fixture
def files(garden):
    """Return three files of one person."""
    names = ("Ben Ali", "Benali", "Ben-Ali")
    return [people.make_person(garden.programme, "Aïcha", name) for name in names]


def address(key: int, tab: str = "person_detail") -> str:
    return reverse(f"beneficiaries:{tab}", args=[key])


@pytest.mark.parametrize(
    "tab",
    [
        *("person_detail", "person_situation", "person_update", "person_identity"),
        *("step_create", "booklet_pdf"),
    ],
)
def test_any_page_of_the_file_leads_to_the_kept_one(tab, browser, scope, files):
    kept, absorbed, _ = files
    old = address(absorbed.pk, tab)
    merge(scope=scope, kept=kept, absorbed=absorbed)
    response = browser.get(old, follow=True)
    assert response.redirect_chain == [(address(kept.pk), 302)]
    assert MERGED in response.content.decode()
    assert MERGED not in browser.get(address(kept.pk)).content.decode()


def test_a_chain_leads_to_the_last_file_and_back_again_once_undone(browser, scope, files):
    first, second, third = files
    key, middle = first.pk, second.pk
    merge(scope=scope, kept=second, absorbed=first)
    last = merge(scope=scope, kept=third, absorbed=second)
    for old in (key, middle):
        assert browser.get(address(old)).headers["Location"] == address(third.pk)

    unmerge(scope=scope, trace=last)
    assert browser.get(address(middle)).status_code == 200
    assert browser.get(address(key)).headers["Location"] == address(middle)

    unmerge(scope=scope, trace=PersonMerge.objects.get(absorbed_key=key))
    assert browser.get(address(key)).status_code == 200
    assert MERGED not in browser.get(address(key)).content.decode()
    Person.objects.filter(pk=key).delete()
    assert browser.get(address(key)).status_code == 404


def test_who_may_not_open_the_kept_file_learns_nothing(world, garden, client_for, scope, files):
    kept, absorbed, _ = files
    old = address(absorbed.pk)
    merge(scope=scope, kept=kept, absorbed=absorbed)
    beside = make.make_member("social_worker", make.make_programme(garden.territory, "Cuisine"))
    for stranger in (world.elsewhere.garden.social_worker, beside):
        browser = client_for(stranger)
        refused, never = browser.get(old), browser.get(address(999_999))
        assert (refused.status_code, never.status_code) == (404, 404)
        assert refused.content == never.content
    assert client_for(garden.committee_member).get(old).status_code == 403
    assert client_for(garden.workshop_leader).get(old).headers["Location"] == address(kept.pk)


def test_what_is_sent_is_not_led_elsewhere(browser, scope, files):
    """Neither a form sent, whose text would be lost in silence, nor a part of a page."""
    kept, absorbed, _ = files
    old = address(absorbed.pk, "person_update")
    merge(scope=scope, kept=kept, absorbed=absorbed)
    assert browser.post(old, {"last_name": "Benali"}).status_code == 404
    assert browser.get(old, headers={"HX-Request": "true"}).status_code == 404


def test_a_page_that_exists_never_asks_what_was_merged(browser, scope, files):
    kept, absorbed, _ = files
    merge(scope=scope, kept=kept, absorbed=absorbed)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address(kept.pk)).status_code == 200
    assert asked.captured_queries
    assert not [q for q in asked.captured_queries if PersonMerge._meta.db_table in q["sql"]]
