"""Models of the persons' floor; write `from beneficiaries.models import Person`."""

from beneficiaries.models.attendance import Attendance, ScheduleMember, WorkshopParticipation
from beneficiaries.models.contracts import EngagementContract
from beneficiaries.models.doubles import NamesakePair, PersonMerge
from beneficiaries.models.enrolments import Enrolment
from beneficiaries.models.fse import FseAnswers
from beneficiaries.models.households import Household, HouseholdMember
from beneficiaries.models.interviews import (
    Interview,
    InterviewDocument,
    InterviewDraft,
    InterviewNote,
)
from beneficiaries.models.outcomes import Outcome, OutcomeProof, OutcomeSurvey
from beneficiaries.models.papers import Paper
from beneficiaries.models.pathways import Barrier, Objective, Step
from beneficiaries.models.persons import Person, PersonAddress, PersonIdentity
from beneficiaries.models.referrals import Referral, ReferralAnswer
from beneficiaries.models.situations import Situation
from beneficiaries.models.skills import Skill, SkillLevel
from beneficiaries.models.statements import (
    Statement,
    StatementFile,
    StatementObjection,
    StatementScan,
    StatementScanPage,
)
from beneficiaries.models.stays import FollowUp, LevelChange, Suspension

__all__ = [
    "Attendance",
    "Barrier",
    "EngagementContract",
    "Enrolment",
    "FollowUp",
    "FseAnswers",
    "Household",
    "HouseholdMember",
    "Interview",
    "InterviewDocument",
    "InterviewDraft",
    "InterviewNote",
    "LevelChange",
    "NamesakePair",
    "Objective",
    "Outcome",
    "OutcomeProof",
    "OutcomeSurvey",
    "Paper",
    "Person",
    "PersonAddress",
    "PersonIdentity",
    "PersonMerge",
    "Referral",
    "ReferralAnswer",
    "ScheduleMember",
    "Situation",
    "Skill",
    "SkillLevel",
    "Statement",
    "StatementFile",
    "StatementObjection",
    "StatementScan",
    "StatementScanPage",
    "Step",
    "Suspension",
    "WorkshopParticipation",
]
