"""Referrals: what a prescriber says, what is answered, and the letter that leaves the house."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.enums import NoteLevel, ReferralAnswerKind
from beneficiaries.models import Enrolment, Person, Referral, ReferralAnswer
from beneficiaries.services.referrals import due_answer
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.prints import text_of
from tests.harness.queries import same_queries

K = ReferralAnswerKind
TODAY = timezone.localdate


def url(name: str, *keys) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


def sent(browser, address: str, **fields):
    """Send a form as it is shown, with some fields changed."""
    form = browser.get(address).context["form"]
    return browser.post(address, filled(form) | fields)


@pytest.fixture
def waiting(garden) -> Enrolment:
    person = people.make_person(
        garden.programme, "Karim", "Attend", entered_on=None, referred_on=date(2026, 3, 2)
    )
    return people.enrolment_of(person)


# The « fiche de liaison ».


def test_a_newcomer_comes_with_what_the_prescriber_says(browser, garden):
    strand = code("pathway_strands", "mobilite")
    asked = {
        "first_name": "Inès",
        "last_name": "Diallo",
        "level": "pathway",
        "part": "participant",
        "prescriber": "Anne Leclercq",
        "prescriber_phone": "03 27 11 22 33",
        "reason": "Reprendre un rythme",
        "strands": [strand.pk],
    }
    browser.post(url("person_create", garden.programme.pk), asked)
    referral = Referral.objects.get(enrolment__person__last_name="Diallo")
    assert (referral.prescriber, referral.prescriber_phone) == ("Anne Leclercq", "+33327112233")
    assert list(referral.strands.all()) == [strand]


def test_a_newcomer_nobody_sends_has_no_referral(browser, garden):
    asked = {"first_name": "Inès", "last_name": "Diallo", "level": "pathway", "part": "participant"}
    browser.post(url("person_create", garden.programme.pk), asked)
    assert Person.objects.filter(last_name="Diallo").exists()
    assert not Referral.objects.filter(enrolment__person__last_name="Diallo").exists()


def test_a_wrong_telephone_of_a_prescriber_stays_typed_beside_its_message(browser, garden):
    asked = {"first_name": "Inès", "last_name": "Diallo", "level": "pathway", "part": "participant"}
    address = url("person_create", garden.programme.pk)
    response = browser.post(address, asked | {"prescriber": "Anne", "prescriber_phone": "12"})
    form = response.context["form"]
    assert set(form.errors) == {"prescriber_phone"}
    assert form["prescriber_phone"].value() == "12"
    assert '<details class="fold" open>' in response.content.decode()


def test_the_page_of_a_referral_keeps_who_sends_and_when(browser, garden, waiting):
    asked = {
        "prescriber": "Anne Leclercq",
        "referred_by": garden.network.pk,
        "referred_on": "2026-03-04",
        "strands": [code("pathway_strands", "emploi").pk],
    }
    response = sent(browser, url("referral_update", waiting.pk), **asked)
    assert response.url == url("person_enrolments", waiting.person_id)
    waiting.refresh_from_db()
    assert (waiting.referred_by, waiting.referred_on) == (garden.network, date(2026, 3, 4))
    assert waiting.referral.prescriber == "Anne Leclercq"
    page = browser.get(response.url).content.decode()
    assert "Anne Leclercq" in page
    assert "Demande reçue" in page


def test_a_referral_after_the_entry_is_told_beside_its_day(browser, stay):
    response = sent(browser, url("referral_update", stay.pk), referred_on="2026-05-01")
    assert set(response.context["form"].errors) == {"referred_on"}
    assert not Referral.objects.filter(enrolment=stay).exists()


def test_the_organisations_of_a_neighbour_are_not_offered(browser, world, waiting):
    fields = browser.get(url("referral_update", waiting.pk)).context["form"].fields
    assert world.elsewhere.operator not in fields["referred_by"].queryset


def test_a_referral_written_by_mistake_goes_with_its_answers(browser, waiting):
    referral = paths.make_referral(waiting)
    paths.make_referral_answer(referral)
    browser.post(url("referral_delete", referral.pk))
    assert not ReferralAnswer.objects.filter(referral__enrolment=waiting).exists()
    assert Enrolment.objects.filter(pk=waiting.pk).exists()


# What is due.


@pytest.mark.parametrize(
    ("dates", "answered", "expected"),
    [
        ({}, set(), K.RECEIVED),
        ({}, {K.RECEIVED}, None),
        ({}, {K.WAITING}, None),
        ({"entered_on": date(2026, 3, 9)}, {K.RECEIVED}, K.STARTED),
        ({"entered_on": date(2026, 3, 9)}, {K.STARTED}, None),
        ({"entered_on": date(2026, 3, 9), "left_on": date(2026, 9, 1)}, {K.STARTED}, K.ENDED),
        ({"left_on": date(2026, 9, 1)}, {K.RECEIVED}, K.DECLINED),
        ({"left_on": date(2026, 9, 1)}, {K.DECLINED}, None),
    ],
)
def test_the_answer_that_is_due(dates, answered, expected):
    assert due_answer(Enrolment(**dates), answered) == expected


def test_the_day_proposes_whom_to_answer_until_it_is_done(browser, garden, waiting):
    waiting.referred_on = TODAY() - timedelta(days=3)
    waiting.save()
    paths.make_referral(waiting, prescriber="Anne Leclercq")
    page = browser.get("/").content.decode()
    assert "À répondre aux prescripteurs" in page
    assert "Anne Leclercq" in page
    browser.post(url("answer_today", waiting.pk, K.RECEIVED))
    assert "Anne Leclercq" not in browser.get("/").content.decode()


def test_the_day_forgets_what_is_old_and_the_persons_of_others(browser, garden, waiting):
    paths.make_referral(waiting)
    assert "À répondre aux prescripteurs" not in browser.get("/").content.decode()
    recent = people.make_person(
        garden.programme,
        entered_on=TODAY(),
        referred_by=garden.network,
        referent=garden.programme_manager,
    )
    assert "À répondre aux prescripteurs" not in browser.get("/").content.decode()
    Enrolment.objects.filter(person=recent).update(referent=None)
    assert "À répondre aux prescripteurs" in browser.get("/").content.decode()


def test_the_leader_has_nobody_to_answer(leader, garden):
    people.make_person(garden.programme, entered_on=TODAY(), referred_by=garden.network)
    assert "prescripteurs" not in leader.get("/").content.decode()


def test_the_day_makes_the_same_queries_for_seven_requests(browser, garden):
    def ask(count):
        for _ in range(count):
            people.make_person(garden.programme, entered_on=TODAY(), referred_by=garden.network)

    ask(2)
    same_queries(lambda: browser.get("/"), lambda: ask(5))


# Answering.


def test_one_tap_answers_today_and_one_takes_it_back(browser, garden, waiting):
    html = browser.post(url("answer_today", waiting.pk, K.RECEIVED), follow=True).content.decode()
    row = ReferralAnswer.objects.get(referral__enrolment=waiting)
    assert (row.kind, row.sent_on, row.sent_by) == (K.RECEIVED, TODAY(), garden.social_worker)
    assert url("answer_undo", row.pk) in html
    browser.post(url("answer_today", waiting.pk, K.RECEIVED))
    assert ReferralAnswer.objects.filter(referral__enrolment=waiting).count() == 1
    browser.post(url("answer_undo", row.pk))
    assert not ReferralAnswer.objects.filter(referral__enrolment=waiting).exists()
    assert AuditEvent.objects.filter(verb="delete").first().object_label.endswith(f"n° {row.pk}")


def test_a_made_up_answer_is_not_found(browser, waiting):
    assert browser.get(url("answer_create", waiting.pk, "perhaps")).status_code == 404
    assert browser.post(url("answer_today", waiting.pk, "perhaps")).status_code == 404


@pytest.mark.parametrize("sent_on", ["2199-01-01", "hier"])
def test_an_answer_to_come_is_refused_and_stays_typed(sent_on, browser, waiting):
    address = url("answer_create", waiting.pk, K.WAITING)
    response = sent(browser, address, sent_on=sent_on, words="Nous attendons.")
    form = response.context["form"]
    assert set(form.errors) == {"sent_on"}
    assert form["words"].value() == "Nous attendons."


def test_the_same_answer_of_one_day_is_refused_beside_the_day(browser, waiting):
    paths.make_referral_answer(paths.make_referral(waiting), K.WAITING, date(2026, 3, 5))
    response = sent(browser, url("answer_create", waiting.pk, K.WAITING), sent_on="2026-03-05")
    assert "déjà notée" in str(response.context["form"].errors["sent_on"])


def test_a_message_that_is_too_long_with_the_rest_is_refused(browser, stay):
    stay.left_on = date(2026, 3, 1)
    stay.save()
    address = url("answer_create", stay.pk, K.ENDED)
    departure = browser.get(address).context["form"].fields["departure"].choices[1][0]
    response = sent(browser, address, words="m" * 990, departure=departure)
    assert set(response.context["form"].errors) == {"words"}


# The letter.


@pytest.mark.parametrize("kind", list(K))
def test_a_letter_holds_nothing_that_may_not_leave(kind, browser, garden, stay):
    """What is kept of somebody, and what the prescriber wrote, stays in the house."""
    stay.referent, stay.left_on = garden.social_worker, date(2026, 3, 1)
    stay.referred_by, stay.exit_motive = garden.network, code("exit_motives", "exclusion")
    stay.exit_reason, stay.outside_referent = code("exit_reasons_asp", "7"), "ZQOUTSIDE"
    stay.save()
    people.make_situation(stay.person, "rsa")
    people.make_step(stay, label="ZQSTEP", result="ZQRESULT")
    paths.make_barrier(stay)
    paths.make_suspension(stay)
    interview = paths.make_interview(stay)
    for level in NoteLevel:
        paths.make_note(interview, garden.social_worker, level, f"ZQ{level}")
    referral = paths.make_referral(stay, prescriber="Anne Leclercq", reason="ZQREASON")
    referral.expectations = "ZQEXPECTATIONS"
    referral.save()
    row = paths.make_referral_answer(referral, kind, date(2026, 3, 2), words="Mot pour vous.")
    response = browser.get(url("answer_letter", row.pk))
    text = text_of(response.content)
    for told in ("Réponse à la fiche de liaison", "Karim Diallo", "Anne Leclercq", "Mot pour vous"):
        assert told in text
    for kept in ("ZQ", "RSA", "Exclusion", "chômage", "pause", "suspen"):
        assert kept not in text
    assert "Karim" not in response.headers["Content-Disposition"]
    event = AuditEvent.objects.filter(verb="document").get()
    assert event.object_label == f"Réponse au prescripteur n° {row.pk}"


def test_the_return_at_the_end_tells_dates_and_what_is_chosen(browser, garden, stay):
    stay.entered_on, stay.left_on = date(2026, 1, 5), date(2026, 6, 30)
    stay.save()
    held = make.close(make.make_session(garden.programme, garden.site, on=date(2026, 3, 2)))
    people.make_attendance(stay, held, garden.site)
    address = url("answer_create", stay.pk, K.ENDED)
    sent(browser, address, sent_on="2026-07-01")
    bare = ReferralAnswer.objects.get(referral__enrolment=stay)
    text = text_of(browser.get(url("answer_letter", bare.pk)).content)
    assert "du 5 janvier au 30 juin 2026" in text
    assert "présence" not in text
    departure = browser.get(address).context["form"].fields["departure"].choices[1][0]
    asked = {"departure": departure, "words": "Merci à vous.", "with_hours": "on"}
    sent(browser, address, sent_on="2026-07-02", **asked)
    full = ReferralAnswer.objects.get(referral__enrolment=stay, sent_on=date(2026, 7, 2))
    text = text_of(browser.get(url("answer_letter", full.pk)).content)
    assert departure in text
    assert "Merci à vous." in text
    assert "Temps de présence aux séances : 4 h." in text


def test_the_start_names_who_follows_and_the_day(browser, garden, stay):
    stay.referent, stay.entered_on = garden.social_worker, date(2026, 1, 5)
    stay.save()
    browser.post(url("answer_today", stay.pk, K.STARTED))
    row = ReferralAnswer.objects.get(referral__enrolment=stay)
    text = text_of(browser.get(url("answer_letter", row.pk)).content)
    assert "Le parcours a commencé le 5 janvier 2026." in text
    assert str(garden.social_worker) in text


def test_the_leader_reads_no_letter(leader, stay):
    row = paths.make_referral_answer(paths.make_referral(stay))
    assert leader.get(url("answer_letter", row.pk)).status_code == 403
