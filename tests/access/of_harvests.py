"""Who may open the addresses of harvests: one line per URL name."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, press, see
from tests.factories import gardens as grow
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _csv(place, frame):
    return "csv"


def _harvest(place, frame):
    return grow.make_harvest(frame.programme, frame.site)


def _weighed(place, frame):
    return {
        "client_uuid": uuid4(),
        "site": frame.site.pk,
        "on": timezone.localdate(),
        "product": grow.product().pk,
        "weight": "1,5",
        "destination": "stock",
    }


def _shared(place, frame):
    harvest = grow.make_harvest(frame.programme, frame.site, on=timezone.localdate())
    return {"growers": 3, f"lot_{harvest.lot.pk}": "4"}


def _file(place, frame):
    return {"document": SimpleUploadedFile("recoltes.csv", b"Jour;Jardin;Produit;kg\n1;2;3;4")}


LINES: dict[str, Entry] = {
    "gardens:harvest_weigh": fill(A.EDIT_GARDENS, data=_weighed, programme=_programme),
    "gardens:harvest_undo": press(A.EDIT_GARDENS, programme=_programme, pk=_harvest),
    "gardens:harvest_share": fill(A.EDIT_GARDENS, data=_shared, programme=_programme),
    "gardens:harvest_sheet": see(A.EDIT_GARDENS, programme=_programme),
    "gardens:harvest_typing": fill(A.EDIT_GARDENS, posted=200, programme=_programme),
    "gardens:harvest_import": fill(A.EDIT_GARDENS, data=_file, posted=200, programme=_programme),
    "gardens:harvest_model": see(A.EDIT_GARDENS, programme=_programme, kind=_csv),
    "gardens:harvest_list": see(A.VIEW_GARDENS, programme=_programme, period=_month),
    "gardens:harvest_export": see(A.VIEW_GARDENS, programme=_programme, period=_month, kind=_csv),
}
