"""Amounts: whole units in the database, Decimals in Python, French numbers in forms."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Avg, F, Max, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.forms import modelform_factory
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st

from autoprod.core import formatting
from autoprod.core.fields import (
    AmountFormField,
    CentsField,
    GramsField,
    HoursFormField,
    MinutesField,
    TenthsField,
)
from autoprod.core.fields.amounts import EUROS, KILOGRAMS


def euros(text, **kwargs):
    return AmountFormField(unit=EUROS, **kwargs).clean(text)


@pytest.fixture(scope="module")
def basket(django_db_setup, django_db_blocker):
    """A table of its own, made outside transactions as SQLite asks."""
    with isolate_apps("autoprod.core"):

        class Basket(models.Model):
            price = CentsField("prix")
            adherent = CentsField("part de l’adhérent", default=0)
            payer = CentsField("part du payeur", default=0)
            balance = CentsField("solde", null=True, blank=True, allow_negative=True)
            weight = GramsField("poids", default=0)
            cold = TenthsField("température", null=True, blank=True, allow_negative=True)
            spent = MinutesField("durée", default=0)
            quantity = models.PositiveIntegerField("quantité", default=1)

            class Meta:
                app_label = "core"
                constraints = [
                    models.CheckConstraint(
                        name="basket_parts",
                        condition=Q(price=F("adherent") + F("payer")) | Q(adherent=0, payer=0),
                        violation_error_message="Les parts ne font pas le prix.",
                    ),
                    models.CheckConstraint(
                        name="basket_price", condition=Q(price__lte=Decimal("500.00"))
                    ),
                ]

        with django_db_blocker.unblock():
            with connection.schema_editor() as editor:
                editor.create_model(Basket)
            yield Basket
            with connection.schema_editor() as editor:
                editor.delete_model(Basket)


@pytest.fixture
def baskets(basket, db):
    """Three baskets: 13.10, 0.10 and 0.20 euros."""
    return basket.objects.bulk_create(
        [
            basket(price=Decimal("13.10"), weight=Decimal("4.255"), quantity=2),
            basket(price=Decimal("0.10"), cold=Decimal("-18.5")),
            basket(price=Decimal("0.20"), balance=Decimal("-3.05"), spent=270),
        ]
    )


def test_attributes_are_decimals_of_the_unit_people_read(basket, baskets):
    first, second, third = basket.objects.order_by("pk")
    assert first.price == Decimal("13.10")
    assert first.weight == Decimal("4.255")
    assert second.cold == Decimal("-18.5")
    assert (third.balance, first.balance) == (Decimal("-3.05"), None)
    assert third.spent == 270
    assert isinstance(first.price, Decimal)


def test_base_units_in_the_column(basket, baskets):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT price, weight, cold FROM {basket._meta.db_table} ORDER BY id")
        rows = cursor.fetchall()
    assert rows == [(1310, 4255, None), (10, 0, -185), (20, 0, None)]


def test_an_int_counts_the_unit_people_read(basket, db):
    saved = basket.objects.create(price=12)
    assert formatting.euros(saved.price) == "12\u00a0€"
    saved.refresh_from_db()
    assert saved.price == 12


def test_sums_are_exact(basket, baskets):
    totals = basket.objects.aggregate(
        total=Sum("price"), top=Max("price"), weight=Sum("weight"), none=Sum("balance")
    )
    assert totals == {
        "total": Decimal("13.40"),
        "top": Decimal("13.10"),
        "weight": Decimal("4.255"),
        "none": Decimal("-3.05"),
    }
    empty = basket.objects.none().aggregate(total=Sum("price", default=0))
    assert empty == {"total": 0}


def test_arithmetic_keeps_the_unit(basket, baskets):
    row = basket.objects.annotate(
        less=F("price") - F("adherent"),
        doubled=F("price") * F("quantity"),
        plus=F("price") + Value(Decimal("0.05"), output_field=CentsField()),
        known=Coalesce("balance", Value(Decimal("1.5"), output_field=CentsField())),
    ).order_by("pk")[0]
    assert (row.less, row.doubled) == (Decimal("13.10"), Decimal("26.20"))
    assert (row.plus, row.known) == (Decimal("13.15"), Decimal("1.50"))


def test_amounts_do_not_mix_with_bare_numbers(basket, baskets):
    with pytest.raises(FieldError, match="Cannot infer type"):
        list(basket.objects.annotate(wrong=F("price") + 1).values_list("wrong"))
    with pytest.raises(FieldError, match="Cannot infer type"):
        list(basket.objects.annotate(wrong=F("price") + F("weight")).values_list("wrong"))


def test_mean_is_not_left_to_the_database(basket, baskets):
    with pytest.raises(TypeError, match=r"rounding\.mean"):
        basket.objects.aggregate(Avg("price"))


def test_filters_take_decimals(basket, baskets):
    prices = basket.objects.order_by("price").values_list("price", flat=True)
    assert list(prices) == [Decimal("0.10"), Decimal("0.20"), Decimal("13.10")]
    assert list(prices.filter(price__gte=Decimal("0.20"))) == [Decimal("0.20"), Decimal("13.10")]
    assert prices.filter(price__in=[Decimal("0.1"), 13]).count() == 1
    assert prices.filter(price__range=(0, Decimal("0.15"))).count() == 1
    grouped = basket.objects.values("quantity").annotate(total=Sum("price"))
    assert grouped.filter(total__gt=Decimal("0.30")).get()["total"] == Decimal("13.10")


def test_updates_take_decimals(basket, baskets):
    basket.objects.filter(pk=baskets[1].pk).update(price=F("price") + F("price"))
    baskets[0].price = Decimal("20.05")
    basket.objects.bulk_update([baskets[0]], ["price"])
    found = basket.objects.order_by("pk").values_list("price", flat=True)
    assert list(found) == [Decimal("20.05"), Decimal("0.20"), Decimal("0.20")]


@pytest.mark.parametrize("wrong", [0.5, True])
def test_floats_refused_where_they_are_assigned(basket, wrong):
    with pytest.raises(TypeError):
        basket(price=wrong)
    with pytest.raises(TypeError):
        basket.objects.filter(price=wrong)


def test_more_precision_than_the_base_is_refused(basket, db):
    with pytest.raises(ValidationError, match="au centime près"):
        basket.objects.create(price=Decimal("1.005"))
    with pytest.raises(ValidationError, match="au centime près"):
        basket(price=Decimal("1.00000000000000000000000000000001")).clean_fields()
    with pytest.raises(TypeError):
        basket(price=1, spent=1.5).save()


def test_database_refuses_a_negative_amount(basket, baskets):
    for change in ({"price": Decimal("-0.01")}, {"weight": -1}, {"spent": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            basket.objects.filter(pk=baskets[0].pk).update(**change)


def test_constraints_compare_amounts_exactly(basket, db):
    parts = {"adherent": Decimal("3.93"), "payer": Decimal("9.17")}
    right = basket(price=Decimal("13.10"), **parts)
    right.full_clean()
    right.save()
    wrong = basket(price=Decimal("13.11"), **parts)
    with pytest.raises(ValidationError, match="parts"):
        wrong.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        basket(price=Decimal("500.01")).save()


def test_full_clean_speaks_french(basket):
    with pytest.raises(ValidationError) as caught:
        basket(price=Decimal("NaN"), weight=-1, balance=10**20).clean_fields()
    messages = caught.value.message_dict
    assert messages["weight"] == ["Écrivez un nombre positif ou nul."]
    assert messages["balance"] == ["Ce nombre est trop grand. Vérifiez-le."]
    assert "par exemple" in messages["price"][0]


def test_form_reads_and_shows_french_numbers(basket, baskets):
    form_class = modelform_factory(basket, fields=["price", "weight", "cold", "spent"])
    shown = form_class(
        instance=basket(
            price=Decimal("1234.50"), weight=Decimal("12.500"), spent=270, cold=Decimal("-18.5")
        )
    ).as_p()
    for text in ("1\u202f234,50", "12,5", "\u221218,5", "4\u00a0h\u00a030"):
        assert f'value="{text}"' in shown
    form = form_class(
        {"price": "1 234,5 €", "weight": "0,250 kg", "cold": "-18", "spent": "4:30"},
        instance=baskets[0],
    )
    assert form.is_valid() is False  # above 500 €, the table's constraint
    assert set(form.errors) == {"__all__"}
    assert form.cleaned_data["price"] == Decimal("1234.50")
    assert form.cleaned_data["spent"] == 270


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,50", "1234.50"),
        ("1234.50", "1234.50"),
        ("1\u202f234,5\u00a0€", "1234.5"),
        ("12\u00a0345\u00a0678", "12345678"),
        (" 0 ", "0"),
        ("12 euros", "12"),
    ],
)
def test_amounts_people_type(text, value):
    assert euros(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "douze", "12 50", "1.234,50", "1,234.50", "NaN", "Infinity", "1e3", "0x10", "١٢", "--1",
        "12€50", "9" * 41,
    ],
)  # fmt: skip
def test_not_an_amount(text):
    with pytest.raises(ValidationError, match="Écrivez un nombre"):
        euros(text)


def test_kind_refusals():
    with pytest.raises(ValidationError, match="centime près"):
        euros("12,505")
    with pytest.raises(ValidationError, match="gramme près"):
        AmountFormField(unit=KILOGRAMS).clean("1,2345")
    with pytest.raises(ValidationError, match="positif"):
        euros("-1")
    with pytest.raises(ValidationError, match="trop grand"):
        euros("9" * 30)
    assert euros("\u22121,20", allow_negative=True) == Decimal("-1.20")
    assert euros("", required=False) is None
    assert euros("12,500") == Decimal("12.5")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4 h 30", 270), ("4h30", 270), ("4:30", 270), ("4,5", 270), ("4.25", 255), ("4", 240),
        ("4 h", 240), ("1 h 5", 65), ("45 min", 45), ("45mn", 45), ("1 h 05 min", 65),
        ("1\u202f234\u00a0h\u00a030", 74_070), ("0", 0), ("4 H 30", 270),
    ],
)  # fmt: skip
def test_durations_people_type(text, minutes):
    assert HoursFormField().clean(text) == minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4 h 75", "durée"), ("matin", "durée"), ("4:30:10", "durée"), ("1,33", "minute près"),
        ("-1 h", "positive"), ("200000", "trop grand"), ("1," + "0" * 30 + "1", "près"),
    ],
)  # fmt: skip
def test_durations_refused(text, said):
    with pytest.raises(ValidationError, match=said):
        HoursFormField().clean(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**14), 10**14))
def test_what_the_form_shows_it_reads_back(cents):
    field = AmountFormField(unit=EUROS, allow_negative=True)
    amount = Decimal(cents).scaleb(-2)
    assert field.clean(field.prepare_value(amount)) == amount
    assert not field.has_changed(amount, field.prepare_value(amount))


@settings(max_examples=100, deadline=None)
@given(st.integers(-6_000_000, 6_000_000))
def test_durations_shown_are_read_back(minutes):
    field = HoursFormField(allow_negative=True)
    assert field.clean(field.prepare_value(minutes)) == minutes


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50))
def test_any_text_is_read_or_refused_kindly(text):
    for field in (AmountFormField(unit=EUROS), HoursFormField()):
        value = 0
        with suppress(ValidationError):
            value = field.clean(text)
        assert value >= 0


@pytest.mark.parametrize("field_class", [CentsField, GramsField, TenthsField, MinutesField])
def test_migrations_rebuild_the_field(field_class):
    _, path, args, kwargs = field_class("montant", allow_negative=True, null=True).deconstruct()
    assert path.endswith(field_class.__name__)
    assert kwargs == {"verbose_name": "montant", "allow_negative": True, "null": True}
    assert field_class(*args, **kwargs).allow_negative is True
    assert "allow_negative" not in field_class().deconstruct()[3]


def test_fixtures_carry_decimals(basket):
    field = basket._meta.get_field("price")
    text = field.value_to_string(basket(price=Decimal("12.50")))
    assert field.to_python(text) == Decimal("12.50")
    assert field.value_to_string(basket(price=None)) == ""
