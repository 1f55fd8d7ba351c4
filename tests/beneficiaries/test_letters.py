"""« Lettre d’orientation »: what was typed with the person, what they agreed to tell."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from tests.beneficiaries.printed import assert_tells_no_secret, plant_secrets, texts_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make


@pytest.fixture
def stay(garden):
    person = people.make_person(garden.programme, "Karim", "Diallo", entered_on=date(2026, 1, 5))
    person.phone = "+33612345678"
    person.save()
    return people.enrolment_of(person)


@pytest.fixture
def page(stay):
    return reverse("beneficiaries:letter_print", args=[stay.person_id])


@pytest.fixture
def said(garden):
    school = make.make_organisation(
        garden.territory, "Auto-école sociale", address="3 rue du Port", city="Anzin"
    )
    return {
        "organisation": school.pk,
        "purpose": "Inscription au permis",
        "text": "Il est libre le lundi.\n\nMerci de l’appeler.",
        "agreed": "on",
    }


def printed(browser, page, said):
    response = browser.post(page, said)
    assert response.headers["Content-Type"] == "application/pdf"
    return texts_of(response.content)


def test_it_bears_what_was_typed_to_whom_and_who_signs(browser, garden, page, said):
    (text,) = printed(browser, page, said)
    for words in (
        "Auto-école sociale 3 rue du Port Anzin",
        "Objet : Inscription au permis",
        "Nom Karim Diallo Il est libre le lundi. Merci de l’appeler.",
        str(garden.social_worker),
        "La personne, pour accord :",
    ):
        assert words in text, words


def test_the_phone_and_the_dates_are_told_when_agreed(browser, garden, page, said):
    (text,) = printed(browser, page, said)
    assert "06 12 34 56 78" not in text
    assert str(garden.programme) not in text
    (text,) = printed(browser, page, said | {"with_phone": "on", "with_dates": "on"})
    assert "Téléphone 06 12 34 56 78" in text
    assert f"{garden.programme}, depuis le 5 janvier 2026" in text


def test_without_the_agreement_nothing_is_printed_and_all_stays_typed(browser, page, said):
    response = browser.post(page, {**said, "agreed": ""})
    form = response.context["form"]
    assert "Demandez d’abord son accord à la personne." in str(form.errors["agreed"])
    assert form["text"].value() == said["text"]
    assert not AuditEvent.objects.filter(verb=Verb.DOCUMENT).exists()


def test_a_social_security_number_is_refused(browser, page, said):
    response = browser.post(page, said | {"text": "Son numéro : 1 61 04 59 606 001 37"})
    assert "sécurité sociale" in str(response.context["form"].errors["text"])


def test_no_other_territory_is_written_to(world, browser, page, said):
    said["organisation"] = world.elsewhere.operator.pk
    assert "organisation" in browser.post(page, said).context["form"].errors


def test_nothing_kept_of_the_person_is_told(browser, garden, stay, page, said):
    secrets = plant_secrets(garden, stay)
    said |= {"with_phone": "on", "with_dates": "on"}
    assert_tells_no_secret(printed(browser, page, said), secrets)


def test_what_is_typed_is_on_the_letter_alone(browser, leader, stay, page, said):
    printed(browser, page, said)
    event = AuditEvent.objects.get(verb=Verb.DOCUMENT)
    assert event.object_label == f"Lettre d’orientation de la personne n° {stay.person_id}"
    assert leader.post(page, said).status_code == 403
