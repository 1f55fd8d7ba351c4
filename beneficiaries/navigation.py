"""Entries of this floor in the menu."""

from autoprod.core.navigation import Entry, register
from autoprod.core.scoping import Action


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
            prefix="beneficiaries:attendance_",
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
            prefix=tuple(
                f"beneficiaries:{name}_"
                for name in (
                    *("person", "enrolment", "referral", "answer", "waiting", "follow_up"),
                    *("double", "household", "situation", "fse", "suspension", "paper", "review"),
                )
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
            prefix="beneficiaries:caseload_",
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
