"""What the first tab of a person's page is drawn from, read in one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from autoprod.core.scoping import Action, Scope
from autoprod.core.stacking import Read, stacked
from beneficiaries.enums import InterviewState
from beneficiaries.models import (
    Attendance,
    Barrier,
    EngagementContract,
    Enrolment,
    Interview,
    InterviewDraft,
    InterviewNote,
    LevelChange,
    Objective,
    Outcome,
    OutcomeProof,
    Person,
    PersonIdentity,
    ReferralAnswer,
    Situation,
    Step,
    Suspension,
)
from beneficiaries.services.persons import rank
from programmes.models import ClosedPeriod, ReferenceCode

A = Action


@dataclass
class PathwayFile:
    """Somebody's pathway on a day, as one reader may see it; each list is in order of keys.

    The rows of a stay have it at hand (`enrolment`, and its programme).
    """

    scope: Scope
    person: Person
    today: date
    #: The stays whose pathway is open to the reader, by key, what says most of today first.
    stays: dict[int, Enrolment]
    identity: PersonIdentity | None = None
    #: With its `incomes`.
    situation: Situation | None = None
    #: The barriers of the list in force.
    kinds: list[ReferenceCode] = field(default_factory=list)
    barriers: list[Barrier] = field(default_factory=list)
    #: By key of barrier, what is seen of it.
    findings: dict[int, list[ReferenceCode]] = field(default_factory=dict)
    objectives: list[Objective] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    interviews: list[Interview] = field(default_factory=list)
    #: By key of interview, the notes this reader may read.
    notes: dict[int, list[InterviewNote]] = field(default_factory=dict)
    #: What this reader began to type, and has not saved.
    drafts: list[InterviewDraft] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)
    #: When the programmes of the stays hold nothing.
    closed: list[ClosedPeriod] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    #: By key of outcome.
    proofs: dict[int, list[OutcomeProof]] = field(default_factory=dict)
    pauses: list[Suspension] = field(default_factory=list)
    changes: list[LevelChange] = field(default_factory=list)
    answers: list[ReferralAnswer] = field(default_factory=list)
    #: Those of the stays this reader is a referent of.
    contracts: list[EngagementContract] = field(default_factory=list)

    def may_write(self, enrolment: Enrolment) -> bool:
        """Tell whether the reader writes the pathway of a stay."""
        return self.scope.opens(A.EDIT_PATHWAYS, enrolment.programme)

    @property
    def writable(self) -> Enrolment | None:
        """Return the stay that what is added with one tap goes to; None when none is."""
        return next((stay for stay in self.stays.values() if self.may_write(stay)), None)

    def place(self, enrolment: Enrolment) -> str:
        """Return the programme of a stay when there are several to tell apart."""
        several = len({stay.programme_id for stay in self.stays.values()}) > 1
        return enrolment.programme.name if several else ""

    @property
    def followed(self) -> list[Enrolment]:
        """Return the stays the reader is a referent of."""
        key = self.scope.actor_key
        return [
            stay
            for stay in self.stays.values()
            if key and key in {str(stay.referent_id), str(stay.co_referent_id)}
        ]

    @property
    def next_appointment(self) -> Interview | None:
        """Return the first interview planned from today on."""
        planned = [
            row
            for row in self.interviews
            if row.state == InterviewState.PLANNED and row.on >= self.today
        ]
        return min(planned, key=lambda row: (row.on, str(row.at or ""), row.pk), default=None)


def read(scope: Scope, person: Person, enrolments: Iterable[Enrolment], today: date) -> PathwayFile:
    """Return the pathway of somebody whose enrolments the scope opens; one query for all of it.

    The enrolments come with their programme.
    """
    found = stacked(_reads(scope, person, today))
    stays = sorted(enrolments, key=rank, reverse=True)
    stays = {row.pk: row for row in stays if scope.opens(A.VIEW_PATHWAYS, row.programme)}
    interviews = _of_stays(found["interviews"], stays)
    return PathwayFile(
        scope=scope,
        person=person,
        today=today,
        stays=stays,
        identity=next(iter(found["identities"]), None),
        situation=_situation(found),
        kinds=sorted(found["kinds"], key=lambda row: (row.position, row.pk)),
        barriers=_of_stays(found["barriers"], stays),
        findings=_grouped(found["findings"], "barrier_id", "referencecode"),
        objectives=_of_stays(found["objectives"], stays),
        steps=_of_stays(found["steps"], stays),
        interviews=interviews,
        notes=_grouped(found["notes"], "interview_id"),
        drafts=_of_stays(found["drafts"], stays),
        attendances=found["attendances"],
        closed=found["closed"],
        outcomes=_of_stays(found["outcomes"], stays),
        proofs=_grouped(found["proofs"], "outcome_id"),
        pauses=_of_stays(found["pauses"], stays),
        changes=_of_stays(found["changes"], stays),
        answers=found["answers"],
        contracts=_of_stays(found["contracts"], stays),
    )


def _reads(scope: Scope, person: Person, today: date) -> dict[str, Read]:
    """Return each read under its own right."""

    def rows(model, action: Action = A.VIEW_PATHWAYS, path: str = "enrolment__person") -> QuerySet:
        return model.objects.for_scope(scope, action).filter(**{path: person})

    barriers = rows(Barrier)
    codes = ReferenceCode.objects.for_scope(scope, A.VIEW_PATHWAYS).valid(today)
    findings = Barrier.situations.through._base_manager.filter(barrier__in=barriers.order_by())
    return _social_reads(scope, person) | {
        "kinds": Read(codes.in_list("barriers")),
        "barriers": Read(barriers, "kind__label", "kind__meta", "impact__label"),
        "findings": Read(findings, "referencecode__label", "referencecode__position"),
        "objectives": Read(rows(Objective), "strand__label"),
        "steps": Read(
            rows(Step), "strand__label", "strand__position", "kind__label", "partner__name"
        ),
        "interviews": Read(
            rows(Interview),
            "kind__label",
            "mode__label",
            "led_by__first_name",
            "led_by__last_name",
        ),
        "notes": Read(rows(InterviewNote, A.VIEW_NOTES, "interview__enrolment__person")),
        "drafts": Read(rows(InterviewDraft)),
        "closed": Read(_closed(scope, person, today)),
        "attendances": Read(rows(Attendance, A.VIEW_PERSONS), "session__closed_at"),
        "outcomes": Read(
            rows(Outcome),
            "kind__label",
            "kind__meta",
            "contract__label",
            "contract__meta",
            "employer__name",
        ),
        "proofs": Read(rows(OutcomeProof, path="outcome__enrolment__person")),
        "pauses": Read(rows(Suspension), "reason__label"),
        "changes": Read(rows(LevelChange)),
        "answers": Read(rows(ReferralAnswer, path="referral__enrolment__person")),
        "contracts": Read(rows(EngagementContract), "exemption__label"),
    }


def _closed(scope: Scope, person: Person, today: date) -> QuerySet:
    """Return the days of the last year when the person's programmes held nothing."""
    stays = Enrolment.objects.for_scope(scope, A.VIEW_PERSONS).filter(person=person).order_by()
    rows = ClosedPeriod.objects.for_scope(scope, A.VIEW_SESSIONS)
    since = today - timedelta(days=366)
    return rows.filter(programme__in=stays.values("programme"), ends_on__gte=since)


def _social_reads(scope: Scope, person: Person) -> dict[str, Read]:
    identities = PersonIdentity.objects.for_scope(scope, A.VIEW_IDENTITIES).of(person)
    situations = Situation.objects.for_scope(scope, A.VIEW_SITUATIONS).of(person)
    last = situations.filter(pk__in=situations.order_by("-observed_on").values("pk")[:1])
    incomes = Situation.minimum_incomes.through._base_manager.filter(situation__in=last.order_by())
    return {
        "identities": Read(identities),
        "situations": Read(last, "district__name"),
        "incomes": Read(
            incomes,
            "referencecode__code",
            "referencecode__label",
            "referencecode__meta",
            "referencecode__position",
        ),
    }


def _of_stays(rows: Iterable, stays: dict[int, Enrolment]) -> list:
    """Return the rows, each with its stay at hand."""
    kept = [row for row in rows if row.enrolment_id in stays]
    for row in kept:
        row.enrolment = stays[row.enrolment_id]
    return kept


def _grouped(rows: Iterable, key: str, value: str = "") -> dict[int, list]:
    groups: dict[int, list] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(getattr(row, value) if value else row)
    return groups


def _situation(found: dict[str, list]) -> Situation | None:
    situation = next(iter(found["situations"]), None)
    if situation:
        codes = [link.referencecode for link in found["incomes"]]
        situation.incomes = sorted(codes, key=lambda code: code.position)
    return situation
