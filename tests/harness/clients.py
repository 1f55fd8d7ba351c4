"""Test browsers: anonymous, or somebody's with their second factor given."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from autoprod.accounts.models import User
from programmes.access import scope_of


def log_in(user: User, *, verified: bool | None = None) -> Client:
    """Return a browser where the user is logged in.

    `verified` tells whether the second factor was given; by default, when their roles owe one.
    """
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if scope_of(user).second_factor_required if verified is None else verified:
        device, _ = StaticDevice.objects.get_or_create(user=user, name="test")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client


@pytest.fixture
def client(db) -> Client:
    """Return the browser of somebody who is not logged in."""
    return Client()


@pytest.fixture
def client_for(db) -> Callable[..., Client]:
    """Return `log_in`: `client_for(user)`, or `client_for(user, verified=False)`."""
    return log_in
