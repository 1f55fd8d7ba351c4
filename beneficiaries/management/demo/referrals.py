"""The demo's « fiches de liaison » and what is answered to who sent somebody."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from autoprod.core.fields import sort_key
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.management.demo.cohorts import Someone, Stay, pool
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.lots import draw, lot
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import Referral, ReferralAnswer
from programmes.models import Programme

#: Who sends somebody with a paper.
_SOURCES = ("association", "departement")
#: Long enough for the prescriber to be told of the wait.
_WAIT = timedelta(days=21)
#: One answer in ten is still to send.
_SENT = 0.9
_BATCH = 200
_WORDS = {
    ReferralAnswerKind.RECEIVED: "Demande bien reçue, merci. Nous proposons une visite du jardin.",
    ReferralAnswerKind.WAITING: "Une place se libère bientôt\u00a0: la personne est prévenue.",
    ReferralAnswerKind.STARTED: "Le parcours a démarré. Merci de votre orientation.",
    ReferralAnswerKind.DECLINED: "La personne n’a pas souhaité donner suite pour le moment.",
    ReferralAnswerKind.ENDED: "Le parcours est terminé. Un échange est possible quand vous voulez.",
}


def load(*, programme: Programme, people: Iterable[Someone], stays: Stays, on: date) -> None:
    """Create the papers of who was sent by a day, and the answers given by then."""
    people = [someone for someone in people if someone.row["referral_source"] in _SOURCES]
    rows = Referral.objects.filter(enrolment__programme=programme).order_by("pk")
    there = {row.enrolment_id: row for row in rows}
    strands, new, links = codes("pathway_strands"), [], []
    for someone in people:
        for stay in someone.stays:
            enrolment = stays.get((someone.key, stay.known_on))
            if enrolment is None or stay.referred_on is None or enrolment.pk in there:
                continue
            words = draw(pool("referrals"), "why", stay.known_on, *someone.key)
            row = Referral(enrolment=enrolment, **_prescriber(someone))
            row.reason, row.expectations = words["reason"], words["expectations"]
            links += [(row, strands[code]) for code in words["strands"].split()]
            new.append(row)
    Referral.objects.bulk_create(new, batch_size=_BATCH)
    link = Referral.strands.through
    link.objects.bulk_create(
        (link(referral=row, referencecode=strand) for row, strand in links), batch_size=_BATCH
    )
    there |= {row.enrolment_id: row for row in new}
    _answer(programme, people, stays, there, on)


def _prescriber(someone: Someone) -> dict[str, str]:
    """Return who signed the paper: an invented name, a number of the block kept for fiction."""
    name = draw(pool("prescribers"), "prescriber", *someone.key)["name"]
    return {
        "prescriber": name,
        "prescriber_phone": f"063998{int(lot('prescriber phone', name) * 10_000):04}",
        "prescriber_email": f"{sort_key(name).replace(' ', '.')}@demo.example",
    }


def _answer(
    programme: Programme,
    people: Iterable[Someone],
    stays: Stays,
    referrals: dict[int, Referral],
    on: date,
) -> None:
    rows = ReferralAnswer.objects.filter(referral__enrolment__programme=programme)
    there = set(rows.order_by("pk").values_list("referral", "kind"))
    new = []
    for someone in people:
        for stay in someone.stays:
            enrolment = stays.get((someone.key, stay.known_on))
            referral = referrals.get(enrolment.pk) if enrolment else None
            for kind, sent_on in _answers(someone, stay) if referral else ():
                if sent_on <= on and (referral.pk, kind) not in there:
                    new.append(
                        ReferralAnswer(
                            referral=referral,
                            kind=kind,
                            sent_on=sent_on,
                            sent_by=enrolment.referent,
                            words=_WORDS[kind],
                        )
                    )
    ReferralAnswer.objects.bulk_create(new, batch_size=_BATCH)


def _answers(someone: Someone, stay: Stay) -> Iterator[tuple[ReferralAnswerKind, date]]:
    """Yield the answers of a stay and their days, without those that are still to send."""
    for kind, day in _due(stay):
        if lot("sent", kind, day, *someone.key) < _SENT:
            yield kind, day + timedelta(days=1 + int(lot("delay", kind, day, *someone.key) * 3))


def _due(stay: Stay) -> Iterator[tuple[ReferralAnswerKind, date]]:
    yield ReferralAnswerKind.RECEIVED, stay.referred_on
    if stay.entered_on is None:
        yield ReferralAnswerKind.DECLINED, stay.left_on
        return
    if stay.entered_on - stay.referred_on > _WAIT:
        yield ReferralAnswerKind.WAITING, stay.referred_on + timedelta(days=10)
    yield ReferralAnswerKind.STARTED, stay.entered_on
    yield ReferralAnswerKind.ENDED, stay.left_on
