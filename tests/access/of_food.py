"""Who may open the addresses of the food ledger: one line per URL name."""

from decimal import Decimal

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from gardens.enums import Destination
from gardens.models import GiftNoteFile
from gardens.services.recalls import recall
from tests.access.entries import Entry, fill, press, see
from tests.factories import gardens as grow
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _lot(place, frame):
    return frame.grown.lot


def _gift(place, frame):
    return frame.grown.gift


def _note(place, frame):
    return frame.grown.note


def _file(place, frame):
    return GiftNoteFile.objects.get(note=frame.grown.note)


def _price(place, frame):
    return frame.grown.price


def _organisation(place, frame):
    return frame.grown.gift.organisation


def _month(place, frame):
    return Period.containing(frame.grown.gift.on, Kind.MONTH)


def _csv(place, frame):
    return "csv"


def _recalled(place, frame):
    lot = grow.make_lot(frame.programme, frame.site)
    return recall(scope=grow.EVERYTHING, lots=[lot.pk], reason="Essai")[0]


def _a_kilogram(place, frame):
    return {"grams": "1"}


def _of_the_product(place, frame):
    return {"product": frame.grown.lot.product_id, "grams": "1"}


def _from_the_lot(place, frame):
    return {f"grams_{frame.grown.lot.pk}": "1"}


def _elsewhere(place, frame):
    site = make.make_site(place.territory, frame.programme)
    return {"site": site.pk, "grams": "1"}


def _this_lot(place, frame):
    return {"lots": [frame.grown.lot.pk]}


def _given_without_note(place, frame):
    gift = frame.grown.gift
    given = {"destination": Destination.ORGANISATION, "organisation": gift.organisation}
    grow.make_movement(frame.grown.lot, Decimal(1), **given)
    return {"organisation": gift.organisation_id, "on": gift.on.isoformat()}


LINES: dict[str, Entry] = {
    "gardens:stock_list": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:stock_export": see(A.VIEW_GARDENS, programme=_programme, kind=_csv),
    "gardens:lot_donation": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:lot_purchase": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:lot_transform": fill(A.EDIT_GARDENS, data=_from_the_lot, programme=_programme),
    "gardens:lot_detail": see(A.VIEW_GARDENS, programme=_programme, pk=_lot),
    "gardens:lot_update": fill(A.EDIT_GARDENS, programme=_programme, pk=_lot),
    "gardens:lot_transfer": fill(A.EDIT_GARDENS, data=_elsewhere, programme=_programme, pk=_lot),
    "gardens:movement_product": fill(
        A.EDIT_GARDENS, data=_of_the_product, posted=200, programme=_programme
    ),
    "gardens:movement_create": fill(
        A.EDIT_GARDENS, data=_a_kilogram, programme=_programme, pk=_lot
    ),
    "gardens:movement_correct": fill(A.EDIT_GARDENS, programme=_programme, pk=_lot),
    "gardens:movement_take_back": fill(A.EDIT_GARDENS, programme=_programme, pk=_gift),
    "gardens:movement_list": see(A.VIEW_GARDENS, programme=_programme, period=_month),
    "gardens:movement_export": see(A.VIEW_GARDENS, programme=_programme, period=_month, kind=_csv),
    "gardens:recall_search": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:recall_pdf": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:recall_create": fill(A.EDIT_GARDENS, data=_this_lot, programme=_programme),
    "gardens:recall_lift": fill(A.EDIT_GARDENS, programme=_programme, pk=_recalled),
    "gardens:gift_note_list": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:gift_note_issue": press(
        A.EDIT_GARDENS, data=_given_without_note, programme=_programme
    ),
    "gardens:gift_note_detail": see(A.VIEW_GARDENS, programme=_programme, pk=_note),
    "gardens:gift_note_pdf": see(A.VIEW_GARDENS, programme=_programme, pk=_note),
    "gardens:gift_note_sign": fill(A.EDIT_GARDENS, programme=_programme, pk=_note),
    "gardens:gift_note_file": see(A.VIEW_GARDENS, programme=_programme, pk=_file),
    "gardens:gift_statement": see(
        A.VIEW_GARDENS, programme=_programme, period=_month, organisation=_organisation
    ),
    "gardens:price_list": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:price_create": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:price_update": fill(A.EDIT_GARDENS, programme=_programme, pk=_price),
    "gardens:price_delete": fill(A.EDIT_GARDENS, programme=_programme, pk=_price),
}
