"""The demo's apiary: three hives of black bees, then ten; visits, treatments, honey.

How many hives, where and since when comes from the published fiche; the rest is invented.
"""

from datetime import date
from decimal import Decimal

from autoprod.accounts.models import User
from autoprod.core.scoping import Scope
from beneficiaries.management.demo.lots import lot
from gardens.models import (
    Apiary,
    ApiaryDeclaration,
    Colony,
    HiveTreatment,
    HiveVisit,
    HoneyHarvest,
)
from gardens.services.hives import Taking, harvest_honey, in_order
from programmes.enums import Role
from programmes.models import Membership, Programme, ReferenceCode, Site

_FIRST_YEAR = 2015
#: Day of the year each hive came: three in 2015, seven in the spring of 2016.
_INSTALLED = (
    *[date(2015, 5, 4)] * 3,
    *[date(2016, 4, 18)] * 3,
    *[date(2016, 5, 9)] * 4,
)
_VISITED = ((3, 16), (4, 6), (4, 27), (5, 18), (6, 8), (6, 29), (7, 20), (8, 10), (9, 7), (10, 5))
_TAKEN = ((6, 22, Decimal("3.2")), (7, 27, Decimal("4.6")))
_AUTUMN = 9
_STRIPS = {
    "medicine": "Amitraze, lanières",
    "dose": "2 lanières",
    "prescription": "Programme sanitaire d’élevage, ordonnance de mars",
}
_LATE_HIVE = "7"


def load(*, programme: Programme, years: list[int], on: date) -> None:
    """Create what is missing of the apiary, up to a day."""
    site = Site.objects.filter(territory=programme.territory, name="Le Vignoble").first()
    if site is None or on < _INSTALLED[0]:
        return
    apiary, _ = Apiary.objects.get_or_create(
        programme=programme,
        name="Rucher du Vignoble",
        defaults={"site": site, "number": "A0000000", "keeper": "Apiculteur bénévole"},
    )
    colonies = _colonies(apiary, on)
    leader = _leader(programme)
    for year in years:
        _visits(colonies, year, on, leader)
        _treatments(colonies, year, on)
        _honey(apiary, colonies, year, on)
    for year in {*years, on.year - 1} - {on.year}:
        _declare(apiary, colonies, year)


def _leader(programme: Programme) -> User | None:
    rows = Membership.objects.filter(programme=programme, role=Role.WORKSHOP_LEADER)
    found = rows.select_related("user").order_by("pk").first()
    return found.user if found else None


def _colonies(apiary: Apiary, on: date) -> list[Colony]:
    breed = ReferenceCode.objects.get(list="bee_breeds", code="noire", territory=None)
    for number, installed_on in enumerate(_INSTALLED, start=1):
        if installed_on <= on:
            Colony.objects.get_or_create(
                apiary=apiary,
                number=str(number),
                defaults={
                    "breed": breed,
                    "installed_on": installed_on,
                    "queen_year": max(installed_on.year, on.year - 1 - number % 2),
                    "origin": "Conservatoire de l’abeille noire",
                },
            )
    return in_order(Colony.objects.filter(apiary=apiary))


def _visits(colonies: list[Colony], year: int, on: date, leader: User | None) -> None:
    days = [date(year, *day) for day in _VISITED]
    there = set(
        HiveVisit.objects.filter(colony__in=colonies, on__year=year).values_list("colony", "on")
    )
    after = dict(zip(days, [*days[1:], None], strict=True))
    HiveVisit.objects.bulk_create(
        _visit(colony, day, after[day], leader)
        for day in days
        for colony in colonies
        if colony.installed_on < day <= on and (colony.pk, day) not in there
    )


def _visit(colony: Colony, day: date, after: date | None, leader: User | None) -> HiveVisit:
    season = min(day.month - 1, 11 - day.month)
    luck = lot("hive", colony.number, day.toordinal())
    return HiveVisit(
        colony=colony,
        on=day,
        strength=max(2, min(5, season + round(luck * 2))),
        queen_seen=luck > 0.35,
        eggs_seen=luck > 0.15,
        varroa_per_day=int(luck * 6) if day.month >= 8 else None,
        fed=Decimal("1.5") if day.month >= _AUTUMN else None,
        note="Hausse posée." if day.month == 5 and luck > 0.5 else "",
        next_on=after,
        noted_by=leader,
    )


def _treatments(colonies: list[Colony], year: int, on: date) -> None:
    given = [(colony, date(year, 8, 17), date(year, 10, 5)) for colony in colonies]
    late = [colony for colony in colonies if colony.number == _LATE_HIVE]
    given += [(colony, date(year, 10, 12), date(year, 12, 14)) for colony in late]
    rows = HiveTreatment.objects.filter(colony__in=colonies, starts_on__year=year)
    there = {(row.colony_id, row.starts_on): row for row in rows}
    for colony, starts_on, ends_on in given:
        row = there.get((colony.pk, starts_on))
        if row is None and colony.installed_on < starts_on <= on:
            row = HiveTreatment(colony=colony, starts_on=starts_on, **_STRIPS)
        if row and (row.pk is None or (row.ends_on is None and ends_on <= on)):
            row.ends_on = ends_on if ends_on <= on else None
            row.save()


def _honey(apiary: Apiary, colonies: list[Colony], year: int, on: date) -> None:
    scope = Scope.everything(reason="démonstration")
    for month, day, each in _TAKEN:
        taken_on = date(year, month, day)
        rows = HoneyHarvest.objects.filter(apiary=apiary, lot__on=taken_on)
        hives = [row for row in colonies if (taken_on - row.installed_on).days > 60]
        if not hives or taken_on > on or rows.exists():
            continue
        taking = Taking(
            apiary=apiary,
            on=taken_on,
            grams=each * len(hives),
            colonies=hives,
            humidity=Decimal("17.4"),
        )
        harvest_honey(scope=scope, taking=taking)


def _declare(apiary: Apiary, colonies: list[Colony], year: int) -> None:
    declared_on = date(year, 10, 12)
    living = sum(row.installed_on <= declared_on for row in colonies)
    if living and year >= _FIRST_YEAR:
        ApiaryDeclaration.objects.get_or_create(
            apiary=apiary,
            year=year,
            defaults={
                "declared_on": declared_on,
                "colony_count": living,
                "receipt": f"D-{year}-0417",
            },
        )
