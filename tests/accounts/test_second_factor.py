"""The second factor: setting up, giving codes, recovery, removal."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from autoprod.accounts import second_factor
from autoprod.accounts.models import UserSession
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import NOTHING, Scope
from tests.factories.accounts import PASSWORD

GATE = "/double-verification/"
SETUP = "/double-verification/installer/"
CODES = "/double-verification/codes/"
RENEW = "/double-verification/codes/refaire/"
REMOVE = "/double-verification/retirer/"
PROFILE = "/mon-compte/"


@pytest.fixture
def manager(world):
    """Return somebody whose role asks for a second factor."""
    return world.here.garden.programme_manager


def equip(client, code_of):
    """Set an application up; return the recovery codes shown."""
    client.get(SETUP)
    key = client.session["second_factor_key"]
    assert client.post(SETUP, {"code": code_of(key, -1)}).url == CODES
    return client.get(CODES).context["codes"]


def test_a_role_that_owes_it_reaches_nothing_before(manager, log_in, code_of):
    client = log_in(manager)
    assert client.get("/").url == GATE
    assert client.get(PROFILE).url == GATE
    assert client.get(GATE).url == SETUP
    assert "Votre rôle" in client.get(SETUP).content.decode()
    assert len(equip(client, code_of)) == 10
    assert client.get("/").status_code == 200


def test_a_demo_base_does_not_ask(manager, log_in, demo):
    assert log_in(manager).get("/").status_code == 200


def test_the_next_login_asks_for_a_code_then_goes_on(manager, log_in, device_for, code_of):
    device = device_for(manager)
    client = log_in(manager)
    answer = client.get(PROFILE)
    assert answer.url == f"{GATE}?next=%2Fmon-compte%2F"
    before = client.session.session_key
    answer = client.post(GATE, {"code": code_of(device.key), "next": PROFILE})
    assert answer.url == PROFILE
    assert client.get(PROFILE).status_code == 200
    assert client.session.session_key != before
    assert UserSession.objects.get().session_key == client.session.session_key


def test_whoever_chose_it_is_asked_too(user, log_in, device_for, code_of):
    device = device_for(user)
    client = log_in(user)
    assert client.get(PROFILE).url == f"{GATE}?next=%2Fmon-compte%2F"
    assert client.post("/mon-compte/appareils/fermer/").url == GATE
    assert client.post(GATE, {"code": code_of(device.key)}).url == "/"
    assert client.get(PROFILE).status_code == 200


def test_without_it_nothing_is_asked(user, log_in):
    assert log_in(user).get(PROFILE).status_code == 200


@pytest.mark.parametrize("page", [SETUP, RENEW, REMOVE])
def test_a_stolen_password_does_not_replace_it(user, manager, log_in, client_for, device_for, page):
    for person in (user, manager):
        device_for(person)
        assert log_in(person).get(page).url.startswith(GATE)
        # Even where the session was not told to wait (opened before, or on a demo base).
        assert client_for(person, verified=False).get(page).url.startswith(GATE)


def test_a_code_is_refused_twice(user, log_in, device_for, code_of):
    code = code_of(device_for(user).key)
    assert log_in(user).post(GATE, {"code": code}).status_code == 302
    again = log_in(user).post(GATE, {"code": code})
    assert again.status_code == 200
    assert "a déjà servi" in again.content.decode()


def test_wrong_codes_make_wait(user, log_in, device_for, code_of):
    device = device_for(user)
    client = log_in(user)
    for _ in range(2):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        client.post(GATE, {"code": "000000"})
    TOTPDevice.objects.update(throttling_failure_count=5)
    answer = client.post(GATE, {"code": code_of(device.key)})
    assert re.search(r"Attendez 1[5-6] secondes", answer.content.decode())
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(minutes=1))
    assert client.post(GATE, {"code": code_of(device.key)}).status_code == 302
    refused = AuditEvent.objects.filter(verb=Verb.REFUSED, reason="code refusé")
    assert refused.count() == 2


@pytest.mark.parametrize("code", ["", "12345", "abc", "²²²²²²", "\x00", "x" * 30])
def test_nonsense_is_a_message(user, log_in, device_for, code):
    device_for(user)
    assert log_in(user).post(GATE, {"code": code}).status_code == 200


def test_an_old_code_is_refused(user, device_for, code_of):
    device = device_for(user)
    assert second_factor.verify(user, code_of(device.key, -3)) is None
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    assert second_factor.verify(user, code_of(device.key)) == device


def test_setup_wants_the_right_code(user, log_in):
    client = log_in(user)
    key = client.get(SETUP).context["groups"]
    answer = client.post(SETUP, {"code": "000000"})
    assert "ne correspond pas" in answer.content.decode()
    assert answer.context["groups"] == key
    assert not TOTPDevice.objects.exists()


def test_setup_shows_a_qr_code_the_policy_lets_through(user, log_in):
    page = log_in(user).get(SETUP).content.decode()
    svg = re.search(r"<svg[^>]*qr-code.*?</svg>", page, re.DOTALL)[0]
    assert "style" not in svg
    assert "<path" in svg


def test_the_key_in_words_is_the_one_drawn(user):
    key = "48656c6c6f21deadbeef48656c6c6f21deadbeef"
    assert "".join(second_factor.key_in_groups(key)) == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    url = second_factor.setup_url(user, key)
    assert url.startswith("otpauth://totp/Autoprod")
    assert "secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" in url
    assert "issuer=Autoprod" in url


def test_setting_it_up_closes_other_devices_and_is_journaled(user, log_in, code_of):
    phone, desk = log_in(user), log_in(user)
    equip(desk, code_of)
    assert phone.get(PROFILE).status_code == 302
    assert desk.get(PROFILE).status_code == 200
    assert AuditEvent.objects.filter(changed=["second_factor"]).count() == 1


def test_recovery_codes_are_shown_once_and_work_once(user, log_in, code_of):
    codes = equip(client := log_in(user), code_of)
    assert client.get(CODES).url == PROFILE
    assert codes[0] not in client.get(PROFILE).content.decode()
    typed = f" {codes[0].upper().replace('-', ' ')} "
    assert log_in(user).post(GATE, {"code": typed}).status_code == 302
    assert second_factor.codes_left(user) == 9
    assert log_in(user).post(GATE, {"code": typed}).status_code == 200


def test_renewed_codes_replace_the_former(user, log_in, code_of):
    former = equip(client := log_in(user), code_of)
    assert client.post(RENEW, {"password": "faux"}).status_code == 200
    assert second_factor.codes_left(user) == 10
    assert client.post(RENEW, {"password": PASSWORD}).url == CODES
    latter = client.get(CODES).context["codes"]
    assert len(set(former) | set(latter)) == 20
    assert second_factor.verify(user, former[0]) is None
    StaticDevice.objects.update(throttling_failure_timestamp=None)
    assert second_factor.verify(user, latter[0])


def test_removal_asks_for_the_password(user, log_in, code_of):
    equip(client := log_in(user), code_of)
    assert client.post(REMOVE, {"password": "faux"}).status_code == 200
    assert second_factor.device_of(user)
    assert client.post(REMOVE, {"password": PASSWORD}).url == PROFILE
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert log_in(user).get(PROFILE).status_code == 200


def test_a_role_that_owes_it_changes_it_but_does_not_remove_it(manager, log_in, code_of):
    equip(client := log_in(manager), code_of)
    assert client.post(REMOVE, {"password": PASSWORD}).url == PROFILE
    former = second_factor.device_of(manager)
    TOTPDevice.objects.update(last_t=-1)
    equip(client, code_of)
    assert second_factor.device_of(manager).key != former.key
    assert TOTPDevice.objects.filter(user=manager).count() == 1
    assert client.get("/").status_code == 200


def test_an_administrator_resets_it(manager, log_in, code_of):
    equip(client := log_in(manager), code_of)
    assert second_factor.remove(manager, scope=Scope(actor_key="7", actor_label="a@exemple.fr"))
    assert client.get("/").url == GATE
    assert client.get(GATE).url == SETUP
    event = AuditEvent.objects.filter(reason="double vérification retirée").get()
    assert (event.actor_key, event.object_key) == ("7", str(manager.pk))
    assert not second_factor.remove(manager, scope=NOTHING)


def test_a_session_waiting_for_a_code_is_freed_by_the_removal(user, log_in, device_for):
    device_for(user)
    client = log_in(user)
    second_factor.remove(user, scope=NOTHING)
    assert client.get(PROFILE).url.startswith(GATE)
    assert client.get(GATE).url == SETUP
    assert client.get(PROFILE).status_code == 200


def test_another_ones_device_is_worth_nothing(user, manager, device_for, code_of):
    theirs = device_for(manager)
    device_for(user)
    assert second_factor.verify(user, code_of(theirs.key)) is None
