"""What the tests of printed papers share: reading one, and secrets planted all around somebody."""

from datetime import date, timedelta

from django.utils import timezone

from autoprod.accounts.models import User
from beneficiaries.enums import InterviewState, NoteLevel
from beneficiaries.models import Enrolment
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.prints import texts_of


def pages_of(browser, path: str) -> list[str]:
    """Return the text of each page of a PDF, spaces made plain, bullets apart."""
    response = browser.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    return texts_of(response.content)


#: Starts every word planted below.
SECRET = "Xq"


def plant_secrets(garden, stay: Enrolment) -> tuple[str, ...]:
    """Keep all sorts of things of somebody, and return the words that no paper may bear."""
    person = stay.person
    _plant_notes(stay, garden.social_worker)
    barrier = paths.make_barrier(stay, "25")
    people.make_step(stay, "cv", label="Xqprécision", result="Xqsuite")
    paths.make_address(person, street="Xqrue cachée", city="Xqville", is_hidden=True)
    people.make_identity(person, born_on=date(1961, 4, 17), birthplace="Xqnaissance")
    district = make.make_district(garden.territory, "Xqquartier")
    people.make_situation(person, "rsa", on=make.yesterday(), district=district)
    paths.make_household(person, "Xqenfant")
    obtained = make.code("yes_no_declined", "oui")
    answers = {"exit_qualification": obtained, "qualification": "Xqqualification"}
    paths.make_fse_answers(person, garden.edition, **answers)
    paths.make_referral(stay, prescriber="Xqprescripteur", reason="Xqmotif")
    paths.make_contract(stay, 17 * 60)
    paths.make_suspension(stay)
    paths.make_follow_up(stay, words="Xqsuivi")
    people.make_person(garden.programme, "Xqautre", "Xqpersonne")
    person.activity_notes, person.emergency_name = "Xqconsigne", "Xqprévenir"
    person.contact_name = "Xqcontact"
    person.save()
    stay.outside_referent = "Xqéducateur"
    stay.left_on = timezone.localdate() + timedelta(days=30)
    stay.exit_motive = make.code("exit_motives", "exclusion")
    stay.save()
    return (SECRET, barrier.kind.label, "Exclusion", "RSA", "17\u00a0h", "1961", "confidentiel")


def _plant_notes(stay: Enrolment, author: User) -> None:
    interview = paths.make_interview(stay, led_by=author)
    for level in NoteLevel.values:
        paths.make_note(interview, author, level, f"Xqnote {level}")
    paths.make_draft(stay, author, social="Xqbrouillon")
    paths.make_interview_document(interview, "Xqcourrier")
    paths.make_interview(stay, on=date(2026, 2, 17), state=InterviewState.MISSED)


def assert_tells_no_secret(pages: list[str], secrets: tuple[str, ...]) -> None:
    """Fail when a page bears one of the words."""
    text = " ".join(pages)
    assert [word for word in secrets if word.lower() in text.lower()] == []
