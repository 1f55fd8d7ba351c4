"""Who may open the addresses of hives: one line per URL name."""

from autoprod.core.scoping import Action
from gardens.models import ApiaryDeclaration
from tests.access.entries import Entry, fill, see
from tests.factories import gardens as grow

A = Action


def _programme(place, frame):
    return frame.programme


def _apiary(place, frame):
    return frame.grown.apiary


def _empty(place, frame):
    return grow.make_apiary(frame.programme, frame.site)


def _colony(place, frame):
    return frame.grown.colony


def _unknown(place, frame):
    return grow.make_colony(frame.grown.apiary)


def _visit(place, frame):
    return grow.make_visit(frame.grown.colony)


def _treatment(place, frame):
    return grow.make_treatment(frame.grown.colony)


def _treated(place, frame):
    grow.make_treatment(frame.grown.colony, ends_on=None)
    return frame.grown.apiary


def _declaration(place, frame):
    return ApiaryDeclaration.objects.get(apiary=frame.grown.apiary)


def _other_declaration(place, frame):
    return grow.make_declaration(grow.make_apiary(frame.programme, frame.site))


def _in_spite(place, frame):
    return {"override_reason": "Miel à jeter"}


LINES: dict[str, Entry] = {
    "gardens:apiary_list": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:apiary_create": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:apiary_detail": see(A.VIEW_GARDENS, pk=_apiary),
    "gardens:apiary_update": fill(A.EDIT_GARDENS, pk=_apiary),
    "gardens:apiary_delete": fill(A.EDIT_GARDENS, pk=_empty),
    "gardens:apiary_register": see(A.VIEW_GARDENS, pk=_apiary),
    "gardens:honey_create": fill(A.EDIT_GARDENS, data=_in_spite, apiary=_apiary),
    "gardens:declaration_create": fill(A.EDIT_GARDENS, apiary=_apiary),
    "gardens:declaration_update": fill(A.EDIT_GARDENS, pk=_declaration),
    "gardens:declaration_delete": fill(A.EDIT_GARDENS, pk=_other_declaration),
    "gardens:colony_create": fill(A.EDIT_GARDENS, apiary=_apiary),
    "gardens:colony_detail": see(A.VIEW_GARDENS, pk=_colony),
    "gardens:colony_update": fill(A.EDIT_GARDENS, pk=_colony),
    "gardens:colony_end": fill(A.EDIT_GARDENS, pk=_unknown),
    "gardens:colony_delete": fill(A.EDIT_GARDENS, pk=_unknown),
    "gardens:visit_create": fill(A.EDIT_GARDENS, colony=_colony),
    "gardens:visit_update": fill(A.EDIT_GARDENS, pk=_visit),
    "gardens:visit_delete": fill(A.EDIT_GARDENS, pk=_visit),
    "gardens:treatment_create": fill(A.EDIT_GARDENS, apiary=_apiary),
    "gardens:treatment_update": fill(A.EDIT_GARDENS, pk=_treatment),
    "gardens:treatment_delete": fill(A.EDIT_GARDENS, pk=_treatment),
    "gardens:treatment_end": fill(A.EDIT_GARDENS, apiary=_treated),
}
