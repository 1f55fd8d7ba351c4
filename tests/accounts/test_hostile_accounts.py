"""A hostile visitor of the accounts: no address breaks them, no log line tells about people."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from autoprod.accounts import links
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.models import User
from autoprod.core.scoping import NOTHING
from tests.factories.accounts import PASSWORD

LOGIN = "/connexion/"
#: Passed as safe by Django, since they name no other host.
NO_PATH = ["ailleurs", "é", "?x", "core:home", "./x", "http://testserver/", "\x00"]


@pytest.mark.parametrize("asked", NO_PATH)
def test_a_page_asked_for_that_is_no_path_leads_home(asked, client, user):
    form = {"username": user.email, "password": PASSWORD, "next": asked}
    response = client.post(LOGIN, form)
    assert (response.status_code, response.url) == (302, "/")


@pytest.mark.parametrize("asked", NO_PATH)
def test_after_the_code_too(asked, user, log_in, device_for, code_of):
    device = device_for(user)
    browser = log_in(user)
    form = {"code": code_of(device.key), "next": asked}
    response = browser.post(reverse("accounts:second_factor"), form)
    assert (response.status_code, response.url) == (302, "/")


@pytest.fixture
def logged(caplog):
    """Return what the log holds under the settings of the service, handlers and levels as set."""
    loggers = [
        logger
        for logger in map(logging.getLogger, logging.root.manager.loggerDict)
        if logger.handlers and not logger.propagate
    ]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    yield caplog
    for logger in loggers:
        logger.removeHandler(caplog.handler)


def test_no_log_line_names_anybody_or_opens_anything(logged, user, monkeypatch):
    token = links.make_link(user, LinkKind.RESET, scope=NOTHING).split("/")[-2]
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.post(f"/lien/{token}/", {"new_password1": PASSWORD})
    browser.post(f"{LOGIN}?next=/{user.email}", {"username": user.email, "password": PASSWORD})
    browser.get(f"/{user.email}/?who={user.last_name}", headers={"referer": f"/{token}"})

    def fail(*args, **kwargs):
        raise RuntimeError(f"{user.email} {token}")

    monkeypatch.setattr(User.objects, "normalize_email", fail)
    broken = Client(raise_request_exception=False)
    assert broken.post(LOGIN, {"username": user.email, "password": "x"}).status_code == 500

    assert "403" in logged.text
    assert "RuntimeError" in logged.text
    for secret in (token, user.email, user.last_name, PASSWORD):
        assert secret not in logged.text
