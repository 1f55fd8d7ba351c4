"""Crops: dated in a tap, repeated every few weeks, copied from one year to the next."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.services.taps import Before, tap
from gardens.enums import PlantingMethod, PlantingState
from gardens.models import Planting, Plot, Product, Species
from gardens.models.crops import PLANNED_DATES
from gardens.services.plots import in_order
from programmes.models import Programme

#: The date each gesture writes, by its word in the address.
DATE_OF = {"semer": "sown_on", "planter": "planted_on", "arracher": "ended_on"}
#: The date it was planned for.
PLAN_OF = {"semer": "sow_on", "planter": "plant_on", "arracher": "end_on"}
#: Methods that begin with a sowing.
_SOWN = {PlantingMethod.SOWN, PlantingMethod.RAISED}
#: What a copy keeps.
_KEPT = (
    *("programme", "plot", "species", "variety", "method", "plant_count", "area", "expected"),
    "is_organic_seed",
)
#: What was planned of it stands for what was done when nothing was planned.
_DONE_DATES = {"sow_on": "sown_on", "plant_on": "planted_on", "end_on": "ended_on"}


def gestures_of(planting: Planting) -> tuple[str, ...]:
    """Return the gestures that may be made of a crop now, the expected one first."""
    match planting.state:
        case PlantingState.OVER:
            return ()
        case PlantingState.GROWING:
            return ("arracher",)
        case PlantingState.RAISED:
            return ("planter", "arracher")
    if planting.method == PlantingMethod.SOWN:
        return ("semer",)
    return ("semer", "planter") if planting.method in _SOWN else ("planter",)


def mark(*, scope: Scope, planting: Planting, gesture: str) -> Before:
    """Date a gesture today; return what was there, for `taps.untap`: nothing, nothing to do.

    StaleError when somebody was faster.
    """
    if gesture not in gestures_of(planting):
        return {}
    return tap(scope=scope, row=planting, values={DATE_OF[gesture]: timezone.localdate()})


@transaction.atomic
def repeat(*, scope: Scope, planting: Planting, times: int, weeks: int) -> list[Planting]:
    """Plan a crop `times` more, each so many weeks after the one before; return the new ones."""
    found = []
    for rank in range(1, times + 1):
        later = timedelta(weeks=weeks * rank)
        found.append(_add(scope, _copy(planting, lambda day, later=later: day + later)))
    return found


def last_plan(scope: Scope, programme: Programme, year: int) -> QuerySet:
    """Return the crops that took their plot in a year, on plots that are still there the next one.

    What stays in place needs no new plan.
    """
    plots = Plot.objects.for_scope(scope, Action.EDIT_GARDENS).usable(date(year + 1, 12, 31))
    rows = Planting.objects.for_scope(scope, Action.EDIT_GARDENS).of(programme).described()
    rows = rows.filter(ground_on__gte=date(year, 1, 1), ground_on__lte=date(year, 12, 31))
    return rows.filter(plot__in=plots).exclude(method=PlantingMethod.PERENNIAL)


@transaction.atomic
def copy_plan(*, scope: Scope, plantings: Sequence[Planting]) -> list[Planting]:
    """Plan crops again a year later, on the same plots; return the new ones.

    One that is there already (same plot, species and variety, same days) is left alone: the same
    gesture made twice adds nothing.
    """
    copies = [_copy(planting, a_year_later) for planting in plantings]
    if copies:
        # Two colleagues at once: the second finds what the first has copied.
        Programme.objects.select_for_update(no_key=True).get(pk=copies[0].programme_id)
    known = _known(scope, copies)
    return [_add(scope, copy) for copy in copies if _identity(copy) not in known]


def a_year_later(day: date) -> date:
    """Return the same day of the next year; the 29th of February gives the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def _known(scope: Scope, copies: Sequence[Planting]) -> set[tuple]:
    years = [copy.ground_day.year for copy in copies]
    if not years:
        return set()
    period = Period(date(min(years), 1, 1), date(max(years), 12, 31))
    rows = Planting.objects.for_scope(scope, Action.EDIT_GARDENS).with_ground_day()
    rows = rows.filter(ground_on__gte=period.start, ground_on__lte=period.end)
    return {_identity(row) for row in rows.filter(plot__in={copy.plot_id for copy in copies})}


def _identity(row: Planting) -> tuple:
    planned = (row.sow_on, row.plant_on) if row.sow_on or row.plant_on else None
    return (row.plot_id, row.species_id, row.variety_id, planned or (row.sown_on, row.planted_on))


def _copy(planting: Planting, moved: Callable[[date], date]) -> Planting:
    """Return an unsaved crop planned as this one was, its days moved."""
    days = {name: getattr(planting, name) for name in PLANNED_DATES}
    if not any(days.values()):
        days = {name: getattr(planting, done) for name, done in _DONE_DATES.items()}
    copy = Planting(**{name: getattr(planting, name) for name in _KEPT})
    for name, day in days.items():
        setattr(copy, name, moved(day) if day else None)
    return copy


def _add(scope: Scope, planting: Planting) -> Planting:
    planting.save()
    record(scope, Verb.CREATE, planting)
    return planting


def laid_out(plantings: Iterable[Planting]) -> list[Planting]:
    """Return crops garden by garden, in the order of their plots; of a plot, in the order given."""
    rows = list(plantings)
    gardens = {row.plot.garden_id: rank for rank, row in reversed(list(enumerate(rows)))}
    plots = in_order({row.plot_id: row.plot for row in rows}.values())
    ranks = {plot.pk: rank for rank, plot in enumerate(plots)}
    return sorted(rows, key=lambda row: (gardens[row.plot.garden_id], ranks[row.plot_id]))


def by_garden(plantings: Iterable[Planting]) -> list[tuple]:
    """Return (garden, its crops) in the order given, each garden once."""
    groups: dict = {}
    for row in plantings:
        groups.setdefault(row.plot.garden, []).append(row)
    return list(groups.items())


@transaction.atomic
def remove_species(*, scope: Scope, species: Species) -> None:
    """Delete a species that a territory added, with the product made with it.

    ProtectedError, and nothing deleted, when one of them has been used.
    """
    products = Product.objects.for_scope(scope, Action.EDIT_GARDENS).of(species)
    for product in products.filter(code=species.code, territory=species.territory_id):
        record(scope, Verb.DELETE, product)
        product.delete()
    record(scope, Verb.DELETE, species)
    species.delete()
