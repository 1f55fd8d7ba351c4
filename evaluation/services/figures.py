"""Reading figures: who reads, over which days, in which edition, and how a part is addressed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from evaluation.enums import Audience
from evaluation.results import (
    Ask,
    Definition,
    Dimension,
    Part,
    Result,
    Selection,
    audience_of,
    compute,
    may_list,
)
from programmes.models import Edition, Programme, Site

#: The periods an edition for diffusion is given over: the difference of two others would tell.
CIVIL_KINDS = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)
#: How the part of what is unknown is written in an address.
UNKNOWN = "inconnu"


@dataclass(frozen=True)
class Reader:
    """Somebody reading the figures of one programme over a period, in one edition."""

    scope: Scope
    programme: Programme
    period: Period
    audience: Audience
    #: Whether the team's edition is open to them, whichever they are reading.
    is_team: bool
    #: Under it, a count of persons is not published.
    threshold: int
    #: How many sites the programme has in the period.
    site_count: int = 0
    #: The persons that the edition aims at, when the period is a whole edition.
    target: int | None = None

    @property
    def selection(self) -> Selection:
        """Return what the figures are asked about."""
        return Selection(self.scope, frozenset({self.programme.pk}), self.period)

    @property
    def is_internal(self) -> bool:
        """Tell whether the team's edition is read."""
        return self.audience == Audience.INTERNAL

    @property
    def may_open(self) -> bool:
        """Tell whether the edition is given over such a period."""
        return self.is_internal or self.period.kind in CIVIL_KINDS

    @property
    def year(self) -> Period:
        """Return the year that the period starts in."""
        return Period.year(self.period.start.year)

    def has(self, words: Definition) -> bool:
        """Tell whether the programme has the activity that a figure is about."""
        return words.module is None or words.module in self.programme.modules

    def ask(self, *asks: Ask) -> dict[str, Result]:
        """Return the figures this reader may read, by code."""
        return compute(self.selection, asks, audience=self.audience, threshold=self.threshold)

    def may_list(self, words: Definition, dimensions: Iterable[Dimension] = ()) -> bool:
        """Tell whether this reader may open the rows: never in the edition for diffusion."""
        return self.is_internal and may_list(self.selection, words, dimensions)


def reader_of(scope: Scope, programme: Programme, period: Period, *, wanted: str = "") -> Reader:
    """Return the reader: the team may ask for the committee's edition, never the reverse."""
    audience = audience_of(scope, [programme.pk])
    is_team = audience == Audience.INTERNAL
    if wanted == Audience.DIFFUSION:
        audience = Audience.DIFFUSION
    return Reader(scope, programme, period, audience, is_team, **_frame(scope, programme, period))


def _frame(scope: Scope, programme: Programme, period: Period) -> dict:
    """Return what the frame says beside the figures, in one query."""
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME).filter(
        programme=OuterRef("pk"),
        starts_on=period.start,
        ends_on=period.end,
        target_persons__gt=0,
    )
    sites = Site.objects.for_scope(scope, Action.VIEW_FRAME).used_by(OuterRef("pk"))
    open_sites = sites.exclude(closed_on__lt=period.start).order_by().values("programmes")
    rows = Programme.objects.for_scope(scope, Action.VIEW_FIGURES).filter(pk=programme.pk)
    return rows.values(
        threshold=F("territory__disclosure_threshold"),
        site_count=Coalesce(Subquery(open_sites.annotate(n=Count("pk")).values("n")), 0),
        target=Subquery(editions.order_by("pk").values("target_persons")[:1]),
    ).get()


def address_of(part: Part) -> str:
    """Return how the address of a list names a part; empty when its rows stay together."""
    if part.is_regrouped or not part.keys:
        return ""
    (key,) = part.keys
    if key is None:
        return UNKNOWN
    return key.isoformat() if isinstance(key, date) else str(key)


def part_at(parts: Iterable[Part], address: str) -> Part | None:
    """Return the part that an address names, None when there is none."""
    return next((part for part in parts if address and address_of(part) == address), None)
