"""Hives: how each colony is, what bars the honey, what is to be declared.

Source: order of 5 June 2000 on the register of livestock; rural code, article D212-50 (colonies
are declared once a year, from 1 September to 31 December).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted, day, kilograms
from autoprod.core.scoping import Action, Scope
from gardens.enums import Origin
from gardens.models import (
    Apiary,
    ApiaryDeclaration,
    Colony,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
    Lot,
    Product,
)
from gardens.services.lots import open_lot
from programmes.models import Programme

HONEY = "miel"
#: The months colonies are declared in.
FIRST_MONTH, LAST_MONTH = 9, 12
#: A month after the end, the reminder stops: what is late is known.
LATE_MONTH = 1
FUTURE = "Une récolte ne se note pas à l’avance."
BARRED = (
    "Un délai d’attente court encore\u00a0: {said}. Décochez ces ruches, attendez, ou dites "
    "pourquoi vous récoltez."
)
TWICE = "{kilograms} de miel de ces ruches sont déjà notés ce jour-là\u00a0: lot {number}."
NOT_THERE = "Ces ruches n’étaient pas au rucher ce jour-là\u00a0: {hives}."


@dataclass(frozen=True)
class Card:
    """A colony with its last visit, and what is in its hive."""

    colony: Colony
    today: date
    visit: HiveVisit | None = None
    #: Those that bar the honey today.
    treatments: Sequence[HiveTreatment] = field(default_factory=tuple)

    @property
    def next_on(self) -> date | None:
        """Return the day of its next visit."""
        return self.visit and self.visit.next_on

    @property
    def is_due(self) -> bool:
        """Tell whether its next visit has come."""
        return self.next_on is not None and self.next_on <= self.today

    @property
    def honey_words(self) -> str:
        """Return « pas de miel avant le 3 mars 2016 », empty when honey may be taken."""
        if not self.treatments:
            return ""
        return f"pas de miel {_until(self.treatments)}"


def _until(treatments: Iterable[HiveTreatment]) -> str:
    """Return « avant le 3 mars 2016 », or that a treatment is still there."""
    ends = [one.free_on for one in treatments]
    if None in ends:
        return "tant que le traitement est posé"
    return f"avant le {day(max(ends))}"


def cards(scope: Scope, apiary: Apiary, on: date | None = None) -> list[Card]:
    """Return the living colonies of an apiary by number, each with what is known of it."""
    on = on or timezone.localdate()
    rows = Colony.objects.for_scope(scope, Action.VIEW_GARDENS).of(apiary).living()
    colonies = sorted(rows.with_last_visit().select_related("breed"), key=_rank)
    visits = HiveVisit.objects.for_scope(scope, Action.VIEW_GARDENS)
    last = visits.in_bulk([row.last_visit for row in colonies if row.last_visit])
    barring = barring_of(scope, colonies, on)
    return [
        Card(row, on, visit=last.get(row.last_visit), treatments=barring[row.pk])
        for row in colonies
    ]


def _rank(colony: Colony) -> tuple[int, str]:
    """Sort « 2 » before « 10 »."""
    is_number = colony.number.isdecimal()
    return (int(colony.number) if is_number else 10**6), colony.number


def in_order(colonies: Iterable[Colony]) -> list[Colony]:
    """Return colonies by the number of their hive."""
    return sorted(colonies, key=_rank)


def is_known(scope: Scope, colony: Colony) -> bool:
    """Tell whether something was noted of a colony: a visit, a treatment, honey."""
    return any(
        model.objects.for_scope(scope, Action.VIEW_GARDENS).filter(**of_it).exists()
        for model, of_it in (
            (HiveVisit, {"colony": colony}),
            (HiveTreatment, {"colony": colony}),
            (HoneyHarvest, {"colonies": colony}),
        )
    )


def barring_of(
    scope: Scope, colonies: Sequence[Colony], on: date
) -> dict[int, list[HiveTreatment]]:
    """Return, by colony, the treatments because of which no honey is to be taken on a day."""
    rows = HiveTreatment.objects.for_scope(scope, Action.VIEW_GARDENS).begun(on)
    found = defaultdict(list)
    for treatment in rows.filter(colony__in=colonies):
        if treatment.bars(on):
            found[treatment.colony_id].append(treatment)
    return found


@dataclass(frozen=True)
class Taking:
    """Honey that is taken: when, how much, from which colonies, why in spite of a treatment."""

    apiary: Apiary
    on: date
    grams: Decimal
    colonies: Sequence[Colony]
    humidity: Decimal | None = None
    reason: str = ""


@transaction.atomic
def harvest_honey(*, scope: Scope, taking: Taking) -> HoneyHarvest:
    """Write honey taken and open its lot; return it. `reason` is kept only when it overrides.

    The caller has read the apiary through the scope. ValidationError on a day to come, for a colony
    that was not there, or during a waiting time unless a reason is given.
    """
    # Who gives a treatment at the same time waits: honey and medicine never miss each other.
    Programme.objects.select_for_update(no_key=True).get(pk=taking.apiary.programme_id)
    barred = _check(scope, taking)
    lot = open_lot(scope=scope, lot=_lot_of(taking))
    honey = HoneyHarvest.objects.create(
        apiary=taking.apiary,
        lot=lot,
        humidity=taking.humidity,
        override_reason=taking.reason if barred else "",
    )
    honey.colonies.set(taking.colonies)
    record(scope, Verb.CREATE, honey)
    return honey


def _check(scope: Scope, taking: Taking) -> bool:
    """Return whether a waiting time is passed over; ValidationError when it may not be."""
    if taking.on > timezone.localdate():
        raise ValidationError({"on": FUTURE}, code="future")
    keys = [colony.pk for colony in taking.colonies]
    _refuse_twice(taking, set(keys))
    there = set(Colony.objects.filter(pk__in=keys).there(taking.on).values_list("pk", flat=True))
    if away := [colony.number for colony in taking.colonies if colony.pk not in there]:
        raise ValidationError({"hives": NOT_THERE.format(hives=", ".join(away))}, code="away")
    barring = barring_of(scope, taking.colonies, taking.on)
    if barring and not taking.reason:
        said = BARRED.format(said=barred_words(taking.colonies, barring))
        raise ValidationError({"override_reason": said}, code="barred")
    return bool(barring)


def _refuse_twice(taking: Taking, keys: set[int]) -> None:
    """Refuse what was sent twice: no hive gives the same grams twice on a day."""
    same = HoneyHarvest.objects.filter(apiary=taking.apiary, lot__on=taking.on)
    for twin in same.filter(lot__grams=taking.grams).with_correction():
        if twin.kept and set(twin.colonies.values_list("pk", flat=True)) == keys:
            said = TWICE.format(kilograms=kilograms(taking.grams), number=twin.lot.number)
            raise ValidationError({"grams": said}, code="twice")


def barred_words(colonies: Iterable[Colony], barring: dict[int, list[HiveTreatment]]) -> str:
    """Return « ruche 3, pas de miel avant le 3 mars ; ruche 5, … »."""
    by_end = defaultdict(list)
    for colony in in_order(colonies):
        if colony.pk in barring:
            by_end[_until(barring[colony.pk])].append(colony.number)
    return "\u00a0; ".join(
        f"{hives(numbers)}, pas de miel {until}" for until, numbers in by_end.items()
    )


def hives(numbers: Sequence[str]) -> str:
    """Return « ruche 3 », « ruches 3, 5 »."""
    return f"{'ruches' if len(numbers) > 1 else 'ruche'}\u00a0{', '.join(numbers)}"


def _lot_of(taking: Taking) -> Lot:
    return Lot(
        programme=taking.apiary.programme,
        product=Product.objects.get(code=HONEY, territory=None),
        origin=Origin.HONEY,
        on=taking.on,
        grams=taking.grams,
        site=taking.apiary.site,
    )


@transaction.atomic
def treat(
    *, scope: Scope, treatment: HiveTreatment, colonies: Sequence[Colony]
) -> list[HiveTreatment]:
    """Write one treatment, not saved, for each of some colonies of an apiary; return the rows."""
    programmes = {colony.apiary.programme_id for colony in colonies}
    list(Programme.objects.select_for_update(no_key=True).filter(pk__in=programmes))
    names = ("medicine", "dose", "prescription", "starts_on", "ends_on", "waiting_days")
    values = {name: getattr(treatment, name) for name in names}
    rows = [HiveTreatment.objects.create(colony=colony, **values) for colony in colonies]
    for row in rows:
        record(scope, Verb.CREATE, row)
    return rows


def taken_meanwhile(
    scope: Scope, treatment: HiveTreatment, colonies: Iterable[Colony]
) -> list[HoneyHarvest]:
    """Return the honey of some colonies that a treatment, noted late, should have barred."""
    rows = HoneyHarvest.objects.for_scope(scope, Action.VIEW_GARDENS)
    rows = rows.filter(colonies__in=list(colonies), lot__on__gte=treatment.starts_on)
    rows = rows.select_related("lot").order_by("lot__on", "pk").distinct()
    return [row for row in rows if treatment.bars(row.lot.on)]


@transaction.atomic
def take_out(*, scope: Scope, treatments: Iterable[HiveTreatment], on: date) -> None:
    """End treatments that are still in the hives, on a day."""
    for treatment in treatments:
        treatment.ends_on = on
        treatment.save()
        record(scope, Verb.UPDATE, treatment, changed=["ends_on"])


def declared_year(on: date) -> int | None:
    """Return the year whose declaration is asked on a day, None out of the season."""
    if on.month >= FIRST_MONTH:
        return on.year
    return on.year - 1 if on.month <= LATE_MONTH else None


def undeclared(scope: Scope, on: date) -> list[Apiary]:
    """Return the apiaries to declare on a day, each with its `living` colonies."""
    year = declared_year(on)
    if year is None:
        return []
    rows = Apiary.objects.for_scope(scope, Action.EDIT_GARDENS).with_colonies()
    made = ApiaryDeclaration.objects.filter(year=year).values("apiary")
    rows = rows.filter(living__gt=0).exclude(pk__in=made)
    return list(rows.select_related("programme"))


def asked_of(scope: Scope, apiary: Apiary, on: date) -> dict | None:
    """Return what is said of the declaration an apiary has still to make on a day, if any."""
    year = declared_year(on)
    rows = ApiaryDeclaration.objects.for_scope(scope, Action.VIEW_GARDENS).of(apiary)
    return None if year is None or rows.filter(year=year).exists() else _countdown(on)


def of_today(scope: Scope, objects: Sequence[models.Model]) -> dict:
    """Return, for the page of the day, the apiaries to declare, and those with hives to visit."""
    today = timezone.localdate()
    lines = [
        {"apiary": apiary, "living": apiary.living, **_countdown(today)}
        for apiary in undeclared(scope, today)
    ]
    visits = _to_visit(scope, today)
    return {None: {"declare": lines, "visits": visits}} if lines or visits else {}


def _countdown(today: date) -> dict:
    last = date(declared_year(today), LAST_MONTH, 31)
    days = (last - today).days
    when = "en retard" if days < 0 else f"J-{days}" if days else "aujourd’hui"
    tone = "red" if days < 0 else "ochre" if days <= 30 else "blue"
    return {"when": when, "tone": tone, "last": last, "year": last.year}


def _to_visit(scope: Scope, today: date) -> list[dict]:
    """Return the apiaries where the next visit of some colonies has come, with how many."""
    rows = Colony.objects.for_scope(scope, Action.EDIT_GARDENS).living().with_last_visit()
    colonies = {row.last_visit: row for row in rows.select_related("apiary") if row.last_visit}
    due = HiveVisit.objects.filter(pk__in=colonies, next_on__lte=today)
    found = defaultdict(int)
    for key in due.values_list("pk", flat=True):
        found[colonies[key].apiary] += 1
    return [
        {"apiary": apiary, "words": counted(number, "ruche à visiter", "ruches à visiter")}
        for apiary, number in sorted(found.items(), key=lambda pair: pair[0].pk)
    ]
