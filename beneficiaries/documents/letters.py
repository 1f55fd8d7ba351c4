"""« Lettre d’orientation »: somebody is introduced to an organisation, as they agreed to be.

It bears what was typed in front of the person and what they agreed to tell; nothing is added of
what is kept of them, their other steps and partners included.
"""

from dataclasses import dataclass

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import display_phone
from autoprod.core.formatting import day_range
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Scope
from beneficiaries.documents.certificates import STYLESHEET
from beneficiaries.documents.papers import phone_of
from beneficiaries.enums import PaperKind
from beneficiaries.models import Enrolment
from programmes.models import Organisation


@dataclass(frozen=True)
class Agreed:
    """What is written, and what the person agreed to tell of themselves beside their name."""

    organisation: Organisation
    purpose: str
    text: str
    with_phone: bool = False
    with_dates: bool = False


def letter(
    scope: Scope, stay: Enrolment, agreed: Agreed, *, signed_by: str
) -> tuple[Document, bytes]:
    """Return the letter and its PDF; the making is in the journal, what is written is not kept."""
    programme, person = stay.programme, stay.person
    told = [
        ("Nom", str(person)),
        ("Téléphone", display_phone(person.phone) if agreed.with_phone else ""),
        ("Participe à notre action", _stay(stay) if agreed.with_dates else ""),
    ]
    document = Document(
        template="beneficiaries/pdf/letter.html",
        title=PaperKind.LETTER.label,
        filename=f"orientation-{person.pk}",
        organisation=programme.territory.controller,
    )
    context = {
        "agreed": agreed,
        "told": [(label, value) for label, value in told if value],
        "signed_by": signed_by,
        "phone": phone_of(scope, programme),
        "letter_stylesheet": STYLESHEET,
    }
    content = render(document, context=context)
    label = f"{PaperKind.LETTER.label} de la personne n° {person.pk}"
    record(scope, Verb.DOCUMENT, person, label=label)
    return document, content


def _stay(stay: Enrolment) -> str:
    """Return « Les Jardins du cœur, depuis le 4 janvier 2016 »."""
    dates = f", {day_range(stay.entered_on, stay.left_on)}" if stay.entered_on else ""
    return f"{stay.programme.name}{dates}"
