"""Rights of several people at once: the last administrator, replacements, rights taken back."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import Action
from programmes.access import scope_of
from programmes.enums import Role
from programmes.models import Membership
from programmes.services.memberships import (
    LastAdministratorError,
    close,
    cut_short,
    first_day_without_administrator,
    keeping_an_administrator,
    replace,
    withdraw,
)
from tests.factories.programmes import make_member, make_membership, make_territory
from tests.world import build_world

TODAY = timezone.localdate


def days(number):
    return TODAY() + timedelta(days=number)


def only_right(user):
    return Membership.objects.get(user=user)


def end_now(scope, user):
    """End the user's only right yesterday, as the pages do."""
    right = only_right(user)
    with keeping_an_administrator([right.territory_id]):
        close(scope=scope, right=right, last_day=days(-1), reason="essai")


@pytest.fixture
def scope(world):
    return scope_of(world.here.administrator)


# --- the last administrator


def test_the_last_administrator_cannot_go(world, scope):
    with pytest.raises(LastAdministratorError, match="Valenciennes"):
        end_now(scope, world.here.administrator)
    assert only_right(world.here.administrator).ends_on is None


def test_one_of_two_administrators_may_go(world, scope):
    make_member(Role.ADMINISTRATOR, world.here.territory)
    end_now(scope, world.here.administrator)
    assert only_right(world.here.administrator).ends_on == days(-1)


def test_an_inactive_administrator_does_not_count(world, scope):
    other = make_member(Role.ADMINISTRATOR, world.here.territory)
    other.is_active = False
    other.save()
    with pytest.raises(LastAdministratorError):
        end_now(scope, world.here.administrator)


def test_an_administrator_of_elsewhere_does_not_count(world, scope):
    make_member(Role.ADMINISTRATOR, world.elsewhere.territory)
    with pytest.raises(LastAdministratorError):
        end_now(scope, world.here.administrator)


def test_a_gap_in_a_month_is_refused_today(world, scope):
    make_member(Role.ADMINISTRATOR, world.here.territory, ends_on=days(30))
    with pytest.raises(LastAdministratorError):
        end_now(scope, world.here.administrator)


def test_a_gap_that_was_there_before_is_not_held_against_a_change(db):
    territory = make_territory("Gap")
    first = make_member(Role.ADMINISTRATOR, territory, ends_on=days(10))
    make_member(Role.ADMINISTRATOR, territory, ends_on=days(20))
    assert first_day_without_administrator(territory.pk, since=TODAY()) == days(21)
    end_now(scope_of(first), first)
    assert first_day_without_administrator(territory.pk, since=TODAY()) == days(21)


def test_a_relay_without_a_hole_is_enough(db):
    territory = make_territory("Relais")
    make_member(Role.ADMINISTRATOR, territory, ends_on=days(10))
    make_member(Role.ADMINISTRATOR, territory, starts_on=days(11))
    assert first_day_without_administrator(territory.pk, since=TODAY()) is None


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once(request):
    world = build_world()
    users = [world.here.administrator, make_member(Role.ADMINISTRATOR, world.here.territory)]
    inside, refused = Barrier(2), []

    def remove(actor, removed):
        scope, right = scope_of(actor), only_right(removed)
        try:
            with keeping_an_administrator([right.territory_id]):
                # Without a lock both get here, and each still sees the other's right.
                with suppress(BrokenBarrierError):
                    inside.wait(timeout=1)
                close(scope=scope, right=right, last_day=days(-1), reason="essai")
        except LastAdministratorError:
            refused.append(removed)
        finally:
            connection.close()

    threads = [Thread(target=remove, args=pair) for pair in (users, users[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(refused) == 1
    kept = Membership.objects.active(TODAY()).filter(
        role=Role.ADMINISTRATOR, territory=world.here.territory
    )
    assert [right.user for right in kept] == refused


# --- replacements


def replacing(world, scope, **changes):
    asked = {
        "absent": world.here.garden.social_worker,
        "substitute": world.here.garden.workshop_leader,
        "starts_on": days(0),
        "ends_on": days(14),
        "reason": "congés",
    }
    return replace(scope=scope, **asked | changes)


def test_the_substitute_has_the_rights_on_those_days_only(world, scope):
    substitute = world.here.garden.workshop_leader
    (right,) = replacing(world, scope, starts_on=days(1))
    assert right.replaces.user == world.here.garden.social_worker
    assert not scope_of(substitute).allows(Action.EDIT_PARTNERS)
    assert scope_of(substitute, on=days(1)).allows(Action.EDIT_PARTNERS)
    assert scope_of(substitute, on=days(14)).allows(Action.EDIT_PARTNERS)
    assert not scope_of(substitute, on=days(15)).allows(Action.EDIT_PARTNERS)


def test_a_replacement_is_journaled_with_its_reason(world, scope):
    (right,) = replacing(world, scope)
    event = AuditEvent.objects.get(verb=Verb.RIGHTS, object_key=str(right.pk))
    assert event.reason == "congés"
    assert event.territory_key == str(world.here.territory.pk)
    assert event.actor_key == str(world.here.administrator.pk)


def test_asking_twice_gives_nothing_more(world, scope):
    assert len(replacing(world, scope)) == 1
    assert replacing(world, scope) == []


def test_a_right_is_cut_to_the_days_it_covers(world, scope):
    absent = make_member(
        Role.SOCIAL_WORKER, world.here.kitchen.programme, starts_on=days(3), ends_on=days(5)
    )
    (right,) = replacing(world, scope, absent=absent)
    assert (right.starts_on, right.ends_on) == (days(3), days(5))


def test_rights_of_a_neighbour_are_not_copied(world, scope):
    absent = world.here.garden.social_worker
    make_membership(absent, Role.PROGRAMME_MANAGER, world.elsewhere.garden.programme)
    (right,) = replacing(world, scope)
    assert right.programme == world.here.garden.programme


def test_what_the_substitute_already_has_is_not_doubled(world, scope):
    substitute = world.here.garden.workshop_leader
    make_membership(substitute, Role.SOCIAL_WORKER, world.here.garden.programme)
    assert replacing(world, scope) == []


def test_a_shorter_right_of_the_substitute_is_completed(world, scope):
    substitute = world.here.garden.workshop_leader
    make_membership(substitute, Role.SOCIAL_WORKER, world.here.garden.programme, ends_on=days(3))
    assert len(replacing(world, scope)) == 1


@pytest.mark.parametrize("who", ["former", "nobody"])
def test_nothing_to_replace_is_said(world, scope, who):
    with pytest.raises(ValidationError, match="aucun droit"):
        replacing(world, scope, absent=getattr(world, who))


def test_nobody_replaces_themselves(world, scope):
    with pytest.raises(ValidationError, match="une autre personne"):
        replacing(world, scope, substitute=world.here.garden.social_worker)


def test_a_replacement_ends_after_it_starts(world, scope):
    with pytest.raises(ValidationError, match="avant d’avoir commencé"):
        replacing(world, scope, ends_on=days(-1))


def cut(world, scope, last_day):
    return cut_short(
        scope=scope,
        absent=world.here.garden.social_worker,
        substitute=world.here.garden.workshop_leader,
        last_day=last_day,
    )


def test_a_replacement_can_be_cut_short(world, scope):
    (right,) = replacing(world, scope)
    assert len(cut(world, scope, days(2))) == 1
    right.refresh_from_db()
    assert right.ends_on == days(2)
    assert cut(world, scope, days(2)) == []


def test_cutting_short_leaves_the_substitutes_own_rights(world, scope):
    own = only_right(world.here.garden.workshop_leader)
    replacing(world, scope)
    cut(world, scope, days(2))
    own.refresh_from_db()
    assert own.ends_on is None


def test_a_replacement_that_has_not_started_disappears(world, scope):
    (right,) = replacing(world, scope, starts_on=days(5))
    cut(world, scope, days(2))
    assert not Membership.objects.filter(pk=right.pk).exists()
    assert AuditEvent.objects.filter(verb=Verb.DELETE, object_key=str(right.pk)).exists()


# --- taking a right back


def test_a_right_to_come_is_withdrawn(world, scope):
    withdraw(scope=scope, right=only_right(world.upcoming))
    assert not Membership.objects.filter(user=world.upcoming).exists()


def test_a_right_that_served_is_not_withdrawn(world, scope):
    with pytest.raises(ValidationError, match="date de fin"):
        withdraw(scope=scope, right=only_right(world.here.garden.social_worker))
    assert only_right(world.here.garden.social_worker)
