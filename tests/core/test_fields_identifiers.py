"""SIRET, RNA, INSEE codes and telephone numbers."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import modelform_factory
from django.test.utils import isolate_apps

from autoprod.core.fields import (
    InseeCodeField,
    PhoneField,
    RnaField,
    SiretField,
    display_phone,
    display_siret,
    validate_siret,
)
from autoprod.core.fields.identifiers import normalise_phone


@pytest.fixture(scope="module")
def partner(django_db_setup, django_db_blocker):
    """A table of its own, made outside transactions as SQLite asks."""
    with isolate_apps("autoprod.core"):

        class Partner(models.Model):
            siret = SiretField("SIRET", blank=True, unique=True)
            rna = RnaField("RNA", blank=True)
            insee = InseeCodeField("commune", blank=True)
            phone = PhoneField("téléphone", blank=True)

            class Meta:
                app_label = "core"

        with django_db_blocker.unblock():
            with connection.schema_editor() as editor:
                editor.create_model(Partner)
            yield Partner
            with connection.schema_editor() as editor:
                editor.delete_model(Partner)


@pytest.mark.parametrize(
    "number",
    ["23350001600040", "13003013300016", "73282932000074", "732 829 320 00074", "35600000009075"],
)
def test_right_sirets(number):
    assert validate_siret(number) is None


@pytest.mark.parametrize(
    "number",
    ["12000123400023", "35600000009076", "7328293200007", "732829320000740", "0" * 14, "ABC", ""],
)
def test_wrong_sirets(number):
    with pytest.raises(ValidationError, match="SIRET n’existe pas"):
        validate_siret(number)


def test_spaces_do_not_make_two_numbers(partner, db):
    partner.objects.create(siret="732 829 320 00074", phone="06.12.34.56.78", rna="w591 001234")
    stored = partner.objects.get(siret="732.829.320.00074")
    assert (stored.siret, stored.phone, stored.rna) == (
        "73282932000074",
        "+33612345678",
        "W591001234",
    )
    assert partner.objects.filter(phone="06 12 34 56 78").exists()


def test_form_reads_spaces_and_shows_them(partner, db):
    form_class = modelform_factory(partner, fields=["siret", "rna", "insee", "phone"])
    form = form_class(
        {
            "siret": "732 829 320 00074",
            "rna": "W 59 1001234",
            "insee": "2a004",
            "phone": "0327141516",
        }
    )
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.insee, saved.phone) == ("2A004", "+33327141516")
    shown = form_class(instance=saved).as_p()
    assert "732\u00a0829\u00a0320\u00a000074" in shown
    assert "03\u00a027\u00a014\u00a015\u00a016" in shown
    again = form_class({"siret": "73282932000074"})
    assert "siret" in again.errors


def test_form_says_what_to_write(partner, db):
    form_class = modelform_factory(partner, fields=["siret", "rna", "insee", "phone"])
    form = form_class({"siret": "1", "rna": "59", "insee": "596", "phone": "demander à Claire"})
    assert {name: error[0][:12] for name, error in form.errors.items()} == {
        "siret": "Ce numéro SI",
        "rna": "Un numéro RN",
        "insee": "Un code comm",
        "phone": "Écrivez un n",
    }
    assert form_class({}).is_valid()


@pytest.mark.parametrize("code", ["59606", "2A004", "2B033", "97411", "99109", "01004"])
def test_right_insee_codes(code):
    assert InseeCodeField().clean(code, None) == code


@pytest.mark.parametrize("code", ["5960", "2C004", "A9606", "596060", "５９６０６"])
def test_wrong_insee_codes(code):
    with pytest.raises(ValidationError):
        InseeCodeField().clean(code, None)


@pytest.mark.parametrize("code", ["W591001234", "W9R1001234"])
def test_right_rna(code):
    assert RnaField().clean(code, None) == code


@pytest.mark.parametrize("code", ["W59100123", "591001234", "WA91001234", "W5910012345"])
def test_wrong_rna(code):
    with pytest.raises(ValidationError):
        RnaField().clean(code, None)


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("06 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("0033 6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("+33 (0)6-12-34-56-78", "+33612345678", "06 12 34 56 78"),
        ("0690 12 34 56", "+590690123456", "06 90 12 34 56"),
        ("0262.12.34.56", "+262262123456", "02 62 12 34 56"),
        ("+32 470 12 34 56", "+32470123456", "+32470123456"),
    ],
)
def test_phones(typed, stored, shown):
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored
    assert PhoneField().clean(typed, None) == stored
    assert display_phone(stored) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize("typed", ["06 12 34 56", "0012345", "17", "+0612345678", "06 12 34 56 7a"])
def test_wrong_phones(typed):
    with pytest.raises(ValidationError, match="10 chiffres"):
        PhoneField().clean(typed, None)


def test_displays_leave_the_rest_alone():
    assert display_siret("732829320") == "732829320"
    assert display_phone("") == ""


@pytest.mark.parametrize("field_class", [SiretField, RnaField, InseeCodeField, PhoneField])
def test_migrations_rebuild_the_field(field_class):
    _, path, args, kwargs = field_class("numéro", blank=True).deconstruct()
    assert path.endswith(field_class.__name__)
    assert kwargs == {"verbose_name": "numéro", "blank": True, "max_length": field_class.length}
    assert field_class(*args, **kwargs).max_length == field_class.length
