"""A replayed world is the one that was built: same rows, other objects."""

from django.apps import apps
from django.db import transaction

from programmes.models import Territory
from tests.factories import programmes as make
from tests.harness.replay import Replay
from tests.world import build_world


def everything() -> dict[str, list[tuple]]:
    """Return every row of every table."""
    tables = apps.get_models(include_auto_created=True)
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in tables
    }


def played(replay: Replay):
    """Return the world, the rows it makes, and what is left of both is undone."""
    with transaction.atomic():
        world, rows = replay.play(), everything()
        transaction.set_rollback(True)
    return world, rows


def test_the_rows_are_the_same_and_the_objects_are_not(db):
    replay = Replay(build_world)
    built, rows = played(replay)
    again, same_rows = played(replay)
    assert rows["programmes.Territory"]
    assert same_rows == rows
    assert again == built
    assert again.here.territory is not built.here.territory


def test_what_a_test_changes_does_not_reach_the_next(db):
    replay = Replay(build_world)
    played(replay)
    with transaction.atomic():
        world = replay.play()
        world.here.territory.name = "Autre nom"
        world.here.territory.save()
        transaction.set_rollback(True)
    assert played(replay)[0].here.territory.name == "Valenciennes"


def test_beside_rows_that_stand_already_it_is_built(db):
    replay = Replay(build_world)
    played(replay)
    make.make_territory("Déjà là")
    world = replay.play()
    assert Territory.objects.count() == 3
    assert Territory.objects.get(pk=world.here.territory.pk) == world.here.territory
