"""What the code of a device opens: attendance and the day of a session, nothing else."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from autoprod.core import devices
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from tests.access.walker import routes
from tests.accounts.test_devices import CODE, ENROL, TYPED
from tests.factories.accounts import PASSWORD
from tests.harness.clients import log_in

#: The whole of it: adding a page to what a stolen phone may show is a decision.
OPENED = {
    *("core:home", "core:service_worker", "core:offline", "operating:health"),
    *("accounts:login", "accounts:demo_login", "accounts:logout", "accounts:forgotten"),
    *("accounts:link", "accounts:link_password", "accounts:device_unlock"),
    *("programmes:session_list", "programmes:session_month", "programmes:session_week"),
    *("programmes:session_detail", "programmes:session_counts"),
    *("programmes:session_lead", "programmes:session_note", "programmes:session_photo"),
    *("programmes:session_photo_create", "programmes:session_photo_delete"),
    *("beneficiaries:attendance_list", "beneficiaries:attendance_tick"),
    *("beneficiaries:attendance_tap", "beneficiaries:attendance_hours"),
    *("beneficiaries:attendance_move", "beneficiaries:attendance_all_present"),
    *("beneficiaries:attendance_like_last", "beneficiaries:attendance_undo"),
    *("beneficiaries:attendance_add", "beneficiaries:attendance_close"),
    *("beneficiaries:attendance_reopen", "beneficiaries:attendance_typing"),
    *("beneficiaries:attendance_sheet", "beneficiaries:attendance_table"),
    *("beneficiaries:attendance_collective", "beneficiaries:workshop_participants"),
    *("gardens:harvest_weigh", "gardens:harvest_undo", "gardens:harvest_share"),
    "gardens:harvest_list",
    *("gardens:stock_list", "gardens:lot_detail", "gardens:lot_donation"),
    *("gardens:movement_create", "gardens:movement_product"),
    *("gardens:garden_list", "gardens:garden_detail", "gardens:plot_detail"),
    *("gardens:planting_list", "gardens:planting_detail", "gardens:planting_tap"),
    *("gardens:planting_undo", "gardens:week_detail", "gardens:week_of_days"),
    *("gardens:reading_list", "gardens:operation_list", "gardens:operation_create"),
    *("gardens:operation_detail", "gardens:operation_done", "gardens:operation_tap"),
    *("gardens:operation_undo", "gardens:operation_photo", "gardens:operation_photo_create"),
    "gardens:operation_photo_delete",
    *("gardens:tool_list", "gardens:tool_detail", "gardens:tool_photo", "gardens:loan_late"),
    *("gardens:loan_create", "gardens:loan_return", "gardens:loan_renew"),
    *("gardens:repair_create", "gardens:repair_end"),
    *("gardens:apiary_list", "gardens:apiary_detail", "gardens:colony_detail"),
    *("gardens:visit_create", "gardens:visit_update", "gardens:honey_create"),
    *("gardens:treatment_create", "gardens:treatment_end"),
}
_ARGUMENTS = {
    "PeriodConverter": Period.month(2026, 11),
    "IntConverter": 1,
    "StringConverter": "x",
    "SlugConverter": "x",
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
}


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def opened_by_code():
    """Return the function that gives somebody's browser, opened by the code of its device."""

    def opened(user):
        browser = log_in(user)
        browser.post(ENROL, TYPED)
        browser.post("/deconnexion/")
        assert browser.post("/appareil/", {"code": CODE}).status_code == 302
        return browser

    return opened


def path_of(route):
    converters = route.pattern.pattern.converters.items()
    return reverse(route.name, kwargs={k: _ARGUMENTS[type(c).__name__] for k, c in converters})


def test_the_pages_opened_are_those_listed_here():
    assert devices.opened() == OPENED


@pytest.mark.one_engine
def test_every_other_address_asks_for_the_password(opened_by_code, garden):
    browser = opened_by_code(garden.workshop_leader)
    closed = [route for route in routes() if route.name not in OPENED]
    assert len(closed) > 200
    for route in closed:
        path = path_of(route)
        assert browser.get(path).url == f"/connexion/?next={path}", route.name
        assert browser.post(path).url.startswith("/connexion/"), route.name


def test_a_tap_and_a_form_sent_to_a_closed_page_come_back_to_the_page_in_view(
    opened_by_code, garden
):
    browser = opened_by_code(garden.workshop_leader)
    seen = {"referer": "http://testserver/seances/4/?x=1"}
    assert browser.post(ENROL, TYPED, headers=seen).url == "/connexion/?next=/seances/4/%3Fx%3D1"
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/seances/4/"}
    assert (
        browser.get("/mon-compte/", headers=htmx)["HX-Redirect"] == "/connexion/?next=/seances/4/"
    )


def test_the_password_opens_the_rest_and_nothing_is_left_of_the_code(opened_by_code, garden):
    browser = opened_by_code(garden.workshop_leader)
    page = browser.get("/mon-compte/", follow=True).content.decode()
    assert "Cette page demande votre mot de passe." in page
    assert "Revenir aux présences" in page
    form = {"username": garden.workshop_leader.email, "password": PASSWORD, "next": "/mon-compte/"}
    assert browser.post("/connexion/", form).url == "/mon-compte/"
    assert devices.SESSION_KEY not in browser.session
    assert browser.get("/mon-compte/").status_code == 200


def test_a_device_and_its_code_are_two_factors_but_the_password_still_asks_for_the_second(
    opened_by_code, garden
):
    manager = garden.programme_manager
    browser = opened_by_code(manager)
    assert browser.get(f"/seances/{garden.open_session.pk}/pointer/").status_code == 200
    assert browser.get("/double-verification/").url.startswith("/connexion/")
    browser.post("/connexion/", {"username": manager.email, "password": PASSWORD})
    assert browser.get("/mon-compte/").url == "/double-verification/"


def test_a_manager_s_code_shows_no_more_than_a_leader_s(opened_by_code, garden):
    browser = opened_by_code(garden.programme_manager)
    response = browser.get("/", follow=True)
    page = response.content.decode()
    assert "Présences" in page
    assert set(response.wsgi_request.scope.programmes) == devices.ACTIONS
    assert not response.wsgi_request.scope.allows(Action.VIEW_PATHWAYS)
    for closed in ("/mon-compte/", "/personnes/", "/budgets/", "recherche"):
        assert closed not in page
    assert "Entrer avec mon mot de passe" in page
    assert "Entrer avec mon mot de passe" not in log_in(garden.workshop_leader).get("/").text


def test_the_device_is_read_only_where_a_page_asks_for_it(
    opened_by_code, garden, django_assert_num_queries
):
    browser = opened_by_code(garden.workshop_leader)
    request = browser.get("/sante/").wsgi_request
    with django_assert_num_queries(0):
        assert devices.is_restricted(request)
    with django_assert_num_queries(1):
        assert request.device.label == TYPED["label"]
        assert request.device
    session, enrolment = garden.open_session, garden.somebody.enrolment
    tap = {"status": "present", "version": 0, "client_uuid": uuid4()}
    tap["current_site"] = session.sites.first().pk
    with CaptureQueriesContext(connection) as queries:
        path = f"/seances/{session.pk}/pointer/{enrolment.pk}/"
        saved = browser.post(path, tap, headers={"HX-Request": "true"}).content.decode()
    assert 'data-saved="' in saved
    assert not any('FROM "accounts_device"' in query["sql"] for query in queries)
    other = log_in(garden.social_worker)
    other.cookies["appareil"] = browser.cookies["appareil"].value
    assert not other.get("/sante/").wsgi_request.device
