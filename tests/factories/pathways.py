"""What is kept of somebody's pathway, for tests: the plainest valid values."""

from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from autoprod.accounts.models import User
from beneficiaries.enums import (
    InterviewState,
    Level,
    Mastery,
    NoteLevel,
    Observer,
    PaperKind,
    ReferralAnswerKind,
)
from beneficiaries.models import (
    Barrier,
    EngagementContract,
    Enrolment,
    FollowUp,
    FseAnswers,
    Household,
    HouseholdMember,
    Interview,
    InterviewDocument,
    InterviewDraft,
    InterviewNote,
    LevelChange,
    NamesakePair,
    Objective,
    Paper,
    Person,
    PersonAddress,
    PersonMerge,
    Referral,
    ReferralAnswer,
    Skill,
    SkillLevel,
    Suspension,
)
from programmes.models import Edition, Programme
from tests.factories.programmes import LONG_AGO, code


def make_address(person: Person, street: str = "1 rue des Essais", **fields) -> PersonAddress:
    """Return an address; pass `is_hidden=True` for one that its referent alone reads."""
    return PersonAddress.objects.create(person=person, street=street, **fields)


def make_household(person: Person, *children: str) -> Household:
    """Return a household of a person and of children without a file."""
    household = Household.objects.create(territory=person.territory)
    HouseholdMember.objects.create(household=household, person=person)
    for name in children:
        HouseholdMember.objects.create(
            household=household,
            first_name=name,
            relation=code("household_relations", "enfant"),
        )
    return household


def make_fse_answers(person: Person, edition: Edition, **fields) -> FseAnswers:
    """Return the questionnaire of a participation, nothing answered unless said."""
    return FseAnswers.objects.create(person=person, edition=edition, **fields)


def make_referral(enrolment: Enrolment, **fields) -> Referral:
    """Return a « fiche de liaison »."""
    values = {"prescriber": "Anne Prescriptrice", "reason": "Reprise d’activité"}
    return Referral.objects.create(enrolment=enrolment, **values | fields)


def make_referral_answer(
    referral: Referral, kind: str = ReferralAnswerKind.RECEIVED, on: date = LONG_AGO, **fields
) -> ReferralAnswer:
    """Return an answer to the prescriber."""
    return ReferralAnswer.objects.create(referral=referral, kind=kind, sent_on=on, **fields)


def make_level_change(
    enrolment: Enrolment, level: str = Level.PATHWAY, since: date = LONG_AGO
) -> LevelChange:
    """Return a change of level, whose row of enrolment follows."""
    before = next(value for value in Level.values if value != level)
    Enrolment.objects.filter(pk=enrolment.pk).update(level=level)
    return LevelChange.objects.create(enrolment=enrolment, since=since, level=level, before=before)


def make_suspension(
    enrolment: Enrolment, starts_on: date = LONG_AGO, ends_on: date | None = LONG_AGO
) -> Suspension:
    """Return a pause, over unless `ends_on` is later or None."""
    return Suspension.objects.create(enrolment=enrolment, starts_on=starts_on, ends_on=ends_on)


def make_follow_up(enrolment: Enrolment, result: str = "injoignable", **fields) -> FollowUp:
    """Return the news taken six months after."""
    values = {"done_on": LONG_AGO, "result": code("followup_results", result)}
    return FollowUp.objects.create(enrolment=enrolment, **values | fields)


def make_barrier(enrolment: Enrolment, kind: str = "23", **fields) -> Barrier:
    """Return a barrier, identified long ago unless dated."""
    values = {"identified_on": LONG_AGO}
    return Barrier.objects.create(
        enrolment=enrolment, kind=code("barriers", kind), **values | fields
    )


def make_objective(enrolment: Enrolment, words: str = "Passer mon permis", **fields) -> Objective:
    """Return an objective in somebody's words."""
    values = {"agreed_on": LONG_AGO}
    return Objective.objects.create(enrolment=enrolment, words=words, **values | fields)


def make_interview(enrolment: Enrolment, on: date = LONG_AGO, **fields) -> Interview:
    """Return an interview, held unless its state says otherwise."""
    values = {"state": InterviewState.HELD}
    return Interview.objects.create(enrolment=enrolment, on=on, **values | fields)


def make_note(
    interview: Interview, author: User, level: str = NoteLevel.SOCIAL, text: str = "Note."
) -> InterviewNote:
    """Return a note of an interview."""
    return InterviewNote.objects.create(interview=interview, author=author, level=level, text=text)


def make_draft(enrolment: Enrolment, author: User, **content) -> InterviewDraft:
    """Return what somebody is typing."""
    return InterviewDraft.objects.create(enrolment=enrolment, author=author, content=content)


def make_interview_document(interview: Interview, title: str = "Courrier") -> InterviewDocument:
    """Return a paper of an interview; its content is a few bytes of PDF."""
    content = b"%PDF-1.4\n%%EOF\n"
    document = InterviewDocument(
        interview=interview,
        title=title,
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
    )
    document.file = ContentFile(content, name="courrier.pdf")
    document.save()
    return document


def make_contract(enrolment: Enrolment, minutes: int | None = 15 * 60, **fields):
    """Return a contract of some hours a week, open unless dated."""
    values = {"starts_on": LONG_AGO, "weekly_minutes": minutes}
    return EngagementContract.objects.create(enrolment=enrolment, **values | fields)


def make_skill(programme: Programme, label: str = "Semer en godet", **fields) -> Skill:
    """Return a line of a programme's list of skills."""
    values = {"family": "Gestes du jardin"}
    return Skill.objects.create(programme=programme, label=label, **values | fields)


def make_skill_level(
    enrolment: Enrolment, skill: Skill, level: int = Mastery.ALONE, on: date = LONG_AGO, **fields
) -> SkillLevel:
    """Return how far somebody has come, as a leader sees it."""
    values = {"observer": Observer.LEADER}
    return SkillLevel.objects.create(
        enrolment=enrolment, skill=skill, level=level, on=on, **values | fields
    )


def make_paper(enrolment: Enrolment, kind: str = PaperKind.BOOKLET, **fields) -> Paper:
    """Return a document handed over."""
    values = {"handed_on": LONG_AGO}
    return Paper.objects.create(enrolment=enrolment, kind=kind, **values | fields)


def make_pair(first: Person, second: Person) -> NamesakePair:
    """Return two files said to be two persons."""
    return NamesakePair.objects.create(first=first, second=second)


def make_merge(kept: Person, by: User, **fields) -> PersonMerge:
    """Return a merge that was undone: what is left of it is its trace."""
    values = {"absorbed_key": 0, "undone_at": timezone.now()}
    return PersonMerge.objects.create(kept=kept, merged_by=by, **values | fields)
