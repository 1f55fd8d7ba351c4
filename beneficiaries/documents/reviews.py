"""« Bilan mensuel » of one person: what they did in a month, and room to write and sign.

Read together by the person and their referent: no note, no target, no absence that nobody excused.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from autoprod.core.formatting import counted, day, day_and_month, hours
from autoprod.core.pdf import Document, render
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents import papers
from beneficiaries.enums import PaperKind
from beneficiaries.models import Enrolment, Interview, Objective, Person, Step
from programmes.models import Programme

STYLESHEET, TOGETHER = "static:css/pdf_reviews.css", "static:css/pdf_reviews_together.css"
TEMPLATE = "beneficiaries/pdf/reviews.html"
#: What is written by hand, together.
QUESTIONS = ("Ce qui s’est bien passé", "Ce que nous décidons pour le mois qui vient")


def stays_in(scope: Scope, person: Person, month: Period) -> list[Enrolment]:
    """Return the stays of a person that share a day with a month and that the scope may print."""
    return [
        stay
        for stay in papers.stays_of(scope, person)
        if stay.entered_on and month.overlaps(stay.entered_on, stay.left_on)
    ]


def facts_of(scope: Scope, stays: Sequence[Enrolment], month: Period) -> dict:
    """Return what the bilan of one person says; `stays` are theirs, not empty."""
    told = papers.hours_by_month(scope, stays, month)
    current = papers.current(stays)
    return {
        "person": current.person,
        "programmes": ", ".join(dict.fromkeys(stay.programme.name for stay in stays)),
        "referent": str(current.referent or ""),
        "presence": _presence(told[0] if told else papers.Hours(month.start)),
        "interviews": _interviews(scope, stays, month),
        "steps": _steps(scope, stays, month),
        "objectives": _objectives(scope, stays, month),
        "skills": _skills(scope, stays, month),
        "appointments": papers.next_appointments(scope, stays)[:1],
    }


def _presence(told: papers.Hours) -> list[str]:
    """Return the days, the hours and what was excused, in words; never a rate."""
    if not told.days and not told.excused:
        return []
    words = [f"{counted(told.days, 'jour', 'jours')}, {hours(told.minutes)}"]
    if told.dates:
        words.append(_listed(sorted(told.dates)))
    if told.excused:
        words.append(counted(told.excused, "absence excusée", "absences excusées"))
    return words


def _listed(days: Sequence[date]) -> str:
    """Return « Les 2, 3 et 16 mars », of the days of one month."""
    *before, last = days
    if not before:
        return f"Le {day_and_month(last)}"
    numbers = ", ".join("1er" if on.day == 1 else str(on.day) for on in before)
    return f"Les {numbers} et {day_and_month(last)}"


def _interviews(scope: Scope, stays: Sequence[Enrolment], month: Period) -> list[str]:
    rows = Interview.objects.for_scope(scope, Action.VIEW_PATHWAYS).held().in_period(month)
    rows = rows.filter(enrolment__in=stays).select_related("led_by").order_by("on", "at", "pk")
    return [f"{day(row.on)}{f', avec {row.led_by}' if row.led_by else ''}" for row in rows]


def _steps(scope: Scope, stays: Sequence[Enrolment], month: Period) -> list[str]:
    """Return the steps started or done in the month, in words."""
    bounds = (month.start, month.end)
    rows = Step.objects.for_scope(scope, Action.VIEW_PATHWAYS).filter(enrolment__in=stays)
    rows = rows.filter(Q(started_on__range=bounds) | Q(done_on__range=bounds))
    return [
        _told(row, month)
        for row in rows.select_related("kind", "partner").order_by("started_on", "pk")
    ]


def _told(row: Step, month: Period) -> str:
    partner = f", avec {row.partner}" if row.partner else ""
    is_done = row.done_on and month.contains(row.done_on)
    when = f"aboutie le {day(row.done_on)}" if is_done else f"commencée le {day(row.started_on)}"
    return f"{row.name}{partner}\u00a0: {when}"


def _objectives(scope: Scope, stays: Sequence[Enrolment], month: Period) -> list[dict]:
    """Return the objectives agreed by the end of the month, those ended before it apart."""
    rows = Objective.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    rows = rows.filter(enrolment__in=stays, agreed_on__lte=month.end)
    alive = Q(reached_on=None) | Q(reached_on__gte=month.start)
    rows = rows.filter(alive, Q(abandoned_on=None) | Q(abandoned_on__gte=month.start))
    return [
        {"words": row.words, "state": papers.state_of_objective(row, month.end)["state"]}
        for row in rows
    ]


def _skills(scope: Scope, stays: Sequence[Enrolment], month: Period) -> list[str]:
    """Return what was noted of skills in the month, in words, those of one level together."""
    told: dict[str, list[str]] = {}
    for learnt in papers.skills_by_family(scope, stays, month).values():
        for one in learnt:
            levels = (
                one.seen and f"{one.seen.get_level_display()} (vu par l’encadrant)",
                one.said and f"{one.said.get_level_display()} (dit par vous)",
            )
            told.setdefault(", ".join(filter(None, levels)), []).append(one.skill.label)
    between = "\u00a0; "
    return [f"{between.join(labels)}\u00a0: {levels}" for levels, labels in told.items()]


def reviews(
    programme: Programme, month: Period, sheets: Sequence[dict], *, filename: str
) -> tuple[Document, bytes]:
    """Return the bilans of one or several persons, each on a page of its own, and their PDF.

    `sheets` are what `facts_of` returns; whoever calls writes who was printed in the journal.
    """
    document = Document(
        template=TEMPLATE,
        title=_title(month),
        filename=filename,
        organisation=programme.territory.controller,
    )
    stylesheets = [STYLESHEET, TOGETHER] if len(sheets) > 1 else [STYLESHEET]
    context = {"sheets": sheets, "questions": QUESTIONS, "stylesheets": stylesheets}
    return document, render(document, context=context)


def _title(month: Period) -> str:
    """Return « Bilan de mars 2026 », « Bilan d’avril 2026 »."""
    of = "d’" if month.label.startswith(("a", "o")) else "de "
    return f"Bilan {of}{month.label}"


def label_of(person: Person, month: Period) -> str:
    """Return what the journal says of one bilan; it names nobody."""
    return f"{PaperKind.REVIEW.label} de la personne n° {person.pk}, {month.label}"
