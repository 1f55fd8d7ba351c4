"""The waiting list: the places there are, who waits since when, what to do about each."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Part, ReferralAnswerKind
from beneficiaries.services.waiting_lists import places_of
from programmes.access import scope_of
from programmes.models import Edition
from tests.beneficiaries.test_contacts import newcomer
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.harness.queries import same_queries

TODAY = timezone.localdate


def url(name: str, *keys) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


def ask(garden, name: str, days: int, **fields):
    """Return who has waited for some days."""
    on = TODAY() - timedelta(days=days)
    person = people.make_person(
        garden.programme, "Karim", name, entered_on=None, referred_on=on, **fields
    )
    return people.enrolment_of(person)


@pytest.fixture
def edition(garden) -> Edition:
    """Return the edition of the day, with two places."""
    starts, ends = TODAY() - timedelta(days=30), TODAY() + timedelta(days=30)
    Edition.objects.filter(programme=garden.programme).update(
        starts_on=starts, ends_on=ends, capacity=2
    )
    return Edition.objects.get(programme=garden.programme)


@pytest.fixture
def page(browser, garden):
    return lambda: browser.get(url("waiting_list", garden.programme.pk))


def test_who_waits_is_listed_the_oldest_request_first(page, garden):
    ask(garden, "Récente", 3)
    ask(garden, "Ancienne", 40)
    gone = ask(garden, "Close", 50)
    gone.left_on = TODAY()
    gone.save()
    html = page().content.decode()
    assert html.index("Ancienne") < html.index("Récente")
    assert "attend depuis 40\u00a0jours" in html
    assert "Close" not in html


def test_each_line_leads_to_what_may_be_done(page, garden):
    row = ask(garden, "Ancienne", 40, referred_by=garden.network)
    html = page().content.decode()
    for name in ("enrolment_welcome", "enrolment_exit"):
        assert url(name, row.pk) in html
    assert url("answer_create", row.pk, ReferralAnswerKind.RECEIVED) in html


def test_what_was_answered_is_told_and_what_comes_next_proposed(page, garden):
    row = ask(garden, "Ancienne", 40)
    referral = paths.make_referral(row, prescriber="Anne Leclercq")
    paths.make_referral_answer(referral, ReferralAnswerKind.RECEIVED, date(2026, 3, 2))
    html = page().content.decode()
    assert "prescripteur\u00a0: Anne Leclercq" in html
    assert "demande reçue, le 2\u00a0mars\u00a02026" in html
    assert url("answer_create", row.pk, ReferralAnswerKind.WAITING) in html


def test_nobody_is_answered_when_nobody_sent(page, garden):
    row = ask(garden, "Seule", 4)
    assert url("answer_create", row.pk, ReferralAnswerKind.RECEIVED) not in page().content.decode()


# Places.


def test_participants_hold_a_place_and_a_pause_keeps_it(garden, edition):
    scope = scope_of(garden.social_worker)
    places = places_of(scope, garden.programme, TODAY())
    assert (places.capacity, places.taken, places.free) == (2, 1, 1)
    stay = people.enrolment_of(people.make_person(garden.programme))
    people.make_person(garden.programme, part=Part.VOLUNTEER)
    people.make_person(garden.programme, left_on=TODAY() - timedelta(days=1))
    paths.make_suspension(stay, TODAY(), None)
    places = places_of(scope, garden.programme, TODAY())
    assert (places.taken, places.paused, places.words) == (2, 1, "complet")
    people.make_person(garden.programme)
    places = places_of(scope, garden.programme, TODAY())
    assert places.words == "1\u00a0personne de plus que prévu"


def test_of_two_editions_the_one_with_places_says_them(garden, edition):
    Edition.objects.create(
        programme=garden.programme, label="FSE", starts_on=TODAY(), ends_on=TODAY()
    )
    places = places_of(scope_of(garden.social_worker), garden.programme, TODAY())
    assert places.edition == edition


def test_without_a_number_of_places_the_page_says_how_to_give_one(
    page, garden, edition, client_for
):
    edition.capacity = None
    edition.save()
    told = reverse("programmes:edition_update", args=[edition.pk])
    html = page().content.decode()
    assert "nombre de places n’est pas indiqué" in html
    assert told not in html
    manager = client_for(garden.programme_manager)
    assert told in manager.get(url("waiting_list", garden.programme.pk)).content.decode()


def test_without_an_edition_the_manager_is_led_to_open_one(garden, client_for):
    Edition.objects.filter(programme=garden.programme).update(
        starts_on=date(2001, 1, 1), ends_on=date(2001, 12, 31)
    )
    html = client_for(garden.programme_manager).get(url("waiting_list", garden.programme.pk))
    create = reverse("programmes:edition_create", args=[garden.programme.pk])
    assert create in html.content.decode()


# The rest.


def test_a_request_is_noted_from_the_list_as_of_today(browser, garden, page):
    address = page().context["create_url"]
    form = browser.get(address).context["form"]
    assert form["referred_on"].value() == TODAY()
    assert form.referral.is_open


def test_the_list_makes_the_same_queries_for_seven_requests(page, garden):
    def more(count):
        for number in range(count):
            row = ask(garden, f"Nom{number}", number, referred_by=garden.network)
            paths.make_referral_answer(paths.make_referral(row))

    more(2)
    same_queries(page, lambda: more(5))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_leaves_as_a_file_and_it_is_written_down(kind, browser, garden):
    ask(garden, "Ancienne", 40, referred_by=garden.network)
    response = browser.get(url("waiting_list_export", garden.programme.pk, kind))
    assert "Ancienne" not in response.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="export").count() == 1
    if kind == "csv":
        text = response.content.decode("utf-8-sig")
        assert "Ancienne" in text
        assert garden.network.name in text


def test_the_leader_opens_neither_the_list_nor_its_file(leader, garden):
    assert leader.get(url("waiting_list", garden.programme.pk)).status_code == 403
    assert leader.get(url("waiting_list_export", garden.programme.pk, "csv")).status_code == 403


def test_a_request_is_written_as_one_and_leads_back_to_the_list(page, browser, garden):
    create_url = f"{url('person_create', garden.programme.pk)}?demande=oui"
    assert f'href="{create_url}"' in page().content.decode()
    html = browser.get(create_url).content.decode()
    assert "Inscrire une personne" not in html
    assert "Noter la demande</button>" in html
    assert f'href="{url("waiting_list", garden.programme.pk)}">Annuler' in html
    sent = newcomer(entered_on="", referred_on=TODAY().isoformat())
    assert "Demande enregistrée." in browser.post(create_url, sent, follow=True).content.decode()
    assert "Benali" in page().content.decode()
