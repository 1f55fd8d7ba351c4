"""Models of the frame; write `from programmes.models import Programme`."""

from programmes.models.attachments import Attachment
from programmes.models.budgets import Budget, BudgetLine
from programmes.models.feeds import CalendarFeed
from programmes.models.grants import Grant, GrantDraw, GrantPayment
from programmes.models.memberships import Membership
from programmes.models.objectives import Objective, ObjectiveVersion
from programmes.models.organisations import Organisation
from programmes.models.outreach import Outreach
from programmes.models.partnerships import Partnership
from programmes.models.programmes import Edition, Programme
from programmes.models.references import ReferenceCode, ReferenceField
from programmes.models.schedules import ClosedPeriod, Schedule, ScheduleSlot
from programmes.models.sessions import Session, SessionPhoto, Workshop
from programmes.models.sites import Site
from programmes.models.territories import District, Territory

__all__ = [
    "Attachment",
    "Budget",
    "BudgetLine",
    "CalendarFeed",
    "ClosedPeriod",
    "District",
    "Edition",
    "Grant",
    "GrantDraw",
    "GrantPayment",
    "Membership",
    "Objective",
    "ObjectiveVersion",
    "Organisation",
    "Outreach",
    "Partnership",
    "Programme",
    "ReferenceCode",
    "ReferenceField",
    "Schedule",
    "ScheduleSlot",
    "Session",
    "SessionPhoto",
    "Site",
    "Territory",
    "Workshop",
]
