"""Who may open the addresses of crops, species, operations and readings: one line per URL name."""

from django.utils import timezone

from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from gardens.models import OperationPhoto
from tests.access.entries import Entry, fill, press, see
from tests.factories import gardens as grow
from tests.factories import presence as plans
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _year(place, frame):
    return Period.year(make.LONG_AGO.year)


def _next_year(place, frame):
    return Period.year(make.LONG_AGO.year + 1)


def _week(place, frame):
    return Period.week_of(make.LONG_AGO)


def _planting(place, frame):
    return frame.grown.planting


def _bare_planting(place, frame):
    return grow.make_planting(frame.programme, frame.grown.plot)


def _species(place, frame):
    return frame.grown.species


def _bare_species(place, frame):
    return grow.make_species(place.territory)


def _variety(place, frame):
    return frame.grown.variety


def _operation(place, frame):
    return frame.grown.operation


def _to_do(place, frame):
    day = timezone.localdate()
    return grow.make_operation(frame.programme, frame.grown.garden, planned_on=day, done_on=None)


def _photo(place, frame):
    return OperationPhoto.objects.get(operation=frame.grown.operation)


def _new_planting(place, frame):
    return {"species": "courgette", "plot": frame.grown.plot.pk, "plant_on": "2031-05-12"}


def _picture(place, frame):
    return {"document": plans.picture()}


def _csv(place, frame):
    return "csv"


def _pull(place, frame):
    return "arracher"


LINES: dict[str, Entry] = {
    "gardens:planting_list": see(A.VIEW_GARDENS, programme=_programme, period=_year),
    "gardens:planting_export": see(A.VIEW_GARDENS, programme=_programme, period=_year, kind=_csv),
    "gardens:plan_copy": fill(A.EDIT_GARDENS, programme=_programme, period=_next_year),
    "gardens:planting_create": fill(A.EDIT_GARDENS, data=_new_planting, programme=_programme),
    "gardens:planting_rotation": see(A.EDIT_GARDENS, programme=_programme),
    "gardens:planting_detail": see(A.VIEW_GARDENS, pk=_planting),
    "gardens:planting_update": fill(A.EDIT_GARDENS, pk=_planting),
    "gardens:planting_delete": fill(A.EDIT_GARDENS, pk=_bare_planting),
    "gardens:planting_tap": press(A.EDIT_GARDENS, pk=_planting, gesture=_pull),
    "gardens:planting_undo": press(A.EDIT_GARDENS, pk=_planting),
    # Species and varieties
    "gardens:species_list": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:species_create": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:species_detail": see(A.VIEW_GARDENS, programme=_programme, pk=_species),
    "gardens:species_update": fill(A.EDIT_GARDENS, programme=_programme, pk=_species),
    "gardens:species_delete": fill(A.EDIT_GARDENS, programme=_programme, pk=_bare_species),
    "gardens:variety_create": fill(A.EDIT_GARDENS, programme=_programme, species=_species),
    "gardens:variety_update": fill(A.EDIT_GARDENS, programme=_programme, pk=_variety),
    "gardens:variety_delete": fill(A.EDIT_GARDENS, programme=_programme, pk=_variety),
    # The week, operations, readings
    "gardens:week_detail": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:week_of_days": see(A.VIEW_GARDENS, programme=_programme, period=_week),
    "gardens:reading_list": see(A.VIEW_GARDENS, programme=_programme, period=_year),
    "gardens:operation_list": see(A.VIEW_GARDENS, programme=_programme, period=_year),
    "gardens:operation_create": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:operation_detail": see(A.VIEW_GARDENS, pk=_operation),
    "gardens:operation_update": fill(A.EDIT_GARDENS, pk=_operation),
    "gardens:operation_delete": fill(A.EDIT_GARDENS, pk=_operation),
    "gardens:operation_tap": press(A.EDIT_GARDENS, pk=_to_do),
    "gardens:operation_done": fill(A.EDIT_GARDENS, pk=_to_do),
    "gardens:operation_undo": press(A.EDIT_GARDENS, pk=_operation),
    "gardens:operation_photo": see(A.VIEW_GARDENS, pk=_photo),
    "gardens:operation_photo_create": fill(A.EDIT_GARDENS, data=_picture, parent=_operation),
    "gardens:operation_photo_delete": press(A.EDIT_GARDENS, pk=_operation),
}
