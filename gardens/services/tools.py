"""Tools: where each one is, who has it, what it costs to mend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import display_phone
from autoprod.core.formatting import counted, day
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import Enrolment, Person
from gardens.enums import ToolStanding
from gardens.models import Loan, Repair, Tool

SOMEBODY = "quelqu’un de l’action"
LENT_NOW = "Cet outil est sorti\u00a0: notez d’abord son retour."
MENDED_NOW = "Cet outil est déjà en réparation."
#: What each standing is drawn with: never a colour alone.
_DRAWN = {
    ToolStanding.AVAILABLE: ("green", "circle-check"),
    ToolStanding.LENT: ("blue", "arrow-right"),
    ToolStanding.LATE: ("ochre", "clock"),
    ToolStanding.MENDED: ("ochre", "wrench"),
    ToolStanding.LOST: ("red", "circle-x"),
    ToolStanding.RETIRED: ("neutral", "archive"),
}


@dataclass(frozen=True)
class Holder:
    """Who has a tool, as this reader may know it; `person` is whose page it leads to."""

    label: str
    phone: str = ""
    person: int | None = None
    #: Lent « à » somebody, « pour » a session or a place.
    link: str = "à"

    @property
    def to(self) -> str:
        """Return « à Karim Diallo », « pour Le Rôleur »."""
        return f"{self.link} {self.label}"

    @property
    def dialled(self) -> str:
        """Return the telephone as one reads it."""
        return display_phone(self.phone) if self.phone else ""


@dataclass(frozen=True)
class Card:
    """A tool with what happens to it today."""

    tool: Tool
    standing: ToolStanding
    loan: Loan | None = None
    holder: Holder | None = None
    repair: Repair | None = None

    @property
    def tone(self) -> str:
        """Return the colour of its tag."""
        return _DRAWN[self.standing][0]

    @property
    def icon(self) -> str:
        """Return the icon of its tag."""
        return _DRAWN[self.standing][1]

    @property
    def words(self) -> str:
        """Return « prêté à Karim Diallo », « en réparation »."""
        label = self.standing.label.lower()
        if self.standing == ToolStanding.LENT:
            return f"{label} {self.holder.to}"
        if self.standing == ToolStanding.LATE:
            return f"{label}, prêté {self.holder.to}"
        return label

    @property
    def note(self) -> str:
        """Return until when, or what is broken; empty when there is nothing to add."""
        if self.standing in {ToolStanding.LENT, ToolStanding.LATE}:
            return f"{self.holder.to}, retour prévu le {day(self.loan.due_on)}"
        if self.standing == ToolStanding.MENDED:
            return f"{self.repair.problem}, depuis le {day(self.repair.starts_on)}"
        return ""


def _people(scope: Scope, loans: Iterable[Loan]) -> dict[int, Person]:
    """Return, by enrolment, the persons this reader may name."""
    keys = {loan.enrolment_id for loan in loans if loan.enrolment_id}
    if not keys:
        return {}
    rows = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).filter(pk__in=keys)
    return {row.pk: row.person for row in rows.select_related("person")}


def holders(scope: Scope, loans: Sequence[Loan]) -> dict[int, Holder]:
    """Return who has, or had, the tool of each loan; a name under the right to see persons."""
    people = _people(scope, loans)
    return {loan.pk: _holder(loan, people) for loan in loans}


def _holder(loan: Loan, people: dict[int, Person]) -> Holder:
    if loan.enrolment_id:
        person = people.get(loan.enrolment_id)
        if person is None:
            return Holder(SOMEBODY)
        return Holder(str(person), person.phone or person.contact_phone, person.pk)
    if loan.organisation_id:
        return Holder(loan.organisation.name, loan.organisation.phone)
    if loan.session_id:
        said = f"la séance «\u00a0{loan.session}\u00a0» du {day(loan.session.on)}"
        return Holder(said, link="pour")
    return Holder(loan.site.name, link="pour")


def standing_of(
    tool: Tool, loan: Loan | None, repair: Repair | None, on: date | None = None
) -> ToolStanding:
    """Return how a tool stands on a day (today), its open loan and its open repair being known."""
    if tool.state in ToolStanding.values:
        return ToolStanding(tool.state)
    if loan:
        is_late = loan.due_on < (on or timezone.localdate())
        return ToolStanding.LATE if is_late else ToolStanding.LENT
    return ToolStanding.MENDED if repair else ToolStanding.AVAILABLE


def cards(scope: Scope, tools: Sequence[Tool]) -> list[Card]:
    """Return each tool with its open loan and its open repair, in as many queries for one."""
    out = Loan.objects.for_scope(scope, Action.VIEW_GARDENS).out().filter(tool__in=tools)
    loans = {loan.tool_id: loan for loan in out.described()}
    mended = Repair.objects.for_scope(scope, Action.VIEW_GARDENS)
    repairs = {one.tool_id: one for one in mended.filter(tool__in=tools, ends_on=None)}
    who = holders(scope, list(loans.values()))
    found = []
    for tool in tools:
        loan, repair = loans.get(tool.pk), repairs.get(tool.pk)
        holder = who[loan.pk] if loan else None
        standing = standing_of(tool, loan, repair)
        found.append(Card(tool, standing, loan=loan, holder=holder, repair=repair))
    return found


@transaction.atomic
def hold(scope: Scope, key: int) -> Tool:
    """Lock a tool of the scope and return it: who lends or mends it at the same time waits."""
    rows = Tool.objects.for_scope(scope, Action.EDIT_GARDENS)
    return rows.select_for_update(of=("self",), no_key=True).get(pk=key)


@transaction.atomic
def mend(*, scope: Scope, repair: Repair) -> Repair:
    """Save a new repair and return it; ValidationError for a tool that is out or in repair."""
    tool = hold(scope, repair.tool_id)
    if Loan.objects.out().filter(tool=tool).exists():
        raise ValidationError(LENT_NOW, code="lent")
    if Repair.objects.filter(tool=tool, ends_on=None).exists():
        raise ValidationError(MENDED_NOW, code="mended")
    repair.save()
    record(scope, Verb.CREATE, repair)
    return repair


@dataclass(frozen=True)
class Late:
    """A loan that is late, who has the tool, since how many days."""

    loan: Loan
    holder: Holder
    days: int

    @property
    def words(self) -> str:
        """Return « attendu depuis 3 jours »."""
        return f"attendu depuis {counted(self.days, 'jour', 'jours')}"


def late(scope: Scope, rows: models.QuerySet[Loan]) -> list[Late]:
    """Return the loans that are late today, the oldest first, with who has the tool."""
    today = timezone.localdate()
    loans = list(rows.late(today).described())
    who = holders(scope, loans)
    return [Late(loan, who[loan.pk], (today - loan.due_on).days) for loan in loans]
