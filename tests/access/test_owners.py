"""Rows that belong to one user: nobody else finds them, whatever their role."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.urls import reverse

from autoprod.accounts.models import Device, User, UserSession
from tests.access.asking import ask
from tests.access.matrix import OWNER
from tests.factories.jobs import make_finished_job, make_job


def _session(user: User) -> UserSession:
    return UserSession.objects.create(user=user, session_key="of-another-device")


def _device(user: User) -> Device:
    return Device.objects.create(
        user=user, label="Téléphone", digest=f"of {user.pk}", code="no code"
    )


#: For each address: the methods it answers, the row of a user, and who has no membership.
_ROWS: dict[str, tuple[tuple[str, ...], Callable[[User], Model], int]] = {
    "accounts:session_close": (("POST",), _session, 302),
    "accounts:device_remove": (("POST",), _device, 302),
    "jobs:detail": (("GET",), make_job, 403),
    "jobs:progress": (("GET",), make_job, 403),
    "jobs:result": (("GET",), make_finished_job, 403),
    "jobs:retry": (("POST",), make_job, 403),
    "jobs:delete": (("GET", "POST"), make_job, 403),
}
every_owned = pytest.mark.parametrize("name", sorted(OWNER))


def _statuses(browser, name: str, row: Model) -> set[int]:
    methods, _, _ = _ROWS[name]
    path = reverse(name, kwargs={"pk": row.pk})
    return {ask(browser, method, path).status_code for method in methods}


@every_owned
def test_the_owner_passes(name, stage):
    user = stage.world.here.garden.social_worker
    assert _statuses(stage.browser(user), name, _ROWS[name][1](user)) <= {200, 302}


@every_owned
def test_nobody_else_finds_it(name, stage):
    row = _ROWS[name][1](stage.world.here.garden.social_worker)
    others = [stage.world.here.garden.programme_manager, stage.world.here.administrator]
    others += [stage.world.two_roles, stage.world.elsewhere.garden.social_worker]
    for user in others:
        assert _statuses(stage.browser(user), name, row) == {404}, user


@every_owned
def test_somebody_anonymous_is_sent_to_log_in(name, stage, client):
    row = _ROWS[name][1](stage.world.here.garden.social_worker)
    for method in _ROWS[name][0]:
        response = ask(client, method, reverse(name, kwargs={"pk": row.pk}))
        assert response.url.startswith(reverse("accounts:login"))


@every_owned
def test_an_owner_who_lost_every_right(name, stage):
    """A result may hold what they may no longer see; their own devices stay theirs."""
    _, make, expected = _ROWS[name]
    for user in stage.strangers():
        assert _statuses(stage.browser(user), name, make(user)) == {expected}, user


@pytest.mark.parametrize("name", sorted(name for name in OWNER if name.startswith("jobs:")))
def test_a_command_s_job_is_found_by_nobody(name, stage):
    row = _ROWS[name][1](None)
    user = stage.world.here.administrator
    assert _statuses(stage.browser(user), name, row) == {404}
