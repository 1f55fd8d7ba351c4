"""Pages of schedules and of closed periods: typed, reviewed, saved; what is told meanwhile."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.enums import Role
from programmes.models import ClosedPeriod, Schedule, ScheduleSlot, Session
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import same_queries


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def url(name: str, *args) -> str:
    return reverse(f"programmes:{name}", args=args)


def typed(garden, **changes) -> dict:
    """Return the fiche's week over May 2016, as the form sends it."""
    return {
        "days_1": [1, 2, 3, 4],
        "start_1": "08:00",
        "end_1": "12:00",
        "days_2": [1, 2, 3, 4],
        "start_2": "14:00",
        "end_2": "16:00",
        "starts_on": "2016-05-01",
        "ends_on": "2016-05-31",
        "kind": make.code("session_kinds", "culture").pk,
        "sites": [garden.site.pk],
    } | changes


def sent(response) -> str:
    return response.content.decode()


def test_a_schedule_is_reviewed_then_created(garden, browser):
    address = url("schedule_create", garden.programme.pk)
    review = browser.post(address, typed(garden))
    html = sent(review)
    for words in (
        "32\u00a0séances",
        "Mai\u00a02016",
        "Férié\u00a0: Ascension",
        "jeudi 5\u00a0mai\u00a02016",
        "Créer les 32 séances",
    ):
        assert words in html
    # Nothing is saved yet.
    assert not Session.objects.filter(on__year=2016).exists()
    mark = review.context["review"].mark
    done = browser.post(address, typed(garden, step="save", mark=mark), follow=True)
    assert "Créneau ajouté avec 32\u00a0séances." in sent(done)
    assert Session.objects.filter(on__year=2016, schedule__isnull=False).count() == 32
    # A second press of the same button finds them there, and creates nothing.
    again = browser.post(address, typed(garden, step="save", mark=mark))
    assert "Le planning a changé pendant votre relecture" in sent(again)
    assert "Créer aussi ces 32 séances" in sent(again)
    assert Session.objects.filter(on__year=2016).count() == 32
    mark = again.context["review"].mark
    unsaid = browser.post(address, typed(garden, step="save", mark=mark))
    assert "Aucune séance ne serait créée." in sent(unsaid)
    assert Schedule.objects.filter(starts_on__year=2016).count() == 1
    browser.post(address, typed(garden, step="save", mark=mark, with_clashes="on"))
    assert Session.objects.filter(on__year=2016).count() == 64


def test_correcting_gives_back_what_was_typed_without_a_reproach(garden, browser):
    address = url("schedule_create", garden.programme.pk)
    response = browser.post(address, typed(garden, step="correct", title="Semis du matin"))
    assert 'value="Semis du matin"' in sent(response)
    assert not response.context["form"].errors
    assert response.context["form"]["days_1"].value() == ["1", "2", "3", "4"]


def test_the_form_proposes_the_usual_week_on_every_open_site(garden, browser):
    make.make_site(garden.territory, garden.programme, name="Le Rôleur", short_name="Rôleur")
    make.make_site(
        garden.territory,
        garden.programme,
        name="Ancien",
        short_name="A",
        closed_on=make.yesterday(),
    )
    form = browser.get(url("schedule_create", garden.programme.pk)).context["form"]
    assert form["days_1"].value() == [1, 2, 3, 4]
    assert (form["start_2"].value(), form["end_2"].value()) == ("14:00", "16:00")
    assert len(form["sites"].value()) == 2
    assert form["starts_on"].value() == make.tomorrow()
    assert form["ends_on"].value() == garden.edition.ends_on


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"days_1": [], "days_2": []}, "days_1", "Cochez au moins un jour"),
        ({"end_1": ""}, "end_1", "Indiquez l’heure"),
        ({"end_1": "07:00"}, "end_1", "La fin doit venir après le début."),
        ({"start_2": "11:00"}, "days_2", "Le lundi, ces heures en recouvrent d’autres"),
        ({"ends_on": "2016-04-01"}, "ends_on", "Le dernier jour précède le premier."),
        ({"ends_on": "2019-04-01"}, "ends_on", "deux ans"),
        ({"sites": []}, "sites", "Cochez au moins un site."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(garden, browser, changes, field, message):
    response = browser.post(
        url("schedule_create", garden.programme.pk), typed(garden, step="save", **changes)
    )
    assert message in " ".join(response.context["form"].errors[field])
    assert not Schedule.objects.filter(starts_on__year=2016).exists()


def test_changing_a_schedule_says_what_follows_before_it_does(garden, browser):
    first = timezone.localdate() + timedelta(days=7)
    schedule = plans.make_schedule(
        garden.programme,
        garden.site,
        slots=[(first.isoweekday(), 8, 12)],
        starts_on=first,
        ends_on=first + timedelta(days=20),
        works_on_holidays=True,
    )
    for week in range(3):
        make.make_session(
            garden.programme,
            garden.site,
            on=first + timedelta(days=7 * week),
            kind=schedule.kind,
            schedule=schedule,
        )
    address = url("schedule_update", schedule.pk)
    form = browser.get(address).context["form"]
    assert form["days_1"].value() == [first.isoweekday()]
    data = {
        "days_1": [first.isoweekday()],
        "start_1": "09:00",
        "end_1": "12:00",
        "starts_on": first.isoformat(),
        "ends_on": (first + timedelta(days=10)).isoformat(),
        "works_on_holidays": "on",
        "kind": schedule.kind_id,
        "sites": [garden.site.pk],
        "version": schedule.version,
    }
    review = browser.post(address, data)
    assert "2\u00a0séances suivent le changement" in sent(review)
    assert "1\u00a0séance à venir est retirée" in sent(review)
    mark = review.context["review"].mark
    browser.post(address, data | {"step": "save", "mark": mark})
    rows = Session.objects.filter(schedule=schedule).order_by("starts_at")
    assert [row.hours for row in rows] == ["9\u00a0h\u00a0–\u00a012\u00a0h"] * 2
    assert ScheduleSlot.objects.get(schedule=schedule).starts == time(9)
    # Somebody who had the page open before is told, and overwrites nothing.
    late = browser.post(address, data | {"title": "Autre", "step": "save", "mark": mark})
    assert late.status_code == 200
    assert late.context["form"].errors


def test_closing_days_says_what_is_planned_and_cancels_it_if_asked(garden, browser):
    day = timezone.localdate() + timedelta(days=30)
    planned = [make.make_session(garden.programme, garden.site, on=day) for _ in range(2)]
    ticked = make.make_session(garden.programme, garden.site, on=day)
    Session.objects.filter(pk=ticked.pk).update(roll_begun_at=timezone.now())
    address = url("closed_period_create", garden.programme.pk)
    data = {"label": "Travaux", "starts_on": day.isoformat(), "ends_on": day.isoformat()}
    assert "2\u00a0séances sont prévues ces jours-là" in sent(browser.post(address, data))
    unsaid = browser.post(address, data | {"step": "cancel"})
    assert "Choisissez un motif." in sent(unsaid)
    assert not ClosedPeriod.objects.filter(label="Travaux").exists()
    reason = make.code("cancellation_reasons", "gel")
    done = browser.post(address, data | {"step": "cancel", "reason": reason.pk}, follow=True)
    assert "2\u00a0séances annulées." in sent(done)
    for row in planned:
        row.refresh_from_db()
    ticked.refresh_from_db()
    assert [row.cancel_reason for row in planned] == [reason, reason]
    assert not ticked.is_cancelled


def test_a_schedule_and_a_closed_period_are_deleted(garden, browser):
    closed = plans.make_closed_period(garden.programme, "Pont")
    browser.post(url("closed_period_delete", closed.pk))
    assert not ClosedPeriod.objects.filter(pk=closed.pk).exists()
    schedule = plans.make_schedule(garden.programme, garden.site)
    assert "Créneau supprimé" in sent(
        browser.post(url("schedule_delete", schedule.pk), follow=True)
    )
    # The world's own schedule has a session that was held: it stays.
    kept = browser.post(url("schedule_delete", garden.schedule.pk), follow=True)
    assert "changez plutôt son dernier jour" in sent(kept)
    assert Schedule.objects.filter(pk=garden.schedule.pk).exists()


def test_lists_and_pages_ask_as_much_for_two_rows_as_for_seven(garden, browser):
    def grow(count: int = 5):
        for number in range(count):
            plans.make_schedule(garden.programme, garden.site, leader=garden.workshop_leader)
            plans.make_closed_period(garden.programme, f"Pont {number}")
            make.make_session(
                garden.programme,
                garden.site,
                on=date(2090, 1, 1 + number + count),
                schedule=garden.schedule,
            )

    grow(1)
    pages = [
        url("schedule_list", garden.programme.pk),
        url("closed_period_list", garden.programme.pk),
        url("schedule_detail", garden.schedule.pk),
    ]
    same_queries(lambda: [browser.get(page) for page in pages], grow)


def test_the_week_is_told_as_people_say_it(garden, browser):
    plans.make_schedule(garden.programme, garden.site)
    hours = "8\u00a0h\u00a0–\u00a012\u00a0h et 14\u00a0h\u00a0–\u00a016\u00a0h"
    html = sent(browser.get(url("schedule_list", garden.programme.pk)))
    assert f"du lundi au jeudi, {hours}" in html


def test_who_only_reads_is_offered_no_button(world, garden, client_for):
    neighbour = client_for(world.here.kitchen.workshop_leader)
    assert neighbour.get(url("schedule_detail", garden.schedule.pk)).status_code == 404
    member = client_for(make.make_member(Role.COMMITTEE_MEMBER, garden.funder))
    assert member.get(url("schedule_list", garden.programme.pk)).status_code == 403
