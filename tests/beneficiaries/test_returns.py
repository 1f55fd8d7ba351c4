"""From the agenda and back: what is done with an appointment leads back to where it was seen."""

from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from beneficiaries.enums import InterviewState
from beneficiaries.models import Interview
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths

TODAY = timezone.localdate()
#: The agenda of the team on the week, where each act begins.
AGENDA = f"/agenda/{Period.week_of(TODAY).slug}/?whose=team"
BACK = f"?next={quote(AGENDA, safe='')}"
ELSEWHERE = (
    "https://exemple.invalid/agenda/",
    "//exemple.invalid/agenda/",
    "/\\exemple.invalid",
    "javascript:alert(1)",
    "agenda",
    "",
)


def url(name: str, *args) -> str:
    return reverse(f"beneficiaries:{name}", args=args)


@pytest.fixture
def planned(garden) -> Interview:
    person = people.make_person(garden.programme, "Zoé", "Abadie", referent=garden.social_worker)
    stay = people.enrolment_of(person)
    return paths.make_interview(
        stay, TODAY, state=InterviewState.PLANNED, led_by=garden.social_worker
    )


def state_of(interview: Interview) -> str:
    return Interview.objects.get(pk=interview.pk).state


def test_the_agenda_offers_each_act_with_the_way_back(planned, browser):
    html = browser.get(AGENDA).content.decode()
    for name in ("interview_hold", "appointment_update"):
        assert f'href="{url(name, planned.pk)}{BACK}"' in html
    for name in ("appointment_missed", "appointment_cancel"):
        form = html.split(f'action="{url(name, planned.pk)}"')[1].split("</form>")[0]
        assert f'name="next" value="{AGENDA}"' in unescape(form)
    # The page of the day and the caseload lead back to themselves.
    for path, quoted in (("/", "%2F"), ("/suivis/", "%2Fsuivis%2F")):
        hold = f'href="{url("interview_hold", planned.pk)}?next={quoted}"'
        assert hold in browser.get(path).content.decode()


def test_one_of_the_days_before_is_written_up_or_missed(planned, browser):
    Interview.objects.update(on=TODAY - timedelta(days=1))
    for path in (AGENDA, "/"):
        html = browser.get(path).content.decode()
        for name, shown in (
            ("interview_hold", True),
            ("appointment_missed", True),
            ("appointment_update", False),
            ("appointment_cancel", False),
        ):
            assert (url(name, planned.pk) in html) is shown, name


def test_an_appointment_to_come_is_not_written_up_nor_missed(planned, browser):
    Interview.objects.update(on=TODAY + timedelta(days=7))
    html = browser.get(f"/agenda/{Period.week_of(TODAY).next().slug}/").content.decode()
    for name, shown in (
        ("appointment_cancel", True),
        ("appointment_update", True),
        ("appointment_missed", False),
        ("interview_hold", False),
    ):
        assert (url(name, planned.pk) in html) is shown, name


def test_moved_or_held_one_is_back_in_the_agenda(planned, browser):
    page = url("appointment_update", planned.pk) + BACK
    answer = browser.get(page)
    assert answer.context["cancel_url"] == AGENDA
    assert answer.context["delete_url"] == url("interview_delete", planned.pk) + BACK
    later = (TODAY + timedelta(days=1)).isoformat()
    assert browser.post(page, {"on": later, "version": 1})["Location"] == AGENDA
    page = url("interview_hold", planned.pk) + BACK
    assert browser.get(page).context["cancel_url"] == AGENDA
    sent = {"on": TODAY.isoformat(), "version": 2, "social": "Vue."}
    assert browser.post(page, sent)["Location"] == AGENDA
    assert state_of(planned) == InterviewState.HELD
    # A refused form is shown again, and leads back all the same.
    again = browser.post(page, sent | {"on": ""})
    assert (again.status_code, again.context["cancel_url"]) == (200, AGENDA)


def test_a_draft_erased_on_the_way_does_not_lose_it(planned, browser):
    over, page = url("interview_draft_over", planned.pk), url("interview_hold", planned.pk) + BACK
    browser.post(over, {"social": "Un mot"})
    erase = browser.get(page).content.decode().split("draft-erase")[1].split("</form>")[0]
    assert f'name="next" value="{AGENDA}"' in unescape(erase)
    assert browser.post(over, {"erase": "1", "next": AGENDA})["Location"] == page


@pytest.mark.parametrize("name", ["appointment_missed", "appointment_cancel"])
def test_settled_and_taken_back_one_is_still_in_the_agenda(name, planned, browser):
    answer = browser.post(url(name, planned.pk), {"next": AGENDA})
    assert answer["Location"] == AGENDA
    html = browser.get(AGENDA).content.decode()
    assert url("appointment_create", planned.enrolment.person_id) + BACK in html
    undo = html.split(f'action="{url("appointment_undo", planned.pk)}"')[1].split("</form>")[0]
    assert f'name="next" value="{AGENDA}"' in unescape(undo)
    answer = browser.post(url("appointment_undo", planned.pk), {"next": AGENDA})
    assert (answer["Location"], state_of(planned)) == (AGENDA, InterviewState.PLANNED)


def test_taken_or_deleted_one_is_back_in_the_agenda(planned, browser):
    page = url("appointment_create", planned.enrolment.person_id) + BACK
    assert browser.post(page, {"on": TODAY.isoformat()})["Location"] == AGENDA
    assert browser.post(url("interview_delete", planned.pk) + BACK)["Location"] == AGENDA


@pytest.mark.parametrize("came_from", ELSEWHERE)
def test_nobody_is_led_out_of_the_house(came_from, planned, browser):
    person = url("person_detail", planned.enrolment.person_id)
    sent = {"next": came_from}
    assert browser.post(url("appointment_cancel", planned.pk), sent)["Location"] == person
    assert browser.post(url("appointment_undo", planned.pk), sent)["Location"] == person
    page = url("appointment_update", planned.pk) + f"?next={quote(came_from, safe='')}"
    assert browser.get(page).context["cancel_url"] == person
    assert browser.get(page).context["delete_url"] == url("interview_delete", planned.pk)
