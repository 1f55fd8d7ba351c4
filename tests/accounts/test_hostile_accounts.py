"""A hostile visitor of the accounts: no address breaks them, no log line tells about people."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from autoprod.accounts import links
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.models import AccessLink, User
from autoprod.core.scoping import NOTHING
from programmes.access import scope_of
from programmes.enums import Role
from programmes.models import Membership
from programmes.services.accounts import SHARED, UNUSABLE
from tests.factories import programmes as make
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


# An administrator of one territory, against the accounts of another.


@pytest.fixture
def admin(world, client_for):
    return client_for(world.here.administrator)


def invite(admin: Client, world, email: str):
    path = f"{reverse('programmes:account_invite')}?role=social_worker"
    typed = {
        "email": email,
        "first_name": "Nom",
        "last_name": "Volé",
        "place": f"territory-{world.here.territory.pk}",
        "starts_on": "2026-01-01",
    }
    return admin.post(path, typed)


@pytest.mark.parametrize("spelling", [str, str.upper, "  {} ".format])
def test_inviting_the_neighbours_account_gives_no_hold_on_it(spelling, admin, world):
    victim = world.elsewhere.administrator
    before = (victim.password, victim.last_name)
    response = invite(admin, world, spelling(victim.email))
    assert response.status_code == 302
    victim.refresh_from_db()
    assert (victim.password, victim.last_name) == before
    assert not AccessLink.objects.of(victim).exists()
    acts = ["link", "identity", "second_factor", "sessions", "deactivate", "unlock"]
    typed = {"reason": "x", "email": "moi@exemple.fr", "first_name": "N", "last_name": "V"}
    for act in acts:
        answer = admin.post(reverse(f"programmes:account_{act}", args=[victim.pk]), typed)
        assert answer.status_code == 200, act
        assert answer.context["form"].non_field_errors() == [SHARED], act
    victim.refresh_from_db()
    assert (victim.password, victim.last_name, victim.is_active) == (*before, True)


def test_a_right_does_not_leave_the_territory_with_what_is_posted(admin, world):
    """The place is a list; the account, who is replaced and the version are not asked at all."""
    right = Membership.objects.get(user=world.here.garden.social_worker)
    path = reverse("programmes:membership_update", args=[right.pk])
    base = {"role": right.role, "starts_on": "2026-01-01", "version": right.version}
    elsewhere = world.elsewhere
    places = (elsewhere.territory, elsewhere.garden.programme, elsewhere.operator)
    for place in places:
        value = f"{place._meta.model_name}-{place.pk}"
        answer = admin.post(path, base | {"place": value})
        assert "place" in answer.context["form"].errors
    extra = {
        "user": world.here.administrator.pk,
        "territory": elsewhere.territory.pk,
        "organisation": elsewhere.operator.pk,
        "replaces": Membership.objects.get(user=elsewhere.administrator).pk,
    }
    kept = {"place": f"programme-{right.programme_id}"}
    assert admin.post(path, base | kept | extra).status_code == 302
    right.refresh_from_db()
    assert right.user == world.here.garden.social_worker
    assert (right.territory, right.organisation, right.replaces) == (None, None, None)


def test_a_link_sent_to_a_mistaken_address_dies_with_the_mistake(admin, world):
    """The stranger who received it would enter under the name of a colleague."""
    user = make.make_member(Role.SOCIAL_WORKER, world.here.garden.programme)
    path = links.make_link(user, LinkKind.INVITATION, scope=scope_of(world.here.administrator))
    typed = {"first_name": "Claire", "last_name": "Vasseur", "email": user.email}
    act = reverse("programmes:account_identity", args=[user.pk])
    assert admin.post(act, typed).status_code == 302
    assert Client().get(path).status_code == 302, "a name corrected leaves the link good"
    assert admin.post(act, typed | {"email": "la.bonne@exemple.fr"}).status_code == 302
    assert Client().get(path).status_code == 410


def test_an_address_taken_meanwhile_is_refused_kindly(admin, world, monkeypatch):
    """Two administrators give it at the same moment: both forms were checked before."""
    monkeypatch.setattr("programmes.forms.accounts.is_email_taken", lambda email, *, but_by: False)
    user, taken = world.here.garden.social_worker, world.here.garden.workshop_leader.email
    typed = {"first_name": "Claire", "last_name": "Vasseur", "email": taken}
    answer = admin.post(reverse("programmes:account_identity", args=[user.pk]), typed)
    assert answer.context["form"].non_field_errors() == [UNUSABLE]
    user.refresh_from_db()
    assert user.email != taken
