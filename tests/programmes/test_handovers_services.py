"""Handovers: everything moves in one act, or nothing does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.accounts.enums import LinkKind
from autoprod.accounts.links import make_link
from autoprod.accounts.models import AccessLink, User, UserSession
from autoprod.audit.models import AuditEvent
from autoprod.core import handovers
from autoprod.core.scoping import Action
from programmes.access import scope_of
from programmes.enums import Role
from programmes.models import Membership
from programmes.services.handovers import HandoverReport, hand_over, preview_hand_over
from programmes.services.memberships import LastAdministratorError
from tests.factories.programmes import make_member, make_membership


def days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def asked(world):
    """Return the arguments of a handover: the garden's social worker leaves today."""
    return {
        "scope": scope_of(world.here.administrator),
        "leaver": world.here.garden.social_worker,
        "successor": world.here.garden.workshop_leader,
        "on": days(0),
        "reason": "départ",
    }


@pytest.fixture
def handler():
    """Register a handler that remembers what it was given; it may be told to break."""

    class Handler:
        seen, breaks = [], False

        def __call__(self, handover):
            if self.breaks:
                raise RuntimeError("nothing moves")
            self.seen.append(handover)
            return {"personnes suivies": 12}

    one = Handler()
    one.seen = []
    handovers.register(one)
    yield one
    handovers.unregister(one)


def opened_actions(user, on=None):
    scope = scope_of(user, on=on)
    return {action for action in Action if scope.allows(action)}


def test_rights_go_to_the_successor_and_the_account_closes(asked, handler):
    """Twelve that the handler says, and the one the leaver follows in the world."""
    wanted = opened_actions(asked["leaver"])
    report = hand_over(**asked)
    assert report == HandoverReport(
        closed=1, opened=1, moved={"personnes suivies": 13}, deactivated=True
    )
    assert opened_actions(User.objects.get(pk=asked["successor"].pk)) >= wanted
    leaver = User.objects.get(pk=asked["leaver"].pk)
    assert not leaver.is_active
    assert Membership.objects.get(user=leaver).ends_on == days(-1)


def test_the_handler_gets_who_and_when(asked, handler):
    hand_over(**asked)
    (given,) = handler.seen
    assert (given.leaver, given.successor, given.on) == (
        asked["leaver"],
        asked["successor"],
        days(0),
    )
    assert given.scope is asked["scope"]


def test_sessions_and_links_close_with_the_account(asked, client_for):
    leaver = asked["leaver"]
    browser = client_for(leaver)
    make_link(leaver, LinkKind.RESET, scope=asked["scope"])
    assert browser.get("/mon-compte/").status_code == 200
    assert UserSession.objects.of(leaver).exists()
    hand_over(**asked)
    assert not UserSession.objects.of(leaver).exists()
    assert browser.get("/mon-compte/").status_code == 302
    User.objects.filter(pk=leaver.pk).update(is_active=True)
    assert not AccessLink.objects.usable().filter(user=leaver).exists()


def test_a_second_run_finds_nothing(asked):
    hand_over(**asked)
    rights, events = Membership.objects.count(), AuditEvent.objects.count()
    assert hand_over(**asked) == HandoverReport()
    assert (Membership.objects.count(), AuditEvent.objects.count()) == (rights, events)


def test_a_departure_to_come_leaves_the_account_open(asked):
    report = hand_over(**asked | {"on": days(10)})
    assert not report.deactivated
    leaver = User.objects.get(pk=asked["leaver"].pk)
    assert leaver.is_active
    assert scope_of(leaver, on=days(9)).allows(Action.EDIT_PARTNERS)
    assert not scope_of(leaver, on=days(10)).allows(Action.EDIT_PARTNERS)
    assert not scope_of(asked["successor"], on=days(9)).allows(Action.EDIT_PARTNERS)
    assert scope_of(asked["successor"], on=days(10)).allows(Action.EDIT_PARTNERS)


def test_a_departure_told_late_gives_the_successor_nothing_in_the_past(asked):
    hand_over(**asked | {"on": days(-5)})
    assert Membership.objects.get(user=asked["leaver"]).ends_on == days(-6)
    right = Membership.objects.get(user=asked["successor"], role=Role.SOCIAL_WORKER)
    assert right.starts_on == days(0)


def test_a_right_to_come_goes_whole_to_the_successor(asked, world):
    kitchen = world.here.kitchen.programme
    make_membership(asked["leaver"], Role.WORKSHOP_LEADER, kitchen, starts_on=days(30))
    report = hand_over(**asked)
    assert (report.closed, report.opened) == (2, 2)
    (right,) = Membership.objects.filter(programme=kitchen, starts_on=days(30))
    assert right.user == asked["successor"]


def test_the_successor_is_given_only_what_they_lack(asked, world):
    make_membership(asked["successor"], Role.SOCIAL_WORKER, world.here.garden.programme)
    report = hand_over(**asked)
    assert (report.closed, report.opened) == (1, 0)


def test_an_account_that_serves_elsewhere_stays_open(asked, world):
    right = make_membership(asked["leaver"], Role.SOCIAL_WORKER, world.elsewhere.garden.programme)
    report = hand_over(**asked)
    assert report.kept
    assert not report.deactivated
    right.refresh_from_db()
    assert right.ends_on is None
    assert User.objects.get(pk=asked["leaver"].pk).is_active
    assert not Membership.objects.filter(
        user=asked["successor"], programme=right.programme
    ).exists()


def test_a_handler_that_breaks_undoes_everything(asked, handler):
    handler.breaks = True
    with pytest.raises(RuntimeError):
        hand_over(**asked)
    assert Membership.objects.get(user=asked["leaver"]).ends_on is None
    assert User.objects.get(pk=asked["leaver"].pk).is_active


def test_the_preview_tells_the_same_and_moves_nothing(asked, handler):
    rights, events = list(Membership.objects.values()), AuditEvent.objects.count()
    told = preview_hand_over(**asked)
    assert list(Membership.objects.values()) == rights
    assert AuditEvent.objects.count() == events
    assert asked["leaver"].is_active
    assert hand_over(**asked) == told


def test_the_last_administrator_hands_over_to_the_next(world):
    other = make_member(Role.ADMINISTRATOR, world.here.territory, ends_on=days(3))
    asked = {
        "scope": scope_of(other),
        "leaver": world.here.administrator,
        "on": days(0),
        "reason": "départ",
    }
    report = hand_over(successor=world.here.garden.programme_manager, **asked)
    assert report.deactivated
    assert scope_of(world.here.garden.programme_manager).allows(Action.MANAGE_ACCOUNTS)


def test_a_departure_that_empties_the_territory_is_refused(world):
    """The successor's account closes meanwhile: their new right counts for nothing."""
    other = make_member(Role.ADMINISTRATOR, world.here.territory, ends_on=days(3))

    def close_successor(handover):
        User.objects.filter(pk=handover.successor.pk).update(is_active=False)
        return {}

    handovers.register(close_successor)
    try:
        with pytest.raises(LastAdministratorError):
            hand_over(
                scope=scope_of(other),
                leaver=world.here.administrator,
                successor=world.here.garden.workshop_leader,
                on=days(0),
                reason="départ",
            )
    finally:
        handovers.unregister(close_successor)
    assert User.objects.get(pk=world.here.administrator.pk).is_active


def test_nobody_closes_their_own_account(asked, world):
    with pytest.raises(ValidationError, match="votre propre compte"):
        hand_over(**asked | {"leaver": world.here.administrator})


def test_a_closed_account_takes_nothing_over(asked):
    asked["successor"].is_active = False
    asked["successor"].save()
    with pytest.raises(ValidationError, match="désactivé"):
        hand_over(**asked)


def test_a_leaver_is_not_their_own_successor(asked):
    with pytest.raises(ValidationError, match="une autre personne"):
        hand_over(**asked | {"successor": asked["leaver"]})
