"""Models of the persons' floor; write `from beneficiaries.models import Person`."""

from beneficiaries.models.attendance import Attendance, WorkshopParticipation
from beneficiaries.models.enrolments import Enrolment
from beneficiaries.models.outcomes import Outcome, OutcomeProof, OutcomeSurvey
from beneficiaries.models.pathways import Step
from beneficiaries.models.persons import Person, PersonIdentity
from beneficiaries.models.situations import Situation

__all__ = [
    "Attendance",
    "Enrolment",
    "Outcome",
    "OutcomeProof",
    "OutcomeSurvey",
    "Person",
    "PersonIdentity",
    "Situation",
    "Step",
    "WorkshopParticipation",
]
