"""One-time links."""

import logging
import threading
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from autoprod.accounts import links
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.models import AccessLink, UserSession
from autoprod.accounts.views.links import AnswerFirst
from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.scoping import NOTHING, Scope
from tests.factories.accounts import PASSWORD, make_user

NEW = "huit poules rousses picorent mes salades vertes"
CHOICE = {"new_password1": NEW, "new_password2": NEW}
ADMIN = Scope(actor_key="7", actor_label="admin@exemple.fr", territories={"x": frozenset({12})})


def token_of(path: str) -> str:
    """Return the token of a link's path."""
    return path.strip("/").split("/")[-1]


def choose(path: str, client: Client | None = None):
    """Open a link and choose the new password; return the answer."""
    client = client or Client()
    client.get(path)
    return client.post("/lien/", CHOICE)


def test_a_link_sets_the_password_then_dies(client, user):
    path = links.make_link(user, LinkKind.INVITATION, scope=ADMIN)
    opened = client.get(path)
    assert opened.url == "/lien/"
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    page = client.get("/lien/")
    assert user.email in page.content.decode()
    assert client.post("/lien/", CHOICE).url == "/connexion/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    again = Client().get(path)
    assert again.status_code == 410
    assert again.headers["Referrer-Policy"] == "no-referrer"
    assert client.post("/lien/", CHOICE).status_code == 410


def test_opening_uses_nothing_up(user):
    path = links.make_link(user, LinkKind.RESET, scope=NOTHING)
    for _ in range(3):
        assert Client().get(path).status_code == 302
    assert choose(path).url == "/connexion/"


def test_a_weak_password_leaves_the_link_good(client, user):
    client.get(links.make_link(user, LinkKind.RESET, scope=NOTHING))
    answer = client.post("/lien/", {"new_password1": "faible", "new_password2": "faible"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "trop facile" in html
    assert "id_new_password1_error" in html
    assert client.post("/lien/", CHOICE).status_code == 302


@pytest.mark.parametrize(("kind", "days"), [(LinkKind.INVITATION, 7), (LinkKind.RESET, 1)])
def test_a_link_expires(user, kind, days):
    path = links.make_link(user, kind, scope=NOTHING)
    link = AccessLink.objects.get()
    assert link.expires_at - link.created_at == pytest.approx(
        timedelta(days=days), abs=timedelta(seconds=5)
    )
    AccessLink.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    assert links.open_link(token_of(path))
    AccessLink.objects.update(expires_at=timezone.now())
    assert links.open_link(token_of(path)) is None
    assert not links.use_link(link, NEW)


def test_a_new_link_closes_the_former(user):
    other = make_user()
    kept = links.make_link(other, LinkKind.RESET, scope=NOTHING)
    former = links.make_link(user, LinkKind.INVITATION, scope=NOTHING)
    latter = links.make_link(user, LinkKind.RESET, scope=NOTHING)
    assert Client().get(former).status_code == 410
    assert Client().get(latter).status_code == 302
    assert Client().get(kept).status_code == 302


def test_only_a_hash_is_stored(client, user):
    token = token_of(links.make_link(user, LinkKind.RESET, scope=NOTHING))
    assert token not in str(AccessLink.objects.values().get())
    client.get(f"/lien/{token}/")
    assert token not in str(dict(client.session))


def test_an_inactive_account_opens_nothing(user):
    path = links.make_link(user, LinkKind.RESET, scope=NOTHING)
    user.is_active = False
    user.save()
    assert Client().get(path).status_code == 410


def test_unknown_tokens_get_the_same_page(db):
    assert Client().get("/lien/nimporte-quoi/").status_code == 410
    assert Client().get("/lien/").status_code == 410


def test_the_lock_and_the_sessions_go_with_the_former_password(user, log_in):
    inside = log_in(user)
    for _ in range(5):
        Client().post("/connexion/", {"username": user.email, "password": "faux"})
    choose(links.make_link(user, LinkKind.RESET, scope=NOTHING))
    assert inside.get("/mon-compte/").status_code == 302
    assert not UserSession.objects.exists()
    login = {"username": user.email, "password": NEW}
    assert Client().post("/connexion/", login).status_code == 302


def test_somebody_else_cannot_use_a_link_by_mistake(user, log_in):
    administrator = log_in(make_user("Ali", "Admin"))
    answer = choose(links.make_link(user, LinkKind.INVITATION, scope=NOTHING), administrator)
    assert "Ce lien est pour Claire Vasseur" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_links_are_journaled_without_their_token(user):
    path = links.make_link(user, LinkKind.INVITATION, scope=ADMIN)
    choose(path)
    used, made = AuditEvent.objects.filter(verb=Verb.ACCOUNT)
    assert (made.actor_key, made.territory_key, made.object_key) == ("7", "12", str(user.pk))
    assert (used.actor_key, used.object_key, used.changed) == (
        str(user.pk),
        str(user.pk),
        ["password"],
    )
    assert AccessLink.objects.get().created_by_key == "7"
    assert token_of(path) not in str(AuditEvent.objects.values())


def test_the_token_is_not_logged(client, user, caplog):
    logger = logging.getLogger("autoprod.requests")
    logger.addHandler(caplog.handler)
    try:
        path = links.make_link(user, LinkKind.RESET, scope=NOTHING)
        client.get(path)
    finally:
        logger.removeHandler(caplog.handler)
    assert "lien/<str:token>/" in caplog.text
    assert token_of(path) not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_wins():
    user = make_user()
    token = token_of(links.make_link(user, LinkKind.RESET, scope=NOTHING))
    opened = [links.open_link(token) for _ in range(2)]
    barrier, results = threading.Barrier(2), []

    def use(link):
        barrier.wait()
        results.append(links.use_link(link, NEW))
        connection.close()

    threads = [threading.Thread(target=use, args=[link]) for link in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]


def test_without_email_the_administrator_hands_it_over(client, user, settings):
    settings.EMAIL_ENABLED = False
    page = client.get("/mot-de-passe-oublie/").content.decode()
    assert "administrateur" in page
    assert "<form" not in page
    client.post("/mot-de-passe-oublie/", {"email": user.email})
    assert not AccessLink.objects.exists()
    assert not links.send_link(user, LinkKind.RESET, "https://x/lien/y/")


def test_forgotten_answers_the_same_and_writes_to_whoever_exists(client, user, settings):
    settings.EMAIL_ENABLED = True
    answers = []
    for email in ("Claire@exemple.fr", "inconnue@exemple.fr"):
        response = client.post("/mot-de-passe-oublie/", {"email": email}, follow=True)
        answers.append([str(message) for message in response.context["messages"]])
    assert answers[0] == answers[1]
    assert "Si un compte existe" in answers[0][0]
    (message,) = mail.outbox
    assert message.to == [user.email]
    path = next(line for line in message.body.splitlines() if "/lien/" in line)
    assert path.startswith("http://testserver/lien/")
    assert choose(path.removeprefix("http://testserver")).url == "/connexion/"


def test_insisting_does_not_fill_a_mailbox(client, user, settings):
    settings.EMAIL_ENABLED = True
    for _ in range(3):
        client.post("/mot-de-passe-oublie/", {"email": user.email})
    assert len(mail.outbox) == 1


def test_work_waits_for_the_answer(db):
    done = []
    response = AnswerFirst("/connexion/", lambda: done.append(1))
    assert done == []
    response.close()
    response.close()
    assert done == [1]


def test_a_refused_message_is_handed_over(user, settings, monkeypatch):
    settings.EMAIL_ENABLED = True

    def refuse(self, messages):
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert links.send_link(user, LinkKind.INVITATION, "https://x/lien/y/") is False


def test_an_invitation_is_sent(user, settings):
    settings.EMAIL_ENABLED = True
    assert links.send_link(user, LinkKind.INVITATION, "https://x/lien/y/")
    assert "7 jours" in mail.outbox[0].body
    assert "https://x/lien/y/" in mail.outbox[0].body
