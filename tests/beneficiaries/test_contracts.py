"""Contracts of hours: between the referents and the person; in no list, no export, no figure."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Kind, Period
from beneficiaries.models import EngagementContract, Enrolment
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code

#: 17 h 23 stands nowhere else on any page.
ODD = 17 * 60 + 23
SAID = "17\u00a0h\u00a023"


def address(name: str, row) -> str:
    return reverse(f"beneficiaries:contract_{name}", args=[row.pk])


def page(stay: Enrolment) -> str:
    return reverse("beneficiaries:person_detail", args=[stay.person_id])


@pytest.fixture
def followed(garden) -> Enrolment:
    person = people.make_person(garden.programme, "Karim", referent=garden.social_worker)
    return people.enrolment_of(person)


def contract_of(stay: Enrolment) -> EngagementContract:
    return EngagementContract.objects.get(enrolment=stay)


# Writing one.


def test_a_referent_notes_hours_adapts_them_and_ends_them(followed, browser):
    sent = {"starts_on": "2016-01-04", "weekly_minutes": "15 h"}
    browser.post(address("create", followed.person), sent)
    contract = contract_of(followed)
    assert contract.weekly_minutes == 15 * 60
    assert contract.agreed_by.memberships.get().role == Role.SOCIAL_WORKER
    sent |= {"weekly_minutes": "7,5", "ends_on": "2016-06-30", "version": 1}
    browser.post(address("update", contract), sent)
    contract = contract_of(followed)
    assert (contract.weekly_minutes, contract.ends_on) == (450, date(2016, 6, 30))
    kinds = AuditEvent.objects.filter(object_kind="beneficiaries.engagementcontract")
    assert list(kinds.values_list("verb", flat=True)) == ["update", "create"]
    browser.post(address("delete", contract))
    assert not EngagementContract.objects.filter(enrolment=followed).exists()


def test_an_exemption_says_its_reason(followed, browser):
    reason = code("exemption_reasons", "garde")
    sent = {"starts_on": "2016-01-04", "exemption": reason.pk}
    browser.post(address("create", followed.person), sent)
    assert contract_of(followed).exemption == reason


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "weekly_minutes", "ou choisissez une dispense"),
        ({"weekly_minutes": "15 h", "exemption": "garde"}, "exemption", "pas les deux"),
        ({"weekly_minutes": "60 h"}, "weekly_minutes", "au plus 48"),
        ({"weekly_minutes": "beaucoup"}, "weekly_minutes", "par exemple"),
        ({"weekly_minutes": "15 h", "ends_on": "2016-01-03"}, "ends_on", "précède"),
        ({"weekly_minutes": "15 h", "starts_on": ""}, "starts_on", ""),
    ],
)
def test_what_is_refused_is_told(followed, browser, sent, field, words):
    sent = {"starts_on": "2016-01-04", **sent}
    if "exemption" in sent:
        sent["exemption"] = code("exemption_reasons", sent["exemption"]).pk
    html = browser.post(address("create", followed.person), sent).content.decode()
    assert words in html
    assert f"id_{field}_error" in html
    assert not EngagementContract.objects.filter(enrolment=followed).exists()


def test_a_second_contract_waits_for_the_end_of_the_first(followed, browser):
    paths.make_contract(followed)
    sent = {"starts_on": "2016-01-04", "weekly_minutes": "10 h"}
    html = browser.post(address("create", followed.person), sent).content.decode()
    assert "notez d’abord sa fin" in html
    assert EngagementContract.objects.filter(enrolment=followed).count() == 1


def test_a_stay_that_somebody_else_follows_is_not_offered(garden, followed, browser):
    other = people.make_enrolment(followed.person, garden.programme, part="volunteer")
    html = browser.get(address("create", followed.person)).content.decode()
    assert 'name="enrolment"' not in html
    sent = {"starts_on": "2016-01-04", "weekly_minutes": "15 h", "enrolment": other.pk}
    browser.post(address("create", followed.person), sent)
    assert contract_of(followed)
    assert not EngagementContract.objects.filter(enrolment=other).exists()


# What the referent reads.


def test_one_plain_sentence_on_the_page(followed, browser):
    paths.make_contract(followed, ODD)
    paths.make_interview(followed, timezone.localdate(), minutes=750 - 30)
    html = browser.get(page(followed)).content.decode()
    assert f"12\u00a0h cette semaine, {SAID} convenues" in html
    around = html.split("cette semaine")[0].rsplit("<div", 1)[1]
    for mark in ("tag", "red", "danger", "progress", "target", "alert"):
        assert mark not in around, mark


def test_an_exemption_is_shown_instead_of_hours(followed, browser):
    paths.make_contract(followed, None, exemption=code("exemption_reasons", "garde"))
    html = browser.get(page(followed)).content.decode()
    assert "Dispense d’heures\u00a0: garde d’enfants" in html.replace("&nbsp;", "\u00a0")
    assert "cette semaine" not in html


def test_without_a_contract_there_is_no_target(followed, browser):
    html = browser.get(page(followed)).content.decode()
    assert "Noter un contrat d’engagement" in html
    assert "convenues" not in html


# Nobody else.


@pytest.fixture
def others(garden, client_for):
    """Return who else may open the person's page: the manager, a colleague, the leader."""
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme)
    users = (garden.programme_manager, colleague, garden.workshop_leader)
    return [client_for(user) for user in users]


def test_nobody_else_finds_its_pages(followed, others):
    contract = paths.make_contract(followed, ODD)
    for other in others[:2]:
        for url in (
            address("create", followed.person),
            address("update", contract),
            address("delete", contract),
        ):
            assert other.get(url).status_code == 404
            assert other.post(url, {"weekly_minutes": "1 h"}).status_code == 404
    assert others[2].get(address("update", contract)).status_code == 403
    assert contract_of(followed).weekly_minutes == ODD


def test_nobody_else_reads_it_on_the_page(followed, others, browser):
    paths.make_contract(followed, ODD)
    assert SAID in browser.get(page(followed)).content.decode()
    for other in others:
        html = other.get(page(followed)).content.decode()
        for words in (
            SAID,
            "convenues",
            "Contrat d’engagement",
            "contrat d’engagement",
            "Dispense",
        ):
            assert words not in html, words


def lists(garden) -> list[str]:
    """Return the lists, exports and figures where the person stands."""
    month = Period.containing(timezone.localdate(), Kind.MONTH)
    named = {"programme": garden.programme.pk, "period": month}
    rooms = ("person_list", "step_list", "outcome_list")
    files = ("step_export", "outcome_export")
    urls = [reverse(f"beneficiaries:{name}", kwargs=named) for name in rooms]
    urls += [reverse(f"beneficiaries:{name}", kwargs={**named, "kind": "csv"}) for name in files]
    return ["/", *urls]


def test_no_list_and_no_export_tells_it_even_to_the_referent(garden, followed, others, browser):
    paths.make_contract(followed, ODD)
    people.make_step(followed, started_on=timezone.localdate())
    people.make_outcome(followed, starts_on=timezone.localdate())
    for reader in (browser, *others[:2]):
        for url in lists(garden):
            answer = reader.get(url)
            assert answer.status_code == 200
            html = answer.content.decode()
            for words in (SAID, "17:23", str(ODD), "convenues", "engagement"):
                assert words not in html, (url, words)


def test_no_figure_no_export_and_no_column_reads_the_table():
    """The table is named by its model, its pages and what the referent reads; by nothing else."""
    root = apps.get_app_config("beneficiaries").path
    allowed = {"models", "forms", "views", "services", "migrations", "management"}
    named = _naming("EngagementContract", root, root.replace("beneficiaries", "evaluation"))
    assert {room for room, _ in named} <= allowed
    assert {name for room, name in named if room == "services"} <= {
        "person_files.py",
        "weekly_hours.py",
        *_ERASING,
    }


#: Services that move or erase a whole file, and show nothing of it.
_ERASING = {"merges.py", "absorbing.py", "doubles.py", "retention.py"}


def _naming(word: str, *roots: str) -> set[tuple[str, str]]:
    """Return the room and the name of each module where a word stands."""
    return {
        (path.relative_to(root).parts[0], path.name)
        for root in roots
        for path in Path(root).rglob("*.py")
        if word in path.read_text(encoding="utf-8")
    }
