"""Drafts of interviews: their author's alone, from tab to tab, gone once saved."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.formatting import clock
from autoprod.operating import upkeep
from beneficiaries.enums import InterviewState, NoteLevel, Part
from beneficiaries.models import Enrolment, Interview, InterviewDraft, InterviewNote
from beneficiaries.services import drafts
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make

TODAY = timezone.localdate()
NIR = "1 85 05 59 606 123 45"
LONG = "x" * 16_001


def form_url(stay: Enrolment) -> str:
    return reverse("beneficiaries:interview_create", args=[stay.person_id])


def draft_url(stay: Enrolment) -> str:
    return reverse("beneficiaries:interview_draft", args=[stay.person_id])


def over_url(interview: Interview) -> str:
    return reverse("beneficiaries:interview_draft_over", args=[interview.pk])


def of(stay: Enrolment) -> list[InterviewDraft]:
    return list(InterviewDraft.objects.filter(enrolment__person=stay.person_id))


class Tab:
    """A tab with the form open, which sends what is typed as the page's script does."""

    def __init__(self, browser: Client, page: str, kept_at: str) -> None:
        self.browser, self.page, self.kept_at = browser, page, kept_at
        answer = browser.get(page)
        self.html = answer.content.decode()
        self.form = answer.context["form"]
        self.tab, self.seen = answer.context["draft_tab"], answer.context["draft_seen"]
        self.turn = 0

    def type(self, *, insists: bool = False, **fields: str) -> dict:
        self.turn += 1
        sent = {"draft_tab": self.tab, "draft_seen": self.seen, "turn": self.turn, **fields}
        answer = self.browser.post(self.kept_at, sent | ({"insists": 1} if insists else {}))
        assert answer.status_code == 200
        said = answer.json()
        if not said["isBehind"]:
            self.seen = said["seen"]
        return said

    def save(self, **fields: str):
        sent = {"on": TODAY.isoformat(), "draft_tab": self.tab, "draft_seen": self.seen}
        return self.browser.post(self.page, sent | fields)


@pytest.fixture
def open_tab(stay, browser):
    return lambda who=browser: Tab(who, form_url(stay), draft_url(stay))


# Kept, restored, gone.


def test_what_is_typed_is_kept_and_restored(stay, open_tab):
    tab = open_tab()
    said = tab.type(social="Dossier de log", next_at="9h", on="2026-11-02", quick="45")
    draft = of(stay)[0]
    at = clock(timezone.localtime(draft.saved_at))
    assert (said["said"], said["isWhole"]) == (f"Brouillon gardé à {at}", True)
    again = open_tab()
    shown = {n: again.form[n].value() for n in ("social", "next_at", "on", "quick")}
    assert shown == {"social": "Dossier de log", "next_at": "9h", "on": "2026-11-02", "quick": "45"}
    assert "Brouillon repris" in again.html
    assert at in again.html


def test_nothing_is_restored_where_nothing_was_typed(stay, open_tab):
    open_tab().type(on="2026-11-02", social=" ")
    assert of(stay) == []
    assert "Brouillon repris" not in open_tab().html


def test_a_note_erased_takes_the_draft_away(stay, open_tab):
    tab = open_tab()
    tab.type(private="Un mot")
    assert tab.type(private="")["said"] == ""
    assert of(stay) == []
    assert tab.type(private="Un autre")["isWhole"]


def test_the_draft_is_gone_once_saved(stay, open_tab):
    tab = open_tab()
    tab.type(social="Dossier")
    assert tab.save(social="Dossier de logement").status_code == 302
    assert of(stay) == []
    assert "Brouillon repris" not in open_tab().html


def test_a_refused_form_keeps_its_draft_and_goes_on(stay, open_tab):
    tab = open_tab()
    tab.type(social="Dossier")
    answer = tab.save(social="Dossier", on="")
    assert answer.context["draft_tab"] == tab.tab
    assert answer.context["draft_seen"] == tab.seen
    assert "Brouillon repris" not in answer.content.decode()
    assert tab.type(social="Dossier complet")["isWhole"]
    assert tab.save(social="Dossier complet").status_code == 302
    assert of(stay) == []


def test_a_draft_is_erased_on_demand(stay, browser, open_tab):
    open_tab().type(social="ZQTYPED")
    answer = browser.post(draft_url(stay), {"erase": "1"}, follow=True)
    html = answer.content.decode()
    assert "Brouillon effacé" in html
    assert "ZQTYPED" not in html
    assert (of(stay), answer.redirect_chain[-1][0]) == ([], form_url(stay))


def test_keeping_a_draft_is_not_journaled(stay, open_tab):
    tab = open_tab()
    before = AuditEvent.objects.count()
    tab.type(social="Dossier")
    assert AuditEvent.objects.count() == before


# Two tabs.


def test_an_older_tab_does_not_take_the_place_of_a_newer_draft(stay, open_tab):
    old, new = open_tab(), open_tab()
    new.type(social="Le plus récent")
    said = old.type(social="Le plus ancien")
    assert said["isBehind"]
    assert "plus récent" in said["said"]
    assert open_tab().form["social"].value() == "Le plus récent"
    assert old.type(social="Le plus ancien", insists=True)["isWhole"]
    assert open_tab().form["social"].value() == "Le plus ancien"


def test_a_tab_opened_on_the_draft_goes_on_and_leaves_the_first_behind(open_tab):
    first = open_tab()
    first.type(social="Un")
    second = open_tab()
    assert second.type(social="Un deux")["isWhole"]
    assert first.type(social="Un trois")["isBehind"]
    assert open_tab().form["social"].value() == "Un deux"


def test_a_tab_left_open_does_not_bring_a_saved_draft_back(stay, open_tab):
    first = open_tab()
    first.type(social="Un")
    second = open_tab()
    second.save(social="Un deux")
    said = first.type(social="Un trois")
    assert said["isBehind"]
    assert "enregistré ou effacé" in said["said"]
    assert of(stay) == []


def test_saving_an_older_tab_keeps_the_draft_of_a_newer_one(stay, open_tab):
    old, new = open_tab(), open_tab()
    new.type(social="Autre chose")
    assert old.save(social="Un entretien").status_code == 302
    assert open_tab().form["social"].value() == "Autre chose"


def test_what_was_sent_late_does_not_take_the_place_of_what_followed(open_tab):
    tab = open_tab()
    tab.type(social="Un")
    tab.type(social="Un deux")
    tab.turn = 0
    assert tab.type(social="Un")["isBehind"]
    assert open_tab().form["social"].value() == "Un deux"


# What is not kept.


@pytest.mark.parametrize("name", list(NoteLevel))
def test_a_social_security_number_is_not_kept_even_in_a_draft(stay, open_tab, name):
    tab = open_tab()
    tab.type(**{name: "Appeler la caisse", "next_at": "9h"})
    said = tab.type(**{name: f"Appeler la caisse {NIR}", "next_at": "10h"})
    assert "sécurité sociale" in said["said"]
    assert not said["isWhole"]
    again = open_tab()
    assert (again.form[name].value(), again.form["next_at"].value()) == ("Appeler la caisse", "10h")
    assert NIR not in str(of(stay)[0].content)


def test_a_social_security_number_typed_first_leaves_no_trace(stay, open_tab):
    open_tab().type(social=NIR, private="Un mot")
    assert of(stay)[0].content["fields"] == {"social": "", "private": "Un mot"}


def test_a_text_without_end_is_not_kept(stay, open_tab):
    said = open_tab().type(social=LONG, private="Un mot")
    assert "trop long" in said["said"]
    assert of(stay)[0].content["fields"]["social"] == ""


def test_only_the_fields_of_the_page_are_kept(stay, open_tab):
    open_tab().type(social="a\x00b", forged="ZQ", csrfmiddlewaretoken="ZQ")
    assert of(stay)[0].content["fields"] == {"social": "ab"}


@pytest.mark.parametrize("forged", ["-1", "x", "9" * 40, "²", ""])
def test_forged_turns_and_stays_break_nothing(stay, browser, forged):
    sent = {"social": "Un", "turn": forged, "enrolment": forged, "draft_tab": "t" * 999}
    assert browser.post(draft_url(stay), sent).status_code == 200
    assert [draft.enrolment for draft in of(stay)] == [stay]


# Whose they are.


def test_a_draft_is_its_author_s_alone(garden, stay, open_tab, client_for):
    open_tab().type(social="ZQTYPED", private="ZQTYPED")
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme, name="Collègue")
    for user in (colleague, garden.programme_manager):
        theirs = open_tab(client_for(user))
        assert "ZQTYPED" not in theirs.html
        assert theirs.type(social="Le mien")["isWhole"]
        theirs.browser.post(draft_url(stay), {"erase": "1"})
    assert [draft.author for draft in of(stay)] == [garden.social_worker]


def test_somebody_with_two_stays_has_one_draft_which_follows_the_choice(garden, stay, open_tab):
    second = people.make_enrolment(stay.person, garden.programme, part=Part.VOLUNTEER)
    tab = open_tab()
    tab.type(social="Un", enrolment=str(stay.pk))
    tab.type(social="Un", enrolment=str(second.pk))
    assert [draft.enrolment for draft in of(stay)] == [second]
    assert open_tab().form["enrolment"].value() == str(second.pk)


def test_a_draft_kept_by_another_tab_at_the_same_moment_is_left(garden, stay, open_tab):
    tab = open_tab()
    paths.make_draft(stay, garden.social_worker, tab="other", turn=1, fields={"social": "Un"})
    assert tab.type(social="Deux")["isBehind"]
    assert of(stay)[0].content["fields"] == {"social": "Un"}


# Left too long.


def test_a_draft_left_for_ninety_days_is_erased_and_not_a_day_before(garden, stay, held):
    old = paths.make_draft(stay, garden.social_worker)
    over = InterviewDraft.objects.create(
        enrolment=stay, interview=held, author=garden.social_worker
    )
    now, hour = timezone.now(), timedelta(hours=1)
    InterviewDraft.objects.filter(pk=old.pk).update(saved_at=now - timedelta(days=90) - hour)
    InterviewDraft.objects.filter(pk=over.pk).update(saved_at=now - timedelta(days=90) + hour)
    # What the worker does every hour.
    assert "brouillons" in upkeep.run()
    assert of(stay) == [over]
    assert Interview.objects.filter(pk=held.pk).exists()
    assert drafts.purge_drafts(at=now + 2 * hour) == 1
    assert of(stay) == []


def test_to_go_on_with_an_old_draft_keeps_it(stay, open_tab):
    open_tab().type(social="Un")
    long_ago = timezone.now() - timedelta(days=100)
    InterviewDraft.objects.filter(enrolment=stay).update(saved_at=long_ago)
    tab = open_tab()
    assert tab.form["social"].value() == "Un"
    tab.type(social="Un et deux")
    assert drafts.purge_drafts() == 0
    assert of(stay)[0].content["fields"]["social"] == "Un et deux"


# Over an interview.


@pytest.fixture
def held(garden, stay) -> Interview:
    interview = paths.make_interview(stay, TODAY, led_by=garden.social_worker)
    paths.make_note(interview, garden.social_worker, NoteLevel.SOCIAL, "Avant")
    return interview


def test_a_correction_has_its_own_draft(stay, held, browser, open_tab):
    page = reverse("beneficiaries:interview_update", args=[held.pk])
    tab = Tab(browser, page, over_url(held))
    versions = {"version": "1", "social_version": "1"}
    assert tab.type(social="Après", **versions)["isWhole"]
    assert "Brouillon repris" not in open_tab().html
    again = Tab(browser, page, over_url(held))
    assert again.form["social"].value() == "Après"
    assert again.save(social="Après", **versions).status_code == 302
    assert of(stay) == []
    assert InterviewNote.objects.get(interview=held).text == "Après"


def test_a_draft_over_a_note_changed_since_shows_both(garden, held, browser):
    page = reverse("beneficiaries:interview_update", args=[held.pk])
    versions = {"version": "1", "social_version": "1"}
    Tab(browser, page, over_url(held)).type(social="Le mien", **versions)
    note = InterviewNote.objects.get(interview=held)
    note.text = "Le leur"
    note.save()
    again = Tab(browser, page, over_url(held))
    kept = {name: again.form[name].value() for name in ("social", "version", "social_version")}
    html = again.save(**kept).content.decode()
    assert "Le leur" in html
    assert "Le mien" in html


def test_the_draft_of_an_appointment_is_found_again_and_erased(stay, browser):
    planned = paths.make_interview(stay, TODAY + timedelta(days=1), state=InterviewState.PLANNED)
    page = reverse("beneficiaries:interview_hold", args=[planned.pk])
    Tab(browser, page, over_url(planned)).type(social="Un")
    assert Tab(browser, page, over_url(planned)).form["social"].value() == "Un"
    answer = browser.post(over_url(planned), {"erase": "1"})
    assert (answer.headers["Location"], of(stay)) == (page, [])
