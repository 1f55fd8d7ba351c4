"""Exports: through a scope, traced once, amounts read and written as people do."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps

from autoprod.audit.models import AuditEvent
from autoprod.core.fields import CentsField, MinutesField, PhoneField
from autoprod.core.models import BaseModel
from autoprod.core.scoping import NOTHING, Action, Scope
from autoprod.core.spreadsheets import ScopedResource, to_csv

EVERYTHING = Scope.everything(reason="essai")


@pytest.fixture(scope="module")
def tool(django_db_setup, django_db_blocker):
    """A table of its own, made outside transactions as SQLite asks."""
    with isolate_apps("autoprod.core"):

        class Tool(BaseModel):
            PUBLIC = True

            name = models.CharField("nom", max_length=40)
            price = CentsField("prix")
            spent = MinutesField("durée", default=0)
            phone = PhoneField("téléphone", blank=True)

            class Meta:
                app_label = "core"
                verbose_name_plural = "outils"
                ordering = ["name"]

        with django_db_blocker.unblock():
            with connection.schema_editor() as editor:
                editor.create_model(Tool)
            yield Tool
            with connection.schema_editor() as editor:
                editor.delete_model(Tool)


@pytest.fixture
def resource(tool, db):
    """The resource of two tools."""
    tool.objects.create(name="Bêche", price=Decimal("12.50"), spent=90, phone="0612345678")
    tool.objects.create(name="=Serfouette", price=3)

    class ToolResource(ScopedResource):
        action = Action.EXPORT_FRAME
        title = "Outils du jardin"

        class Meta:
            model = tool
            fields = ("name", "price", "spent", "phone")
            import_id_fields = ("name",)

    return ToolResource


def test_no_resource_without_a_scope(resource):
    with pytest.raises(TypeError):
        resource()
    with pytest.raises(TypeError, match="scope"):
        resource(scope=None)


def test_export_is_a_sheet_without_formula(resource):
    sheet = resource(scope=EVERYTHING).sheet(comments=["Deux lignes"])
    lines = to_csv(sheet).decode("utf-8-sig").splitlines()
    assert lines[0] == "# Outils du jardin"
    assert lines[1].startswith("# Édité le ")
    assert lines[2:] == [
        "# Deux lignes",
        "name;price;spent;phone",
        "'=Serfouette;3,00;0;",
        "Bêche;12,50;90;'+33612345678",
    ]


def test_one_event_per_export(resource):
    resource(scope=EVERYTHING).sheet()
    event = AuditEvent.objects.get()
    assert (event.verb, event.object_kind) == ("export", "core.tool")
    assert event.object_label == "Outils du jardin\u00a0: 2\u00a0lignes"
    assert event.actor_label == "commande : essai"


def test_empty_scope_exports_nothing(resource, tool):
    assert len(resource(scope=NOTHING).export()) == 0
    assert len(resource(scope=NOTHING).export(tool.objects.all())) == 0


def test_a_given_queryset_narrows_and_orders(resource, tool):
    names = resource(scope=EVERYTHING).export(tool.objects.order_by("-name"))["name"]
    assert names == ["Bêche", "=Serfouette"]
    first = resource(scope=EVERYTHING).export(tool.objects.filter(name="Bêche"))["name"]
    assert first == ["Bêche"]


def test_import_reads_amounts_as_people_write_them(resource, tool):
    row = {"name": "Binette", "price": "1 234,50 €", "spent": "1 h 30", "phone": "06 12 34 56 79"}
    added = tool()
    resource(scope=EVERYTHING).import_instance(added, row)
    assert (added.price, added.spent, added.phone) == (Decimal("1234.50"), 90, "+33612345679")


def test_import_says_what_is_wrong(resource, tool):
    row = {"name": "Binette", "price": "douze", "spent": "matin", "phone": ""}
    with pytest.raises(ValidationError) as caught:
        resource(scope=EVERYTHING).import_instance(tool(), row)
    assert set(caught.value.message_dict) == {"price", "spent"}
    assert "Écrivez un nombre" in caught.value.message_dict["price"][0]
