"""The bilan of a programme over a period: what it counts, and its PDF in each edition."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fingerprints import canonical_json, fingerprint
from autoprod.core.formatting import SPACE, counted, edited
from autoprod.core.pdf import Document, render
from autoprod.core.periods import ONE_DAY, Kind, Period
from autoprod.core.scoping import Action, Scope
from evaluation.columns import harvests
from evaluation.columns import reports as words
from evaluation.enums import Audience
from evaluation.models import Report, ReportNote
from evaluation.results import Ask, Part, Result, Selection, compute
from programmes.enums import Module
from programmes.models import Edition, Objective, Programme, Site

STYLESHEET = "static:css/pdf_reports.css"
#: A bilan is of a month, a quarter or a year: over other days, totals could be told apart.
KINDS = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)

_ALWAYS = (
    Ask("persons_entered"),
    Ask("persons_left"),
    Ask("sessions_held"),
    Ask("sessions_cancelled", ("reason",)),
    Ask("workshops_held"),
    *(Ask(code) for code in words.PUBLICS),
    Ask("hours_signed"),
    Ask("steps_started", ("strand",)),
    Ask("steps_open", ("strand",)),
    Ask("steps_done", ("strand",)),
    Ask("outcomes_positive", ("kind",)),
)
_PART_OF_YEAR = (
    Ask("persons_reached"),
    Ask("persons_present"),
    Ask("hours", ("site",)),
)
_OF_YEAR = (
    Ask("persons_reached", ("district", "level", "sex", "age")),
    Ask("persons_by_income", ("income",)),
    Ask("persons_on_rsa"),
    Ask("hours", ("site", "month")),
    Ask("health_informed"),
    Ask("health_proposed"),
    Ask("health_done"),
    Ask("health_followed"),
    Ask("budget_charges"),
    Ask("budget_products", ("payer",)),
)
_AMOUNTS = frozenset({"budget_charges", "budget_products"})


@dataclass(frozen=True)
class Subject:
    """What a bilan is asked for: by whom, of which programme and period, in which edition."""

    scope: Scope
    programme: Programme
    period: Period
    audience: Audience

    def compute(self, period: Period, *asks: Ask) -> dict[str, Result]:
        """Return the figures of the programme over some days, as the edition may say them."""
        return compute(
            Selection(self.scope, frozenset({self.programme.pk}), period),
            asks,
            audience=self.audience,
            threshold=self.programme.territory.disclosure_threshold,
        )


@dataclass(frozen=True)
class Draft:
    """A bilan that is computed now: figures by group (period, before, since), and words."""

    subject: Subject
    figures: Mapping[str, Mapping[str, Result]]
    note: str = ""
    sites: int = 0
    target: int | None = None
    #: Objectives in kilograms: what each says, and how many it aims at.
    aims: tuple[tuple[str, int], ...] = ()
    number: int = field(default=1, kw_only=True)

    @property
    def found(self) -> Mapping[str, Result]:
        """Return the figures of the period itself."""
        return self.figures["period"]

    @property
    def period(self) -> Period:
        """Return the days it is about."""
        return self.subject.period

    @property
    def title(self) -> str:
        """Return « Bilan mensuel — mars 2016 »."""
        return words.title_of(self.period)

    @property
    def subtitle(self) -> str:
        """Return the programme, how many sites it has, and the edition."""
        parts = [self.subject.programme.name, "bilan collectif"]
        if self.sites:
            parts.append(counted(self.sites, "site", "sites"))
        parts.append(self.subject.audience.label)
        if self.number > 1:
            parts.append(f"version{SPACE}{self.number}")
        return " · ".join(parts)

    @property
    def note_title(self) -> str:
        """Return « Ce qui a marqué le mois »."""
        named = {Kind.MONTH: "le mois", Kind.QUARTER: "le trimestre", Kind.YEAR: "l’année"}
        return f"Ce qui a marqué {named[self.period.kind]}"

    @cached_property
    def key_figures(self) -> list[words.KeyFigure]:
        """Return the figures at its head."""
        before = self.figures["before"]["hours"]
        return words.key_figures(self.found, before, self.period, self.target)

    @cached_property
    def first_grids(self) -> list[words.Grid]:
        """Return the tables that come before the text."""
        hours = self.found["hours"]
        grids = [words.hours_by(hours, "site", "Présence par site", "Site")]
        if "month" in hours.parts:
            grids.append(words.hours_by(hours, "month", "Présence par mois", "Mois"))
        return [words.pathways(self.found, self.period), *grids]

    @cached_property
    def last_grids(self) -> list[words.Grid]:
        """Return the tables that come after the text; who the persons are, once a year."""
        since = self.figures.get("since", {}).get("outcomes_positive")
        grids = [words.outcomes(self.found, since, self.period)]
        grids += harvests.grids(self.found, self.period, self.aims)
        if self.period.kind == Kind.QUARTER:
            return grids + words.publics(self.found)
        if self.period.kind != Kind.YEAR:
            return grids
        grids += words.health(self.found) + words.breakdowns(
            self.found["persons_reached"], self.period
        )
        grids += words.incomes(self.found) + words.publics(self.found)
        return grids + words.money(self.found)

    @property
    def notes(self) -> list[str]:
        """Return how its numbers are to be read."""
        if self.period.kind != Kind.YEAR:
            return []
        if self.subject.audience == Audience.INTERNAL:
            return [words.ROUNDED]
        threshold = self.subject.programme.territory.disclosure_threshold
        return [words.ROUNDED, words.REGROUPED.format(threshold=threshold)]

    @property
    def to_close(self) -> int:
        """Return how many sessions before today are neither closed nor cancelled."""
        found = self.figures.get("to_close")
        return found["sessions_planned"].value if found else 0

    @property
    def warning(self) -> str:
        """Return what is missing from the hours; empty when every session is closed."""
        if not self.to_close:
            return ""
        sessions = counted(self.to_close, "séance", "séances")
        theirs = "leurs" if self.to_close > 1 else "ses"
        return f"{sessions} à clôturer\u00a0: {theirs} heures ne comptent pas encore."

    @property
    def has_amounts(self) -> bool:
        """Tell whether it says what the programme costs."""
        return bool(_AMOUNTS & self.found.keys())

    @cached_property
    def frozen(self) -> dict:
        """Return the figures as they are printed, in the only JSON form they have."""
        return json.loads(canonical_json(_frozen(self)))

    @cached_property
    def fingerprint(self) -> str:
        """Return the mark of the figures."""
        return fingerprint(self.frozen)


def _frozen(draft: Draft) -> dict:
    aims = {"aims": draft.aims} if draft.aims else {}
    return aims | {
        "programme": draft.subject.programme.pk,
        "period": draft.period.slug,
        "audience": draft.subject.audience.value,
        "target": draft.target,
        "figures": {
            group: {code: _printed(result) for code, result in found.items()}
            for group, found in draft.figures.items()
        },
    }


def _printed(result: Result) -> dict:
    return {
        "version": result.definition.version,
        "value": result.value,
        "text": words.at_least(result),
        "parts": {name: [_line(part) for part in lines] for name, lines in result.parts.items()},
    }


def _line(part: Part) -> dict:
    return {"label": part.name, "value": part.value, "text": part.text, "share": part.share}


def draft_of(subject: Subject, *, number: int = 1) -> Draft:
    """Return the bilan as it stands now; ValueError for days that are no month, quarter or year."""
    period, programme, scope = subject.period, subject.programme, subject.scope
    if period.kind not in KINDS:
        raise ValueError("a bilan is of a month, a quarter or a year")
    sites = Site.objects.for_scope(scope, Action.VIEW_FRAME).used_by(programme)
    return Draft(
        subject=subject,
        figures=_figures(subject),
        note=_note(subject),
        sites=sites.open(period.end).count(),
        target=_target(subject),
        aims=_aims(subject),
        number=number,
    )


def _note(subject: Subject) -> str:
    """Return what the team wrote; outside it, only what was published of it last.

    Words being written may name somebody: publishing is the moment they are read again.
    """
    scope, programme, period = subject.scope, subject.programme, subject.period
    if scope.opens(Action.VIEW_INTERNAL_FIGURES, programme):
        notes = ReportNote.objects.for_scope(scope, Action.VIEW_INTERNAL_FIGURES)
        note = notes.over(programme, period).first()
        return note.text if note else ""
    reports = Report.objects.for_scope(scope, Action.VIEW_FIGURES).for_reader(scope)
    report = reports.over(programme, period).order_by("-number").first()
    return report.note if report else ""


def _figures(subject: Subject) -> dict[str, dict[str, Result]]:
    period = subject.period
    is_year = period.kind == Kind.YEAR
    asks = (*(_OF_YEAR if is_year else _PART_OF_YEAR), *_ALWAYS)
    if Module.GARDEN in subject.programme.modules:
        asks += harvests.GARDEN_ASKS
    groups = {
        "period": subject.compute(period, *asks),
        "before": subject.compute(period.previous(), Ask("hours")),
    }
    if not is_year:
        since = Period(period.start.replace(month=1, day=1), period.end)
        groups["since"] = subject.compute(since, Ask("outcomes_positive", ("kind",)))
    past = period.intersection(Period(datetime.date.min, timezone.localdate() - ONE_DAY))
    if past:
        groups["to_close"] = subject.compute(past, Ask("sessions_planned"))
    return groups


def _editions(subject: Subject) -> QuerySet[Edition]:
    """Return the editions of a year; none for a shorter period, which has no target of its own."""
    editions = Edition.objects.for_scope(subject.scope, Action.VIEW_FIGURES).of(subject.programme)
    is_year = subject.period.kind == Kind.YEAR
    shown = editions.overlapping(subject.period.start, subject.period.end)
    return shown if is_year else editions.none()


def _target(subject: Subject) -> int | None:
    """Return how many persons the editions of a year aim at, None when none says."""
    targets = [edition.target_persons for edition in _editions(subject) if edition.target_persons]
    return sum(targets) or None


def _aims(subject: Subject) -> tuple[tuple[str, int], ...]:
    """Return the objectives in kilograms of the editions of a year, as they say on its last day."""
    objectives = Objective.objects.for_scope(subject.scope, Action.VIEW_FIGURES)
    rows = objectives.filter(edition__in=_editions(subject).values("pk"))
    shown = rows.with_wording(subject.period.end).filter(target__isnull=False)
    is_ours = Module.GARDEN in subject.programme.modules
    return tuple(
        (one.wording, one.target) for one in shown if is_ours and harvests.is_weight(one.unit)
    )


def document_of(
    draft: Draft, *, at: datetime.datetime | None = None, published: bool = False
) -> tuple[Document, bytes]:
    """Return the document of a bilan and its PDF, edited (or frozen) at an instant."""
    at = at or timezone.now()
    programme = draft.subject.programme
    document = Document(
        template="evaluation/pdf/report.html",
        title=draft.title,
        subtitle=draft.subtitle,
        filename=filename_of(draft.subject, draft.number),
        organisation=programme.territory.controller,
        edited_at=at,
        fingerprint=draft.fingerprint,
    )
    context = {
        "draft": draft,
        "edition": _footer(draft, at, published=published),
        "own_stylesheet": STYLESHEET,
    }
    return document, render(document, context=context)


def filename_of(subject: Subject, number: int = 1) -> str:
    """Return « bilan-les-jardins-du-coeur-2016-03-comite », « …-comite-v2 »."""
    name = slugify(subject.programme.name)[:60]
    version = f"-v{number}" if number > 1 else ""
    return f"bilan-{name}-{subject.period.slug}-{subject.audience.value}{version}"


def _footer(draft: Draft, at: datetime.datetime, *, published: bool) -> str:
    """Return « Édition équipe, usage interne. Figé le … — empreinte des chiffres 7f3a 91c2 »."""
    said = f"Figé {edited(at).removeprefix('Édité ')}" if published else edited(at)
    mark = words.mark(draft.fingerprint)
    return f"{draft.subject.audience.footer}. {said} — empreinte des chiffres {mark}"


def printed(subject: Subject) -> tuple[Document, bytes]:
    """Return the bilan as it stands now, as a document noted in the journal."""
    document, content = document_of(draft_of(subject))
    label = f"{words.name_of(subject.period)}, {subject.audience.label}"
    label += f", action n° {subject.programme.pk}"
    record(subject.scope, Verb.DOCUMENT, subject.programme, label=label)
    return document, content
