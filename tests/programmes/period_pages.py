"""Pages of a programme and a period that only the tests have, on top of the house's own."""

from django.urls import path

from autoprod.core.periods import Kind, register_converters
from autoprod.core.scoping import Action
from autoprod.core.views import ListPage
from autoprod.urls import urlpatterns as house
from programmes.models import Edition
from programmes.views.periods import InPeriod

register_converters()


class Planning(InPeriod, ListPage):
    """Open to the team, over any period."""

    model = Edition
    action = Action.VIEW_SESSIONS
    title = "Planning"


class MonthSheet(InPeriod, ListPage):
    """Open to whoever sees the frame, month by month."""

    model = Edition
    action = Action.VIEW_FRAME
    period_kinds = (Kind.MONTH,)
    title = "Feuille du mois"


urlpatterns = [
    *house,
    path("essai/<int:programme>/<period:period>/", Planning.as_view(), name="planning"),
    path("essai/<int:programme>/<period:period>/sans/", Planning.as_view(), name="unlisted"),
    path("essai/<int:programme>/<period:period>/mois/", MonthSheet.as_view(), name="sheet"),
]
