"""The tab of papers: what can be printed, what was handed over and by whom, the files kept."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import PaperKind
from beneficiaries.models import Paper
from beneficiaries.services.papers import kept
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.harness.queries import same_queries


def tab_of(person):
    return reverse("beneficiaries:person_papers", args=[person.pk])


def create_of(person):
    return reverse("beneficiaries:paper_create", args=[person.pk])


@pytest.fixture
def booklet(karim):
    today = timezone.localdate()
    return {"kind": PaperKind.BOOKLET, "about": "", "handed_on": today.isoformat()}


def test_it_offers_the_booklet_and_the_last_two_months(browser, karim):
    rows = browser.get(tab_of(karim.person)).context["printable"]
    today = timezone.localdate()
    assert [row["kind"] for row in rows] == ["booklet", "review", "review"]
    assert rows[1]["url"].endswith(f"/bilan/{today:%Y-%m}.pdf")
    before = today.replace(day=1) - timedelta(days=1)
    assert rows[2]["url"].endswith(f"/bilan/{before:%Y-%m}.pdf")


def test_no_bilan_is_offered_of_a_month_out_of_the_stay(browser, garden):
    entered_today = people.make_person(garden.programme, entered_on=timezone.localdate())
    waiting = people.make_person(garden.programme, entered_on=None)
    kinds = [
        [row["kind"] for row in browser.get(tab_of(person)).context["printable"]]
        for person in (entered_today, waiting)
    ]
    assert kinds == [["booklet", "review"], ["booklet"]]


def test_one_tap_notes_the_hand_over_and_can_be_taken_back(browser, garden, karim, booklet):
    said = booklet | {"enrolment": karim.pk}
    response = browser.post(create_of(karim.person), said, follow=True)
    assert response.redirect_chain[-1][0] == tab_of(karim.person)
    paper = Paper.objects.get(enrolment=karim)
    assert (paper.kind, paper.handed_on) == (PaperKind.BOOKLET, timezone.localdate())
    assert paper.handed_by == garden.social_worker
    text = response.content.decode()
    assert f"par {garden.social_worker}" in text
    undo = reverse("beneficiaries:paper_delete", args=[paper.pk])
    assert f'action="{undo}"' in text
    browser.post(undo)
    assert not Paper.objects.filter(enrolment=karim).exists()


def test_the_same_hand_over_is_noted_once(browser, karim, booklet):
    browser.post(create_of(karim.person), booklet)
    response = browser.post(create_of(karim.person), booklet)
    assert "Cette remise est déjà notée ce jour-là." in response.content.decode()
    assert Paper.objects.filter(enrolment=karim).count() == 1


def test_a_day_to_come_is_refused_and_stays_typed(browser, karim, booklet):
    to_come = (timezone.localdate() + timedelta(days=1)).isoformat()
    response = browser.post(create_of(karim.person), booklet | {"handed_on": to_come})
    form = response.context["form"]
    assert "Cette date est à venir." in str(form.errors["handed_on"])
    assert form["handed_on"].value() == to_come
    assert not Paper.objects.filter(enrolment=karim).exists()


def test_of_several_stays_the_one_tapped_has_it(browser, garden, karim, booklet):
    karim.left_on = date(2026, 3, 31)
    karim.save()
    again = people.make_enrolment(karim.person, garden.programme, entered_on=date(2026, 4, 1))
    assert browser.get(tab_of(karim.person)).context["printable"][0]["stay"] == again
    browser.post(create_of(karim.person), booklet | {"enrolment": karim.pk})
    assert Paper.objects.get(enrolment__person=karim.person).enrolment == karim


def test_a_wrong_day_is_mended_and_the_journal_says_so(browser, karim):
    paper = paths.make_paper(karim, handed_on=date(2026, 3, 2))
    page = reverse("beneficiaries:paper_update", args=[paper.pk])
    said = {"kind": paper.kind, "about": "", "handed_on": "2026-03-04", "version": paper.version}
    assert browser.post(page, said).url == tab_of(karim.person)
    paper.refresh_from_db()
    assert paper.handed_on == date(2026, 3, 4)
    assert AuditEvent.objects.get(verb=Verb.UPDATE).changed == ["handed_on"]
    browser.post(reverse("beneficiaries:paper_delete", args=[paper.pk]))
    assert not Paper.objects.filter(pk=paper.pk).exists()


def test_files_kept_elsewhere_are_found_here(browser, garden):
    somebody = garden.somebody
    text = browser.get(tab_of(somebody.person)).content.decode()
    for route, row in (("proof_download", somebody.proof),):
        assert reverse(f"beneficiaries:{route}", args=[row.pk]) in text
        assert row.title in text


def test_a_paper_of_an_interview_is_for_who_reads_its_notes(garden):
    keys = frozenset({garden.programme.pk})
    scope = Scope(programmes={Action.VIEW_PATHWAYS: keys, Action.VIEW_PERSONS: keys})
    shown = kept(scope, garden.somebody.person)
    assert [row["file"] for row in shown] == [garden.somebody.proof]


def test_who_takes_the_roll_has_no_such_tab(leader, karim):
    assert leader.get(tab_of(karim.person)).status_code == 403
    page = leader.get(reverse("beneficiaries:person_detail", args=[karim.person_id]))
    assert tab_of(karim.person) not in page.content.decode()


def test_the_tab_reads_as_much_for_two_papers_as_for_seven(browser, karim):
    def add(number):
        for _ in range(number):
            paths.make_paper(karim)
            people.make_proof(people.make_outcome(karim))
            paths.make_interview_document(paths.make_interview(karim))

    add(2)
    same_queries(lambda: browser.get(tab_of(karim.person)), lambda: add(5))
