"""The letter that answers a prescriber: what may leave the house, and nothing else.

Name, dates of the stay, who follows the person, and the words written for the prescriber. No note,
no situation, no step; not even the motive of an exit, unless whoever writes says it.
"""

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day, day_range
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Scope
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.models import Enrolment, ReferralAnswer

STYLESHEET = "static:css/pdf_referral.css"


def answer_letter(scope: Scope, answer: ReferralAnswer) -> tuple[Document, bytes]:
    """Return the letter of an answer and its PDF; its dates are those of the stay today."""
    enrolment = answer.referral.enrolment
    programme = enrolment.programme
    document = Document(
        template="beneficiaries/pdf/referral_answer.html",
        title="Réponse à la fiche de liaison",
        subtitle=programme.name,
        filename=f"reponse-prescripteur-{answer.pk}",
        organisation=programme.territory.controller,
    )
    context = {
        "letter_stylesheet": STYLESHEET,
        "answer": answer,
        "recipient": _recipient(answer),
        "mentions": _mentions(answer),
        "sentences": sentences_of(answer),
        "writer": answer.sent_by.get_full_name() if answer.sent_by else "",
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, answer, label=f"Réponse au prescripteur n° {answer.pk}")
    return document, content


def _recipient(answer: ReferralAnswer) -> list[str]:
    """Return the lines of who the letter is sent to; none when nobody is known."""
    lines, organisation = [answer.referral.prescriber], answer.referral.enrolment.referred_by
    if organisation:
        town = " ".join(part for part in (organisation.postcode, organisation.city) if part)
        lines += [organisation.name, organisation.address, town]
    return [line for line in lines if line]


def _mentions(answer: ReferralAnswer) -> list[tuple[str, str]]:
    enrolment = answer.referral.enrolment
    mentions = [
        ("Personne", str(enrolment.person)),
        ("Orientation", f"reçue le {day(enrolment.referred_on)}" if enrolment.referred_on else ""),
        ("Réponse", f"{answer.get_kind_display().lower()}, le {day(answer.sent_on)}"),
    ]
    return [(label, value) for label, value in mentions if value]


def sentences_of(answer: ReferralAnswer) -> list[str]:
    """Return what the letter says of where the request stands, sentence by sentence."""
    enrolment = answer.referral.enrolment
    match answer.kind:
        case ReferralAnswerKind.RECEIVED:
            return [
                "Nous avons bien reçu votre demande.",
                "Nous vous tiendrons informés de la suite.",
            ]
        case ReferralAnswerKind.WAITING:
            return [
                "Toutes nos places sont prises pour le moment.",
                "La demande est inscrite sur notre liste d’attente.",
                "Nous vous écrirons dès qu’une place se libère.",
            ]
        case ReferralAnswerKind.STARTED:
            return [_started(enrolment), *_follower(enrolment)]
        case ReferralAnswerKind.DECLINED:
            return ["Nous n’avons pas pu donner suite à votre demande."]
    days = day_range(enrolment.entered_on, enrolment.left_on)
    return [f"La personne a participé à l’action {days}." if days else "Le parcours est terminé."]


def _started(enrolment: Enrolment) -> str:
    if enrolment.entered_on is None:
        return "Le parcours commence."
    return f"Le parcours a commencé le {day(enrolment.entered_on)}."


def _follower(enrolment: Enrolment) -> list[str]:
    if enrolment.referent is None:
        return []
    return [f"Référent dans l’action\u00a0: {enrolment.referent}."]
