"""What the cards of a dashboard draw: each chart with its table, what is hidden said in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.safestring import SafeString

from autoprod.core.charts import (
    Bar,
    Chart,
    ChartRow,
    ChartTable,
    horizontal_bars,
    progress_pair,
    stacked_bar,
    vertical_bars,
)
from autoprod.core.formatting import MISSING, MONTHS, number, percent
from autoprod.core.periods import Period
from autoprod.core.rounding import round_half_up, share
from evaluation.columns.reports import PUBLICS, UNNAMED
from evaluation.enums import Unit
from evaluation.results import Part, Result, written
from evaluation.services.figures import Reader

ROUNDED = "Les parts sont arrondies une à une\u00a0: leur somme peut différer de 100\u00a0%."
OPENS = "Chaque barre ouvre la liste des personnes, pour qui y a droit."
YEARLY = "Ce tableau est donné par année."
#: Widths of the two drawings: the letters keep their size on a desk and on a phone.
DESK, PHONE = 500, 330
#: What a column of numbers is headed by, and what shares are read on.
_HEADS = {
    Unit.PERSONS: ("Personnes", "{} personnes touchées"),
    Unit.MINUTES: ("Heures", "{} de présence"),
    Unit.WORKSHOPS: ("Ateliers", "{} ateliers"),
    Unit.SESSIONS: ("Séances", "{} séances"),
    Unit.THEMES: ("Thèmes", "{} thèmes"),
    Unit.PASSAGES: ("Personnes", "{} personnes comptées sans nom"),
    Unit.MONTHS: ("Mois", "{} mois de présence"),
    Unit.STEPS: ("Démarches", "{} démarches"),
    Unit.OUTCOMES: ("Orientations", "{} orientations"),
    Unit.INTERVIEWS: ("Entretiens", "{} entretiens"),
    Unit.FOLLOW_UPS: ("Suivis", "{} suivis mensuels"),
    Unit.BARRIERS: ("Freins", "{} freins suivis"),
    Unit.EXITS: ("Sorties", "{} sorties"),
    Unit.HOUSEHOLDS: ("Foyers", "{} foyers"),
    Unit.KILOGRAMS: ("Poids", "{}"),
    Unit.LITRES: ("Volume", "{}"),
    Unit.VARIETIES: ("Variétés", "{} variétés"),
    Unit.ORGANISATIONS: ("Organisations", "{} organisations"),
    Unit.PORTIONS: ("Portions", "{} portions"),
    Unit.BASKETS: ("Paniers", "{} paniers"),
    Unit.COLONIES: ("Colonies", "{} colonies"),
    Unit.LOANS: ("Prêts", "{} prêts"),
    Unit.EUROS: ("Montant", "{}"),
}

#: Where the rows of a part are, None for who may not list them: (figure, dimension, part).
Link = Callable[[Result, str, Part], str | None]


@dataclass(frozen=True)
class Pair:
    """A line of the table of steps: how many engaged and done, and the two bars."""

    label: str
    started: Part
    done: Part
    started_url: str | None
    done_url: str | None
    svg: SafeString


@dataclass(frozen=True)
class Card:
    """A frame of the page; `table` is folded when the drawing above says the same."""

    title: str
    #: The figure whose page says where the numbers come from.
    code: str
    chart: Chart | None = None
    narrow: Chart | None = None
    table: ChartTable | None = None
    is_folded: bool = True
    pairs: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()
    #: The table exists by year only: the year where it is.
    year: Period | None = None


def breakdown(
    reader: Reader, result: Result | None, name: str, link: Link, *, by_size: bool = False
) -> Card | None:
    """Return the bars of a dimension; by year only in the edition for diffusion."""
    if result is None or name not in result.dimensions:
        # A figure given by year is not given at all for a month.
        return None
    dimension = result.dimensions[name]
    if dimension.is_internal and name not in result.parts:
        return None
    card = Card(title=dimension.title, code=result.definition.code)
    if result.hidden:
        return replace(card, notes=(f"L’effectif, {result.hidden}, ne se détaille pas.",))
    if name not in result.parts:
        return replace(card, notes=(YEARLY,), year=reader.year)
    parts = result.parts[name]
    if by_size:
        parts = sorted(parts, key=lambda part: (_is_apart(part), -(part.value or 0)))
    if not parts:
        said = "Les effectifs sont trop petits pour être détaillés."
        return replace(card, notes=(said if result.value else "Rien à compter sur la période.",))
    bars = [_bar(part, link(result, name, part)) for part in parts]
    header = (_heading(card.title), _HEADS[result.definition.unit][0], "Part")
    said = _notes(reader, parts, is_partition=not dimension.is_multiple)
    if name == "district" and any(bar.href for bar in bars):
        said = f"{OPENS} {said}"
    return replace(
        card,
        **drawings(card.title, bars, header),
        table=_table(card.title, header, parts, bars),
        notes=(said,),
    )


def drawings(title: str, bars: Sequence[Bar], header: tuple[str, ...]) -> dict[str, Chart]:
    """Return the bars drawn for a desk and for a phone."""
    return {
        "chart": horizontal_bars(title, bars, header=header, width=DESK),
        "narrow": horizontal_bars(title, bars, header=header, width=PHONE),
    }


def _is_apart(part: Part) -> int:
    """Return what sends a line to the end: regrouped, then hidden, then unknown."""
    return 3 if part.is_unknown else 2 if part.hidden else int(part.is_regrouped)


def _bar(part: Part, href: str | None) -> Bar:
    return Bar(
        label=part.name,
        value=max(part.value or 0, 0),
        text=part.text,
        href=href,
        muted=bool(_is_apart(part)),
        note="" if part.hidden else percent(part.share),
    )


def _heading(title: str) -> str:
    """Return « Quartier » of « Personnes par quartier »."""
    return title.partition(" par ")[2].capitalize() or "Libellé"


def _table(
    title: str, header: tuple[str, ...], parts: Sequence[Part], bars: Sequence[Bar]
) -> ChartTable:
    """Return the table, with the whole labels."""
    rows = [
        ChartRow((part.label, bar.text, bar.note), bar.href)
        for part, bar in zip(parts, bars, strict=True)
    ]
    return ChartTable(title, header, tuple(rows))


def _notes(reader: Reader, parts: Sequence[Part], *, is_partition: bool) -> str:
    """Return what the shares are read on, and what was regrouped or rounded."""
    whole, unit = parts[0].whole, parts[0].unit
    said = [f"Parts lues sur {_HEADS[unit][1].format(written(whole, unit))}."]
    if any(part.is_regrouped for part in parts) and not unit.is_of_things:
        said.append(f"Les effectifs de moins de {reader.threshold} sont regroupés.")
    if not is_partition:
        said.append("Une personne peut compter dans plusieurs lignes.")
    elif _is_rounded(parts):
        said.append(ROUNDED)
    return " ".join(said)


def _is_rounded(parts: Sequence[Part]) -> bool:
    shares = [part.share for part in parts if part.share is not None]
    return bool(shares) and sum(shares) != Decimal(100)


def monthly(reader: Reader, result: Result, link: Link) -> Card:
    """Return the hours or the kilograms month by month, those without any too."""
    title, unit = result.dimensions["month"].title, result.definition.unit
    by_month = {part.keys[0]: part for part in result.parts["month"]}
    bars, rows = [], []
    for piece in reader.period.months():
        part = by_month.get(piece.start.replace(day=1))
        value = part.value if part else 0
        href = link(result, "month", part) if part else None
        name = MONTHS[piece.start.month - 1]
        whole = Decimal(value) / 60 if unit == Unit.MINUTES else value
        bars.append(Bar(name[:1].upper(), max(value, 0), number(round_half_up(whole)), href))
        label = f"{name} {piece.start.year}"
        rows.append(ChartRow((label.capitalize(), written(value, unit)), href))
    header = ("Mois", _HEADS[unit][0])
    return Card(
        title=title,
        code=result.definition.code,
        chart=vertical_bars(title, bars, header=header, width=DESK, height=250),
        narrow=vertical_bars(title, bars, header=header, width=PHONE, height=180),
        table=ChartTable(title, header, tuple(rows)),
    )


def pairs(started: Result, done: Result, link: Link) -> Card | None:
    """Return the steps engaged and done, strand by strand."""
    strands: dict = {}
    for result in (started, done):
        for part in result.parts["strand"]:
            strands.setdefault(part.keys, {})[result.definition.code] = part
    if not strands:
        return None
    lines = [_line(found, started, done) for found in strands.values()]
    lines.sort(key=lambda line: (line[0].is_unknown, line[0].rank, line[0].label))
    longest = max(part.value for line in lines for part in line)
    return Card(
        title="Démarches engagées et abouties, par volet",
        code="steps_started",
        is_folded=False,
        pairs=tuple(
            Pair(
                label=begun.label,
                started=begun,
                done=ended,
                started_url=link(started, "strand", begun) if begun.value else None,
                done_url=link(done, "strand", ended) if ended.value else None,
                svg=progress_pair(begun.label, begun.value, ended.value, maximum=longest).svg,
            )
            for begun, ended in lines
        ),
        notes=("Abouties dans la période, quelle que soit la date où elles ont été engagées.",),
    )


def _line(found: Mapping[str, Part], *results: Result) -> list[Part]:
    """Return the part of each figure in a strand, zero where it has none."""
    known = next(iter(found.values()))
    return [found.get(r.definition.code, replace(known, value=0)) for r in results]


def funding(products: Result | None, link: Link) -> Card | None:
    """Return who pays, the largest first."""
    if products is None or not products.value:
        return None
    parts = sorted(products.parts["payer"], key=lambda part: (part.is_unknown, -part.value))
    bars = [replace(_bar(p, link(products, "payer", p)), muted=p.is_unknown) for p in parts]
    header = ("Financeur", "Montant", "Part")
    chart = stacked_bar("Qui finance", bars, header=header, width=DESK)
    return Card(
        title="Qui finance",
        code="budget_products",
        chart=chart,
        narrow=stacked_bar("Qui finance", bars, header=header, width=PHONE),
        table=chart.table,
        is_folded=False,
        notes=(ROUNDED,) if _is_rounded(parts) else (),
    )


def funnel(reader: Reader, found: Mapping[str, Result]) -> Card | None:
    """Return the way to a health check, each step on the persons touched."""
    card = Card(title="Santé", code="health_informed")
    codes = ("health_informed", "health_proposed", "health_done", "health_followed")
    steps = [found[code] for code in codes if code in found]
    if not steps:
        return replace(card, notes=(YEARLY,), year=reader.year)
    whole = found["persons_reached"].value
    bars = [
        Bar(
            label=step.definition.label,
            value=step.value or 0,
            text=step.text,
            note=percent(share(step.value, whole)) if whole and not step.hidden else "",
        )
        for step in steps
    ]
    header = ("Étape", "Personnes", "Part")
    charts = drawings("Santé", bars, header)
    return replace(card, **charts, table=charts["chart"].table, notes=_health_notes(found, whole))


def _health_notes(found: Mapping[str, Result], whole: int | None) -> tuple[str, ...]:
    informed, done = found["health_informed"], found["health_done"]
    said = [f"Parts lues sur {number(whole)} personnes touchées."] if whole else []
    if informed.value and done.value:
        rate = percent(share(done.value, informed.value))
        said.append(
            f"Bilans réalisés rapportés aux {informed.text} personnes sensibilisées\u00a0: {rate}."
        )
    return tuple(said)


def accompaniment(found: Mapping[str, Result]) -> Card | None:
    """Return the interviews held, and the barriers with the rate of those lifted."""
    codes = ("interviews_held", "barriers_followed", "barriers_identified", "barriers_lifted")
    given = [found[code] for code in codes if code in found]
    if not any(result.value or result.hidden for result in given):
        return None
    rows = tuple(ChartRow((r.definition.label, r.text, r.rate or MISSING)) for r in given)
    table = ChartTable("Accompagnement", ("Accompagnement", "Nombre", "Part"), rows)
    return Card("Accompagnement", "interviews_held", table=table, is_folded=False)


def sessions(found: Mapping[str, Result], link: Link) -> Card | None:
    """Return the sessions held, cancelled with their reasons, still to close; the workshops."""
    codes = ("sessions_held", "sessions_cancelled", "sessions_planned", "workshops_held")
    if not any(found[code].value for code in codes):
        return None
    rows = []
    for code in codes:
        result = found[code]
        rows.append(ChartRow((result.definition.label, result.text)))
        rows += [
            ChartRow((f"dont {_lower(part.name)}", part.text), link(result, "reason", part))
            for part in result.parts.get("reason", ())
        ]
    table = ChartTable("Séances et ateliers", ("Séances et ateliers", "Nombre"), tuple(rows))
    return Card("Séances", "sessions_held", table=table, is_folded=False)


def _lower(name: str) -> str:
    """Return « gel » of « Gel », and « RSA » as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def signed(found: Mapping[str, Result]) -> Card | None:
    """Return the hours signed for, those that are not, and the months signed; none without any."""
    if not found["hours"].value:
        return None
    hours, months = found["hours"], found.get("months_signed")
    rows = [(found[code], hours.value) for code in ("hours_signed", "hours_unsigned")]
    said = f"Parts lues sur {hours.text} de présence"
    if months:
        rows.append((months, months.whole))
        said += f" et sur {number(months.whole)} mois de présence, un par personne"
    cells = tuple(
        ChartRow((result.definition.label, result.text, _share_of(result, whole)))
        for result, whole in rows
    )
    table = ChartTable("Présences signées", ("Ce qui est signé", "Nombre", "Part"), cells)
    notes = (f"{said}.", "Une opération FSE+ ne prend que les heures signées.")
    return Card("Présences signées", "hours_signed", table=table, is_folded=False, notes=notes)


def _share_of(result: Result, whole: int | None) -> str:
    return MISSING if result.value is None else percent(share(result.value, whole))


def publics(found: Mapping[str, Result]) -> Card | None:
    """Return who was met and informed without a name, tables, health and meetings; none empty."""
    given = [found[code] for code in PUBLICS if code in found and found[code].value]
    if not given:
        return None
    rows = tuple(ChartRow((result.definition.label, result.text)) for result in given)
    title = "Rencontres et publics"
    table = ChartTable(title, ("Ce qui est compté", "Nombre"), rows)
    return Card(title, "outreach_met", table=table, is_folded=False, notes=(UNNAMED,))
