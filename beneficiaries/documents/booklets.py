"""« Livret de parcours »: the person's own document, to keep and to show as they like.

Large print, short sentences and pictograms, after the European rules « L’information pour tous »
(facile à lire et à comprendre). It bears what the person said, did and agreed to, nothing else:
with or without a note about them, it is the same document.
"""

from collections.abc import Iterable, Sequence

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents import papers
from beneficiaries.documents.pictograms import pictogram, stairs
from beneficiaries.enums import Mastery, PaperKind
from beneficiaries.models import Enrolment, Outcome, Paper, Person

STYLESHEET = "static:css/pdf_booklet.css"
#: Months told one by one; the total counts them all.
MONTHS = 12
#: What is written by hand, together.
QUESTIONS = ("Ce que j’ai appris", "Ce que je veux faire ensuite", "Mes questions")
#: Each part of the booklet: its pictogram and what the picture shows.
PICTOGRAMS = {
    "objectives": ("target", "Une cible"),
    "steps": ("flag", "Un drapeau"),
    "outcomes": ("briefcase", "Une mallette"),
    "skills": ("sprout", "Une pousse"),
    "hours": ("clock", "Une horloge"),
    "appointments": ("calendar-days", "Un calendrier"),
    "papers": ("file-text", "Une feuille"),
    "writing": ("pencil", "Un crayon"),
}


def booklet(scope: Scope, person: Person, stays: Sequence[Enrolment]) -> tuple[Document, bytes]:
    """Return the booklet of a person and its PDF; `stays` are what `stays_of` returns, not empty.

    Its name names nobody; the making is in the journal.
    """
    months = papers.hours_by_month(scope, stays)
    programme = papers.current(stays).programme
    document = Document(
        template="beneficiaries/pdf/booklet.html",
        title="Mon livret de parcours",
        filename=f"livret-{person.pk}",
        organisation=programme.territory.controller,
    )
    context = {
        "person": person,
        "about": papers.about(scope, stays),
        "objectives": _drawn(papers.objectives_of(scope, stays)),
        "steps": _drawn(papers.steps_of(scope, stays)),
        "outcomes": _outcomes(scope, stays),
        "families": _families(scope, stays),
        "legend": [{"stairs": stairs(level), "words": level.label} for level in Mastery],
        "months": months[-MONTHS:],
        "earlier": len(months) > MONTHS,
        "total": sum(month.minutes for month in months),
        "appointments": papers.next_appointments(scope, stays),
        "papers": _received(scope, stays),
        "questions": QUESTIONS,
        "pictograms": {name: pictogram(*drawn) for name, drawn in PICTOGRAMS.items()},
        "booklet_stylesheet": STYLESHEET,
    }
    content = render(document, context=context)
    label = f"Livret de parcours de la personne n° {person.pk}"
    record(scope, Verb.DOCUMENT, person, label=label)
    return document, content


def _drawn(rows: Iterable[dict]) -> list[dict]:
    """Return the rows with their state as a pictogram; the words follow it."""
    words = {
        "circle-check": "Coche",
        "arrow-right": "Flèche",
        "calendar-days": "Calendrier",
        "minus": "Tiret",
    }
    return [row | {"drawing": pictogram(row["icon"], words[row["icon"]])} for row in rows]


def _families(scope: Scope, stays: Iterable[Enrolment]) -> list[dict]:
    """Return the skills by family, each level with its stairs and its words."""
    return [
        {
            "name": family,
            "rows": [
                {"label": one.skill.label, "seen": _told(one.seen), "said": _told(one.said)}
                for one in learnt
            ],
        }
        for family, learnt in papers.skills_by_family(scope, stays).items()
    ]


def _told(level) -> dict | None:
    if level is None:
        return None
    return {"stairs": stairs(level.level), "words": level.get_level_display()}


def _outcomes(scope: Scope, stays: Iterable[Enrolment]) -> list[dict]:
    rows = Outcome.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__in=list(stays))
    return [
        {
            "name": row.kind.label,
            "with": row.employer.name if row.employer else "",
            "dates": day_range(row.starts_on, row.ends_on),
        }
        for row in rows.select_related("kind", "employer")
    ]


def _received(scope: Scope, stays: Iterable[Enrolment]) -> list[str]:
    """Return the papers put in the person's hands, the last first; the booklet itself apart."""
    rows = Paper.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__in=list(stays))
    return [
        f"{row.get_kind_display()}{f' ({row.about})' if row.about else ''}, le {day(row.handed_on)}"
        for row in rows.exclude(kind=PaperKind.BOOKLET)
    ]
