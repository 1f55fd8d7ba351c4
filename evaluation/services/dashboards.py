"""The dashboard of a programme over a period: its tiles, and what its cards draw."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from autoprod.core.formatting import NOT_APPLICABLE, SPACE, euros, hours, number
from autoprod.core.periods import Kind
from autoprod.core.rounding import mean
from evaluation.columns.harvests import GARDEN_ASKS
from evaluation.columns.reports import PUBLICS
from evaluation.results import Ask, Result
from evaluation.services.cards import (
    Card,
    Link,
    accompaniment,
    breakdown,
    funding,
    funnel,
    monthly,
    pairs,
    publics,
    sessions,
    signed,
)
from evaluation.services.figures import Reader
from evaluation.services.harvests import harvests
from programmes.enums import Module

#: Everything any page asks for, at once: figures of the same rows share their query.
ASKS = (
    Ask("persons_reached", ("district", "level", "sex", "age")),
    Ask("persons_by_income", ("income",)),
    Ask("persons_on_rsa"),
    Ask("hours", ("month", "site")),
    Ask("hours_signed"),
    Ask("hours_unsigned"),
    Ask("months_signed"),
    Ask("steps_started", ("strand",)),
    Ask("steps_done", ("strand",)),
    Ask("outcomes_positive", ("kind",)),
    Ask("health_informed"),
    Ask("health_proposed"),
    Ask("health_done"),
    Ask("health_followed"),
    Ask("sessions_held"),
    Ask("sessions_cancelled", ("reason",)),
    Ask("sessions_planned"),
    Ask("workshops_held", ("theme",)),
    *(Ask(code) for code in PUBLICS),
    Ask("interviews_held"),
    Ask("barriers_followed"),
    Ask("barriers_identified"),
    Ask("barriers_lifted"),
    Ask("budget_charges"),
    Ask("budget_products", ("payer",)),
)
#: Those the tiles need, for the home page.
TILE_ASKS = (
    Ask("persons_reached"),
    Ask("persons_on_rsa"),
    Ask("hours"),
    Ask("hours_signed"),
    Ask("outcomes_positive", ("kind",)),
    Ask("budget_charges"),
    Ask("budget_products"),
)


@dataclass(frozen=True)
class Tile:
    """A key figure; `tag` is a state in one word and its tone."""

    code: str
    label: str
    value: int | str
    unit: str = ""
    hint: str = ""
    target: int | None = None
    tag: tuple[str, str] | None = None


@dataclass(frozen=True)
class Dashboard:
    """What the page shows."""

    tiles: list[Tile]
    cards: list[Card] = field(default_factory=list)
    #: Nobody came: the cards about persons would be empty.
    is_empty: bool = False


def asks_of(reader: Reader) -> tuple[Ask, ...]:
    """Return what the page of a programme asks for: a garden has its own figures."""
    return ASKS + (GARDEN_ASKS if Module.GARDEN in reader.programme.modules else ())


def dashboard(reader: Reader, link: Link) -> Dashboard:
    """Return the whole page; what the reader may not read is left out."""
    found = reader.ask(*asks_of(reader))
    cards = _presence(reader, found, link) if found["hours"].value else []
    cards += _events(found, link)
    cards += _persons_cards(reader, found, link) if found["hours"].value else []
    cards += harvests(reader, found, link)
    cards += _sessions(reader, found, link)
    return Dashboard(tiles(reader, found), [c for c in cards if c], not found["hours"].value)


def _presence(reader: Reader, found: dict[str, Result], link: Link) -> list[Card | None]:
    by_month = reader.period.kind != Kind.MONTH
    return [
        breakdown(reader, found["persons_reached"], "district", link, by_size=True),
        monthly(reader, found["hours"], link)
        if by_month
        else breakdown(reader, found["hours"], "site", link),
    ]


def _events(found: dict[str, Result], link: Link) -> list[Card | None]:
    return [
        pairs(found["steps_started"], found["steps_done"], link),
        funding(found.get("budget_products"), link),
    ]


def _persons_cards(reader: Reader, found: dict[str, Result], link: Link) -> list[Card | None]:
    reached = found["persons_reached"]
    by_month = reader.period.kind != Kind.MONTH
    return [
        breakdown(reader, reached, "level", link),
        breakdown(reader, reached, "age", link),
        breakdown(reader, reached, "sex", link),
        breakdown(reader, found.get("persons_by_income"), "income", link, by_size=True),
        funnel(reader, found),
        breakdown(reader, found["hours"], "site", link) if by_month else None,
    ]


def _sessions(reader: Reader, found: dict[str, Result], link: Link) -> list[Card | None]:
    has_workshops = bool(found["workshops_held"].value)
    themes = breakdown(reader, found["workshops_held"], "theme", link) if has_workshops else None
    return [sessions(found, link), signed(found), publics(found), themes, accompaniment(found)]


def tiles(reader: Reader, found: dict[str, Result]) -> list[Tile]:
    """Return the four tiles, without the budget for who may not read it."""
    made = [_persons(reader, found), _hours(found), _outcomes(found["outcomes_positive"])]
    if "budget_charges" in found:
        made.append(_budget(reader, found["budget_charges"], found["budget_products"]))
    return made


def _persons(reader: Reader, found: dict[str, Result]) -> Tile:
    reached, target = found["persons_reached"], reader.target
    on_rsa = found.get("persons_on_rsa")
    return Tile(
        code="persons_reached",
        label=reached.definition.label,
        value=reached.text if reached.hidden else reached.value,
        unit=f"/ {number(target)} visées" if target else "",
        target=None if reached.hidden else target,
        hint=f"dont {on_rsa.text} au RSA" if on_rsa and on_rsa.value else "",
    )


def _hours(found: dict[str, Result]) -> Tile:
    total, reached = found["hours"], found["persons_reached"]
    value, unit = in_two(total.text)
    said = []
    if reached.value:
        each = int(mean(total.value, reached.value, 0))
        said.append(f"{hours(each)} par personne en moyenne")
    elif not reached.hidden:
        said.append(f"moyenne par personne\u00a0: {NOT_APPLICABLE}")
    if found["hours_signed"].value:
        said.append(f"dont {found['hours_signed'].text} signées")
    return Tile("hours", total.definition.label, value, unit, " · ".join(said))


def in_two(text: str) -> tuple[str, str]:
    """Return « 4 205 » and « h »; a text that is not one number and one sign stays whole."""
    value, _, unit = text.rpartition(SPACE)
    return (value, unit) if value and SPACE not in value else (text, "")


def _outcomes(outcomes: Result) -> Tile:
    kinds = sorted(_parts(outcomes, "kind"), key=lambda part: -part.value)
    said = [f"{part.text}{SPACE}{part.nouns[part.value > 1] or part.label}" for part in kinds]
    return Tile(
        code="outcomes_positive",
        label=outcomes.definition.label,
        value=outcomes.value,
        unit="au moins" if outcomes.is_minimum else "",
        hint=" · ".join(said),
    )


def _budget(reader: Reader, charges: Result, products: Result) -> Tile:
    value, unit = in_two(charges.text)
    gap = charges.value - products.value
    if not charges.value and not products.value:
        hint, tag = "aucun budget sur la période", None
    elif gap:
        over = "charges" if gap > 0 else "produits"
        hint, tag = f"les {over} dépassent de {euros(abs(gap))}", ("à équilibrer", "ochre")
    else:
        hint, tag = "charges = produits", ("équilibré", "green")
    if reader.period.kind != Kind.YEAR and charges.value:
        hint += ", sur l’édition entière"
    return Tile("budget_charges", "Budget prévisionnel", value, unit, hint, tag=tag)


def _parts(result: Result | None, dimension: str) -> Iterable:
    return result.parts.get(dimension, ()) if result else ()
