"""Getting in and out."""

import logging

import pytest
from django.test import Client
from django.urls import get_resolver

from autoprod.accounts import urls as account_urls
from autoprod.accounts.models import User, UserSession
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from tests.factories.accounts import PASSWORD, make_user

LOGIN = "/connexion/"
OPEN = {"login", "demo_login", "logout", "forgotten", "link", "link_password", "device_unlock"}


@pytest.mark.parametrize("typed", ["claire@exemple.fr", "Claire@Exemple.FR", " claire@exemple.fr "])
def test_email_and_password_open_a_session(client, user, typed):
    response = client.post(LOGIN, {"username": typed, "password": PASSWORD})
    assert response.status_code == 302
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_same_answer_for_unknown_wrong_and_inactive(client, user):
    make_user(email="partie@exemple.fr", is_active=False)
    answers = set()
    for email in ("claire@exemple.fr", "inconnue@exemple.fr", "partie@exemple.fr"):
        password = PASSWORD if email.startswith("partie") else "faux"
        response = client.post(LOGIN, {"username": email, "password": password})
        assert response.status_code == 200
        answers.add(tuple(response.context["form"].non_field_errors()))
    assert len(answers) == 1
    assert "Adresse e-mail ou mot de passe incorrect" in answers.pop()[0]


def test_refusals_are_journaled_without_what_was_typed(client, user):
    client.post(LOGIN, {"username": user.email, "password": "faux"})
    client.post(LOGIN, {"username": "inconnue@exemple.fr", "password": "faux"})
    unknown, known = AuditEvent.objects.filter(verb=Verb.REFUSED)
    assert (known.actor_key, known.actor_label) == ("", "")
    assert known.object_label == f"Compte n° {user.pk}"
    assert (unknown.object_label, unknown.object_key) == ("", "")
    for event in (known, unknown):
        assert "exemple.fr" not in str(vars(event))


def test_login_and_logout_are_journaled(user, log_in):
    client = log_in(user)
    response = client.post("/deconnexion/")
    assert response.url == LOGIN
    assert "_auth_user_id" not in client.session
    assert not UserSession.objects.exists()
    logout, login = AuditEvent.objects.filter(object_key=str(user.pk))
    assert (login.verb, logout.verb) == (Verb.LOGIN, Verb.LOGOUT)
    assert login.actor_key == logout.actor_key == str(user.pk)


def test_a_login_line_goes_to_the_territory_of_who_has_one(world, log_in):
    person = world.here.garden.social_worker
    log_in(person)
    event = AuditEvent.objects.get(verb=Verb.LOGIN)
    assert event.territory_key == str(world.here.territory.pk)


def test_logout_refuses_get_and_survives_a_session_already_over(client, user, log_in):
    inside = log_in(user)
    assert inside.get("/deconnexion/").status_code == 405
    assert "_auth_user_id" in inside.session
    assert client.post("/deconnexion/").url == LOGIN


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ("/mon-compte/", "/mon-compte/"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/connexion/", "/"),
        ("", "/"),
    ],
)
def test_the_page_asked_for_is_followed_only_here(client, user, asked, reached):
    form = {"username": user.email, "password": PASSWORD, "next": asked}
    assert client.post(LOGIN, form).url == reached


def test_whoever_is_inside_is_sent_on(user, log_in):
    client = log_in(user)
    assert client.get(LOGIN).url == "/"
    assert client.get(f"{LOGIN}?next=/connexion/").url == "/"


def test_the_session_changes_key_at_login(client, user):
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    client.post(LOGIN, {"username": user.email, "password": PASSWORD})
    assert client.session.session_key != before


def test_every_page_is_closed_unless_declared_open(client):
    for pattern in account_urls.urlpatterns:
        view = pattern.callback
        is_open = not getattr(view, "login_required", True)
        assert is_open == (pattern.name in OPEN), pattern.name
    assert client.get("/mon-compte/").url == f"{LOGIN}?next=/mon-compte/"
    assert get_resolver().resolve(LOGIN).view_name == "accounts:login"


def test_forms_ask_for_the_csrf_token(user):
    client = Client(enforce_csrf_checks=True)
    form = {"username": user.email, "password": PASSWORD}
    assert client.post(LOGIN, form).status_code == 403
    page = client.get(LOGIN)
    token = page.context["csrf_token"]
    assert client.post(LOGIN, form | {"csrfmiddlewaretoken": str(token)}).status_code == 302


def test_pages_carry_the_content_policy(client, user, log_in):
    for page in (client.get(LOGIN), log_in(user).get("/mon-compte/")):
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "default-src 'none'" in policy
    inside = log_in(user).get("/mon-compte/")
    assert inside.status_code == 200
    assert inside.headers["Cache-Control"] == "no-store, private"


def test_no_log_line_holds_the_address(client, user, caplog):
    for name in ("axes", "autoprod", "autoprod.requests", "django.request"):
        logger = logging.getLogger(name)
        logger.addHandler(caplog.handler)
        caplog.set_level(logging.DEBUG, logger=name)
    try:
        for _ in range(6):
            client.post(f"{LOGIN}?next=/x", {"username": user.email, "password": "faux-secret"})
    finally:
        for name in ("axes", "autoprod", "autoprod.requests", "django.request"):
            logging.getLogger(name).removeHandler(caplog.handler)
    assert "connexion/" in caplog.text
    assert user.email not in caplog.text
    assert "faux-secret" not in caplog.text


def test_an_address_is_stored_in_lower_case(db):
    created = User.objects.create_user(" Jean@Exemple.fr ", first_name="Jean", last_name="Brun")
    assert created.email == "jean@exemple.fr"
    assert not created.has_usable_password()
    assert created.sort_key == "brun jean"
    again = User(email="JEAN@exemple.fr", first_name="Jean", last_name="Brun")
    again.clean()
    assert again.email == created.email
