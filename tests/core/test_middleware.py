"""The log of requests: what was served, never to whom nor about whom."""

import logging

import pytest

from autoprod.core.middleware import RequestLogMiddleware


@pytest.fixture
def lines(caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("autoprod"), "propagate", True)
    caplog.set_level(logging.INFO, logger="autoprod.requests")
    return caplog


def test_the_route_is_logged_not_the_path(world, client_for, lines):
    funder = world.here.garden.funder
    client_for(world.here.garden.programme_manager).get(
        f"/organisations/{funder.pk}/", {"secret": "Dupont"}
    )
    line = lines.records[-1].getMessage()
    assert "organisations/<int:pk>/ 200" in line
    assert "Dupont" not in line


def test_a_missing_page_is_an_answer_not_a_fault(world, client_for, lines):
    client = client_for(world.here.garden.committee_member)
    assert client.get("/organisations/999999/").status_code == 404
    assert client.get("/comptes/").status_code == 403
    ours = [record for record in lines.records if record.name == "autoprod.requests"]
    assert [record.levelname for record in ours] == ["INFO", "INFO"]


def test_a_fault_says_where_and_not_what(rf, lines):
    def broken(request):
        raise ValueError("Dupont")

    middleware = RequestLogMiddleware(broken)
    try:
        broken(None)
    except ValueError as error:
        middleware.process_exception(rf.get("/"), error)
    line = lines.records[-1].getMessage()
    assert "ValueError at" in line
    assert "test_middleware.py" in line
    assert "Dupont" not in line
