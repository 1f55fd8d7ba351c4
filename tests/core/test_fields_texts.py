"""Sort keys, search keys, and the refusal of social security numbers."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st

from autoprod.core.fields import (
    PlainTextField,
    SortKeyField,
    contains_nir,
    search_key,
    sort_key,
    validate_no_nir,
)


@pytest.fixture(scope="module")
def friend(django_db_setup, django_db_blocker):
    """A table of its own, made outside transactions as SQLite asks."""
    with isolate_apps("autoprod.core"):

        class Friend(models.Model):
            last_name = models.CharField(max_length=60)
            first_name = models.CharField(max_length=60, blank=True)
            sort_key = SortKeyField(source=("last_name", "first_name"), max_length=40)

            class Meta:
                app_label = "core"
                ordering = ["sort_key"]

        with django_db_blocker.unblock():
            with connection.schema_editor() as editor:
                editor.create_model(Friend)
            yield Friend
            with connection.schema_editor() as editor:
                editor.delete_model(Friend)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Œuvre  ÉLODIE Çà, Ñandú", "oeuvre elodie ca nandu"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Straße", "strasse"),
        ("Łukasz Đorđe Bjørn", "lukasz dorde bjorn"),
        ("İstanbul", "istanbul"),
        ("ﬁn 𝐀 ²", "fin a 2"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_sort_keys(text, key):
    assert sort_key(text) == key


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_keys_are_stable(text, other):
    key = sort_key(text)
    assert sort_key(key) == key
    assert search_key(text, other) == f"{key} {sort_key(other)}".strip()
    assert all(char.isalnum() or char == " " for char in key)
    assert "  " not in key


def test_search_key_finds_in_any_order_of_fields():
    assert search_key("D’Hondt", "", "Émilie") == "d hondt emilie"
    assert sort_key("hondt Ém") in search_key("D’Hondt", "Émilie")


def test_key_follows_the_name(friend, db):
    friend.objects.bulk_create([friend(last_name="Zola"), friend(last_name="Élan")])
    person = friend.objects.create(last_name="Œuvrard", first_name="Zoé")
    assert person.sort_key == "oeuvrard zoe"
    assert [row.last_name for row in friend.objects.all()] == ["Élan", "Œuvrard", "Zola"]
    person.last_name = "Abadie"
    person.save()
    person.refresh_from_db()
    assert person.sort_key == "abadie zoe"


def test_key_fits_its_column(friend, db):
    person = friend.objects.create(last_name="œ" * 60)
    person.refresh_from_db()
    assert person.sort_key == "oe" * 20


def test_migrations_rebuild_the_sort_key():
    field = SortKeyField(source=("a", "b"))
    _, path, args, kwargs = field.deconstruct()
    assert path.endswith("SortKeyField")
    again = SortKeyField(*args, **kwargs)
    assert (again.source, again.db_index, again.editable) == (("a", "b"), True, False)


@pytest.mark.parametrize(
    "text",
    [
        "1850578006084",
        "185057800608436",
        "1 85 05 78 006 084 36",
        "sécu\u00a0: 2.85.05.78.006.084",
        "née, n° 2850578006084, suivie",
        "1 85 05 2A 006 084",
        "185052b006084",
        "1\u00a085\u00a005\u00a078\u00a0006\u00a0084",
        "7 85 20 99 100 001",
    ],
)
def test_social_security_numbers_are_seen(text):
    assert contains_nir(text)
    with pytest.raises(ValidationError, match="sécurité sociale"):
        validate_no_nir(text)


def test_any_grouping_is_seen_when_the_key_is_right():
    assert contains_nir("185.057.800.608.491")
    assert not contains_nir("185.057.800.608.492")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06 12 34 56 78 ou 03 27 14 15 16",
        "SIRET 732 829 320 00074, 73282932000074",
        "FR76 3000 6000 0112 3456 7890 189",
        "dossier 2015-1234-567",
        "le 12/05/2015 à 14 h 30, le 13/05/2015 à 9 h",
        "18505780060843612",
        "du 1 12 12 12 au 13",
        "1850078006084 1851378006084",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not contains_nir(text)


def test_plain_text_refuses_them():
    with pytest.raises(ValidationError, match="Effacez-le"):
        PlainTextField().clean("NIR 1 85 05 78 006 084 36", None)
    assert PlainTextField().clean("Reprise de confiance.", None) == "Reprise de confiance."
