"""What is still to ask of somebody, in words, and how far an operation's questionnaires are.

Declining is an answer. What the reader may not see is never counted, neither done nor missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import counted
from autoprod.core.periods import Kind, Period
from autoprod.core.rounding import share
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Part
from beneficiaries.models import Enrolment, FseAnswers, Person, PersonIdentity, Situation
from beneficiaries.models.fse import EXIT_DAYS, EXIT_REMINDERS
from beneficiaries.services import fse
from beneficiaries.services.education import is_told
from beneficiaries.services.fse import Participation
from beneficiaries.services.identities import is_reachable
from beneficiaries.services.situations import CODES, concerns, is_due, with_answers
from programmes.models import Edition

#: Over 35 % of incomplete participants a funder corrects the payment (Seine-et-Marne, ressources
#: FSE): told early.
EARLY, URGENT, CORRECTED = 10, 25, 35

#: What each page where something is typed is about.
PAGES = {
    "person_update": "Contact",
    "person_identity": "Identité",
    "situation_create": "Situation",
    "situation_complete": "Situation",
    "fse_update": "FSE+, à l’entrée",
    "fse_exit": "FSE+, à la sortie",
    "enrolment_exit": "Sortie",
}
#: Labels written in one cell; beyond, they are counted.
MOST_NAMED = 2

CONTACT = "un téléphone, un courriel ou un référent de contact"
#: Question, words, and whether the funder's questionnaire has it too.
SITUATION_ITEMS = (
    ("district", "le quartier", True),
    ("education_level", "le niveau de formation (classe et diplôme)", True),
    ("minimum_incomes", "les minima sociaux", True),
    ("resources", "les autres ressources", False),
    ("employment_status", "l’emploi", True),
    ("unemployment_duration", "depuis quand la personne cherche un emploi", True),
    ("housing_status", "le logement", True),
    ("accommodation", "le type d’hébergement", False),
    ("sheltered_by", "la structure qui héberge", False),
    ("household_type", "le foyer", True),
    ("dependent_children", "les enfants à charge", True),
    ("driving_licence", "le permis de conduire", False),
    ("transport", "le moyen de se déplacer", False),
    ("health_cover", "la couverture santé", False),
    ("regular_doctor", "le médecin traitant", False),
)
FSE_ITEMS = (
    ("informed_on", "l’information de la personne"),
    ("disability", "le handicap"),
    ("parent_born_abroad", "le pays de naissance des parents"),
    ("minority", "l’appartenance à une minorité"),
    ("nationality", "la nationalité"),
)
EXIT_ITEMS = (
    ("exit_seeking", "la recherche d’emploi à la sortie"),
    ("exit_training", "la formation à la sortie"),
    ("exit_qualification", "la qualification obtenue"),
)


@dataclass(frozen=True)
class Item:
    """One thing to know: in words, known or not, and where it is typed (URL name, arguments)."""

    code: str
    label: str
    is_done: bool
    where: tuple[str, tuple]
    is_fse: bool = False

    @property
    def url(self) -> str:
        """Return the page where it is typed."""
        name, args = self.where
        return reverse(f"beneficiaries:{name}", args=args)

    @property
    def page(self) -> str:
        """Return what that page is about."""
        return PAGES[self.where[0]]


@dataclass(frozen=True)
class Completeness:
    """The items of somebody that a reader may see; several may be typed on one page."""

    items: tuple[Item, ...] = ()

    @property
    def total(self) -> int:
        """Return how many there are."""
        return len(self.items)

    @property
    def done(self) -> int:
        """Return how many are known."""
        return sum(item.is_done for item in self.items)

    @property
    def missing(self) -> list[Item]:
        """Return what is still to ask."""
        return [item for item in self.items if not item.is_done]

    def of_funder(self) -> "Completeness":
        """Return what the funder's questionnaire asks."""
        return Completeness(tuple(item for item in self.items if item.is_fse))

    def by_page(self) -> list[dict]:
        """Return the page of each missing item with its items, in order."""
        pages = defaultdict(list)
        for item in self.missing:
            pages[item.page, item.url].append(item.label)
        return [{"title": page[0], "url": page[1], "labels": pages[page]} for page in pages]

    def in_short(self) -> str:
        """Return what is missing on one line: named when it is little, counted otherwise."""
        return " · ".join(
            f"{page['title']}\u00a0: {_counted(page['labels'])}" for page in self.by_page()
        )


def _counted(labels: list[str]) -> str:
    few = len(labels) <= MOST_NAMED
    return ", ".join(labels) if few else counted(len(labels), "question", "questions")


@dataclass(frozen=True)
class Record:
    """A participation, what its questionnaire lacks, since when its exit has been waiting."""

    participation: Participation
    completeness: Completeness
    waiting_days: int | None

    @property
    def rank(self) -> tuple[int, int]:
        """Return the key that puts first what can still be done in time."""
        if self.waiting_days is None:
            return 2, 0
        is_late = self.waiting_days > EXIT_DAYS
        return (1, self.waiting_days) if is_late else (0, -self.waiting_days)


@dataclass(frozen=True)
class Known:
    """What a scope may see of some persons, read in as many queries for one as for all."""

    scope: Scope
    stays: dict[int, list[Enrolment]]
    identities: dict[int, PersonIdentity]
    situations: dict[int, Situation]
    participations: dict[int, list[Participation]]
    questionnaires: dict[tuple[int, int], FseAnswers]

    def opens(self, action: Action, person: int) -> bool:
        """Tell whether a person's rows of a right are open, as their table says."""
        return any(self.scope.opens(action, stay.programme) for stay in self.stays[person])

    def of(self, person: int) -> Completeness:
        """Return what is known and missing of a person (key), nothing of who is unknown here."""
        return Completeness(tuple(_items(self, person)) if person in self.stays else ())

    def answers_of(self, one: Participation) -> FseAnswers | None:
        """Return the answers of a participation, None when nobody asked."""
        return self.questionnaires.get(one.key)

    def operations_of(self, person: int) -> list[Participation]:
        """Return the participations whose questionnaire is open, the oldest first."""
        found = self.participations.get(person, ())
        return [one for one in found if self.scope.opens(Action.VIEW_FSE, one.edition.programme)]


def of_persons(
    scope: Scope, persons: Iterable[int], *, on: date | None = None
) -> dict[int, Completeness]:
    """Return what is known and missing of persons (keys) as of a day (today), operations included.

    Nothing of somebody outside the scope, and nothing of who is not a participant.
    """
    known = read(scope, persons, on=on)
    return {person: known.of(person) for person in known.stays}


def of_enrolments(
    scope: Scope, enrolments: Iterable[Enrolment], *, on: date | None = None
) -> dict[int, tuple[int, int]]:
    """Return (done, total) of each enrolment's person, by the enrolment's key.

    Who is not a participant is left out: nothing has to be asked of a volunteer. As many queries
    for sixty enrolments as for one.
    """
    rows = [row for row in enrolments if row.part == Part.PARTICIPANT]
    found = of_persons(scope, {row.person_id for row in rows}, on=on)
    told = {row.pk: found.get(row.person_id) for row in rows}
    return {key: (one.done, one.total) for key, one in told.items() if one and one.total}


def of_edition(scope: Scope, edition: Edition) -> list[Record]:
    """Return each participation of an operation with what the funder's questionnaire asks.

    A situation counts as known until the end of the operation: what is learnt in a later one does
    not complete it.
    """
    today = timezone.localdate()
    found = fse.participations(scope=scope, edition=edition)
    keys = {one.person.pk for one in found}
    known = read(scope, keys, on=min(today, edition.ends_on), only=found)
    return [
        Record(
            participation=one,
            completeness=known.of(one.person.pk).of_funder(),
            waiting_days=fse.reminder(one, known.answers_of(one), on=today),
        )
        for one in found
    ]


def entry_deadline(stay: Enrolment) -> date | None:
    """Return the last day of the month of entry, by which everything should be asked."""
    return stay.entered_on and Period.containing(stay.entered_on, Kind.MONTH).end


def read(
    scope: Scope,
    persons: Iterable[int],
    *,
    on: date | None = None,
    situations: Sequence[Situation] | None = None,
    identities: Sequence[PersonIdentity] | None = None,
    only: Sequence[Participation] | None = None,
) -> Known:
    """Return what is known of persons (keys) as of a day (today), for who is a participant.

    `situations` (one a person, `with_answers`), `identities` and `only` (participations) spare a
    page that has read them from reading them twice.
    """
    persons = set(persons)
    stays = defaultdict(list)
    for row in _stays(scope, persons):
        stays[row.person_id].append(row)
    if only is None:
        only = fse.in_operations(scope=scope, stays=[s for some in stays.values() for s in some])
    if situations is None:
        situations = _situations(scope, persons, on or timezone.localdate())
    if identities is None:
        rows = PersonIdentity.objects.for_scope(scope, Action.VIEW_IDENTITIES)
        identities = rows.filter(person__in=persons)
    participations = defaultdict(list)
    for one in only:
        participations[one.person.pk].append(one)
    return Known(
        scope=scope,
        stays=stays,
        identities={row.person_id: row for row in identities},
        situations={row.person_id: row for row in situations},
        participations=participations,
        questionnaires=fse.answers_to(scope=scope, found=only),
    )


def _stays(scope: Scope, persons: set[int]) -> models.QuerySet:
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).filter(person__in=persons)
    return rows.participants().select_related("person", "programme", *fse.EXITS)


def _situations(scope: Scope, persons: set[int], day: date) -> list[Situation]:
    rows = Situation.objects.for_scope(scope, Action.VIEW_SITUATIONS).filter(person__in=persons)
    return with_answers(rows.known_on(day).select_related("district", "sheltered_by", *CODES))


def _items(known: Known, person: int) -> list[Item]:
    items = []
    row = known.stays[person][0].person
    if known.opens(Action.VIEW_IDENTITIES, person):
        items += _of_identity(row, known.identities.get(person))
    if known.opens(Action.VIEW_SITUATIONS, person):
        items += _of_situation(row, known.situations.get(person))
    for one in known.operations_of(person):
        items += _of_participation(one, known.answers_of(one), known.scope)
    return items


def _of_identity(person: Person, identity: PersonIdentity | None) -> list[Item]:
    """Return how to reach somebody, through somebody else included, and what is of their birth."""
    reached = is_reachable(person, identity)
    contact, birth = ("person_update", (person.pk,)), ("person_identity", (person.pk,))
    return [
        Item("contact", CONTACT, reached, contact, True),
        Item("sex", "le sexe", bool(identity and identity.sex_id), birth, True),
        Item("birth", "la date de naissance", bool(identity and identity.born_on), birth, True),
    ]


def _of_situation(person: Person, situation: Situation | None) -> list[Item]:
    where = (
        ("situation_complete", (situation.pk,)) if situation else ("situation_create", (person.pk,))
    )
    row = situation or _with_nothing(person)
    return [
        Item(name, label, _is_known(row, name), where, is_fse)
        for name, label, is_fse in SITUATION_ITEMS
        if name == "education_level" or concerns(row, name)
    ]


def _with_nothing(person: Person) -> Situation:
    """Return a situation nobody noted, of which everything is still to ask."""
    row = Situation(person=person)
    row.incomes, row.means = [], []
    return row


def _is_known(row: Situation, name: str) -> bool:
    return is_told(row) if name == "education_level" else not is_due(row, name)


def _of_participation(one: Participation, answers: FseAnswers | None, scope: Scope) -> list[Item]:
    entry = ("fse_update", one.key)
    items = [Item(name, label, _told(answers, name), entry, True) for name, label in FSE_ITEMS]
    if one.has_died or not one.has_left(timezone.localdate()):
        return items
    where = ("fse_exit", one.key)
    items += [Item(name, label, _told(answers, name), where, True) for name, label in EXIT_ITEMS]
    last = one.stays[-1]
    if last.left_on and scope.opens(Action.VIEW_PATHWAYS, last.programme):
        done = bool(last.exit_reason_id or last.exit_outcome_id)
        page = ("enrolment_exit", (last.pk,))
        items.append(Item("exit_reason", "ce que devient la personne", done, page, True))
    return items


def _told(answers: FseAnswers | None, name: str) -> bool:
    return bool(answers and getattr(answers, f"{name}_id", getattr(answers, name)))


def of_editions(scope: Scope, editions: Sequence[models.Model]) -> dict:
    """Return, for the page of an operation, how many participants have a complete questionnaire."""
    opened = [
        edition
        for edition in editions
        if fse.is_operation(edition) and scope.opens(Action.VIEW_FSE, edition.programme)
    ]
    return {edition.pk: rate_of(edition, of_edition(scope, edition)) for edition in opened}


def rate_of(edition: Edition, rows: Sequence[Record]) -> dict:
    """Return the participants of an operation, how many are incomplete, and what it calls for."""
    total, incomplete = len(rows), sum(bool(row.completeness.missing) for row in rows)
    waits = [row.waiting_days for row in rows if row.waiting_days is not None]
    return {
        "edition": edition,
        "total": total,
        "incomplete": incomplete,
        "rate": share(incomplete, total),
        "level": _level(incomplete, total),
        "waiting": len(waits),
        "late": sum(days >= EXIT_REMINDERS[1] for days in waits),
    }


def _level(incomplete: int, total: int) -> str:
    """Return what a rate calls for: told from 10 %, again from 25 %, corrected beyond 35 %."""
    if 100 * incomplete > CORRECTED * total:
        return "corrected"
    if not incomplete or 100 * incomplete < EARLY * total:
        return "good"
    return "urgent" if 100 * incomplete >= URGENT * total else "early"
