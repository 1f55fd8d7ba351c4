"""A session whose roll has begun stays where and when it is: ticking says so to the floor below."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from autoprod.core.scoping import Action
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services import attendance, batches, closing
from programmes.access import scope_of
from programmes.forms.sessions import SessionForm
from programmes.models import Session
from programmes.services import sessions
from tests.beneficiaries.taps import DAY, tick
from tests.core.test_forms import posted
from tests.factories import programmes as make


@pytest.fixture
def scope(garden):
    return scope_of(garden.workshop_leader)


@pytest.fixture
def session(garden):
    other = make.make_site(garden.territory, garden.programme, name="Le Vignoble")
    return make.make_session(garden.programme, garden.site, other, on=DAY)


def has_begun(session):
    return Session.objects.get(pk=session.pk).roll_begun_at is not None


def form_of(scope, session, **changes):
    """Return the form of a session, sent as it is shown but for the changes."""
    asked = {"scope": scope, "action": Action.EDIT_SESSIONS, "instance": session}
    fixed = {"programme": session.programme}
    data = posted(SessionForm(**asked, fixed=fixed)) | changes
    return SessionForm(data, **asked, fixed=fixed)


def test_the_first_line_says_it_and_the_last_taken_back_unsays_it(scope, garden, session, karim):
    other = garden.somebody.enrolment
    assert not has_begun(session)
    tick(scope, session, karim, Presence.ABSENT)
    first = Session.objects.get(pk=session.pk).roll_begun_at
    tick(scope, session, other)
    assert Session.objects.get(pk=session.pk).roll_begun_at == first is not None
    attendance.untick(scope=scope, session=session, enrolment=karim.pk)
    assert has_begun(session)
    attendance.untick(scope=scope, session=session, enrolment=other.pk)
    assert not has_begun(session)
    # The same session in the same hands: what it remembers is what is stored.
    tick(scope, session, karim)
    assert has_begun(session)


def test_several_at_once_say_it_and_taken_back_unsay_it(scope, garden, session, karim):
    batch = batches.tick_all(scope=scope, session=session)
    assert has_begun(session)
    kept = Attendance.objects.get(session=session, enrolment=karim)
    Attendance.objects.filter(pk=kept.pk).update(version=2)
    batches.undo(scope=scope, session=session, lines=batch.lines)
    assert has_begun(session)
    attendance.untick(scope=scope, session=session, enrolment=karim.pk)
    assert not has_begun(session)


def test_nobody_ticked_at_once_begins_nothing(scope, session, karim):
    batches.tick_all(scope=scope, session=session)
    for line in Attendance.objects.filter(session=session):
        attendance.untick(scope=scope, session=session, enrolment=line.enrolment_id)
    with pytest.raises(ValidationError):
        batches.like_last(scope=scope, session=session)
    assert not has_begun(session)


def test_a_form_open_meanwhile_is_not_stale_but_does_not_move_it(scope, session, karim):
    opened = {"version": session.version}
    tick(scope, session, karim)
    now = Session.objects.get(pk=session.pk)
    titled = form_of(scope, now, title="Semis", **opened)
    assert titled.is_valid(), titled.errors
    titled.save()
    stored = Session.objects.get(pk=session.pk)
    assert (stored.title, has_begun(session)) == ("Semis", True)
    moved = form_of(scope, stored, day="2026-03-17", start="09:00", end="11:30")
    assert set(moved.errors) == {"day", "start", "end"}
    for errors in moved.errors.values():
        assert errors == [sessions.ROLL_BEGUN]


def test_a_site_is_added_to_a_begun_roll_and_none_is_taken_away(scope, garden, session, karim):
    tick(scope, session, karim)
    new = make.make_site(garden.territory, garden.programme, name="Le Rôleur")
    here = [site.pk for site in session.sites.all()]
    now = Session.objects.get(pk=session.pk)
    fewer = form_of(scope, now, sites=here[:1])
    assert fewer.errors == {"sites": [sessions.ROLL_BEGUN]}
    more = form_of(scope, now, sites=[*here, new.pk])
    assert more.is_valid(), more.errors
    more.save()
    assert Session.objects.get(pk=session.pk).sites.count() == 3


def test_without_a_line_left_it_moves_again(scope, session, karim):
    tick(scope, session, karim)
    attendance.untick(scope=scope, session=session, enrolment=karim.pk)
    here = [site.pk for site in session.sites.all()]
    now = Session.objects.get(pk=session.pk)
    assert form_of(scope, now, day="2026-03-17", start="09:00", sites=here[:1]).is_valid()


@pytest.mark.parametrize(
    ("name", "said"),
    [("session_cancel", "N’annulez pas une séance pointée"), ("session_delete", "retirez-les")],
)
def test_it_is_neither_cancelled_nor_deleted(scope, garden, client_for, session, karim, name, said):
    tick(scope, session, karim)
    browser, gel = client_for(garden.workshop_leader), make.code("cancellation_reasons", "gel")
    address = reverse(f"programmes:{name}", args=[session.pk])
    for answer in (
        browser.get(address, follow=True),
        browser.post(address, {"reason": gel.pk}, follow=True),
    ):
        assert answer.redirect_chain[-1][0] == reverse(
            "programmes:session_detail", args=[session.pk]
        )
        assert said in " ".join(map(str, answer.context["messages"]))
    with pytest.raises(ValidationError, match="N’annulez pas"):
        sessions.cancel(scope=scope, session=session, reason=gel, on=DAY)
    assert Session.objects.get(pk=session.pk).cancelled_on is None


def test_closing_and_opening_again_leave_it_begun(scope, session, karim):
    tick(scope, session, karim)
    closing.close(scope=scope, session=session, absent=True)
    closing.reopen(scope=scope, session=session, reason="oubli")
    assert has_begun(session)
