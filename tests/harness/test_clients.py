"""Test browsers are who they say."""

from django.contrib.auth import get_user


def _is_verified(client) -> bool:
    return "otp_device_id" in client.session


def test_client_is_anonymous(client):
    assert not get_user(client).is_authenticated


def test_client_for_is_the_user(world, client_for):
    user = world.here.garden.social_worker
    assert get_user(client_for(user)) == user


def test_the_second_factor_is_given_when_it_is_owed(world, client_for):
    assert _is_verified(client_for(world.here.garden.programme_manager))
    assert _is_verified(client_for(world.here.administrator))
    assert not _is_verified(client_for(world.here.garden.social_worker))


def test_the_second_factor_can_be_left_out_or_given(world, client_for):
    assert not _is_verified(client_for(world.here.administrator, verified=False))
    assert _is_verified(client_for(world.here.garden.social_worker, verified=True))


def test_two_clients_do_not_share_a_session(world, client_for, client):
    client_for(world.nobody)
    assert not get_user(client).is_authenticated
