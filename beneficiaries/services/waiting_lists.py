"""The waiting list of a programme: how many places, who waits since when, what was answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from autoprod.core.formatting import counted, day
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.models import Enrolment, ReferralAnswer, Suspension
from beneficiaries.services.enrolments import waiting_since
from beneficiaries.services.referrals import due_answer, is_referred
from programmes.models import Edition, Programme


@dataclass(frozen=True)
class Places:
    """The places of a programme on a day; `capacity` is None when no edition says it."""

    capacity: int | None
    taken: int
    paused: int
    #: The edition that runs that day, which says the capacity; None when none runs.
    edition: Edition | None

    @property
    def free(self) -> int | None:
        """Return how many places are free, negative when there are too few; None when unknown."""
        return None if self.capacity is None else self.capacity - self.taken

    @property
    def paused_words(self) -> str:
        """Return « dont 2 en pause », empty when nobody is."""
        return f"dont {self.paused} en pause" if self.paused else ""

    @property
    def words(self) -> str:
        """Return « 3 places libres », « complet », « 2 personnes de plus que prévu »."""
        if self.free is None:
            return ""
        if self.free < 0:
            return f"{counted(-self.free, 'personne', 'personnes')} de plus que prévu"
        return counted(self.free, "place libre", "places libres") if self.free else "complet"


def places_of(scope: Scope, programme: Programme, on: date) -> Places:
    """Return the places of a programme on a day: its participants hold one, on a pause or not.

    Of several editions that run, the one that began last and says a capacity.
    """
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME).of(programme).covering(on)
    running = sorted(editions, key=lambda edition: edition.capacity is None)
    edition = running[0] if running else None
    stays = Enrolment.objects.for_scope(scope, Action.VIEW_PERSONS).of(programme)
    stays = stays.participants().ongoing(on)
    paused = Suspension.objects.in_force(on).filter(enrolment__in=stays.order_by().values("pk"))
    return Places(
        capacity=edition.capacity if edition else None,
        taken=stays.count(),
        paused=paused.count(),
        edition=edition,
    )


@dataclass
class Request:
    """One line of the list; where somebody comes from is empty for who may not see pathways."""

    row: Enrolment
    days: int
    origin: str = ""
    answered: str = ""
    #: What may be answered to the prescriber; None when there is nobody to answer.
    reply: ReferralAnswerKind | None = None


def waiting_in(scope: Scope, programme: Programme) -> list[Request]:
    """Return the requests of a programme, the oldest first, in two queries."""
    rows = Enrolment.objects.for_scope(scope, Action.EDIT_PERSONS).of(programme).waiting()
    rows = list(rows.select_related("person", "referral", "referral_source", "referred_by"))
    requests = [Request(row, waiting_since(row)) for row in rows]
    if scope.opens(Action.VIEW_PATHWAYS, programme):
        _give_origins(scope, requests)
    return sorted(requests, key=lambda one: (-one.days, one.row.person.sort_key, one.row.pk))


def _give_origins(scope: Scope, requests: Sequence[Request]) -> None:
    answers = ReferralAnswer.objects.for_scope(scope, Action.VIEW_PATHWAYS)
    answers = answers.filter(referral__enrolment__in=[one.row.pk for one in requests])
    sent = defaultdict(list)
    for answer in answers.select_related("referral").order_by("sent_on", "pk"):
        sent[answer.referral.enrolment_id].append(answer)
    for one in requests:
        row, known = one.row, sent[one.row.pk]
        referral = getattr(row, "referral", None)
        names = (referral and referral.prescriber, row.referred_by and row.referred_by.name)
        source = row.referral_source.label if row.referral_source else ""
        known_names = ", ".join(name for name in names if name)
        one.origin = f"prescripteur\u00a0: {known_names}" if known_names else source
        if known:
            last = known[-1]
            one.answered = f"{last.get_kind_display().lower()}, le {day(last.sent_on)}"
        if is_referred(row, referral):
            kinds = {answer.kind for answer in known}
            one.reply = due_answer(row, kinds) or ReferralAnswerKind.WAITING
