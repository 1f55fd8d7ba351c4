"""The demo's three gardens: who lends their land and which label they hold.

The Vignoble's hectare and a half, its day, its label and its label's day are the published fiche's;
areas, ends and the private lender are invented.
"""

from datetime import date
from decimal import Decimal

from gardens.models import Garden, GardenLabel, LandAgreement
from programmes.models import Organisation, Programme, ReferenceCode, Site, Territory

#: Site, m² cultivated, water.
GARDENS = (
    ("Blaise Pascal", 960, "pluie"),
    ("Le Rôleur", 1_100, "pluie"),
    ("Le Vignoble", 12_000, "puits"),
)
#: Garden, lender and its kind, agreement, m², since.
LENT = (
    ("Le Vignoble", "Ville de Valenciennes", "commune", 15_000, date(2012, 9, 29)),
    ("Blaise Pascal", "Caisse d’Épargne Nord Europe", "finance", 400, date(2001, 4, 1)),
    ("Le Rôleur", "Voies navigables", "etablissement_public", 1_100, date(2009, 3, 1)),
)
LABELLED = ("Le Vignoble", "Parc naturel régional Scarpe-Escaut", date(2014, 9, 28))
#: A number that is never given to anybody (Arcep, numbers for fiction).
SHARED = ("Le Rôleur", "Odette Lanvin", "+33353010042", 180, 30)


def code(list_name: str, value: str) -> ReferenceCode:
    """Return a shipped value of a reference list."""
    return ReferenceCode.objects.get(list=list_name, code=value, territory=None)


def organisation(territory: Territory, name: str, kind: str) -> Organisation:
    """Return an organisation of the territory, a new one when it is not there."""
    found, _ = Organisation.objects.get_or_create(
        territory=territory, name=name, defaults={"kind": code("organisation_kinds", kind)}
    )
    return found


def load(*, programme: Programme, on: date) -> dict[str, Garden]:
    """Create what is missing of the gardens, and return them by the name of their site."""
    gardens = {name: _garden(programme, name, area, water) for name, area, water in GARDENS}
    for name, lender, kind, area, starts_on in LENT:
        LandAgreement.objects.get_or_create(
            garden=gardens[name],
            organisation=organisation(programme.territory, lender, kind),
            defaults={
                "kind": code("land_agreement_kinds", "mise_a_disposition"),
                "area": Decimal(area),
                "starts_on": starts_on,
            },
        )
    _share(gardens, on)
    name, giver, obtained_on = LABELLED
    GardenLabel.objects.get_or_create(
        garden=gardens[name],
        kind=code("garden_labels", "eco_jardins"),
        obtained_on=obtained_on,
        defaults={"organisation": organisation(programme.territory, giver, "etablissement_public")},
    )
    return gardens


def _garden(programme: Programme, name: str, area: int, water: str) -> Garden:
    site = Site.objects.get(territory=programme.territory, name=name)
    garden, _ = Garden.objects.get_or_create(
        site=site,
        defaults={"cultivated": Decimal(area), "water": code("water_sources", water)},
    )
    return garden


def _share(gardens: dict[str, Garden], on: date) -> None:
    """Create the garden of somebody who has no strength left for it, for a share of what grows."""
    name, lender, phone, area, share = SHARED
    LandAgreement.objects.get_or_create(
        garden=gardens[name],
        lender_name=lender,
        starts_on=date(on.year, 1, 1),
        defaults={
            "kind": code("land_agreement_kinds", "partage"),
            "lender_phone": phone,
            "area": Decimal(area),
            "ends_on": date(on.year, 12, 31),
            "owner_share": share,
        },
    )
