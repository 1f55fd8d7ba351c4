"""The `world`: two territories of two programmes each, and one user per role in each of them.

Every test that reads or writes finds a neighbour beside it, so that isolation is tested by default.
"""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from autoprod.accounts.models import User
from beneficiaries.enums import NoteLevel, PageState
from beneficiaries.models import (
    Attendance,
    Barrier,
    EngagementContract,
    Enrolment,
    FseAnswers,
    Household,
    Interview,
    InterviewDocument,
    InterviewNote,
    Outcome,
    OutcomeProof,
    Paper,
    Person,
    PersonAddress,
    PersonIdentity,
    Referral,
    Situation,
    Skill,
    SkillLevel,
    Statement,
    StatementScan,
    Step,
    Suspension,
)
from beneficiaries.models import Objective as PathwayObjective
from evaluation.models import Report, ReportNote
from programmes.enums import PartnerRole, ProgrammeKind, Role
from programmes.models import (
    Attachment,
    Budget,
    CalendarFeed,
    District,
    Edition,
    Grant,
    Objective,
    Organisation,
    Partnership,
    Programme,
    ReferenceCode,
    Schedule,
    Session,
    Site,
    Territory,
    Workshop,
)
from tests.factories import beneficiaries as people
from tests.factories import evaluation as bilans
from tests.factories import grants as funds
from tests.factories import pathways as paths
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.factories.accounts import make_user
from tests.growing import Grown, grow_in
from tests.harness.replay import Replay


@dataclass(frozen=True)
class Somebody:
    """One participant of a programme and a row of each thing kept of them."""

    person: Person
    identity: PersonIdentity
    situation: Situation
    enrolment: Enrolment
    attendance: Attendance
    step: Step
    outcome: Outcome
    proof: OutcomeProof
    address: PersonAddress
    household: Household
    fse_answers: FseAnswers
    referral: Referral
    suspension: Suspension
    barrier: Barrier
    objective: PathwayObjective
    #: Held, with a note of each level by the programme's social worker, who is the referent.
    interview: Interview
    private_note: InterviewNote
    document: InterviewDocument
    contract: EngagementContract
    skill: Skill
    skill_level: SkillLevel
    paper: Paper
    #: Of a month long ago, to sign.
    statement: Statement


@dataclass(frozen=True)
class Frame:
    """One programme, its rows and its people."""

    programme: Programme
    edition: Edition
    objective: Objective
    site: Site
    funder: Organisation
    network: Organisation
    funding: Partnership
    attachment: Attachment
    budget: Budget
    #: Awarded, with a payment and a draw.
    grant: Grant
    #: Over, with somebody expected at it.
    schedule: Schedule
    #: The social worker's.
    feed: CalendarFeed
    #: Of one page, to look at.
    scan: StatementScan
    #: Yesterday morning, closed; the other one is this morning, open to ticking.
    held: Session
    open_session: Session
    workshop: Workshop
    somebody: Somebody
    #: Land, food, hives and tools.
    grown: Grown
    #: Of the month of the held session.
    note: ReportNote
    report: Report
    social_worker: User
    workshop_leader: User
    programme_manager: User
    committee_member: User
    network_coordinator: User

    @property
    def territory(self) -> Territory:
        """Return the territory of the programme."""
        return self.programme.territory

    def member(self, role: Role) -> User:
        """Return who holds the role in this programme (its territory's administrator aside)."""
        return getattr(self, Role(role).value)


@dataclass(frozen=True)
class Place:
    """One territory: what its programmes share, and the two of them."""

    territory: Territory
    district: District
    operator: Organisation
    local_code: ReferenceCode
    administrator: User
    garden: Frame
    kitchen: Frame

    def member(self, role: Role) -> User:
        """Return who holds the role: in the garden, or over the territory for an administrator."""
        return self.administrator if role == Role.ADMINISTRATOR else self.garden.member(role)


@dataclass(frozen=True)
class World:
    """Two places that know nothing of each other, and users at the edges."""

    here: Place
    elsewhere: Place
    #: Social worker of the garden here, committee member of the kitchen here.
    two_roles: User
    nobody: User
    former: User
    upcoming: User


def _somebody(
    programme: Programme, edition: Edition, session: Session, site: Site, referent: User
) -> Somebody:
    person = people.make_person(programme, referent=referent)
    enrolment = people.enrolment_of(person)
    outcome = people.make_outcome(enrolment)
    people.make_survey(edition)
    return Somebody(
        person=person,
        identity=people.make_identity(person),
        situation=people.make_situation(person),
        enrolment=enrolment,
        attendance=people.make_attendance(enrolment, session, site),
        step=people.make_step(enrolment),
        outcome=outcome,
        proof=people.make_proof(outcome),
        **_followed(enrolment, edition, referent),
    )


def _followed(enrolment: Enrolment, edition: Edition, referent: User) -> dict:
    """Return the rows of a pathway, by their field above; those no test names are made too."""
    person, programme = enrolment.person, enrolment.programme
    referral = paths.make_referral(enrolment)
    paths.make_referral_answer(referral)
    paths.make_level_change(enrolment)
    paths.make_follow_up(enrolment)
    # Long gone: in no list of the day.
    gone = people.make_person(programme, left_on=make.LONG_AGO)
    paths.make_pair(person, gone)
    paths.make_merge(person, referent)
    interview = paths.make_interview(enrolment, led_by=referent)
    for level in (NoteLevel.LOGISTIC, NoteLevel.SOCIAL):
        paths.make_note(interview, referent, level)
    paths.make_draft(enrolment, referent)
    skill = paths.make_skill(programme)
    statement = plans.make_statement(enrolment)
    plans.make_statement_file(statement)
    plans.make_objection(statement)
    return {
        "address": paths.make_address(person),
        "household": paths.make_household(person, "Lou"),
        "fse_answers": paths.make_fse_answers(person, edition),
        "referral": referral,
        "suspension": paths.make_suspension(enrolment),
        "barrier": paths.make_barrier(enrolment),
        "objective": paths.make_objective(enrolment),
        "interview": interview,
        "private_note": paths.make_note(interview, referent, NoteLevel.PRIVATE),
        "document": paths.make_interview_document(interview),
        "contract": paths.make_contract(enrolment),
        "skill": skill,
        "skill_level": paths.make_skill_level(enrolment, skill),
        "paper": paths.make_paper(enrolment),
        "statement": statement,
    }


def _frame(territory: Territory, operator: Organisation, name: str, kind: ProgrammeKind) -> Frame:
    programme = make.make_programme(territory, name, kind=kind)
    edition = make.make_edition(programme)
    funder = make.make_organisation(territory, f"Financeur de {name}")
    network = make.make_organisation(territory, f"Réseau de {name}")
    make.make_partnership(programme, operator, PartnerRole.OPERATOR)
    funding = make.make_partnership(programme, funder, PartnerRole.FUNDER)
    make.make_partnership(programme, network, PartnerRole.NETWORK)
    site = make.make_site(territory, programme, name=f"Site de {name}")
    schedule = plans.make_schedule(programme, site)
    plans.make_closed_period(programme)
    held = make.close(make.make_session(programme, site, schedule=schedule))
    plans.make_photo(held)
    plans.make_outreach(held)
    workshop = make.make_workshop(held)
    social_worker = make.make_member(Role.SOCIAL_WORKER, programme)
    somebody = _somebody(programme, edition, held, site, social_worker)
    people.make_participation(somebody.enrolment, workshop)
    plans.make_schedule_member(somebody.enrolment, schedule)
    return Frame(
        programme=programme,
        edition=edition,
        objective=make.make_objective(edition),
        site=site,
        funder=funder,
        network=network,
        funding=funding,
        attachment=make.make_attachment(programme),
        budget=make.make_budget(edition, ("60_fournitures", 400), ("74_etat", 400)),
        grant=funds.make_moving_grant(edition, funder),
        schedule=schedule,
        feed=plans.make_feed(social_worker, programme),
        scan=plans.make_scan(programme, PageState.DOUBTFUL),
        held=held,
        open_session=make.make_session(
            programme, site, on=timezone.localdate(), hours=("00:00", "04:00")
        ),
        workshop=workshop,
        somebody=somebody,
        grown=grow_in(
            programme,
            site,
            session=held,
            enrolment=somebody.enrolment,
            household=somebody.household,
            organisation=network,
            user=social_worker,
        ),
        note=bilans.make_note(programme),
        report=bilans.make_report(programme),
        social_worker=social_worker,
        workshop_leader=make.make_member(Role.WORKSHOP_LEADER, programme),
        programme_manager=make.make_member(Role.PROGRAMME_MANAGER, programme),
        committee_member=make.make_member(Role.COMMITTEE_MEMBER, funder),
        network_coordinator=make.make_member(Role.NETWORK_COORDINATOR, network),
    )


def _place(name: str) -> Place:
    territory = make.make_territory(name)
    operator = make.make_organisation(territory, f"CCAS de {name}")
    return Place(
        territory=territory,
        district=make.make_district(territory, f"Centre de {name}"),
        operator=operator,
        local_code=make.make_code(territory),
        administrator=make.make_member(Role.ADMINISTRATOR, territory),
        garden=_frame(territory, operator, f"Jardin de {name}", ProgrammeKind.GARDEN),
        kitchen=_frame(territory, operator, f"Cuisine de {name}", ProgrammeKind.KITCHEN),
    )


def build_world() -> World:
    """Return the world, saved in the current base."""
    here, elsewhere = _place("Valenciennes"), _place("Briançon")
    programme = here.garden.programme
    two_roles = make.make_member(Role.SOCIAL_WORKER, programme, name="Deux rôles")
    make.make_membership(two_roles, Role.COMMITTEE_MEMBER, here.kitchen.funder)
    return World(
        here=here,
        elsewhere=elsewhere,
        two_roles=two_roles,
        nobody=make_user(last_name="Sans droit"),
        former=make.make_member(
            Role.SOCIAL_WORKER, programme, name="Ancienne", ends_on=make.yesterday()
        ),
        upcoming=make.make_member(
            Role.SOCIAL_WORKER, programme, name="Future", starts_on=make.tomorrow()
        ),
    )


_replay = Replay(build_world)


@pytest.fixture
def world(db) -> World:
    """Return two territories of two programmes, with one user per role in each."""
    return _replay.play()
