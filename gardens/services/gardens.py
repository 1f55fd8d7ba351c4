"""Gardens: what is about to end (an agreement on land, a label, a borrowed greenhouse)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Model
from django.utils import timezone

from autoprod.core.scoping import Action, Scope
from gardens.models import Garden, GardenLabel, LandAgreement, Plot
from programmes.columns import countdown
from programmes.models import Programme

#: How far ahead an end is told.
HORIZON = timedelta(days=90)
#: All that is said of who lends land, to who may not read their name.
SOMEBODY = "un particulier"
OVER = "terminé"


@dataclass(frozen=True)
class End:
    """What ends soon: « J-16 » and its tone, what it is, in which garden."""

    when: str
    tone: str
    what: str
    ends_on: date
    garden: Garden
    #: The programme under which the garden is opened.
    programme: int


def tag_of(ends_on: date | None, today: date) -> tuple[str, str]:
    """Return the words and the tone of a last day that is past or near; empty words otherwise."""
    if ends_on is None or ends_on > today + HORIZON:
        return "", "neutral"
    return (OVER, "red") if ends_on < today else countdown(ends_on)


def lender_of(agreement: LandAgreement, *, named: bool) -> str:
    """Return who lends the land; a private person's name only to who writes gardens (`named`)."""
    if agreement.organisation_id:
        return agreement.organisation.name
    return agreement.lender_name if named else SOMEBODY


def labels_of(scope: Scope, gardens: Iterable[Garden], on: date) -> dict[int, list[str]]:
    """Return {garden: the labels it holds on a day}, the last obtained first."""
    rows = GardenLabel.objects.for_scope(scope, Action.VIEW_GARDENS)
    rows = rows.filter(garden__in=[garden.pk for garden in gardens]).select_related("kind")
    held = {}
    for row in rows:
        if row.ends_on is None or row.ends_on >= on:
            held.setdefault(row.garden_id, []).append(row.kind.label)
    return held


def deadlines(scope: Scope, objects: Sequence[Model]) -> dict:
    """Return what ends within three months in the gardens this user writes, the nearest first.

    A private person who lends land is not named here.
    """
    found = [*_ends(scope, LandAgreement), *_ends(scope, GardenLabel), *_ends(scope, Plot)]
    gardens = _programmes_of(scope, {row.garden_id for row in found})
    today, rows = timezone.localdate(), []
    for row in sorted(found, key=lambda row: (row.ends_on, row.pk)):
        if programme := gardens.get(row.garden_id):
            when, tone = tag_of(row.ends_on, today)
            rows.append(End(when, tone, _told(row), row.ends_on, row.garden, programme))
    return {None: {"rows": rows}} if rows else {}


def _ends(scope: Scope, model: type[Model]) -> list:
    today = timezone.localdate()
    rows = model.objects.for_scope(scope, Action.EDIT_GARDENS)
    rows = rows.filter(ends_on__range=(today, today + HORIZON)).select_related("garden__site")
    if model is LandAgreement:
        return list(rows.select_related("organisation"))
    return list(rows if model is Plot else rows.select_related("kind"))


def _told(row: Model) -> str:
    if isinstance(row, LandAgreement):
        return f"Terrain prêté par {lender_of(row, named=False)}"
    return f"{row.name}\u00a0: à rendre" if isinstance(row, Plot) else f"Label {row.kind.label}"


def _programmes_of(scope: Scope, gardens: set[int]) -> dict[int, int]:
    """Return {garden: the first programme of the scope that uses it}."""
    if not gardens:
        return {}
    rows = Programme.objects.for_scope(scope, Action.EDIT_GARDENS)
    pairs = rows.filter(sites__garden__in=gardens).values_list("sites__garden", "pk")
    first: dict[int, int] = {}
    for garden, programme in pairs:
        first.setdefault(garden, programme)
    return first
