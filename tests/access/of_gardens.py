"""Who may open the addresses of gardens, their land and their plots: one line per URL name."""

from autoprod.core.scoping import Action
from programmes.models import Site
from tests.access.entries import Entry, fill, see
from tests.factories import gardens as grow
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _garden(place, frame):
    return frame.grown.garden


def _bare_site(place, frame):
    name = f"Friche {Site.objects.count()}"
    return make.make_site(frame.territory, frame.programme, name=name)


def _bare_garden(place, frame):
    return grow.make_garden(_bare_site(place, frame))


def _label(place, frame):
    return frame.grown.label


def _agreement(place, frame):
    return frame.grown.agreement


def _plot(place, frame):
    return frame.grown.plot


def _free_plot(place, frame):
    return grow.make_plot(frame.grown.garden)


def _holding(place, frame):
    return frame.grown.holding


def _lent(place, frame):
    return {"organisation": place.operator.pk}


def _given(place, frame):
    return {"person": frame.somebody.person.pk}


_OF = {"programme": _programme}

LINES: dict[str, Entry] = {
    "gardens:garden_list": see(A.VIEW_GARDENS, **_OF),
    "gardens:garden_detail": see(A.VIEW_GARDENS, **_OF, pk=_garden),
    "gardens:garden_plan": see(A.VIEW_GARDENS, **_OF, pk=_garden),
    "gardens:garden_create": fill(A.EDIT_GARDENS, **_OF, site=_bare_site),
    "gardens:garden_update": fill(A.EDIT_GARDENS, **_OF, pk=_garden),
    "gardens:garden_delete": fill(A.EDIT_GARDENS, **_OF, pk=_bare_garden),
    "gardens:label_create": fill(A.EDIT_GARDENS, **_OF, garden=_garden),
    "gardens:label_update": fill(A.EDIT_GARDENS, **_OF, pk=_label),
    "gardens:label_delete": fill(A.EDIT_GARDENS, **_OF, pk=_label),
    "gardens:agreement_create": fill(A.EDIT_GARDENS, data=_lent, **_OF, garden=_garden),
    "gardens:agreement_update": fill(A.EDIT_GARDENS, **_OF, pk=_agreement),
    "gardens:agreement_delete": fill(A.EDIT_GARDENS, **_OF, pk=_agreement),
    "gardens:plot_create": fill(A.EDIT_GARDENS, **_OF, garden=_garden),
    "gardens:plot_detail": see(A.VIEW_GARDENS, **_OF, pk=_plot),
    "gardens:plot_update": fill(A.EDIT_GARDENS, **_OF, pk=_plot),
    "gardens:plot_delete": fill(A.EDIT_GARDENS, **_OF, pk=_free_plot),
    "gardens:holding_create": fill(A.EDIT_GARDENS, data=_given, **_OF, plot=_free_plot),
    "gardens:holding_update": fill(A.EDIT_GARDENS, **_OF, pk=_holding),
    "gardens:holding_end": fill(A.EDIT_GARDENS, **_OF, pk=_holding),
    "gardens:holding_delete": fill(A.EDIT_GARDENS, **_OF, pk=_holding),
}
