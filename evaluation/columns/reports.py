"""What a bilan says: its key figures and its tables, the same on the page and in the document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autoprod.core.charts import Bar, Chart, ChartRow, horizontal_bars, stacked_bar
from autoprod.core.formatting import (
    MINUS,
    MONTHS,
    SPACE,
    counted,
    day,
    moment,
    number,
    percent,
)
from autoprod.core.periods import Kind, Period
from autoprod.core.rounding import share
from autoprod.core.tables import Column
from evaluation.results import Part, Result

Found = Mapping[str, Result]

ROUNDED = "Chaque part est arrondie au dixième\u00a0: leur somme peut différer de 100\u00a0%."
SEVERAL = (
    "Une personne peut percevoir plusieurs minima sociaux\u00a0: les lignes ne s’additionnent pas, "
    "et chaque part se lit sur l’ensemble des personnes."
)
REGROUPED = (
    "Les effectifs de moins de {threshold} personnes sont regroupés ou ne sont pas diffusés."
)
UNNAMED = "Les personnes comptées sans nom ne s’ajoutent jamais aux personnes touchées."
#: What the kinds of sessions count for, in the order of the tables; some are the team's alone.
PUBLICS = (
    "outreach_met",
    "outreach_oriented",
    "outreach_entered",
    "public_indirect",
    "participations_unnamed",
    "tables_held",
    "tables_in_districts",
    "health_sessions",
    "health_themes",
    "meetings_held",
    "meeting_minutes",
    "meeting_persons",
)
MINIMUM = "Le relevé des orientations n’est pas clos\u00a0: le total est un minimum."
_TITLES = {
    Kind.MONTH: "Bilan mensuel",
    Kind.QUARTER: "Bilan trimestriel",
    Kind.YEAR: "Bilan annuel",
}
_BREAKDOWNS = {
    "district": ("Quartiers", "Quartier"),
    "level": ("Niveaux d’études", "Niveau"),
    "sex": ("Sexe", "Sexe"),
    "age": ("Âge", "Âge"),
}

REPORTS = (
    Column("Bilan", lambda row: name_of(row.period)),
    Column("Édition", lambda row: row.get_audience_display().capitalize()),
    Column("Publié le", lambda row: row.published_at, moment),
    Column("Version", lambda row: row.number, number, "end"),
    Column("Motif", lambda row: row.reason),
    Column("Empreinte", lambda row: mark(row.fingerprint)),
)


def mark(fingerprint: str) -> str:
    """Return « 7f3a 91c2 »."""
    return f"{fingerprint[:4]}{SPACE}{fingerprint[4:]}"


# Words of a period.


def when(period: Period) -> str:
    """Return « mars 2016 », « 1er trimestre 2016 », « 2015 »."""
    return str(period.start.year) if period.kind == Kind.YEAR else period.label


def title_of(period: Period) -> str:
    """Return « Bilan mensuel — mars 2016 »."""
    return f"{_TITLES[period.kind]} — {when(period)}"


def name_of(period: Period) -> str:
    """Return « Bilan de mars 2016 », « Bilan d’avril 2016 », « Bilan du 1er trimestre 2016 »."""
    words = when(period)
    if period.kind == Kind.QUARTER:
        return f"Bilan du {words}"
    if period.kind == Kind.YEAR:
        return f"Bilan annuel {words}"
    return f"Bilan d’{words}" if words[0] in "ao" else f"Bilan de {words}"


def during(period: Period) -> str:
    """Return « en mars », « au 1er trimestre », « en 2015 »."""
    if period.kind == Kind.QUARTER:
        return f"au {_short(period)}"
    return f"en {_short(period)}"


def _short(period: Period) -> str:
    """Return the period without its year, unless it is one."""
    if period.kind == Kind.MONTH:
        return MONTHS[period.start.month - 1]
    return when(period) if period.kind == Kind.YEAR else when(period).partition(SPACE)[0]


def _evolution(now: Result, before: Result, period: Period) -> str:
    """Return « + 8 % sur février »; empty when there was nothing before."""
    if not before.value or now.value is None:
        return ""
    points = share(now.value - before.value, before.value, 0)
    sign = MINUS if points < 0 else "+"
    previous = period.previous()
    same_year = previous.start.year == period.start.year and period.kind != Kind.YEAR
    name = _short(previous) if same_year else when(previous)
    the = "le " if period.kind == Kind.QUARTER else ""
    return f"{sign}{SPACE}{percent(abs(points), 0)} sur {the}{name}"


# Key figures.


@dataclass(frozen=True)
class KeyFigure:
    """A number, what it counts (under it in a document, above it on a page), what is said of it."""

    title: str
    value: str
    label: str
    hints: tuple[str, ...] = ()

    @property
    def hints_text(self) -> str:
        """Return what is said of it on one line."""
        return " · ".join(self.hints)


def key_figures(
    found: Found, before: Result, period: Period, target: int | None
) -> list[KeyFigure]:
    """Return the four figures at the head of a bilan; `before` is the hours of last period."""
    hours, held = found["hours"], found["sessions_held"]
    return [
        _persons(found, period, target),
        KeyFigure(
            "Heures de présence",
            hours.text,
            "de présence",
            (*_said(_evolution(hours, before, period)), *_signed(found)),
        ),
        KeyFigure(
            "Séances tenues",
            held.text,
            _noun(held, "séance tenue", "séances tenues"),
            _cancelled(found),
        ),
        KeyFigure(
            "Ateliers tenus",
            found["workshops_held"].text,
            _noun(found["workshops_held"], "atelier tenu", "ateliers tenus"),
            _met(found) if period.kind == Kind.MONTH else (),
        ),
    ]


def _persons(found: Found, period: Period, target: int | None) -> KeyFigure:
    persons = found.get("persons_present") or found["persons_reached"]
    entered, left = found["persons_entered"], found["persons_left"]
    moves = f"{counted(entered.value, 'entrée', 'entrées')}, "
    moves += counted(left.value, "sortie", "sorties")
    if "persons_present" in found:
        label = _noun(persons, "personne présente", "personnes présentes")
        return KeyFigure("Personnes présentes", persons.text, label, (moves,))
    # For diffusion, months too: how many were met without coming is a small count.
    aims = [f"{number(target)}{SPACE}visées"] if target else []
    aims += _on_rsa(found)
    label = _noun(persons, "personne touchée", "personnes touchées")
    hints = (*_said(", ".join(aims)), moves)
    return KeyFigure("Personnes touchées", persons.text, label, hints)


def _signed(found: Found) -> tuple[str, ...]:
    """Return « dont 301 h signées »; nothing while nobody has signed."""
    signed = found["hours_signed"]
    return (f"dont {signed.text} signées",) if signed.value else ()


def _met(found: Found) -> tuple[str, ...]:
    """Return who was met and informed without a name; a month has no room for their table."""
    met, informed = found["outreach_met"], found["public_indirect"]
    said = [f"{met.text} rencontrées en permanence"] if met.value else []
    said += [f"public indirect\u00a0: {informed.text}"] if informed.value else []
    return tuple(said)


def _on_rsa(found: Found) -> list[str]:
    on_rsa = found.get("persons_on_rsa")
    return [f"{on_rsa.text} au RSA"] if on_rsa and on_rsa.value else []


def _cancelled(found: Found) -> tuple[str, ...]:
    cancelled = found["sessions_cancelled"]
    if not cancelled.value:
        return ()
    reasons = ", ".join(_lower(part.label) for part in cancelled.parts["reason"])
    return (f"{counted(cancelled.value, 'annulée', 'annulées')} ({reasons})",)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _noun(result: Result, one: str, several: str) -> str:
    return several if result.value is None or abs(result.value) >= 2 else one


def _said(words: str) -> tuple[str, ...]:
    return (words,) if words else ()


# Tables.


@dataclass(frozen=True)
class Grid:
    """A titled table: texts, the first cell of each row being its heading."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""
    #: What is said instead of a table without rows.
    empty: str = "Rien à compter sur la période."
    chart: Chart | None = None
    #: The chart writes each figure beside its bar: a document needs no table under it.
    is_drawn: bool = False

    @property
    def lines(self) -> list[ChartRow]:
        """Return the rows, with the colour each has in the chart."""
        drawn = self.chart.table.rows if self.chart else ()
        series = [row.series for row in drawn] or [None] * len(self.rows)
        return [ChartRow(cells, series=n) for cells, n in zip(self.rows, series, strict=True)]


def pathways(found: Found, period: Period) -> Grid:
    """Return the steps started, open and done, strand by strand (events: never hidden)."""
    columns = [found[code] for code in ("steps_started", "steps_open", "steps_done")]
    within = during(period)
    return Grid(
        title="Parcours",
        header=("Volet", f"Engagées {within}", "En cours", f"Abouties {within}"),
        rows=_side_by_side(columns, "strand"),
        total=("Ensemble", *(result.text for result in columns)),
        empty="Aucune démarche.",
    )


def outcomes(found: Found, since: Result | None, period: Period) -> Grid:
    """Return the positive outcomes by kind; `since` counts them from January, None for a year."""
    columns = [found["outcomes_positive"], *([since] if since else [])]
    is_minimum = any(result.is_minimum for result in columns)
    return Grid(
        title="Orientations positives",
        header=("Nature", _capital(_short(period)), *(["Depuis janvier"] if since else [])),
        rows=_side_by_side(columns, "kind"),
        total=("Ensemble", *(at_least(result) for result in columns)),
        note=MINIMUM if is_minimum else "",
        empty="Aucune orientation positive" + (" connue à ce jour." if is_minimum else "."),
    )


def at_least(result: Result) -> str:
    """Return « au moins 12 » as long as the survey is open, « 12 » after."""
    return f"au moins {result.text}" if result.is_minimum else result.text


def _side_by_side(columns: Sequence[Result], dimension: str) -> tuple[tuple[str, ...], ...]:
    """Return one row per value met in any of the figures, a zero where one has none."""
    named: dict[str, Part] = {}
    for result in columns:
        for part in result.parts[dimension]:
            named.setdefault(part.label, part)
    lines = sorted(named.values(), key=lambda part: (part.is_unknown, part.rank, part.label))
    return tuple(
        (line.label, *(_text_of(result.parts[dimension], line.label) for result in columns))
        for line in lines
    )


def _text_of(parts: Iterable[Part], label: str) -> str:
    return next((part.text for part in parts if part.label == label), number(0))


def hours_by(result: Result, dimension: str, title: str, head: str) -> Grid:
    """Return the hours of presence drawn as bars: sites by their hours, months in order."""
    parts = result.parts[dimension]
    if dimension == "site":
        parts = sorted(parts, key=lambda part: -(part.value or 0))
    bars = [Bar(part.label, part.value or 0, part.text) for part in parts]
    return Grid(
        title=title,
        header=(head, "Heures"),
        rows=tuple((part.label, part.text) for part in parts),
        empty="Aucune heure de présence.",
        chart=horizontal_bars(title, bars, header=(head, "Heures")) if bars else None,
        is_drawn=True,
    )


def breakdowns(persons: Result, period: Period) -> list[Grid]:
    """Return who the persons of a year are, one table per characteristic."""
    return [
        _of_persons(title, head, persons.parts[dimension], persons, day(period.end))
        for dimension, (title, head) in _BREAKDOWNS.items()
        if persons.parts.get(dimension)
    ]


def _of_persons(title: str, head: str, parts: Sequence[Part], whole: Result, on: str) -> Grid:
    return Grid(
        title=f"{title}, au {on}",
        header=(head, "Personnes", "Part"),
        rows=tuple((part.name, part.text, _share(part)) for part in parts),
        total=("Ensemble", whole.text, percent(share(whole.value, whole.value))),
    )


def _share(part: Part) -> str:
    return "–" if part.hidden else percent(part.share)


def incomes(found: Found) -> list[Grid]:
    """Return the persons by minimum income; none when it is not given."""
    result = found.get("persons_by_income")
    if result is None or not result.parts.get("income"):
        return []
    rows = tuple((p.name, p.text, _share(p)) for p in result.parts["income"])
    head = ("Minimum social", "Personnes", "Part")
    return [Grid("Minima sociaux", head, rows, note=SEVERAL)]


def health(found: Found) -> list[Grid]:
    """Return the way to a health check, from the meeting to what follows; none when empty."""
    codes = ("health_informed", "health_proposed", "health_done", "health_followed")
    given = [found[code] for code in codes if code in found]
    if not any(result.hidden or result.value for result in given):
        return []
    rows = tuple((result.definition.label, result.text) for result in given)
    return [Grid("Santé", ("Étape", "Personnes"), rows)]


def publics(found: Found) -> list[Grid]:
    """Return what sessions counted without a name, and what their kinds count for; none empty."""
    given = [found[code] for code in PUBLICS if code in found and found[code].value]
    if not given:
        return []
    rows = tuple((result.definition.label, result.text) for result in given)
    return [Grid("Rencontres et publics", ("Ce qui est compté", "Nombre"), rows, note=UNNAMED)]


def money(found: Found) -> list[Grid]:
    """Return the budget and each funder's share; none without the right to budgets or a budget."""
    charges, products = found.get("budget_charges"), found.get("budget_products")
    if not (charges and products and (charges.value or products.value)):
        return []
    parts = sorted(products.parts["payer"], key=lambda p: (p.is_unknown, -p.value, p.label))
    header = ("Financeur", "Montant", "Part")
    rows = tuple((part.label, part.text, percent(part.share)) for part in parts)
    bars = [Bar(p.label, p.value, p.text, note=percent(p.share)) for p in parts]
    balance = "le budget est équilibré." if charges.value == products.value else "à équilibrer."
    return [
        Grid(
            title="Budget et financeurs",
            header=header,
            rows=rows,
            total=("Produits", products.text, percent(share(products.value, products.value))),
            note=f"Charges\u00a0: {charges.text}\u00a0; produits\u00a0: {products.text}, {balance}",
            chart=stacked_bar("Qui finance", bars, header=header) if parts else None,
        )
    ]
