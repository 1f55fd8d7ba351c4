"""Who may open the addresses of figures: one line per URL name."""

from autoprod.core.scoping import Action
from evaluation.enums import Audience
from tests.access.entries import Entry, fill, see
from tests.factories.evaluation import last_month


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return last_month()


def _for_diffusion(place, frame):
    return Audience.DIFFUSION.value


def _report(place, frame):
    return frame.report


_PERIOD = {"programme": _programme, "period": _month}

LINES: dict[str, Entry] = {
    "evaluation:report_list": see(Action.VIEW_FIGURES, programme=_programme),
    "evaluation:report_detail": see(Action.VIEW_FIGURES, **_PERIOD),
    "evaluation:report_note": fill(Action.EDIT_REPORTS, **_PERIOD),
    "evaluation:report_publish": fill(Action.EDIT_REPORTS, **_PERIOD),
    "evaluation:report_pdf": see(Action.VIEW_FIGURES, edition=_for_diffusion, **_PERIOD),
    "evaluation:report_file": see(Action.VIEW_FIGURES, pk=_report),
}
