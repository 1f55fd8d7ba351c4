"""Holdings: who holds a plot and when; one holder at a time, written under the plot's lock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from autoprod.core.formatting import day_range
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Person
from gardens.models import Plot, PlotHolding

OVERLAP = "Cette parcelle est déjà attribuée {days}\u00a0: reprenez-la d’abord, ou changez de jour."
NOT_THERE = (
    "Cette parcelle n’est disponible que {days}\u00a0: donnez un début et une fin entre les deux."
)
#: All that is said of a home whose persons the reader may not name.
HOME = "un foyer"


@contextmanager
def holding(row: PlotHolding) -> Iterator[None]:
    """Hold the plot while one of its holdings is written.

    Raise ValidationError when the plot is not there those days, or when somebody else holds it on
    one of them: two colleagues who give it at once never both succeed.
    """
    with transaction.atomic():
        plot = Plot.objects.select_for_update(of=("self",)).get(pk=row.plot_id)
        _within(plot, row)
        _refuse_overlap(row)
        yield


def _within(plot: Plot, row: PlotHolding) -> None:
    early = plot.starts_on and row.starts_on < plot.starts_on
    late = plot.ends_on and (row.ends_on is None or row.ends_on > plot.ends_on)
    if early or late:
        days = day_range(plot.starts_on, plot.ends_on)
        raise ValidationError(NOT_THERE.format(days=days), code="plot")


def _refuse_overlap(row: PlotHolding) -> None:
    rows = PlotHolding.objects.filter(plot=row.plot_id).exclude(pk=row.pk)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=row.starts_on))
    if row.ends_on:
        rows = rows.filter(starts_on__lte=row.ends_on)
    if other := rows.order_by("starts_on").first():
        days = day_range(other.starts_on, other.ends_on)
        raise ValidationError(OVERLAP.format(days=days), code="overlap")


def names_of(scope: Scope, holdings: Iterable[PlotHolding]) -> dict[int, str]:
    """Return {holding: who holds}, in one query.

    A home is named by its persons whose files the reader opens, those of the days it held; « un
    foyer » when there is none.
    """
    rows = list(holdings)
    people = _people_of(scope, {row.household_id for row in rows if row.household_id})
    return {row.pk: _name(row, people.get(row.household_id, ())) for row in rows}


#: Somebody of a home: the name, the first and the last day there.
_Resident = tuple[str, date | None, date | None]


def _people_of(scope: Scope, homes: set[int]) -> dict[int, list[_Resident]]:
    if not homes:
        return {}
    rows = Person.objects.for_scope(scope, Action.VIEW_PERSONS)
    rows = rows.filter(household_members__household__in=homes).annotate(
        home=F("household_members__household"),
        joined_on=F("household_members__joined_on"),
        home_left_on=F("household_members__left_on"),
    )
    found = defaultdict(list)
    for person in rows:
        found[person.home].append((str(person), person.joined_on, person.home_left_on))
    return found


def _name(row: PlotHolding, people: Iterable[_Resident]) -> str:
    if row.organisation_id:
        return row.organisation.name
    there = [
        name
        for name, joined_on, left_on in people
        if (left_on is None or left_on >= row.starts_on)
        and (joined_on is None or row.ends_on is None or joined_on <= row.ends_on)
    ]
    return ", ".join(dict.fromkeys(there)) or HOME
