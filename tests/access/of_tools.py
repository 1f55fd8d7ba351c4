"""Who may open the addresses of tools: one line per URL name."""

from django.utils import timezone

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from gardens.models import ToolPhoto
from tests.access.entries import Entry, fill, see
from tests.factories import gardens as grow
from tests.factories import presence as plans

A = Action


def _programme(place, frame):
    return frame.programme


def _tool(place, frame):
    return frame.grown.tool


def _shelved(place, frame):
    return grow.make_tool(frame.programme)


def _photo(place, frame):
    return ToolPhoto.objects.get(tool=frame.grown.tool)


def _other_photo(place, frame):
    return grow.make_tool_photo(grow.make_tool(frame.programme))


def _picture(place, frame):
    return {"document": plans.picture()}


def _loan(place, frame):
    return grow.make_loan(grow.make_tool(frame.programme), frame.site)


def _repair(place, frame):
    return grow.make_repair(grow.make_tool(frame.programme))


def _month(place, frame):
    return Period.containing(timezone.localdate(), Kind.MONTH)


def _csv(place, frame):
    return "csv"


def _to_site(place, frame):
    return {"borrower": f"lieu-{frame.site.pk}"}


LINES: dict[str, Entry] = {
    "gardens:tool_list": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:tool_create": fill(A.EDIT_GARDENS, programme=_programme),
    "gardens:tool_labels": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:tool_export": see(A.VIEW_GARDENS, programme=_programme, kind=_csv),
    "gardens:tool_detail": see(A.VIEW_GARDENS, pk=_tool),
    "gardens:tool_update": fill(A.EDIT_GARDENS, pk=_tool),
    "gardens:tool_delete": fill(A.EDIT_GARDENS, pk=_shelved),
    "gardens:tool_photo": see(A.VIEW_GARDENS, pk=_photo),
    "gardens:tool_photo_create": fill(A.EDIT_GARDENS, data=_picture, tool=_shelved),
    "gardens:tool_photo_delete": fill(A.EDIT_GARDENS, pk=_other_photo),
    "gardens:loan_list": see(A.VIEW_GARDENS, programme=_programme, period=_month),
    "gardens:loan_export": see(A.VIEW_GARDENS, programme=_programme, period=_month, kind=_csv),
    "gardens:loan_late": see(A.VIEW_GARDENS, programme=_programme),
    "gardens:loan_create": fill(A.EDIT_GARDENS, data=_to_site, tool=_shelved),
    "gardens:loan_return": fill(A.EDIT_GARDENS, pk=_loan),
    "gardens:loan_renew": fill(A.EDIT_GARDENS, pk=_loan),
    "gardens:loan_delete": fill(A.EDIT_GARDENS, pk=_loan),
    "gardens:repair_create": fill(A.EDIT_GARDENS, tool=_shelved),
    "gardens:repair_update": fill(A.EDIT_GARDENS, pk=_repair),
    "gardens:repair_end": fill(A.EDIT_GARDENS, pk=_repair),
    "gardens:repair_delete": fill(A.EDIT_GARDENS, pk=_repair),
}
