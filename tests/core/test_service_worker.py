"""What works without network: the script, and what it keeps in clear, which names nobody."""

import json
import re

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from autoprod.core import service_worker
from autoprod.core.service_worker import ASSETS

_ASSET = re.compile(r'(?:src|href)="(/static/[^"#]+)')


def lists_of(response):
    first = response.content.decode().splitlines()[0]
    return json.loads(first.removeprefix("self.autoprod = ").removesuffix(";"))


def test_anybody_gets_the_script_and_asks_for_it_each_time(client):
    response = client.get("/service-worker.js")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    found = lists_of(response)
    assert found["page"] == reverse("core:offline")
    assert set(found["scripts"]) <= set(found["assets"])
    assert all(finders.find(name) for name in ASSETS)


def test_a_file_that_changes_makes_a_new_version(client, monkeypatch):
    before = lists_of(client.get("/service-worker.js"))["version"]
    monkeypatch.setattr(service_worker, "ASSETS", ASSETS[:-1])
    service_worker._version.cache_clear()
    assert lists_of(client.get("/service-worker.js"))["version"] != before
    monkeypatch.undo()
    service_worker._version.cache_clear()


def test_all_that_the_page_without_network_loads_is_kept(client):
    html = client.get(reverse("core:offline")).content.decode()
    loaded = set(_ASSET.findall(html))
    assert loaded
    assert loaded <= {static(name) for name in ASSETS}


def test_the_page_without_network_is_the_same_for_whoever_is_logged_in(world, client, client_for):
    garden = world.here.garden
    mine = client_for(garden.workshop_leader).get(reverse("core:offline")).content.decode()
    assert garden.workshop_leader.last_name not in mine
    assert "csrfmiddlewaretoken" not in mine
