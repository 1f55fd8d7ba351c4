"""Another site in the middle of a session: two stretches, told and taken back in few taps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.urls import reverse

from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services import roll_words, rolls, stretches
from beneficiaries.services.attendance import Tap, holding
from programmes.access import scope_of
from tests.beneficiaries.taps import DAY, lines_of, tick
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

HTMX = {"HX-Request": "true"}


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def sites(garden):
    names = ("Blaise Pascal", "La serre", "Le Vignoble")
    return [make.make_site(garden.territory, garden.programme, name=name) for name in names]


@pytest.fixture
def session(garden, sites):
    return make.make_session(garden.programme, *sites, on=DAY)


def move(scope, session, enrolment, site, at, version=None):
    tap = Tap(site=site, starts_at=make.at(DAY, at), version=version)
    with holding(scope, session.pk) as held:
        return stretches.change_site(scope=scope, session=held, enrolment=enrolment.pk, tap=tap)


def set_hours(scope, session, enrolment, start, end):
    tap = Tap(starts_at=make.at(DAY, start), ends_at=make.at(DAY, end))
    with holding(scope, session.pk) as held:
        return stretches.set_hours(scope=scope, session=held, enrolment=enrolment.pk, tap=tap)


def take_back(scope, session, enrolment, version=None):
    asked = {"enrolment": enrolment.pk, "version": version}
    with holding(scope, session.pk) as held:
        return stretches.take_back(scope=scope, session=held, **asked)


def told(session, enrolment):
    """Return « site, minutes » of each stretch, in order."""
    rows = lines_of(session).filter(enrolment=enrolment).order_by("starts_at")
    return [(row.site.name, row.minutes) for row in rows]


def test_hours_follow_each_site_and_stay_those_of_the_session(scope, session, sites, karim):
    tick(scope, session, karim, site=sites[0], starts_at=make.at(DAY, "08:30"))
    row = move(scope, session, karim, sites[1], "10:30")
    assert told(session, karim) == [("Blaise Pascal", 120), ("La serre", 90)]
    assert (row.minutes, row.site, row.last_site) == (210, sites[0], sites[1])
    assert "La serre 10\u00a0h\u00a030\u00a0–\u00a012\u00a0h" in roll_words.note_of(row, session)
    move(scope, session, karim, sites[2], "11:00")
    by_site = lines_of(session).values("site").annotate(spent=Sum("minutes"))
    assert {row["site"]: row["spent"] for row in by_site} == {
        sites[0].pk: 120,
        sites[1].pk: 30,
        sites[2].pk: 60,
    }
    move(scope, session, karim, sites[2], "09:30")
    assert [minutes for _, minutes in told(session, karim)] == [60, 60, 30, 60]


def test_the_last_change_is_taken_back_then_the_one_before(scope, session, sites, karim):
    tick(scope, session, karim, site=sites[0])
    move(scope, session, karim, sites[1], "10:00")
    row = move(scope, session, karim, sites[2], "11:00")
    row = take_back(scope, session, karim, version=row.line.version)
    assert told(session, karim) == [("Blaise Pascal", 120), ("La serre", 120)]
    row = take_back(scope, session, karim, version=row.line.version)
    assert told(session, karim) == [("Blaise Pascal", 240)]
    assert take_back(scope, session, karim, version=row.line.version).minutes == 240


def test_late_and_early_clip_what_was_done_on_each_site(scope, session, sites, karim):
    tick(scope, session, karim, site=sites[0])
    move(scope, session, karim, sites[1], "10:00")
    set_hours(scope, session, karim, "08:15", "11:45")
    assert told(session, karim) == [("Blaise Pascal", 105), ("La serre", 105)]
    set_hours(scope, session, karim, "08:00", "09:30")
    assert told(session, karim) == [("Blaise Pascal", 90)]


def test_arriving_after_the_change_leaves_the_second_site_alone(scope, session, sites, karim):
    tick(scope, session, karim, site=sites[0])
    move(scope, session, karim, sites[1], "09:00")
    set_hours(scope, session, karim, "10:00", "12:00")
    assert told(session, karim) == [("La serre", 120)]


def test_what_cannot_be_is_told_beside_its_field(scope, garden, session, sites, karim):
    asked = (scope, session, karim)
    with pytest.raises(ValidationError) as caught:
        move(*asked, sites[1], "10:00")
    assert caught.value.code == "stale"
    line = tick(scope, session, karim, site=sites[0], starts_at=make.at(DAY, "09:00"))
    elsewhere = make.make_site(garden.territory, garden.programme)
    for site, at, field in (
        (sites[0], "10:00", "site"),
        (elsewhere, "10:00", "site"),
        (sites[1], "08:30", "starts_at"),
        (sites[1], "12:00", "starts_at"),
    ):
        with pytest.raises(ValidationError) as caught:
            move(*asked, site, at)
        assert set(caught.value.error_dict) == {field}
    move(*asked, sites[1], "10:00", version=line.version)
    with pytest.raises(ValidationError) as caught:
        move(*asked, sites[2], "11:00", version=line.version)
    assert caught.value.code == "stale"
    assert lines_of(session).get(enrolment=karim, site=sites[1]).minutes == 120


def test_longer_hours_are_held_against_the_other_sessions(scope, garden, session, sites, karim):
    tick(scope, session, karim, site=sites[0], ends_at=make.at(DAY, "11:00"))
    move(scope, session, karim, sites[1], "10:00")
    noon = make.make_session(garden.programme, garden.site, on=DAY, hours=("11:00", "13:00"))
    tick(scope, noon, karim)
    with pytest.raises(ValidationError, match="Déjà présent à"):
        set_hours(scope, session, karim, "08:00", "12:00")
    assert told(session, karim) == [("Blaise Pascal", 120), ("La serre", 60)]


def test_it_takes_few_taps_on_the_page(garden, client_for, session, sites, karim, scope):
    browser = client_for(garden.workshop_leader)
    tick(scope, session, karim, site=sites[0])
    path = reverse("beneficiaries:attendance_move", args=[session.pk, karim.pk])
    html = browser.get(path, headers=HTMX).content.decode()
    assert 'name="starts_at_proposal" value="10:30"' in html
    assert f'value="{sites[0].pk}"' not in html
    seen = {"version": 1, "client_uuid": uuid4()}
    html = browser.post(path, seen | {"starts_at_proposal": "10:30"}, headers=HTMX)
    assert "Choisissez d’abord un site" in html.content.decode()
    sent = seen | {"site": sites[1].pk, "starts_at_proposal": "10:30"}
    html = browser.post(path, sent, headers=HTMX).content.decode()
    assert "Annuler le changement de site" in html
    assert told(session, karim) == [("Blaise Pascal", 150), ("La serre", 90)]
    tap = reverse("beneficiaries:attendance_tap", args=[session.pk, karim.pk])
    back = {"takes_back": "on", "version": 2, "client_uuid": uuid4()}
    assert "10\u00a0h\u00a030" not in browser.post(tap, back, headers=HTMX).content.decode()
    assert told(session, karim) == [("Blaise Pascal", 240)]


def test_somebody_absent_after_all_leaves_no_stretch(scope, session, sites, karim):
    tick(scope, session, karim, site=sites[0])
    move(scope, session, karim, sites[1], "10:00")
    tick(scope, session, karim, Presence.ABSENT, site=sites[0])
    assert told(session, karim) == [("Blaise Pascal", 0)]


def test_the_next_roll_proposes_where_somebody_ended(scope, garden, session, sites, karim):
    tick(scope, session, karim, site=sites[0])
    move(scope, session, karim, sites[1], "10:00")
    after = make.make_session(garden.programme, *sites, on=DAY + timedelta(days=1))
    assert rolls.roll_of(after).row(karim.pk).site == sites[1]
    people.make_attendance(karim, after, sites[2])
    assert Attendance.objects.filter(enrolment=karim).count() == 3
