"""During a stay: welcoming, another level from a day on, a pause and the way back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Period
from beneficiaries.enums import Level
from beneficiaries.models import Enrolment, LevelChange, Suspension
from beneficiaries.services import rolls, stays
from programmes.access import scope_of
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code
from tests.harness.queries import same_queries

TODAY = timezone.localdate
DAY = timedelta(days=1)


def url(name: str, *keys) -> str:
    return reverse(f"beneficiaries:{name}", args=keys)


def sent(browser, address: str, **fields):
    """Send a form as it is shown, with some fields changed."""
    form = browser.get(address).context["form"]
    return browser.post(address, filled(form) | fields)


def tab(browser, stay: Enrolment) -> str:
    return browser.get(url("person_enrolments", stay.person_id)).content.decode()


# Welcoming.


def test_who_waits_is_welcomed_from_their_page_today(browser, garden):
    person = people.make_person(garden.programme, entered_on=None)
    stay = people.enrolment_of(person)
    assert url("enrolment_welcome", stay.pk) in browser.get("/").content.decode()
    response = sent(browser, url("enrolment_welcome", stay.pk), level=Level.PARTICIPATION)
    assert response.url == url("person_detail", person.pk)
    stay.refresh_from_db()
    assert (stay.entered_on, stay.level) == (TODAY(), Level.PARTICIPATION)
    # Nothing had begun: there is no change of level to tell.
    assert not LevelChange.objects.filter(enrolment=stay).exists()


def test_who_came_in_is_not_welcomed_twice(browser, stay):
    assert browser.get(url("enrolment_welcome", stay.pk)).status_code == 404


def test_an_entry_before_the_agreement_is_told_beside_its_day(browser, garden):
    dates = {"entered_on": None, "referred_on": date(2026, 3, 2), "accepted_on": date(2026, 3, 9)}
    stay = people.enrolment_of(people.make_person(garden.programme, **dates))
    response = sent(browser, url("enrolment_welcome", stay.pk), entered_on="2026-03-03")
    assert set(response.context["form"].errors) == {"entered_on"}


# Levels.


def test_another_level_begins_on_a_day_and_is_undone(browser, stay):
    response = sent(browser, url("level_change_create", stay.pk), since="2016-03-02")
    assert response.url == url("person_enrolments", stay.person_id)
    stay.refresh_from_db()
    assert stay.level == Level.PARTICIPATION
    assert "Participation simple depuis le 2\u00a0mars\u00a02016" in tab(browser, stay)
    change = LevelChange.objects.get(enrolment=stay)
    browser.post(url("level_change_undo", change.pk))
    stay.refresh_from_db()
    assert stay.level == Level.PATHWAY
    assert not LevelChange.objects.filter(enrolment=stay).exists()
    assert list(AuditEvent.objects.values_list("verb", flat=True)[:3]) == [
        "update",
        "delete",
        "read",
    ]


@pytest.mark.parametrize("since", ["2014-01-01", "2016-03-01", "2199-01-01"])
def test_a_change_is_refused_out_of_the_stay_or_out_of_order(since, browser, stay):
    paths.make_level_change(stay, Level.PARTICIPATION, date(2016, 3, 1))
    response = sent(browser, url("level_change_create", stay.pk), since=since)
    assert set(response.context["form"].errors) == {"since"}
    assert response.context["form"]["since"].value() == since


def test_a_level_that_a_colleague_has_just_changed_is_not_changed_back(browser, stay):
    address = url("level_change_create", stay.pk)
    typed = filled(browser.get(address).context["form"]) | {"since": "2016-05-01"}
    paths.make_level_change(stay, Level.PARTICIPATION, date(2016, 4, 1))
    errors = browser.post(address, typed).context["form"].errors
    assert "déjà l’accompagnement" in str(errors)
    assert LevelChange.objects.filter(enrolment=stay).count() == 1


def test_only_the_last_change_is_undone(browser, stay):
    first = paths.make_level_change(stay, Level.PARTICIPATION, date(2016, 3, 1))
    paths.make_level_change(stay, Level.PATHWAY, date(2016, 6, 1))
    browser.post(url("level_change_undo", first.pk))
    assert LevelChange.objects.filter(enrolment=stay).count() == 2


def test_the_form_of_an_enrolment_leaves_the_level_of_who_came_in(browser, stay):
    assert "level" not in browser.get(url("enrolment_update", stay.pk)).context["form"].fields
    sent(browser, url("enrolment_update", stay.pk), level=Level.PARTICIPATION)
    stay.refresh_from_db()
    assert stay.level == Level.PATHWAY


# Pauses.


def test_a_pause_is_told_to_the_team_and_its_reason_to_social_workers(browser, leader, stay):
    reason = code("suspension_reasons", "sante")
    sent(browser, url("suspension_create", stay.pk), reason=reason.pk)
    for page in (tab(browser, stay), tab(leader, stay)):
        assert "en pause depuis le" in page
    assert reason.label in tab(browser, stay)
    assert reason.label not in tab(leader, stay)
    detail = leader.get(url("person_detail", stay.person_id)).content.decode()
    assert "en pause depuis le" in detail


def test_a_pause_has_one_name_on_its_pages_and_in_its_messages(browser, stay):
    """« Suspension » is the word of the sanction of the RSA: nobody reads it here."""
    address = url("suspension_create", stay.pk)
    pages = [browser.get(address), browser.post(address, {"starts_on": TODAY()}, follow=True)]
    pause = Suspension.objects.get(enrolment=stay)
    pages += [browser.get(url(f"suspension_{act}", pause.pk)) for act in ("update", "delete")]
    pages += [sent(browser, address), browser.get(url("person_detail", stay.person_id))]
    back = browser.post(url("suspension_resume", pause.pk), follow=True)
    for page in (*pages, back):
        html = page.content.decode().lower()
        assert ("pause" in html, "suspen" in html) == (True, False), page.request["PATH_INFO"]
    assert str(Suspension._meta.verbose_name) == "pause"


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("2016-03-31", "2016-04-02"),
        ("2016-02-01", "2016-03-01"),
        ("2016-02-01", ""),
        ("2016-03-10", "2016-03-11"),
    ],
)
def test_two_pauses_share_no_day(starts_on, ends_on, browser, stay):
    paths.make_suspension(stay, date(2016, 3, 1), date(2016, 3, 31))
    address = url("suspension_create", stay.pk)
    response = sent(browser, address, starts_on=starts_on, ends_on=ends_on)
    assert "couvre ces jours" in str(response.context["form"].errors["starts_on"])
    assert sent(browser, address, starts_on="2016-04-01").status_code == 302


def test_a_pause_after_one_without_an_end_is_refused(browser, stay):
    paths.make_suspension(stay, date(2016, 3, 1), None)
    response = sent(browser, url("suspension_create", stay.pk), starts_on="2016-05-01")
    assert response.status_code == 200
    assert Suspension.objects.filter(enrolment=stay).count() == 1


def test_a_pause_out_of_the_stay_is_told_beside_its_day(browser, stay):
    response = sent(browser, url("suspension_create", stay.pk), starts_on="2014-01-01")
    assert set(response.context["form"].errors) == {"starts_on"}
    waiting = people.enrolment_of(people.make_person(stay.programme, entered_on=None))
    response = sent(browser, url("suspension_create", waiting.pk))
    assert "pas encore entrée" in str(response.context["form"].errors)


def test_a_pause_is_ended_in_one_tap_and_the_tap_undone(browser, stay):
    planned = TODAY() + 20 * DAY
    pause = paths.make_suspension(stay, TODAY() - 10 * DAY, planned)
    html = browser.post(url("suspension_resume", pause.pk), follow=True).content.decode()
    assert "Le parcours reprend" in html
    pause.refresh_from_db()
    assert pause.ends_on == TODAY() - DAY
    assert "en pause depuis" not in tab(browser, stay)
    assert f'value="{planned.isoformat()}"' in html
    browser.post(url("suspension_undo", pause.pk), {"ends_on": planned.isoformat()})
    pause.refresh_from_db()
    assert pause.ends_on == planned


def test_a_pause_of_today_is_taken_off_whole(browser, stay):
    pause = paths.make_suspension(stay, TODAY(), None)
    browser.post(url("suspension_resume", pause.pk))
    assert not Suspension.objects.filter(enrolment=stay).exists()


@pytest.mark.parametrize("typed", ["2016-01-01", "demain"])
def test_an_end_made_up_is_not_given_back(typed, browser, stay):
    pause = paths.make_suspension(stay, TODAY() - 10 * DAY, TODAY() - DAY)
    browser.post(url("suspension_undo", pause.pk), {"ends_on": typed})
    pause.refresh_from_db()
    assert pause.ends_on == TODAY() - DAY


def test_an_undone_return_does_not_cover_another_pause(stay, garden):
    pause = paths.make_suspension(stay, TODAY() - 10 * DAY, TODAY() - DAY)
    paths.make_suspension(stay, TODAY() + DAY, TODAY() + 2 * DAY)
    with pytest.raises(ValidationError, match="couvre ces jours"):
        stays.undo_resume(scope=scope_of(garden.social_worker), suspension=pause, ends_on=None)


# The roll.


def test_who_is_on_a_pause_is_not_expected_and_may_be_added(garden, stay):
    session = make.make_session(garden.programme, garden.site, on=date(2026, 3, 16))
    other = make.make_session(garden.programme, garden.site, on=date(2026, 3, 20))
    paths.make_suspension(stay, date(2026, 3, 10), date(2026, 3, 16))
    roll = rolls.roll_of(session)
    assert roll.row(stay.pk) is None
    assert stay in [row.enrolment for row in roll.others]
    assert rolls.roll_of(other).row(stay.pk)
    counts = rolls.tallies([session, other])
    assert counts[other.pk].expected == counts[session.pk].expected + 1
    people.make_attendance(stay, session, garden.site)
    assert rolls.roll_of(session).row(stay.pk).is_present
    assert rolls.tallies([session])[session.pk] == rolls.roll_of(session).tally


def test_pauses_are_read_over_a_period(stay):
    paths.make_suspension(stay, date(2026, 3, 10), date(2026, 3, 16))
    paths.make_suspension(stay, date(2026, 5, 1), None)
    march = Period.month(2026, 3)
    assert stays.pauses_of([stay.pk], march) == {stay.pk: [(date(2026, 3, 10), date(2026, 3, 16))]}
    assert len(stays.pauses_of([stay.pk], Period.year(2026))[stay.pk]) == 2


# The card.


def test_the_tab_makes_the_same_queries_for_seven_stays(browser, garden, stay):
    def grow():
        for year in range(2003, 2008):
            dates = {"entered_on": date(year, 1, 1), "left_on": date(year, 2, 1)}
            more = people.make_enrolment(stay.person, garden.programme, **dates)
            paths.make_suspension(more, date(year, 1, 2), date(year, 1, 3))
            paths.make_referral_answer(paths.make_referral(more))
            paths.make_level_change(more, Level.PARTICIPATION, date(year, 1, 5))

    first = people.make_enrolment(
        stay.person, garden.programme, entered_on=date(2002, 1, 1), left_on=date(2002, 2, 1)
    )
    paths.make_referral_answer(paths.make_referral(first))
    address = url("person_enrolments", stay.person_id)
    same_queries(lambda: browser.get(address), grow)


def test_stays_are_shown_the_last_first(browser, garden, stay):
    for year in (2004, 2008):
        dates = {"entered_on": date(year, 1, 1), "left_on": date(year, 2, 1)}
        people.make_enrolment(stay.person, garden.programme, **dates)
    cards = browser.get(url("person_enrolments", stay.person_id)).context["cards"]
    assert [card["row"].entered_on.year for card in cards] == [stay.entered_on.year, 2008, 2004]


def test_the_leader_reads_dates_and_no_story(leader, stay):
    stay.outside_referent = "Foyer Zéphyrine"
    stay.save()
    paths.make_level_change(stay, Level.PARTICIPATION, date(2016, 3, 1))
    paths.make_referral(stay, prescriber="Prescripteur Zéphyrine", reason="Motif Zéphyrine")
    page = leader.get(url("person_enrolments", stay.person_id))
    assert "Zéphyrine" not in page.content.decode()
    assert [card["story"] for card in page.context["cards"]] == [None]
