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


def _hours(place, frame):
    return "hours"


def _csv(place, frame):
    return "csv"


_PERIOD = {"programme": _programme, "period": _month}
_FIGURE = _PERIOD | {"code": _hours}

LINES: dict[str, Entry] = {
    "evaluation:dashboard": see(Action.VIEW_FIGURES, **_PERIOD),
    "evaluation:dashboard_export": see(Action.VIEW_FIGURES, kind=_csv, **_PERIOD),
    "evaluation:figure_list": see(Action.VIEW_FIGURES, **_PERIOD),
    "evaluation:figure_detail": see(Action.VIEW_FIGURES, **_FIGURE),
    "evaluation:figure_rows": see(Action.VIEW_INTERNAL_FIGURES, **_FIGURE),
    "evaluation:figure_export": see(Action.VIEW_INTERNAL_FIGURES, kind=_csv, **_FIGURE),
    "evaluation:report_list": see(Action.VIEW_FIGURES, programme=_programme),
    "evaluation:report_detail": see(Action.VIEW_FIGURES, **_PERIOD),
    "evaluation:report_note": fill(Action.EDIT_REPORTS, **_PERIOD),
    "evaluation:report_publish": fill(Action.EDIT_REPORTS, **_PERIOD),
    "evaluation:report_pdf": see(Action.VIEW_FIGURES, edition=_for_diffusion, **_PERIOD),
    "evaluation:report_file": see(Action.VIEW_FIGURES, pk=_report),
}
