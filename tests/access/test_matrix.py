"""Each address, replayed by everyone: who is stopped, and how."""

import pytest
from django.test import Client
from django.urls import reverse

from programmes.access import SECOND_FACTOR_ROLES
from tests.access import walker
from tests.access.asking import ask
from tests.access.filling import filled
from tests.access.matrix import DECLARED, LOGGED_IN, MATRIX, MEMBERS, OPEN, OWNER

ROUTES = {route.name: route for route in walker.routes()}
every_entry = pytest.mark.parametrize("name", sorted(MATRIX))


def _statuses(browser: Client, name: str, path: str) -> set[int]:
    """Return the statuses of every method of the address, sent empty."""
    return {ask(browser, method, path).status_code for method in MATRIX[name].methods}


# The declaration itself.


def test_every_address_is_declared():
    assert walker.undeclared(walker.routes(), declared=DECLARED) == []


def test_every_declaration_is_an_address_once():
    assert sorted(DECLARED - ROUTES.keys()) == []
    assert sum(map(len, (MATRIX, OPEN, LOGGED_IN, MEMBERS, OWNER))) == len(DECLARED)


def test_only_the_open_addresses_ask_for_no_login():
    without = {
        name
        for name, route in ROUTES.items()
        if not getattr(route.pattern.callback, "login_required", True)
    }
    assert without == OPEN


@every_entry
def test_the_view_asks_for_the_action_declared(name):
    view = ROUTES[name].pattern.callback
    view = getattr(view, "view_class", view)
    assert getattr(view, "action", None) == MATRIX[name].action


# Each address, by everyone.


@pytest.mark.one_engine
@pytest.mark.long
@every_entry
def test_somebody_anonymous_is_sent_to_log_in(name, stage, client):
    target = MATRIX[name].target(name, stage.world.here, stage.world.here.garden)
    for method in MATRIX[name].methods:
        response = ask(client, method, target.path)
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:login"))


@pytest.mark.one_engine
@pytest.mark.long
@every_entry
def test_without_a_membership_in_force_it_is_refused(name, stage):
    """One stranger an address, each in turn: what makes strangers of them is told elsewhere."""
    target = MATRIX[name].target(name, stage.world.here, stage.world.here.garden)
    strangers = stage.strangers()
    user = strangers[sorted(MATRIX).index(name) % len(strangers)]
    assert _statuses(stage.browser(user), name, target.path) == {403}, user


@pytest.mark.one_engine
@pytest.mark.long
@every_entry
def test_a_role_without_the_action_is_refused(name, stage):
    target = MATRIX[name].target(name, stage.world.here, stage.world.here.garden)
    for role, user in stage.members(stage.world.here).items():
        if not MATRIX[name].opens_to(role):
            assert _statuses(stage.browser(user), name, target.path) == {403}, role


@pytest.mark.one_engine
@pytest.mark.long
@every_entry
def test_another_territory_is_not_found(name, stage):
    target = MATRIX[name].target(name, stage.world.here, stage.world.here.garden)
    for role, user in stage.members(stage.world.elsewhere).items():
        if MATRIX[name].opens_to(role) and target.rows:
            assert _statuses(stage.browser(user), name, target.path) == {404}, role


@pytest.mark.one_engine
@pytest.mark.long
@every_entry
def test_another_programme_of_the_territory_is_not_found(name, stage):
    """Sites, organisations, accounts are the territory's: its programmes share them."""
    entry = MATRIX[name]
    target = entry.target(name, stage.world.here, stage.world.here.garden)
    for role, user in stage.members(stage.world.here, other=True).items():
        if entry.opens_to(role) and target.rows:
            if target.is_shared:
                status = ask(stage.browser(user), entry.methods[0], target.path).status_code
                assert status in {200, 302}, role
            else:
                assert _statuses(stage.browser(user), name, target.path) == {404}, role


@every_entry
def test_the_right_role_reads_and_keeps_nothing_in_a_cache(name, stage):
    entry = MATRIX[name]
    target = entry.target(name, stage.world.here, stage.world.here.garden)
    expected = entry.read if "GET" in entry.methods else 405
    for role, user in stage.members(stage.world.here).items():
        if entry.opens_to(role):
            response = ask(stage.browser(user), "GET", target.path + entry.query)
            assert response.status_code == expected, role
            assert "no-store" in response.headers["Cache-Control"]


@every_entry
def test_the_right_role_writes(name, stage):
    entry = MATRIX[name]
    place = stage.world.here
    target = entry.target(name, place, place.garden)
    user = next(u for role, u in stage.members(place).items() if entry.opens_to(role))
    browser = stage.browser(user)
    if "POST" not in entry.methods:
        assert ask(browser, "POST", target.path).status_code == 405
        return
    data = {}
    if "GET" in entry.methods:
        context = ask(browser, "GET", target.path + entry.query).context
        data = filled(context["form"]) if "form" in context else {}
    data |= entry.data(place, place.garden) if entry.data else {}
    response = ask(browser, "POST", target.path + entry.query, data)
    context = response.context or {}
    faults = context["form"].errors if "form" in context else {}
    assert (response.status_code, faults) == (entry.posted, {}), data


# Addresses that no action opens.


@pytest.mark.parametrize("name", sorted(LOGGED_IN | MEMBERS))
def test_pages_of_oneself_ask_for_a_login(name, client):
    for method in ("GET", "POST"):
        response = ask(client, method, reverse(name))
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize("name", sorted(LOGGED_IN))
def test_pages_of_oneself_ask_for_no_membership(name, stage):
    response = ask(stage.browser(stage.world.nobody), "GET", reverse(name))
    assert response.status_code in {200, 302, 405}


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_pages_of_members_ask_for_a_membership_in_force(name, stage):
    for user in stage.strangers():
        assert ask(stage.browser(user), "GET", reverse(name)).status_code == 403, user
    for role, user in stage.members(stage.world.here).items():
        assert ask(stage.browser(user), "GET", reverse(name)).status_code == 200, role


@pytest.mark.one_engine
@pytest.mark.long
@pytest.mark.parametrize("name", sorted(LOGGED_IN | MEMBERS | frozenset(MATRIX)))
def test_a_second_factor_that_is_owed_is_asked(name, stage, client_for):
    exempt = {"accounts:second_factor", "accounts:second_factor_setup"}
    here = stage.world.here
    path = MATRIX[name].target(name, here, here.garden).path if name in MATRIX else reverse(name)
    for role in SECOND_FACTOR_ROLES:
        browser = client_for(here.member(role), verified=False)
        response = ask(browser, "GET", path)
        is_sent = response.status_code == 302 and response.url == reverse("accounts:second_factor")
        assert is_sent != (name in exempt), role
