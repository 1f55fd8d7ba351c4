"""The roll's pages: one tap, with and without scripts; what is refused stands beside its row."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.enums import Part, Presence
from beneficiaries.models import Attendance, WorkshopParticipation
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.harness.queries import same_queries

DAY = date(2026, 3, 16)
HTMX = {"HX-Request": "true"}
NOT_OF_THE_TAP = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
NOT_OF_THE_TAP_TABLES = ("django_session", "accounts_", "programmes_membership")


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def session(garden):
    other = make.make_site(garden.territory, garden.programme, name="Le Vignoble")
    return make.make_session(garden.programme, garden.site, other, on=DAY)


def url(name, *args):
    return reverse(f"beneficiaries:{name}", args=args)


def page_of(browser, session):
    return browser.get(url("attendance_tick", session.pk)).content.decode()


def tap(browser, session, enrolment, *, htmx=True, follow=False, **sent):
    data = {"version": 0, "client_uuid": uuid4(), "current_site": first_site(session).pk} | sent
    path = url("attendance_tap", session.pk, enrolment.pk)
    return browser.post(path, data, headers=HTMX if htmx else None, follow=follow)


def first_site(session):
    return session.sites.order_by("sort_key").first()


def line_of(session, enrolment):
    return Attendance.objects.filter(session=session, enrolment=enrolment).first()


# --- one tap


def test_a_tap_answers_its_row_without_any_name(browser, session, karim):
    html = tap(browser, session, karim, status="present").content.decode()
    assert f'id="etat-{karim.pk}"' in html
    assert 'data-status="present"' in html
    assert "prévu 4\u00a0h" in html
    assert 'data-saved="Enregistré à ' in html
    assert "Karim" not in html
    assert line_of(session, karim).status == Presence.PRESENT


def test_without_scripts_a_tap_goes_back_to_its_row(browser, session, karim):
    response = tap(browser, session, karim, htmx=False, status="absent")
    assert response.url == f"{url('attendance_tick', session.pk)}#ligne-{karim.pk}"
    assert 'data-status="absent"' in page_of(browser, session)


def test_the_active_choice_takes_the_line_off(browser, session, karim):
    tap(browser, session, karim, status="present")
    html = tap(browser, session, karim, status="none", version=1).content.decode()
    assert 'data-status=""' in html
    assert line_of(session, karim) is None


def test_a_site_is_changed_in_one_tap_and_kept_for_who_is_not_ticked(browser, session, karim):
    asked, elsewhere = first_site(session), session.sites.exclude(pk=first_site(session).pk).get()
    html = tap(browser, session, karim, site=elsewhere.pk).content.decode()
    assert f'name="current_site" value="{elsewhere.pk}"' in html
    assert line_of(session, karim) is None
    html = tap(browser, session, karim, htmx=False, site=elsewhere.pk).content.decode()
    assert f'name="current_site" value="{elsewhere.pk}"' in html
    tap(browser, session, karim, status="present")
    assert line_of(session, karim).site == asked
    tap(browser, session, karim, site=elsewhere.pk, version=1)
    assert (line_of(session, karim).site, line_of(session, karim).version) == (elsewhere, 2)


def test_an_excuse_may_have_a_reason_that_reveals_nothing(browser, session, karim):
    html = tap(browser, session, karim, status="excused").content.decode()
    reason = make.code("absence_reasons", "sante")
    assert f'name="reason" value="{reason.pk}"' in html
    html = tap(browser, session, karim, reason=reason.pk, version=1).content.decode()
    assert '<span class="roll-note">Santé</span>' in html
    assert line_of(session, karim).reason == reason


def test_one_tap_makes_at_most_eight_queries(browser, session, karim):
    page_of(browser, session)
    path = url("attendance_tap", session.pk, karim.pk)
    other = session.sites.exclude(pk=first_site(session).pk).get()
    taps = (
        {"status": "excused"},
        {"reason": make.code("absence_reasons", "sante").pk},
        {"status": "absent"},
        {"status": "present"},
        {"site": other.pk},
        {"status": "none"},
        {"status": "present", "version": 0},
    )
    for version, asked in enumerate(taps):
        seen = {"current_site": first_site(session).pk, "version": version}
        with CaptureQueriesContext(connection) as captured:
            answer = browser.post(path, seen | {"client_uuid": uuid4()} | asked, headers=HTMX)
        assert 'role="alert"' not in answer.content.decode()
        own = [q["sql"] for q in captured if is_of_the_tap(q["sql"])]
        assert len(own) <= 8, "\n".join(own)
        assert len(captured) <= 8 + len(NOT_OF_THE_TAP) + 3


def is_of_the_tap(sql):
    """Tell it from what any page reads of who is logged in, and from a transaction's marks."""
    who = any(f'FROM "{table}' in sql for table in NOT_OF_THE_TAP_TABLES)
    return not who and not sql.startswith(NOT_OF_THE_TAP)


# --- what is refused


def test_a_stale_tap_shows_the_present_state_and_says_so(browser, session, karim):
    tap(browser, session, karim, status="present")
    for htmx in (True, False):
        html = tap(browser, session, karim, htmx=htmx, status="absent").content.decode()
        assert "Un autre appareil a changé cette ligne" in html
        assert 'role="alert"' in html
        assert 'data-status="present"' in html
    assert line_of(session, karim).version == 1


def test_an_overlap_is_told_beside_the_row(browser, garden, session, karim):
    other = make.make_session(garden.programme, garden.site, on=DAY, hours=("11:00", "13:00"))
    people.make_attendance(karim, other, garden.site)
    html = tap(browser, session, karim, status="present").content.decode()
    assert f"Déjà présent à {other}, 11\u00a0h\u00a0–\u00a013\u00a0h." in html
    assert line_of(session, karim) is None


def test_forged_keys_change_nothing(browser, world, session, karim):
    stranger = world.elsewhere.garden.somebody.enrolment
    neighbour = world.here.kitchen.somebody.enrolment
    before = Attendance.objects.count()
    for enrolment in (stranger, neighbour):
        for sent in ({"status": "present"}, {"status": "dancing"}, {"site": 1}):
            assert tap(browser, session, enrolment, **sent).status_code == 404
    assert (
        "Cet appui n’a pas été compris"
        in tap(browser, session, karim, status="dancing").content.decode()
    )
    assert (
        tap(
            browser, session, karim, current_site=world.elsewhere.garden.site.pk, status="present"
        ).status_code
        == 200
    )
    assert Attendance.objects.count() == before


def test_the_mark_of_another_tap_is_refused(browser, garden, session, karim):
    used = garden.somebody.attendance.client_uuid
    html = tap(browser, session, karim, status="present", client_uuid=used).content.decode()
    assert "Cet appui n’a pas été compris" in html
    assert line_of(session, karim) is None


# --- hours


def test_a_late_arrival_takes_two_taps(browser, session, karim):
    path = url("attendance_hours", session.pk, karim.pk)
    html = browser.get(path, headers=HTMX).content.decode()
    assert 'name="starts_at_proposal" value="09:00"' in html
    seen = {"version": 0, "client_uuid": uuid4(), "starts_at": "08:00", "ends_at": "12:00"}
    html = browser.post(path, seen | {"starts_at_proposal": "09:00"}, headers=HTMX)
    assert "arrivée 9\u00a0h" in html.content.decode()
    assert line_of(session, karim).minutes == 180


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"ends_at": "25:00"}, "ends_at", "Écrivez une heure"),
        ({"starts_at": "10:00", "ends_at": "09:00"}, "ends_at", "Le départ précède l’arrivée"),
        ({"starts_at": "07:00"}, "starts_at", "cette heure est en dehors"),
        ({"ends_at": "23:00"}, "ends_at", "cette heure est en dehors"),
        ({"starts_at": ""}, "starts_at", "obligatoire"),
    ],
)
def test_wrong_hours_are_told_beside_their_field(browser, session, karim, typed, field, words):
    path = url("attendance_hours", session.pk, karim.pk)
    seen = {"version": 0, "client_uuid": uuid4(), "starts_at": "08:00", "ends_at": "12:00"}
    for headers in (HTMX, None):
        response = browser.post(path, seen | typed, headers=headers)
        html = response.content.decode()
        assert words in " ".join(response.context["form"].errors[field])
        assert f'id="id_{karim.pk}_{field}_error"' in html
        if typed[field]:
            assert f'value="{typed[field]}"' in html
    assert line_of(session, karim) is None


def test_hours_typed_on_a_changed_line_are_told_and_kept(browser, session, karim):
    path = url("attendance_hours", session.pk, karim.pk)
    seen = {"version": 0, "client_uuid": uuid4(), "starts_at": "09:30", "ends_at": "12:00"}
    tap(browser, session, karim, status="absent")
    response = browser.post(path, seen)
    html = response.content.decode()
    assert "Enregistré entre-temps\u00a0: Absent." in html
    assert 'value="09:30"' in html
    assert 'name="version" value="1"' in html
    assert browser.post(path, seen | {"version": 1}).status_code == 302
    assert line_of(session, karim).minutes == 150


def test_hours_over_midnight_and_a_clock_change_are_those_of_the_session(browser, garden, karim):
    eve = date(2026, 3, 28)
    session = make.make_session(
        garden.programme,
        garden.site,
        starts_at=make.at(eve, "23:00"),
        ends_at=make.at(eve + timedelta(days=1), "04:00"),
    )
    path = url("attendance_hours", session.pk, karim.pk)
    seen = {"version": 0, "client_uuid": uuid4(), "starts_at": "01:00", "ends_at": "03:30"}
    skipped = browser.post(path, seen | {"ends_at": "02:30"})
    assert skipped.context["form"].errors["ends_at"]
    assert browser.post(path, seen).status_code == 302
    line = line_of(session, karim)
    assert (line.on, line.minutes) == (eve, 90)


# --- the whole roll


def test_all_present_says_who_was_left_and_is_undone(browser, garden, session, karim):
    other = make.make_session(garden.programme, garden.site, on=DAY, hours=("11:00", "13:00"))
    people.make_attendance(karim, other, garden.site)
    page = browser.post(url("attendance_all_present", session.pk), follow=True)
    html = page.content.decode()
    assert "Tous présents\u00a0: 1\u00a0personne notée présente." in html
    assert "Déjà présent à" in html
    browser.post(url("attendance_undo", session.pk))
    assert not Attendance.objects.filter(session=session).exists()
    again = browser.post(url("attendance_undo", session.pk), follow=True)
    assert "rien à annuler" in again.content.decode()


def test_like_yesterday_without_yesterday_says_so(browser, garden):
    first = make.make_session(garden.programme, garden.site, on=date(2016, 1, 4))
    page = browser.post(url("attendance_like_last", first.pk), follow=True)
    assert "Aucune séance de cette action" in page.content.decode()


def test_somebody_is_found_by_any_part_of_their_name(browser, session, karim):
    path = url("attendance_add", session.pk)
    assert "Karim" not in browser.post(path, {"name": "zzz"}).content.decode()
    html = browser.post(path, {"name": "dup kar"}).content.decode()
    assert "Karim Dupont" in html
    assert "Déjà sur la feuille" in html


def test_closing_asks_for_those_to_tick_then_counts(browser, session, karim):
    tap(browser, session, karim, status="present")
    path = url("attendance_close", session.pk)
    assert "Il reste 1\u00a0personne" in browser.post(path, {}).content.decode()
    page = browser.post(path, {"absent": "on"}, follow=True).content.decode()
    assert "4\u00a0h comptées pour 1\u00a0personne" in page
    assert "Rouvrir" in page
    assert "prévu" not in page
    assert browser.get(path).status_code == 302
    page = browser.post(url("attendance_reopen", session.pk), {"reason": "oubli"}, follow=True)
    assert "Clôturer" in page.content.decode()


def test_volunteers_stand_apart_and_their_hours_too(browser, garden, session, karim):
    helper = people.make_person(garden.programme, "Odile", "Vert", part=Part.VOLUNTEER)
    html = page_of(browser, session)
    assert html.index("Karim D.") < html.index("À part") < html.index("Odile V.")
    tap(browser, session, karim, status="present")
    tap(browser, session, people.enrolment_of(helper), status="present")
    path = url("attendance_close", session.pk)
    said = "4\u00a0h de présence compteront dès la clôture, et à part 4\u00a0h de bénévoles"
    assert said in browser.get(path).content.decode()
    page = browser.post(path, {"absent": "on"}, follow=True).content.decode()
    assert "4\u00a0h comptées pour 1\u00a0personne, et 4\u00a0h à part" in page
    detail = browser.get(reverse("programmes:session_detail", args=[session.pk]))
    assert "À part\u00a0: 4\u00a0h de bénévoles" in detail.content.decode().replace(
        "&nbsp;", "\u00a0"
    )


def test_nothing_is_ticked_before_its_hour(browser, garden, karim):
    later = make.make_session(garden.programme, garden.site, on=make.tomorrow())
    html = page_of(browser, later)
    assert "n’a pas commencé" in html
    assert url("attendance_tap", later.pk, karim.pk) not in html
    html = tap(browser, later, karim, status="present").content.decode()
    assert "on ne pointe pas l’avenir" in html


def test_a_workshop_is_filled_from_who_is_present(browser, garden, session, karim):
    workshop = make.make_workshop(session)
    path = url("workshop_participants", workshop.pk)
    assert "Personne n’est encore présent" in browser.get(path).content.decode()
    tap(browser, session, karim, status="present")
    assert "Karim D." in browser.get(path).content.decode()
    browser.post(path, {"enrolments": [karim.pk]})
    assert WorkshopParticipation.objects.get(workshop=workshop).enrolment == karim
    browser.post(path, {"enrolments": [str(10**6)]})
    assert WorkshopParticipation.objects.filter(workshop=workshop).count() == 1
    other = people.enrolment_of(people.make_person(garden.programme))
    tap(browser, session, other, status="present")
    browser.post(path, {"everybody": "on"})
    assert WorkshopParticipation.objects.filter(workshop=workshop).count() == 2


# --- as many queries for two rows as for seven


def grow_people(garden, session):
    def grow():
        for _ in range(5):
            person = people.make_person(garden.programme)
            line = people.enrolment_of(person)
            people.make_attendance(line, garden.held, garden.site)
            people.make_attendance(line, session, garden.site)

    return grow


def test_the_roll_makes_the_same_queries_for_seven_people(browser, garden, session, karim):
    paths = [url("attendance_tick", session.pk), url("attendance_close", session.pk)]
    same_queries(lambda: [browser.get(path) for path in paths], grow_people(garden, session))


def test_the_list_and_the_pieces_of_sessions_make_the_same_queries(browser, garden, session, karim):
    def grow():
        for number in range(1, 6):
            more = make.make_session(garden.programme, garden.site, on=DAY + timedelta(days=number))
            people.make_attendance(karim, more, garden.site)
            make.make_session(garden.programme, garden.site, hours=("00:00", f"0{number}:00"))

    make.make_session(garden.programme, garden.site, on=DAY + timedelta(days=9))
    programme = garden.programme.pk
    paths = [url("attendance_list", programme, "2026-03"), f"/actions/{programme}/2026-03/seances/"]
    same_queries(lambda: [browser.get(path) for path in paths], grow)


def test_weeks_without_an_hour_are_not_drawn(garden, client_for, session, karim):
    """Nor is anything said of the hours of who has not come yet."""
    browser, page = client_for(garden.social_worker), url("person_detail", karim.person_id)
    html = browser.get(page).content.decode()
    assert "depuis l’entrée" in html
    assert "chart-below" not in html
    people.make_attendance(karim, make.close(session), garden.site)
    karim.left_on = DAY
    karim.save()
    assert "chart-below" in browser.get(page).content.decode()
    waiting = people.make_person(garden.programme, "Zoé", entered_on=None)
    assert "depuis l’entrée" not in browser.get(url("person_detail", waiting.pk)).content.decode()


def test_a_person_s_months_and_weeks_count_closed_sessions(garden, client_for, session, karim):
    make.close(session)
    people.make_attendance(karim, session, garden.site)
    open_one = make.make_session(garden.programme, garden.site, on=DAY + timedelta(days=1))
    people.make_attendance(karim, open_one, garden.site)
    browser = client_for(garden.social_worker)
    html = browser.get(url("person_attendance", karim.person_id)).content.decode()
    assert "Mars\u00a02026" in html
    assert '<span class="figure-value">4\u00a0h</span>' in html
    side = browser.get(url("person_detail", karim.person_id)).content.decode()
    assert "Heures par semaine" in side

    def grow():
        for number in range(2, 7):
            more = make.make_session(garden.programme, garden.site, on=DAY + timedelta(days=number))
            people.make_attendance(karim, make.close(more), garden.site)

    paths = [url(name, karim.person_id) for name in ("person_attendance", "person_detail")]
    same_queries(lambda: [browser.get(path) for path in paths], grow)
