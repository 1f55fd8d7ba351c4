"""The operator opens a door when nobody inside can, and never writes as root beside the service."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from autoprod.accounts import second_factor
from autoprod.audit.models import AuditEvent
from autoprod.operating import running
from tests.factories.accounts import make_user


def rescued(capsys, *arguments: str) -> str:
    """Run the command and return the path of its link."""
    call_command("rescue_account", *arguments)
    return capsys.readouterr().out.split("http://127.0.0.1:8000")[1].strip()


def test_a_link_opens_the_way_back(db, capsys):
    user = make_user()

    path = rescued(capsys, user.email.upper())

    assert Client().get(path, follow=True).status_code == 200
    assert AuditEvent.objects.filter(reason__contains="lien créé").exists()


@pytest.mark.parametrize("option", [[], ["--second-factor"]])
def test_the_second_factor_goes_only_when_asked(db, capsys, option):
    user = make_user()
    TOTPDevice.objects.create(user=user, name="application", confirmed=True)

    rescued(capsys, user.email, *option)

    assert (second_factor.device_of(user) is None) is bool(option)


def test_an_unknown_address_is_said(db):
    with pytest.raises(CommandError, match="Aucun compte actif"):
        call_command("rescue_account", "nobody@example.fr")


def test_a_closed_account_stays_closed(db):
    user = make_user(is_active=False)

    with pytest.raises(CommandError, match="Aucun compte actif"):
        call_command("rescue_account", user.email)


@pytest.mark.parametrize(("account", "owner"), [(0, 54321), (0, 0), (54321, 54321)])
def test_root_is_sent_to_the_owner_of_the_data(settings, tmp_path, monkeypatch, account, owner):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(os, "geteuid", lambda: account)
    facts = list(tmp_path.stat())
    facts[4] = owner
    monkeypatch.setattr(type(tmp_path), "stat", lambda self, **kwargs: os.stat_result(facts))

    if account == owner:
        assert running.check_account() is None
    else:
        with pytest.raises(running.RunningError, match=str(owner)):
            running.check_account()
