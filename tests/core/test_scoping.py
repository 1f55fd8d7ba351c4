"""Scopes: what they open, and that nothing else is ever read."""

import pytest

from autoprod.core.scoping import NOTHING, Action, Scope, scope_paths
from programmes.access import scope_of
from programmes.models import Edition, Membership, Organisation, Programme, ReferenceCode


def test_the_empty_scope_opens_nothing():
    assert NOTHING.is_empty
    assert not any(NOTHING.allows(action) for action in Action)


def test_a_scope_on_everything_states_its_reason():
    with pytest.raises(ValueError, match="reason"):
        Scope.everything(reason="  ")
    scope = Scope.everything(reason="sauvegarde")
    assert scope.allows(Action.VIEW_AUDIT)
    assert "sauvegarde" in scope.actor_label


def test_for_scope_refuses_anything_but_a_scope():
    with pytest.raises(TypeError, match="Scope"):
        Programme.objects.for_scope(None, Action.VIEW_FRAME)


def test_paths_say_whether_they_cross_many_rows():
    assert scope_paths(Programme) == (("pk", "programme", False),)
    assert scope_paths(Edition) == (("programme", "programme", False),)
    assert [path for path, anchor, many in scope_paths(Membership)] == [
        "territory",
        "programme__territory",
        "organisation__territory",
    ]


def test_a_public_list_is_closed_to_whoever_has_no_right(world):
    action = Action.VIEW_FRAME
    assert not ReferenceCode.objects.for_scope(NOTHING, action).exists()
    reader = scope_of(world.here.garden.committee_member)
    assert ReferenceCode.objects.for_scope(reader, action).exists()


def test_children_are_read_through_their_parent(world):
    scope = scope_of(world.here.garden.programme_manager)
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME)
    assert list(editions.of(world.here.garden.programme)) == [world.here.garden.edition]
    assert not editions.of(world.here.kitchen.programme).exists()


def test_the_journal_of_a_command_names_it(world):
    found = Organisation.objects.for_scope(Scope.everything(reason="essai"), Action.EDIT_PARTNERS)
    assert found.count() == Organisation.objects.count() > 2


def test_the_title_is_the_service_only_when_there_is_one(world):
    assert scope_of(world.here.administrator).title == world.here.territory.controller
    assert scope_of(world.nobody).title == ""


def test_a_code_added_by_a_neighbour_is_not_read(world):
    reader = scope_of(world.here.garden.committee_member)
    codes = ReferenceCode.objects.for_scope(reader, Action.VIEW_FRAME)
    assert world.here.local_code in codes
    assert world.elsewhere.local_code not in codes
