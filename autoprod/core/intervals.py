"""Two dates on a row, ends included, either may be open: the rule and the question."""

from datetime import date

from django.db.models import CheckConstraint, F, Q


def dates_in_order(name: str, start: str, end: str, message: str) -> CheckConstraint:
    """Return the constraint that the end does not come before the start; `message` is French."""
    return CheckConstraint(
        name=name,
        condition=Q(**{start: None}) | Q(**{end: None}) | Q(**{f"{end}__gte": F(start)}),
        violation_error_message=message,
    )


def in_force(on: date, *, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Return the condition that a day is between the two dates; an open side counts as always."""
    return (Q(**{start: None}) | Q(**{f"{start}__lte": on})) & not_over(on, end=end)


def not_over(on: date, *, end: str = "ends_on") -> Q:
    """Return the condition that a day is not past the last one; none means not over."""
    return Q(**{end: None}) | Q(**{f"{end}__gte": on})
