"""The lock on an account after five refusals, counted in the database."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from autoprod.accounts import lockout
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import Scope
from tests.factories.accounts import PASSWORD, make_user

LOGIN = "/connexion/"


def fail(email: str, times: int, **extra) -> int:
    """Give a wrong password `times` times, each time from a new browser; return the last status."""
    for _ in range(times):
        response = Client(**extra).post(LOGIN, {"username": email, "password": "faux"})
    return response.status_code


def right(email: str) -> int:
    """Give the right password from a new browser; return the status."""
    return Client().post(LOGIN, {"username": email, "password": PASSWORD}).status_code


def test_five_refusals_lock_the_right_password_out(user):
    assert fail(user.email, 4) == 200
    assert not lockout.is_locked(user)
    assert fail(user.email.upper(), 1) == 429
    assert lockout.is_locked(user)
    page = Client().post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert page.status_code == 429
    assert "15\u00a0minutes" in page.content.decode()
    assert user.email not in page.content.decode()


def test_an_unknown_address_locks_the_same(user):
    known, unknown = fail(user.email, 5), fail("inconnue@exemple.fr", 5)
    assert known == unknown == 429


def test_an_address_has_one_key_whatever_its_case():
    assert lockout.key_of(" Claire@Exemple.fr ") == lockout.key_of("claire@exemple.fr")
    assert lockout.key_of("claire@exemple.fr") != lockout.key_of("nora@exemple.fr")


def test_another_browser_or_network_counts_too(user):
    fail(user.email, 3, headers={"user-agent": "un"}, REMOTE_ADDR="10.0.0.1")
    assert fail(user.email, 2, headers={"user-agent": "deux"}, REMOTE_ADDR="10.0.0.2") == 429


def test_a_colleague_is_not_locked(user):
    other = make_user()
    fail(user.email, 6)
    assert right(other.email) == 302


def test_success_resets_the_count(user):
    fail(user.email, 4)
    assert right(user.email) == 302
    assert fail(user.email, 4) == 200


def test_the_lock_opens_after_fifteen_minutes_whatever_is_tried(user):
    fail(user.email, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert fail(user.email, 1) == 429
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=1, seconds=1)
    )
    assert right(user.email) == 302


def test_an_administrator_opens_the_lock(user):
    other = make_user()
    fail(user.email, 5)
    fail(other.email, 5)
    lockout.unlock(user, scope=Scope(actor_key="7", actor_label="admin@exemple.fr"))
    assert right(user.email) == 302
    assert right(other.email) == 429
    event = AuditEvent.objects.get(verb=Verb.ACCOUNT)
    assert (event.actor_key, event.object_key) == ("7", str(user.pk))


def test_tries_on_a_locked_account_do_not_fill_the_journal(user):
    fail(user.email, 9)
    assert AuditEvent.objects.filter(verb=Verb.REFUSED).count() == 5


def test_what_was_typed_is_not_kept(user):
    fail(user.email, 2)
    attempt = AccessAttempt.objects.get()
    kept = str({name: value for name, value in vars(attempt).items() if name != "_state"})
    assert user.email not in kept
    assert "faux" not in kept


def test_purge_deletes_by_age(user):
    fail(user.email, 1)
    fail("inconnue@exemple.fr", 1)
    old = AccessAttempt.objects.order_by("pk").first()
    AccessAttempt.objects.filter(pk=old.pk).update(
        attempt_time=timezone.now() - timedelta(minutes=16)
    )
    assert lockout.purge_attempts() == 1
    assert AccessAttempt.objects.count() == 1
    assert lockout.purge_attempts(before=timezone.now() + timedelta(minutes=1)) == 1


def test_a_script_request_gets_the_page_and_opens_no_door(user):
    response = None
    for _ in range(5):
        response = Client(headers={"x-requested-with": "XMLHttpRequest"}).post(
            LOGIN, {"username": user.email, "password": "faux"}
        )
    assert response.status_code == 429
    assert "Access-Control-Allow-Origin" not in response.headers


OTHER_PROCESS = """
import sys, django
from django.conf import settings
django.setup()
settings.ALLOWED_HOSTS = ["*"]
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from django.test import Client
answers = [
    Client().post("/connexion/", {"username": sys.argv[2], "password": "faux"}).status_code
    for _ in range(int(sys.argv[3]))
]
print(answers[-1])
"""


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_counts_across_processes():
    user = make_user(email="deux@exemple.fr")
    assert fail(user.email, 3) == 200
    answer = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, connection.settings_dict["NAME"], user.email, "2"],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "autoprod.settings.test"},
    )
    assert answer.stdout.split()[-1] == "429"
    assert right(user.email) == 429
