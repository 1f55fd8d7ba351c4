"""Enrolled devices: made, opened with their code, taken away."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from django.utils import timezone

from autoprod.accounts import devices, links, sessions
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.models import Device, UserSession
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import NOTHING
from programmes.services.accounts import close_account
from tests.factories.accounts import PASSWORD
from tests.harness.clients import log_in

CODE, WRONG = "274916", "385027"
ENROL, UNLOCK, PROFILE = "/mon-compte/appareil/", "/appareil/", "/mon-compte/"
FIREFOX_ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
TYPED = {"label": "Téléphone du jardin", "code": CODE, "code_again": CODE}


@pytest.fixture
def leader(world):
    return world.here.garden.workshop_leader


@pytest.fixture
def phone(leader):
    """Return the browser of an enrolled phone, logged out."""
    browser = log_in(leader)
    assert browser.post(ENROL, TYPED).url == PROFILE
    browser.post("/deconnexion/")
    return browser


@pytest.fixture
def tick(world):
    return f"/seances/{world.here.garden.open_session.pk}/pointer/"


def reasons():
    return [event.reason.split("\u00a0: ")[-1] for event in AuditEvent.objects.order_by("pk")]


def unlock(browser, code=CODE, **data):
    return browser.post(UNLOCK, {"code": code} | data)


# --- enrolling


def test_a_browser_is_enrolled_with_a_name_and_a_code(leader):
    browser = log_in(leader)
    page = browser.get(ENROL, headers={"user-agent": FIREFOX_ANDROID}).content.decode()
    assert 'value="Firefox sur Android"' in page
    assert "data-device-enrol" in page
    browser.post(ENROL, TYPED | {"code": "274 916"})
    device, cookie = Device.objects.get(), browser.cookies["appareil"]
    assert (device.user, device.label) == (leader, "Téléphone du jardin")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 180 * 24 * 3600
    # Neither the secret nor the code can be read in the base, nor in the journal.
    stored = f"{vars(device)}{[vars(event) for event in AuditEvent.objects.all()]}"
    assert cookie.value not in stored
    assert CODE not in stored
    profile = browser.get(PROFILE).content.decode()
    assert "Téléphone du jardin" in profile
    assert "data-device-remove" in profile
    assert "data-device-remove" not in log_in(leader).get(PROFILE).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"code": "123456", "code_again": "123456"}, "code", "trop facile"),
        ({"code": "12345", "code_again": "12345"}, "code", "6 chiffres"),
        ({"code": "²74916"}, "code", "6 chiffres"),
        ({"code_again": WRONG}, "code_again", "différents"),
    ],
)
def test_a_code_that_will_not_do_is_said_beside_it(leader, typed, field, told):
    response = log_in(leader).post(ENROL, TYPED | typed)
    assert told in response.context["form"].errors[field][0]
    assert not Device.objects.exists()


def test_codes_one_tries_first_are_weak_and_others_are_not():
    weak = ("000000", "123456", "987654", "890123", "246802", "121212", "123123", "112211")
    assert [code for code in weak if not devices.is_weak(code)] == []
    others = ["".join(digits) for digits in permutations("274916")]
    assert [code for code in others if devices.is_weak(code)] == []


def test_enrolling_again_takes_the_former_device_away(leader, phone, world):
    other = world.here.garden.social_worker
    phone.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    phone.post(ENROL, TYPED)
    assert list(Device.objects.living().values_list("user", flat=True)) == [other.pk]
    assert "retiré, remplacé" in reasons()


# --- opening


def test_the_code_opens_the_attendance_pages_of_the_device_s_user(phone, leader, tick):
    page = phone.get(UNLOCK).content.decode()
    assert "Téléphone du jardin" in page
    assert "data-device-unlock" in page
    assert leader.last_name not in page
    assert unlock(phone, next=tick).url == tick
    assert phone.get(tick).status_code == 200
    assert phone.session["_auth_user_id"] == str(leader.pk)
    assert UserSession.objects.get().opened_with == Device.objects.get()
    assert reasons()[-1] == "ouvert par son code"
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.actor_key) == (Verb.LOGIN, str(leader.pk))


@pytest.mark.parametrize(
    "wanted", ["", "/mon-compte/", "https://ailleurs.example/", "/nulle-part/"]
)
def test_a_page_the_code_does_not_open_is_not_where_it_leads(phone, wanted):
    start = unlock(phone, next=wanted).url
    assert "/presences/" in start
    assert phone.get(start).status_code == 200
    assert phone.get("/").url == start


def test_somebody_in_by_the_password_is_asked_for_no_code(leader):
    browser = log_in(leader)
    assert browser.get(f"{UNLOCK}?next={PROFILE}").url == PROFILE
    assert browser.get(UNLOCK).url == "/"


def test_a_browser_without_device_is_told_how_to_get_one(client):
    assert "n’a pas de code" in client.get(UNLOCK).content.decode()
    assert unlock(client).url == "/connexion/"


def test_the_wall_and_the_login_page_lead_to_the_code_on_a_device_only(phone, client, tick):
    assert phone.get(tick).url == f"{UNLOCK}?next={tick}"
    assert phone.get(PROFILE).url == f"/connexion/?next={PROFILE}"
    assert client.get(tick).url == f"/connexion/?next={tick}"
    assert f"{UNLOCK}?next={tick}" in phone.get(f"/connexion/?next={tick}").content.decode()
    assert UNLOCK not in client.get("/connexion/").content.decode()
    Device.objects.update(revoked_at=timezone.now())
    assert phone.get(tick).url == f"/connexion/?next={tick}"


def test_an_idle_session_of_a_device_goes_back_to_its_code(phone, tick):
    unlock(phone)
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    sent = phone.get(tick)
    assert sent.url == f"{UNLOCK}?next={tick}"
    assert "longue inactivité" in phone.get(sent.url).content.decode()


def test_five_wrong_codes_in_a_row_take_the_device_away(phone):
    for left in (4, 3, 2):
        assert f"{left}\u00a0essais" in unlock(phone, WRONG).content.decode()
    unlock(phone)
    phone.post("/deconnexion/")
    assert Device.objects.get().failures == 0
    for _ in range(4):
        assert unlock(phone, WRONG).status_code == 200
    last = unlock(phone, WRONG)
    assert last.url == "/connexion/"
    assert phone.cookies["appareil"].value == ""
    assert "choisissez un nouveau code" in phone.get(last.url).content.decode()
    assert Device.objects.get().revoked_at
    assert reasons()[-2:] == ["code refusé", "retiré, trop de codes refusés"]


def test_tries_sent_at_once_are_not_weighed_beyond_five(phone, monkeypatch):
    """Each try is counted before its code is weighed: another one sees it."""
    token, weighed = phone.cookies["appareil"].value, []

    def weigh(typed, stored):
        weighed.append(typed)
        if len(weighed) < 10:
            other = Client()
            other.cookies["appareil"] = token
            unlock(other, WRONG)
        return typed.endswith(CODE)

    monkeypatch.setattr(devices, "check_password", weigh)
    assert unlock(phone).url == "/connexion/"
    assert len(weighed) == devices.TRIES
    assert Device.objects.get().revoked_at


def test_a_device_taken_away_while_its_code_is_weighed_opens_nothing(phone, monkeypatch):
    def weigh(typed, stored):
        Device.objects.update(revoked_at=timezone.now())
        return True

    monkeypatch.setattr(devices, "check_password", weigh)
    assert unlock(phone).url == "/connexion/"
    assert "_auth_user_id" not in phone.session


# --- taking away


def _removed(leader):
    devices.revoke(Device.objects.get(), scope=NOTHING)


def _changed(leader):
    browser = log_in(leader)
    new = "huit poules rousses picorent mes salades vertes"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert browser.post("/mon-compte/mot-de-passe/", form).status_code == 302


def _changed_by_hand(leader):
    leader.set_password("autre chose")
    leader.save()


def _changed_by_link(leader):
    token = links.make_link(leader, LinkKind.RESET, scope=NOTHING).split("/")[2]
    assert links.use_link(links.open_link(token), "huit poules rousses picorent mes salades")


def _unused(leader):
    Device.objects.update(last_used_at=timezone.now() - Device.UNUSED)


WAYS = {
    "removed": _removed,
    "changed": _changed,
    "changed by hand": _changed_by_hand,
    "changed by a link": _changed_by_link,
    "unused": _unused,
    "deactivated": lambda leader: close_account(scope=NOTHING, user=leader, reason="départ"),
    "sessions closed": sessions.revoke,
}


@pytest.mark.parametrize("way", WAYS)
def test_after_that_the_code_opens_nothing(phone, leader, way, tick):
    unlock(phone)
    WAYS[way](leader)
    if way != "unused":
        assert phone.get(tick).status_code == 302
    phone.post("/deconnexion/")
    assert unlock(phone).url == "/connexion/"
    assert "_auth_user_id" not in phone.session


def test_one_takes_one_s_own_devices_away(phone, leader, world):
    unlock(phone)
    desk, device = log_in(leader), Device.objects.get()
    path = f"/mon-compte/appareil/{device.pk}/retirer/"
    assert log_in(world.here.garden.social_worker).post(path).status_code == 404
    assert desk.post(path).url == PROFILE
    assert phone.get("/").status_code == 302
    assert "appareil" not in desk.cookies
    assert desk.post(path).status_code == 404


def test_closing_the_other_sessions_keeps_the_device_one_holds(phone, leader):
    desk = log_in(leader)
    desk.post(ENROL, TYPED)
    desk.post("/mon-compte/appareils/fermer/")
    here = desk.cookies["appareil"].value
    assert list(Device.objects.living()) == list(Device.objects.matching(here))


def test_devices_that_open_nothing_are_deleted_after_a_month(phone):
    month = timezone.now() + devices.KEPT
    assert devices.purge_devices(now=month) == 0
    Device.objects.update(revoked_at=timezone.now() - timedelta(seconds=1))
    assert devices.purge_devices() == 0
    assert devices.purge_devices(now=month) == 1
