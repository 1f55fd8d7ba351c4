"""What is said in an interview: no search finds it, a private note leaves no hint of itself."""

from dataclasses import dataclass
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import InterviewState, NoteLevel
from beneficiaries.models import Interview, InterviewNote
from beneficiaries.services.interviews import NOT_YOURS
from programmes.enums import Role
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.clients import log_in
from tests.world import Place, World

TODAY = timezone.localdate()
LOGISTIC, SOCIAL, PRIVATE = "ZQLOGISTIC", "ZQSOCIAL", "ZQPRIVATE"
DOCUMENT, DRAFT = "ZQDOCUMENT", "ZQDRAFT"
MARKS = (LOGISTIC, SOCIAL, PRIVATE, DOCUMENT, DRAFT)
READERS = (Role.SOCIAL_WORKER, Role.PROGRAMME_MANAGER)


@dataclass(frozen=True)
class Told:
    """The world, the interview that holds each mark, and a colleague of who led it."""

    world: World
    interview: Interview
    colleague: User

    @property
    def place(self) -> Place:
        return self.world.here

    def browser(self, role: Role) -> Client:
        """Return the browser of somebody of the role who did not lead the interview."""
        if role == Role.SOCIAL_WORKER:
            return log_in(self.colleague)
        return log_in(self.place.member(role))


@pytest.fixture
def told(world) -> Told:
    garden = world.here.garden
    author, somebody = garden.social_worker, garden.somebody
    interview = somebody.interview
    Interview.objects.filter(pk=interview.pk).update(on=TODAY)
    for level, mark in zip(NoteLevel, (LOGISTIC, SOCIAL, PRIVATE), strict=True):
        InterviewNote.objects.filter(interview=interview, level=level).update(text=mark)
    type(somebody.document).objects.filter(pk=somebody.document.pk).update(title=DOCUMENT)
    for draft in type(paths.make_draft(_second_stay(garden), author)).objects.all():
        draft.content = {"tab": "t", "turn": 1, "fields": {"social": DRAFT, "private": DRAFT}}
        draft.save()
    paths.make_interview(somebody.enrolment, TODAY, state=InterviewState.PLANNED, led_by=author)
    colleague = make.make_member(Role.SOCIAL_WORKER, garden.programme, name="Collègue")
    return Told(world, Interview.objects.get(pk=interview.pk), colleague)


def _second_stay(garden):
    from_other = garden.somebody.enrolment
    return (
        type(from_other)
        .objects.filter(programme=garden.programme)
        .exclude(pk=from_other.pk)
        .first()
    )


@pytest.mark.parametrize("role", [*READERS, Role.WORKSHOP_LEADER])
def test_the_search_never_matches_a_note(role, told):
    person = told.place.garden.somebody.person
    browser = told.browser(role)
    for mark, name in product(MARKS, ("person_search", "caseload_list")):
        page = reverse(f"beneficiaries:{name}")
        for sent in ({"words": mark}, {"q": mark}):
            said = browser.post(page, sent).content.decode()
            assert f"/personnes/{person.pk}/" not in said, mark
            assert person.last_name not in said, mark


# The private note leaves no hint.


def _page(browser: Client, name: str, interview: Interview) -> str:
    """Return a page of an interview without what changes from one opening to the next."""
    answer = browser.get(reverse(f"beneficiaries:{name}", args=[interview.pk]))
    assert answer.status_code == 200
    said = answer.content.decode()
    for token in {answer.context.get("draft_tab") or "", str(answer.context["csrf_token"])}:
        said = said.replace(token, "") if token else said
    return said


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("name", ["interview_detail", "interview_update"])
def test_the_pages_are_the_same_with_and_without_a_private_note(role, told, name):
    browser = told.browser(role)
    with_note = _page(browser, name, told.interview)
    InterviewNote.objects.filter(level=NoteLevel.PRIVATE).delete()
    assert _page(browser, name, told.interview) == with_note
    assert "pour moi seul" not in with_note.lower()
    assert "private" not in with_note


@pytest.mark.parametrize("role", READERS)
def test_a_colleague_s_save_neither_erases_nor_overwrites_it(role, told):
    page = reverse("beneficiaries:interview_update", args=[told.interview.pk])
    versions = {"version": 1, "logistic_version": 1, "social_version": 1}
    sent = {"on": TODAY.isoformat(), "logistic": "", "social": "Autre", **versions}
    forged = {"private": "ZQFORGED", "private_version": 1}
    assert told.browser(role).post(page, sent | forged).status_code == 302
    notes = InterviewNote.objects.filter(interview=told.interview, level=NoteLevel.PRIVATE)
    assert list(notes.values_list("text", "author", "version")) == [
        (PRIVATE, told.place.garden.social_worker.pk, 1)
    ]


def test_writing_a_private_note_moves_nothing_a_colleague_reads(told):
    page = reverse("beneficiaries:interview_update", args=[told.interview.pk])
    colleague = told.browser(Role.SOCIAL_WORKER)
    before = _page(colleague, "interview_update", told.interview)
    versions = {"version": 1, "logistic_version": 1, "social_version": 1, "private_version": 1}
    sent = {"on": TODAY.isoformat(), "logistic": LOGISTIC, "social": SOCIAL, **versions}
    author = log_in(told.place.garden.social_worker)
    assert author.post(page, sent | {"private": "Autre"}).status_code == 302
    assert InterviewNote.objects.get(level=NoteLevel.PRIVATE, interview=told.interview).text == (
        "Autre"
    )
    assert _page(colleague, "interview_update", told.interview) == before
    # The journal says that notes were written, as it does for any level.
    event = AuditEvent.objects.filter(verb="update").first()
    assert (event.object_kind, event.changed) == ("beneficiaries.interview", ["notes"])


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("holds", [True, False])
def test_the_refusal_to_delete_says_the_same_whatever_the_interview_holds(role, told, holds):
    type(told.place.garden.somebody.document).objects.filter(interview=told.interview).delete()
    if not holds:
        InterviewNote.objects.filter(interview=told.interview).delete()
    page = reverse("beneficiaries:interview_delete", args=[told.interview.pk])
    for method in ("get", "post"):
        answer = getattr(told.browser(role), method)(page, follow=True)
        assert [str(message) for message in answer.context["messages"]] == [NOT_YOURS]
    assert Interview.objects.filter(pk=told.interview.pk).exists()


def test_the_hidden_note_of_a_former_leader_is_not_taken_away(told):
    """It cannot be written from a page; were it there, nobody's words would be lost."""
    type(told.place.garden.somebody.document).objects.filter(interview=told.interview).delete()
    Interview.objects.filter(pk=told.interview.pk).update(led_by=told.colleague)
    page = reverse("beneficiaries:interview_delete", args=[told.interview.pk])
    told.browser(Role.SOCIAL_WORKER).post(page)
    assert InterviewNote.objects.filter(text=PRIVATE).exists()


def test_a_note_for_oneself_is_kept_in_one_s_own_interview_only(told):
    colleague = told.browser(Role.SOCIAL_WORKER)
    page = reverse("beneficiaries:interview_update", args=[told.interview.pk])
    assert 'name="private"' not in colleague.get(page).content.decode()
    page = reverse("beneficiaries:interview_create", args=[told.place.garden.somebody.person.pk])
    assert 'name="private"' in colleague.get(page).content.decode()


@pytest.mark.parametrize("role", [r for r in Role if r not in READERS])
def test_writing_an_interview_asks_for_the_right(role, told):
    browser, keys = told.browser(role), [told.interview.pk]
    for name in ("interview_update", "interview_hold", "interview_draft_over", "interview_delete"):
        page = reverse(f"beneficiaries:{name}", args=keys)
        assert browser.post(page, {"social": "x", "erase": "1"}).status_code == 403
    document = told.place.garden.somebody.document
    for name in ("interview_document_download", "interview_document_delete"):
        page = reverse(f"beneficiaries:{name}", args=[document.pk])
        assert {browser.get(page).status_code, browser.post(page).status_code} <= {403, 405}
