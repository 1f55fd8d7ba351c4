"""What a line says of a crop: where it is, since when, and the tap that comes next."""

from datetime import date

from autoprod.core.formatting import day, day_and_month, day_range
from gardens.enums import PlantingMethod, PlantingState
from gardens.models import Planting

#: What is in the earth draws the eye; what waits is blue.
TONES = {
    PlantingState.PLANNED: "blue",
    PlantingState.RAISED: "ochre",
    PlantingState.GROWING: "green",
    PlantingState.OVER: "neutral",
}
#: The word of a tap, by gesture: what was just done.
DONE_WORDS = {"semer": "Semé", "planter": "Planté", "arracher": "Arraché"}


def when(planting: Planting) -> str:
    """Return the dates that matter where the crop is."""
    match planting.state:
        case PlantingState.OVER:
            return day_range(planting.begun_on, planting.ended_on)
        case PlantingState.GROWING:
            return f"depuis le {day(planting.begun_on)}{_next(planting)}"
        case PlantingState.RAISED:
            to_plant = _told("à planter le", planting.plant_on)
            return ", ".join(filter(None, [f"semée le {day(planting.sown_on)}", to_plant]))
    planned = [_told("semis le", planting.sow_on), _told("plantation le", planting.plant_on)]
    if not any(planned):
        planned = [_told("récolte le", planting.harvest_on)]
    return ", ".join(filter(None, planned)).capitalize()


def _next(planting: Planting) -> str:
    """Return « , récolte vers le 12 juin », or the end of what is not picked any more."""
    if planting.harvest_on:
        return f", récolte dès le {_after(planting, planting.harvest_on)}"
    return f", fin prévue le {_after(planting, planting.end_on)}" if planting.end_on else ""


def _after(planting: Planting, on: date) -> str:
    """Return a day, with its year unless the crop began in it."""
    return day_and_month(on) if on.year == planting.begun_on.year else day(on)


def _told(words: str, on) -> str:
    return f"{words} {day(on)}" if on else ""


def method_label(planting: Planting) -> str:
    """Return how it begins, in words."""
    return PlantingMethod(planting.method).label
