"""Entries of this floor in the menu."""

from autoprod.core.navigation import Entry, register
from autoprod.core.scoping import Action

#: Subjects of the pages about one person, or about who comes and goes.
_OF_PERSONS = (
    *("person", "enrolment", "referral", "answer", "waiting", "follow_up", "level_change"),
    *("double", "merge", "household", "situation", "fse", "suspension", "paper", "barrier"),
    *("objective", "interview", "appointment", "contract", "booklet", "review", "certificate"),
    *("letter", "skill_level"),
)


def register_all() -> None:
    """Register the entries; called once at start-up."""
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
