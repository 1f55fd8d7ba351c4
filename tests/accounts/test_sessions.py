"""Open sessions: their life, and the ways to close them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from autoprod.accounts import middleware, sessions
from autoprod.accounts.models import UserSession
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import Scope
from tests.factories.accounts import PASSWORD, make_user

PROFILE = "/mon-compte/"
FIREFOX_ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
NEW = "huit poules rousses picorent mes salades vertes"


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "(iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1"
WINDOWS = f"(Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (FIREFOX_ANDROID, "Firefox sur Android"),
        (f"Mozilla/5.0 {IPHONE}", "Safari sur iPhone"),
        (f"Mozilla/5.0 {WINDOWS}", "Chrome sur Windows"),
        (f"Mozilla/5.0 {WINDOWS} Edg/130.0.0.0", "Edge sur Windows"),
        ("curl/8.5 (Linux)", "navigateur inconnu sur Linux"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_device_label_is_made_of_known_words(agent, label):
    assert sessions.device_label(agent) == label


def test_login_writes_a_row_with_the_device(user, log_in):
    client = log_in(user, agent=FIREFOX_ANDROID)
    row = UserSession.objects.get()
    assert row.session_key == client.session.session_key
    assert str(row) == "Firefox sur Android"
    assert "Firefox sur Android" in client.get(PROFILE).content.decode()


@pytest.mark.parametrize(
    ("field", "hours", "message"),
    [("last_seen_at", 2, "longue inactivité"), ("created_at", 8, "journée de travail")],
)
def test_a_session_ends(user, log_in, field, hours, message):
    client = log_in(user)
    UserSession.objects.update(**{field: timezone.now() - timedelta(hours=hours, minutes=-1)})
    assert client.get(PROFILE).status_code == 200
    UserSession.objects.update(**{field: timezone.now() - timedelta(hours=hours)})
    response = client.get(PROFILE, follow=True)
    assert response.redirect_chain == [(f"/connexion/?next={PROFILE}", 302)]
    assert message in response.content.decode()
    assert not UserSession.objects.exists()
    assert AuditEvent.objects.filter(verb=Verb.LOGOUT).count() == 1
    assert message not in client.get("/connexion/").content.decode()


def test_last_seen_is_written_once_a_minute(user, log_in):
    client = log_in(user)
    client.get(PROFILE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PROFILE)
    ours = [query["sql"] for query in queries if "accounts_usersession" in query["sql"]]
    by_middleware = [sql for sql in ours if "LIMIT 1" in sql]
    assert len(by_middleware) == 1
    assert not any(sql.startswith("UPDATE") for sql in ours)
    before = timezone.now() - timedelta(seconds=61)
    UserSession.objects.update(last_seen_at=before)
    client.get(PROFILE)
    assert UserSession.objects.get().last_seen_at > before + timedelta(seconds=60)


def test_an_anonymous_page_costs_no_session_query(db, django_assert_num_queries):
    client = Client()
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        assert sessions.end_if_over(request) is None


def test_a_session_opened_elsewhere_gets_its_row(user, client_for):
    client = client_for(user)
    assert not UserSession.objects.exists()
    assert client.get(PROFILE).status_code == 200
    assert UserSession.objects.get().session_key == client.session.session_key


def test_closing_the_others_keeps_this_one(user, log_in):
    phone, desk, stranger = log_in(user), log_in(user), log_in(make_user())
    assert desk.post("/mon-compte/appareils/fermer/").url == PROFILE
    closed = phone.get(PROFILE, follow=True)
    assert "Votre session a été fermée" in closed.content.decode()
    assert desk.get(PROFILE).status_code == 200
    assert stranger.get(PROFILE).status_code == 200
    assert AuditEvent.objects.filter(reason="sessions fermées\u00a0: 1").exists()


def test_closing_one_device(user, log_in):
    phone, desk = log_in(user), log_in(user)
    row = UserSession.objects.get(session_key=phone.session.session_key)
    assert desk.post(f"/mon-compte/appareils/{row.pk}/fermer/").url == PROFILE
    assert phone.get(PROFILE).status_code == 302
    assert desk.get(PROFILE).status_code == 200


def test_somebody_elses_device_is_not_found(user, log_in):
    theirs = log_in(make_user())
    row = UserSession.objects.get()
    assert log_in(user).post(f"/mon-compte/appareils/{row.pk}/fermer/").status_code == 404
    assert theirs.get(PROFILE).status_code == 200


def test_a_closed_session_cannot_come_back(user, log_in):
    client = log_in(user)
    key = client.session.session_key
    assert sessions.revoke(user, scope=Scope(actor_key="7")) == 1
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get(PROFILE).status_code == 302
    assert not UserSession.objects.exists()
    assert AuditEvent.objects.filter(actor_key="7", object_key=str(user.pk)).exists()


def test_a_deactivated_account_is_out_at_once(user, log_in):
    client = log_in(user)
    user.is_active = False
    user.save()
    assert client.get(PROFILE).status_code == 302


def test_changing_the_password_closes_the_others(user, log_in):
    phone, desk = log_in(user), log_in(user)
    key = desk.session.session_key
    opened = timezone.now() - timedelta(hours=7)
    UserSession.objects.update(created_at=opened)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert desk.post("/mon-compte/mot-de-passe/", form).url == PROFILE
    assert desk.get(PROFILE).status_code == 200
    assert desk.session.session_key != key
    row = UserSession.objects.get()
    assert row.session_key == desk.session.session_key
    assert row.created_at == opened, "another key does not make the session younger"
    assert phone.get(PROFILE).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert AuditEvent.objects.filter(changed=["password"], actor_key=str(user.pk)).count() == 1


def test_a_wrong_present_password_is_refused_and_counts(user, log_in):
    desk = log_in(user)
    form = {"old_password": "faux", "new_password1": NEW, "new_password2": NEW}
    answer = desk.post("/mon-compte/mot-de-passe/", form)
    assert "n’est pas le vôtre" in answer.content.decode()
    statuses = [desk.post("/mon-compte/mot-de-passe/", form).status_code for _ in range(4)]
    assert statuses[-1] == 429
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_purge_forgets_the_sessions_that_no_longer_answer(user, log_in):
    log_in(user)
    gone = log_in(user)
    Session.objects.filter(pk=gone.session.session_key).update(expire_date=timezone.now())
    assert sessions.purge_sessions() == 1
    assert UserSession.objects.count() == Session.objects.count() == 1


def test_the_list_shows_living_sessions_only(user, log_in):
    gone = log_in(user, agent=FIREFOX_ANDROID)
    Session.objects.filter(pk=gone.session.session_key).delete()
    assert "Firefox" not in log_in(user).get(PROFILE).content.decode()


@pytest.fixture
def walled(settings):
    """Put our wall in the place of Django's."""
    settings.MIDDLEWARE = [
        "autoprod.accounts.middleware.LoginWallMiddleware"
        if name == "django.contrib.auth.middleware.LoginRequiredMiddleware"
        else name
        for name in settings.MIDDLEWARE
    ]


@pytest.mark.usefixtures("walled", "db")
def test_a_form_sent_too_late_comes_back_to_its_page():
    client, form = Client(), "http://testserver/mon-compte/mot-de-passe/?a=1"
    answer = client.post("/mon-compte/appareils/fermer/", headers={"referer": form})
    assert answer.url == "/connexion/?next=/mon-compte/mot-de-passe/%3Fa%3D1"
    answer = client.post(
        "/mon-compte/appareils/fermer/", headers={"referer": "http://testserver.example/a/"}
    )
    assert answer.url == "/connexion/?next=/"
    assert client.get(PROFILE).url == f"/connexion/?next={PROFILE}"


@pytest.mark.usefixtures("walled", "db")
def test_a_part_of_a_page_asked_too_late_reloads_the_whole():
    seen = {"hx-request": "true", "hx-current-url": "http://testserver/mon-compte/?page=2"}
    answer = Client().get(PROFILE, headers=seen)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/connexion/?next=/mon-compte/%3Fpage%3D2"
    assert middleware.LoginWallMiddleware.redirect_field_name == "next"
