"""Tables, panels, menu, HTMX: the parts that every page is made of."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django_htmx.middleware import HtmxDetails

from autoprod.core import navigation, panels
from autoprod.core.htmx import trigger, wants_part
from autoprod.core.navigation import Entry
from autoprod.core.panels import Panel
from autoprod.core.scoping import NOTHING, Action
from autoprod.core.tables import Column, table
from autoprod.core.templatetags.components import icon_names
from programmes.access import scope_of
from programmes.models import Programme


def test_a_cell_is_escaped_and_an_empty_one_is_a_dash():
    column = Column("Nom", lambda row: row["name"])
    drawn = table([column], [{"name": "<b>"}, {"name": ""}], caption="Essai")
    first, second = (row["cells"][0] for row in drawn.body)
    assert (str(first["html"]), first["empty"]) == ("&lt;b&gt;", False)
    assert (str(second["html"]), second["empty"]) == ("–", True)


def test_a_column_for_the_export_stays_off_the_screen():
    columns = [Column("A", str), Column("B", str, on_screen=False)]
    assert [head["label"] for head in table(columns, [], caption="Essai").header] == ["A"]


def test_an_unknown_alignment_is_refused():
    with pytest.raises(ValueError, match="middle"):
        Column("A", str, align="middle")


def test_a_panel_is_drawn_only_for_who_holds_its_action(world, monkeypatch):
    monkeypatch.setattr(panels, "_panels", [])
    panels.register(
        Panel(
            slot="essai",
            template="x.html",
            context=lambda scope, objects: {obj.pk: {"name": str(obj)} for obj in objects},
            action=Action.VIEW_AUDIT,
        )
    )
    territory = world.here.territory
    seen = panels.shown("essai", scope_of(world.here.administrator), [territory])
    assert seen[territory.pk] == [{"template": "x.html", "context": {"name": str(territory)}}]
    leader = scope_of(world.here.garden.workshop_leader)
    assert panels.shown("essai", leader, [territory]) == {territory.pk: []}
    assert panels.shown("essai", NOTHING, []) == {None: []}


def test_an_entry_needs_its_action_and_its_module(world):
    entry = Entry("Piloter", "Jardins", "sprout", "core:home", Action.VIEW_FRAME, module="garden")
    leader = scope_of(world.here.garden.workshop_leader)
    garden, kitchen = Programme(modules=["garden"]), Programme(modules=["kitchen"])
    assert entry.is_shown(leader, garden)
    assert not entry.is_shown(leader, kitchen)
    assert not entry.is_shown(leader, None)
    assert not entry.is_shown(NOTHING, garden)


def test_a_section_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="Ailleurs"):
        navigation.register(Entry("Ailleurs", "X", "sun", "core:home"))


def test_a_page_of_nothing_known_is_refused():
    with pytest.raises(ValueError, match="edition"):
        navigation.register(Entry("Piloter", "X", "sun", "core:home", within="edition"))


def test_an_entry_is_marked_under_each_of_its_prefixes():
    entry = Entry("Piloter", "X", "sun", "core:home", prefix=("core:page_", "core:proof_"))
    for name in ("core:home", "core:page_list", "core:proof_delete"):
        assert entry.is_current(name)
    assert not entry.is_current("core:pages")
    assert not Entry("Piloter", "X", "sun", "core:home").is_current("core:page_list")


def test_every_entry_leads_to_a_page_and_has_an_icon():
    """A page of a period must take the kind its entry opens on."""
    for entry in navigation.entries():
        view = resolve(entry.url(Programme(pk=1))).func
        assert entry.icon in icon_names()
        if entry.within == "period":
            assert entry.default_period(None).kind in navigation.kinds_of(view)


def test_the_menu_marks_the_page_shown(world, client_for):
    html = client_for(world.here.garden.programme_manager).get("/sites/").content.decode()
    current = html.split('aria-current="page"')[1]
    assert "Sites" in current[:300]


def test_a_boosted_link_gets_the_page_and_a_request_its_part():
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    request.htmx = HtmxDetails(request)
    assert wants_part(request)
    boosted = RequestFactory().get("/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    boosted.htmx = HtmxDetails(boosted)
    assert not wants_part(boosted)


def test_two_events_travel_in_one_header():
    response = trigger(trigger(HttpResponse(), "saved"), "counted", 3)
    assert json.loads(response.headers["HX-Trigger"]) == {"saved": True, "counted": 3}


def test_a_list_answers_its_rows_to_htmx_and_says_that_it_varies(world, client_for):
    client = client_for(world.here.garden.programme_manager)
    page = client.get("/sites/")
    part = client.get("/sites/", headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert world.here.garden.site.name in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
