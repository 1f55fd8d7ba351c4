"""People and codes for the tests of the accounts."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from autoprod.accounts.models import User
from autoprod.core.models import Installation
from tests.factories.accounts import PASSWORD, make_user


@pytest.fixture
def user(db) -> User:
    """Return somebody who may log in, without membership."""
    return make_user(email="claire@exemple.fr")


@pytest.fixture
def log_in() -> Callable[..., Client]:
    """Return the function that logs somebody in on the login page."""

    def enter(user: User, *, agent: str = "", client: Client | None = None) -> Client:
        client = client or Client(headers={"user-agent": agent})
        form = {"username": user.email, "password": PASSWORD}
        assert client.post(reverse("accounts:login"), form).status_code == 302
        return client

    return enter


@pytest.fixture
def demo(db) -> Installation:
    """Say that this base is a demo."""
    Installation.objects.all().delete()
    return Installation.objects.create(pk=1, is_demo=True)


@pytest.fixture
def device_for(db) -> Callable[[User], TOTPDevice]:
    """Return the function that gives somebody an application."""
    return lambda user: TOTPDevice.objects.create(user=user, name="application")


@pytest.fixture
def code_of() -> Callable[..., str]:
    """Return the function that gives the code an application shows, `steps` periods away."""

    def shown(key: str, steps: int = 0) -> str:
        return f"{totp(bytes.fromhex(key), t0=-30 * steps):06d}"

    return shown
