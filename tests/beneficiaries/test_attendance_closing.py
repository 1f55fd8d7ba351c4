"""Several people ticked at once, closing a session, who took part in its workshops."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Part, Presence
from beneficiaries.models import Attendance, WorkshopParticipation
from beneficiaries.services import batches, closing, workshops
from programmes.access import scope_of
from tests.beneficiaries.taps import DAY, lines_of, tick
from tests.factories import beneficiaries as people
from tests.factories import programmes as make


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def session(garden):
    return make.make_session(garden.programme, garden.site, on=DAY)


# --- several at once


def test_everybody_present_leaves_what_is_ticked_and_who_is_elsewhere(
    scope, garden, session, karim
):
    tick(scope, session, karim, Presence.EXCUSED)
    busy = people.enrolment_of(people.make_person(garden.programme))
    other = make.make_session(garden.programme, garden.site, on=DAY, hours=("11:00", "14:00"))
    tick(scope, other, busy)
    batch = batches.tick_all(scope=scope, session=session)
    statuses = dict(lines_of(session).values_list("enrolment", "status"))
    assert statuses == {karim.pk: "excused", garden.somebody.enrolment.pk: "present"}
    assert [row.enrolment for row, _ in batch.refused] == [busy]
    assert "Déjà présent" in batch.refused[0][1]


def test_somebody_enrolled_twice_is_present_once(scope, garden, session, karim):
    people.make_enrolment(karim.person, garden.programme, part=Part.VOLUNTEER)
    batch = batches.tick_all(scope=scope, session=session)
    assert len(batch.refused) == 1
    assert lines_of(session).filter(enrolment__person=karim.person).count() == 1


def test_undoing_keeps_what_was_changed_since(scope, garden, session, karim):
    batch = batches.tick_all(scope=scope, session=session)
    tick(scope, session, karim, Presence.ABSENT)
    assert batches.undo(scope=scope, session=session, lines=batch.lines) == 1
    assert lines_of(session).get().enrolment == karim


def test_like_last_copies_who_was_present_and_where(scope, garden, karim):
    sites = [make.make_site(garden.territory, garden.programme, name=name) for name in "AB"]
    before = make.make_session(garden.programme, *sites, on=DAY - timedelta(days=1))
    absent = people.enrolment_of(people.make_person(garden.programme))
    tick(scope, before, karim, site=sites[1])
    tick(scope, before, absent, Presence.ABSENT, site=sites[0])
    # Planned, never ticked: not « the session before ».
    make.make_session(garden.programme, *sites, on=DAY, hours=("06:00", "07:00"))
    today = make.make_session(garden.programme, *sites, on=DAY)
    batches.like_last(scope=scope, session=today)
    line = lines_of(today).get()
    assert (line.enrolment, line.site, line.minutes) == (karim, sites[1], 240)


def test_like_last_needs_a_session_before(scope, garden):
    first = make.make_session(garden.programme, garden.site, on=date(2001, 1, 1))
    with pytest.raises(ValidationError, match="Aucune séance"):
        batches.like_last(scope=scope, session=first)


# --- closing


def test_closing_needs_everybody_ticked_or_said_absent(scope, session, karim):
    tick(scope, session, karim)
    with pytest.raises(ValidationError) as caught:
        closing.close(scope=scope, session=session)
    assert caught.value.messages[0].startswith("Il reste 1\u00a0personne à pointer")
    session.refresh_from_db()
    assert not session.is_closed
    assert not Attendance.objects.counted().filter(session=session).exists()
    closing.close(scope=scope, session=session, absent=True)
    session.refresh_from_db()
    assert session.is_closed
    counted = Attendance.objects.counted().filter(session=session)
    assert counted.aggregate(total=Sum("minutes"))["total"] == 240
    assert lines_of(session).filter(status=Presence.ABSENT).count() == 1


def test_reopening_keeps_the_reason_and_lets_tick_again(scope, session, karim):
    closing.close(scope=scope, session=session, absent=True)
    closing.reopen(scope=scope, session=session, reason="Karim oublié")
    assert AuditEvent.objects.first().reason == "Karim oublié"
    tick(scope, session, karim)
    assert lines_of(session).get(enrolment=karim).status == Presence.PRESENT


def test_a_workshop_takes_people_present_and_closing_leaves_the_others_out(
    scope, garden, session, karim
):
    workshop = make.make_workshop(session)
    absent = garden.somebody.enrolment
    asked = {"scope": scope, "workshop": workshop}
    with pytest.raises(ValidationError, match="Seules les personnes présentes"):
        workshops.set_participants(**asked, enrolments=[karim.pk])
    tick(scope, session, karim)
    tick(scope, session, absent)
    assert workshops.set_participants(**asked, enrolments=[karim.pk, absent.pk]) == 2
    assert workshops.set_participants(**asked, enrolments=[karim.pk, absent.pk]) == 0
    tick(scope, session, absent, Presence.ABSENT)
    closing.close(scope=scope, session=session)
    assert WorkshopParticipation.objects.get(workshop=workshop).enrolment == karim
    assert Attendance.objects.counted().get(session=session).minutes == 240


def test_the_observed_instant_is_kept(scope, session, karim):
    seen = timezone.now() - timedelta(minutes=20)
    tick(scope, session, karim, observed_at=seen)
    assert lines_of(session).get().observed_at == seen
