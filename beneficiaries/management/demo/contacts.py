"""How the demo's people are reached otherwise, where post finds them, and who else follows them."""

from datetime import date, timedelta

from beneficiaries.management.demo.cohorts import Someone, rows_of


def contact_of(someone: Someone) -> dict[str, str]:
    """Return what one file says of somebody's contacts, nothing for most."""
    found = rows_of(someone, "contacts")
    return found[0] if found else {}


def born_on(someone: Someone) -> date:
    """Return the day of birth, the first of the year when the year alone is known."""
    is_year_only = contact_of(someone).get("is_birth_year_only")
    return someone.born_on.replace(month=1, day=1) if is_year_only else someone.born_on


def domiciled_until(someone: Someone, on: date) -> date | None:
    """Return when a domiciliation ends, counted from the day it is looked at.

    So that one is soon to be renewed on whatever day the demo is lived.
    """
    days = contact_of(someone).get("domiciled_days")
    if not days:
        return None
    return min(on, someone.stays[-1].left_on) + timedelta(days=int(days))
