"""Entries of this floor in the menu."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.devices import register_landing
from autoprod.core.navigation import Entry, current_programme, register
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action

#: Subjects of the pages about one person, or about who comes and goes.
_OF_PERSONS = (
    *("person", "enrolment", "referral", "answer", "waiting", "follow_up", "level_change"),
    *("double", "merge", "household", "situation", "fse", "suspension", "paper", "barrier"),
    *("objective", "interview", "appointment", "contract", "booklet", "review", "certificate"),
    *("letter", "skill_level"),
)


def start_of_device(request: HttpRequest) -> str:
    """Return the presences of the month, today's first, where the code of a device leads."""
    opened = request.scope.keys("programme", Action.TICK_ATTENDANCE)
    if not opened:
        return ""
    programme = current_programme(request)
    key = programme.pk if programme and programme.pk in opened else min(opened)
    month = Period.containing(timezone.localdate(), Kind.MONTH)
    return reverse("beneficiaries:attendance_list", args=[key, month])


def register_all() -> None:
    """Register the entries, and where a device starts; called once at start-up."""
    register_landing(start_of_device)
    register(
        Entry(
            "Au quotidien",
            "Présences",
            "clipboard-check",
            "beneficiaries:attendance_list",
            Action.TICK_ATTENDANCE,
            order=20,
            prefix=(
                "beneficiaries:attendance_",
                "beneficiaries:hours_",
                "beneficiaries:schedule_",
                "beneficiaries:statement_",
            ),
            within="period",
        )
    )
    register(
        Entry(
            "Au quotidien",
            "Clôture du mois",
            "circle-check",
            "beneficiaries:month_closing",
            Action.VIEW_PERSONS,
            order=37,
            prefix="beneficiaries:month_",
            within="period",
        )
    )
    register(
        Entry(
            "Au quotidien",
            "Personnes",
            "users",
            "beneficiaries:person_list",
            Action.VIEW_PERSONS,
            order=30,
            prefix=(
                "beneficiaries:skill_rate",
                *(f"beneficiaries:{name}_" for name in _OF_PERSONS),
            ),
            within="period",
        )
    )
    register(
        Entry(
            "Au quotidien",
            "Mes suivis",
            "users-round",
            "beneficiaries:caseload_list",
            Action.EDIT_PATHWAYS,
            order=32,
            prefix=("beneficiaries:caseload_", "beneficiaries:check_in_"),
        )
    )
    register(
        Entry(
            "Au quotidien",
            "Agenda",
            "calendar",
            "beneficiaries:agenda",
            Action.EDIT_PATHWAYS,
            order=33,
            prefix="beneficiaries:agenda_",
        )
    )
    register(
        Entry(
            "Au quotidien",
            "Démarches",
            "flag",
            "beneficiaries:step_list",
            Action.VIEW_PATHWAYS,
            order=35,
            prefix=tuple(
                f"beneficiaries:{name}_" for name in ("step", "outcome", "proof", "survey")
            ),
            within="period",
        )
    )
