"""Persons and what is kept of them, for tests: invented names, the plainest valid values."""

from datetime import date, timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from beneficiaries.enums import Level, Part, Presence
from beneficiaries.models import (
    Attendance,
    Enrolment,
    Outcome,
    OutcomeProof,
    OutcomeSurvey,
    Person,
    PersonIdentity,
    Situation,
    Step,
    WorkshopParticipation,
)
from programmes.models import Edition, Programme, Session, Site, Workshop
from tests.factories.programmes import LONG_AGO, code

#: Of as many digits, so that sorted as texts they keep their order.
_numbers = count(100_001)


def make_person(programme: Programme, first_name: str = "", last_name: str = "", **entry) -> Person:
    """Return a person enrolled in the programme; `entry` says more of the enrolment."""
    number = next(_numbers)
    person = Person.objects.create(
        territory=programme.territory,
        first_name=first_name or f"Prénom{number}",
        last_name=last_name or f"Nom{number}",
    )
    make_enrolment(person, programme, **entry)
    return person


def make_enrolment(person: Person, programme: Programme, **fields) -> Enrolment:
    """Return an enrolment: a participant, accompanied, entered long ago."""
    values = {"level": Level.PATHWAY, "part": Part.PARTICIPANT, "entered_on": LONG_AGO}
    return Enrolment.objects.create(person=person, programme=programme, **values | fields)


def enrolment_of(person: Person) -> Enrolment:
    """Return the only enrolment of a person."""
    return Enrolment.objects.get(person=person)


def make_identity(person: Person, sex: str = "", **fields) -> PersonIdentity:
    """Return the identity of a person; `sex` is a code, unknown by default."""
    known = code("sex", sex) if sex else None
    return PersonIdentity.objects.create(person=person, sex=known, **fields)


def make_situation(person: Person, *incomes: str, on: date = LONG_AGO, **fields) -> Situation:
    """Return a situation; `incomes` are codes of the minimum incomes."""
    situation = Situation.objects.create(person=person, observed_on=on, **fields)
    situation.minimum_incomes.set([code("minimum_income", income) for income in incomes])
    return situation


def make_attendance(
    enrolment: Enrolment, session: Session, site: Site, status: str = Presence.PRESENT, **fields
) -> Attendance:
    """Return a line of a roll call: the whole session unless other times are given."""
    start = fields.pop("starts_at", session.starts_at)
    end = fields.pop("ends_at", session.ends_at)
    passed = (end - start) // timedelta(minutes=1)
    values = {"minutes": passed if status == Presence.PRESENT else 0, "observed_at": timezone.now()}
    return Attendance.objects.create(
        enrolment=enrolment,
        session=session,
        site=site,
        status=status,
        starts_at=start,
        ends_at=end,
        on=session.on,
        **values | fields,
    )


def make_participation(enrolment: Enrolment, workshop: Workshop) -> WorkshopParticipation:
    """Return somebody in a workshop."""
    return WorkshopParticipation.objects.create(enrolment=enrolment, workshop=workshop)


def make_step(enrolment: Enrolment, kind: str = "bilan_sante", **fields) -> Step:
    """Return a step of the catalogue, in its strand, started long ago unless dated."""
    chosen = code("step_kinds", kind)
    values = {"strand": code("pathway_strands", chosen.meta["strand"]), "started_on": LONG_AGO}
    return Step.objects.create(enrolment=enrolment, kind=chosen, **values | fields)


def make_outcome(enrolment: Enrolment, kind: str = "cddi", **fields) -> Outcome:
    """Return an outcome, long ago unless dated."""
    values = {"starts_on": LONG_AGO}
    return Outcome.objects.create(
        enrolment=enrolment, kind=code("outcome_kinds", kind), **values | fields
    )


def make_proof(outcome: Outcome, title: str = "Contrat signé") -> OutcomeProof:
    """Return a proof; its content is a few bytes of PDF."""
    content = b"%PDF-1.4\n%%EOF\n"
    proof = OutcomeProof(
        outcome=outcome,
        title=title,
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
    )
    proof.file = ContentFile(content, name="contrat.pdf")
    proof.save()
    return proof


def make_survey(edition: Edition, **fields) -> OutcomeSurvey:
    """Return the survey of outcomes of an edition, still open unless dated."""
    return OutcomeSurvey.objects.create(edition=edition, **fields)
