"""The demo's frame: territory, districts, partners, programme, editions, sites, team.

Facts come from the published fiche of Les Jardins du cœur (Valenciennes, 2016); the team is
invented. Everything is found by its natural key first: loading twice changes nothing.
"""

import csv
from datetime import date
from pathlib import Path

from autoprod.accounts.models import User
from programmes.enums import Module, ProgrammeKind, Role
from programmes.models import (
    District,
    Edition,
    Membership,
    Objective,
    ObjectiveVersion,
    Organisation,
    Partnership,
    Programme,
    ReferenceCode,
    Site,
    Territory,
)

HERE = Path(__file__).resolve().parent
FIRST_YEAR = 2015

DISTRICTS = (
    "St Waast",
    "Dutemple",
    "Fg de Lille",
    "Fg de Paris",
    "Centre ville",
    "Accacias",
    "Fg de Cambrai",
    "Les Tertiales",
    "Chasse Royale",
    "La Briquette",
    "Les Cheminots",
    "Fg Ste Catherine",
    "Le Rôleur",
)

#: name, short name, m², district, opened on. The Vignoble covers a hectare and a half.
SITES = (
    ("Blaise Pascal", "Bl. Pascal", None, "Centre ville", date(1991, 5, 1)),
    ("Le Rôleur", "Rôleur", None, "Le Rôleur", None),
    ("Le Vignoble", "Vignoble", 15_000, None, date(2012, 9, 29)),
)

#: first name, last name, role, and for an organisation's role its name.
TEAM = (
    ("Claire", "Vasseur", Role.SOCIAL_WORKER, ""),
    ("Nadia", "Belkacem", Role.WORKSHOP_LEADER, ""),
    ("Hélène", "Prévost", Role.PROGRAMME_MANAGER, ""),
    ("Paul", "Lemaire", Role.COMMITTEE_MEMBER, "Département du Nord"),
    ("Inès", "Caron", Role.NETWORK_COORDINATOR, "PADES"),
    ("Martin", "Delattre", Role.ADMINISTRATOR, "territory"),
)

OBJECTIVES = (
    ("Accueillir 60 personnes en entrées et sorties permanentes sur l’année", 60, "personnes"),
    ("Tenir 276 ateliers de deux heures", 276, "ateliers"),
    ("Faciliter l’accès aux soins par des bilans de santé", None, ""),
    ("Développer les tables solidaires dans les quartiers", None, ""),
    ("Préparer l’accès à l’emploi, à l’intérim d’insertion et à la formation", None, ""),
)


def load(*, on: date) -> Programme:
    """Create what is missing of the frame, up to the edition of the year of `on`."""
    territory = _territory()
    organisations, programme = _organisations(territory), _programme(territory)
    _partnerships(programme, organisations)
    for year in sorted({FIRST_YEAR, on.year}):
        _edition(programme, year)
    _sites(territory, programme)
    _team(territory, programme, organisations)
    return programme


def years(programme: Programme, *, on: date) -> list[int]:
    """Return the years whose sessions and people are loaded: 2015, that of `on`, those between.

    Between them, only the years the base already has: a demo lived on into the next year keeps the
    former one whole.
    """
    labels = Edition.objects.filter(programme=programme).values_list("label", flat=True)
    known = {int(label) for label in labels if label.isdecimal()}
    return [FIRST_YEAR, *sorted(year for year in known if FIRST_YEAR < year <= on.year)]


def _code(list_name: str, code: str) -> ReferenceCode:
    return ReferenceCode.objects.get(list=list_name, code=code, territory=None)


def _territory() -> Territory:
    territory, _ = Territory.objects.get_or_create(
        name="Valenciennes",
        defaults={
            "kind": _code("territory_kinds", "commune"),
            "insee_code": "59606",
            "controller": "CCAS de Valenciennes",
            "contact_email": "donnees@demo.example",
        },
    )
    for name in DISTRICTS:
        District.objects.get_or_create(territory=territory, name=name)
    return territory


def _rows() -> list[dict[str, str]]:
    with (HERE / "partners.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _organisations(territory: Territory) -> dict[str, Organisation]:
    found = {}
    for row in _rows():
        found[row["name"]], _ = Organisation.objects.get_or_create(
            territory=territory,
            name=row["name"],
            defaults={"kind": _code("organisation_kinds", row["kind"])},
        )
    return found


def _programme(territory: Territory) -> Programme:
    programme, _ = Programme.objects.get_or_create(
        territory=territory,
        name="Les Jardins du cœur",
        defaults={
            "kind": ProgrammeKind.GARDEN,
            "modules": [Module.GARDEN, Module.KITCHEN],
            "started_on": date(1991, 5, 1),
            "summary": (
                "Trois jardins cultivés en bio par les personnes accompagnées, du semis à la "
                "table\u00a0: récoltes partagées, dons aux associations, cuisine, santé, parcours."
            ),
        },
    )
    return programme


def _partnerships(programme: Programme, organisations: dict[str, Organisation]) -> None:
    for row in _rows():
        theme = _code("partnership_themes", row["theme"]) if row["theme"] else None
        Partnership.objects.get_or_create(
            programme=programme,
            organisation=organisations[row["name"]],
            role=row["role"],
            theme=theme,
            defaults={"purpose": row["purpose"]},
        )


def _edition(programme: Programme, year: int) -> None:
    first_day = date(year, 1, 1)
    edition, created = Edition.objects.get_or_create(
        programme=programme,
        label=str(year),
        defaults={
            "starts_on": first_day,
            "ends_on": date(year, 12, 31),
            "capacity": 60,
            "target_persons": 60,
            "operation_title": f"Du jardin à l’assiette {year}",
            # Invented: the fiche does not print the number of its FSE operation.
            "operation_number": f"{year}00042",
        },
    )
    if not created:
        return
    for position, (wording, target, unit) in enumerate(OBJECTIVES, start=1):
        objective = Objective.objects.create(edition=edition, position=position)
        ObjectiveVersion.objects.create(
            objective=objective, valid_from=first_day, wording=wording, target=target, unit=unit
        )


def _sites(territory: Territory, programme: Programme) -> None:
    for name, short_name, area, district, opened_on in SITES:
        site, created = Site.objects.get_or_create(
            territory=territory,
            name=name,
            defaults={
                "short_name": short_name,
                "kind": _code("site_kinds", "jardin"),
                "area_m2": area,
                "city": "Valenciennes",
                "district": District.objects.filter(territory=territory, name=district).first(),
                "opened_on": opened_on,
            },
        )
        if created:
            site.programmes.add(programme)


def _team(
    territory: Territory, programme: Programme, organisations: dict[str, Organisation]
) -> None:
    for first_name, last_name, role, place in TEAM:
        email = f"{role.value.replace('_', '-')}@demo.example"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        anchor = {"programme": programme}
        if place:
            is_territory = place == "territory"
            anchor = (
                {"territory": territory} if is_territory else {"organisation": organisations[place]}
            )
        Membership.objects.get_or_create(
            user=user, role=role, **anchor, defaults={"starts_on": date(2015, 1, 1)}
        )
