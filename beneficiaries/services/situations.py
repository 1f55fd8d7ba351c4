"""Situations: read with all they say, in words, and copied to start the next one."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from autoprod.core.scoping import Action, Scope
from beneficiaries.columns.enrolments import place_of
from beneficiaries.models import Person, Situation
from beneficiaries.services.education import in_words
from programmes.models import ReferenceCode

#: Links to one value of a reference list.
CODES = (
    "last_class",
    "diploma",
    "education_level",
    "employment_status",
    "unemployment_duration",
    "housing_status",
    "accommodation",
    "household_type",
    "driving_licence",
    "transport",
    "health_cover",
    "regular_doctor",
)
#: What a new situation starts from: what has not changed is not typed again.
COPIED = (
    "district",
    "no_fixed_address",
    "diploma_abroad",
    "sheltered_by",
    "dependent_children",
    *(name for name in CODES if name != "education_level"),
)
#: What is asked of a situation, in short sections.
SECTIONS = (
    ("Ressources", ("minimum_incomes", "resources")),
    ("Emploi", ("employment_status", "unemployment_duration")),
    ("Formation", ("last_class", "diploma", "diploma_abroad")),
    (
        "Logement",
        ("district", "no_fixed_address", "housing_status", "accommodation", "sheltered_by"),
    ),
    ("Foyer", ("household_type", "dependent_children")),
    ("Mobilité", ("driving_licence", "transport")),
    ("Santé, accès aux soins seulement", ("health_cover", "regular_doctor")),
)
#: Never asked by themselves: they come with the question beside them.
_ALONG = {"diploma_abroad", "no_fixed_address"}
#: Homes that an organisation runs; as long as the home is unknown, the housing that may be one.
_SHELTERS, _MAY_BE_SHELTERED = {"chrs_chu_cph_cada", "ehpad", "autre"}, {"exclusion_logement"}
SEEKING_WORK = "chomage"

#: What the class and the diploma say together.
LEVEL = "Niveau de formation"
OTHER_RESOURCES = "Autres ressources"
NOT_ASKED = "pas encore demandé"
_ACRONYM = re.compile(r"\((\w+)\)$")


@dataclass(frozen=True)
class Answer:
    """What is known of one question: not asked, declined, none and the rest are four things."""

    label: str
    text: str = ""
    is_declined: bool = False

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody was asked; declining is an answer."""
        return bool(self.text)


def is_declined(code: ReferenceCode) -> bool:
    """Tell whether the code says that somebody was asked and would rather not answer."""
    return bool(code.meta.get("declined"))


def is_none(code: ReferenceCode) -> bool:
    """Tell whether the code says « aucun »: it goes with no other of its list."""
    return code.code == "aucun" or bool(code.meta.get("none"))


def short_label(code: ReferenceCode) -> str:
    """Return « AAH » for « Allocation aux adultes handicapés (AAH) », the label otherwise."""
    found = _ACRONYM.search(code.label)
    return found[1] if found else code.label


def other_label(code: ReferenceCode) -> str:
    """Return the words of a resource asked beside the minimum incomes, told on their own."""
    return "Aucune autre ressource" if is_none(code) else code.label


def seen_of(scope: Scope, person: Person) -> QuerySet:
    """Return somebody's situations open to the scope, the newest first, with their codes."""
    rows = Situation.objects.for_scope(scope, Action.VIEW_SITUATIONS).of(person)
    return rows.select_related("district", "sheltered_by", *CODES).order_by("-observed_on", "pk")


def last_of(scope: Scope, person: Person) -> Situation | None:
    """Return somebody's newest situation with its `incomes`, None when unknown or closed."""
    return next(iter(with_incomes(seen_of(scope, person)[:1])), None)


def proposed_from(last: Situation | None) -> dict:
    """Return the first values of a new situation: those of the last one, `with_answers`."""
    if last is None:
        return {}
    copied = {name: getattr(last, name) for name in COPIED}
    return copied | {
        "minimum_incomes": [code.pk for code in last.incomes],
        "resources": [code.pk for code in last.means],
    }


def imported_level(last: Situation | None) -> ReferenceCode | None:
    """Return the level a new situation inherits: one noted without its class nor its diploma."""
    if last is None or last.last_class_id or last.diploma_id:
        return None
    return last.education_level


def with_incomes(situations: Iterable[Situation]) -> list[Situation]:
    """Return the situations, each with its `incomes` (codes), in one query for all."""
    situations = list(situations)
    incomes = _linked(Situation.minimum_incomes.through, situations)
    for situation in situations:
        situation.incomes = incomes[situation.pk]
    return situations


def with_answers(situations: Iterable[Situation]) -> list[Situation]:
    """Return the situations, each with its `incomes` and other `means` (codes), in two queries."""
    situations = with_incomes(situations)
    means = _linked(Situation.resources.through, situations)
    for situation in situations:
        situation.means = means[situation.pk]
    return situations


def _linked(through: type, situations: list[Situation]) -> dict[int, list[ReferenceCode]]:
    links = through.objects.filter(situation__in=situations).select_related("referencecode")
    codes = defaultdict(list)
    for link in links.order_by("referencecode__position"):
        codes[link.situation_id].append(link.referencecode)
    return codes


def is_due(situation: Situation, name: str) -> bool:
    """Tell whether a question of a situation still has to be asked."""
    if name in _ALONG or not concerns(situation, name):
        return False
    return not answer_to(situation, name).is_asked


def still_to_ask(situation: Situation) -> list[str]:
    """Return the names of the questions of a situation that nobody asked yet."""
    return [name for _, names in SECTIONS for name in names if is_due(situation, name)]


def concerns(situation: Situation, name: str) -> bool:
    """Tell whether a question has a sense, given what is already known."""
    if name == "unemployment_duration":
        return _code_of(situation.employment_status) == SEEKING_WORK
    if name == "sheltered_by":
        return _may_be_sheltered(situation)
    if name == "accommodation":
        kind = situation.housing_status
        return kind is None or not is_declined(kind)
    if name == "dependent_children":
        kind = situation.household_type
        return kind is None or not is_declined(kind)
    return True


def _may_be_sheltered(situation: Situation) -> bool:
    """Tell whether an organisation may run their home; a friend or a landlord does not count."""
    if situation.sheltered_by_id:
        return True
    if situation.accommodation:
        return situation.accommodation.code in _SHELTERS
    return _code_of(situation.housing_status) in _MAY_BE_SHELTERED


def _code_of(code: ReferenceCode | None) -> str:
    return code.code if code else ""


def answer_to(situation: Situation, name: str) -> Answer:
    """Return what a situation `with_answers` says of one of its questions."""
    label = OTHER_RESOURCES if name == "resources" else _label_of(name)
    if name in {"minimum_incomes", "resources"}:
        codes = situation.incomes if name == "minimum_incomes" else situation.means
        text = ", ".join(map(other_label if name == "resources" else str, codes))
        return Answer(label, text, any(map(is_declined, codes)))
    value = getattr(situation, name)
    if name == "district":
        return Answer(label, place_of(situation))
    if name == "dependent_children":
        return Answer(label, "aucun" if value == 0 else str(value or ""))
    if isinstance(value, ReferenceCode):
        return Answer(label, value.label, is_declined(value))
    return Answer(label, str(value or ""))


def _label_of(name: str) -> str:
    return str(Situation._meta.get_field(name).verbose_name).capitalize()


def answers_of(situation: Situation) -> list[tuple[str, list[Answer]]]:
    """Return what a situation says, section by section; what has no sense is left out."""
    return [(title, _answers(situation, names)) for title, names in SECTIONS]


def _answers(situation: Situation, names: Iterable[str]) -> list[Answer]:
    told = [
        answer_to(situation, name)
        for name in names
        if name not in _ALONG and concerns(situation, name)
    ]
    if "diploma" in names:
        told.append(Answer(LEVEL, in_words(situation)))
        if situation.diploma_abroad:
            told.append(Answer("Diplôme étranger", "non reconnu en France"))
    return told
