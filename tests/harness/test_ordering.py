"""Unordered rows come back shuffled, ordered ones in their order."""

import pytest
from django.db.models import Count

from programmes.models import ReferenceCode

pytestmark = pytest.mark.django_db


def _orders(read, times: int = 5) -> set[tuple]:
    """Return the different orders seen over several reads of the same rows."""
    return {tuple(read()) for _ in range(times)}


def _codes():
    return ReferenceCode.objects.in_list("sex") | ReferenceCode.objects.in_list("site_kinds")


def test_rows_that_nothing_orders_are_shuffled():
    assert len(_orders(lambda: _codes().order_by())) > 1


def test_iterator_is_shuffled_too():
    assert len(_orders(lambda: _codes().order_by().iterator())) > 1


def test_groups_lose_the_default_order_and_are_shuffled():
    groups = ReferenceCode.objects.values_list("list").annotate(n=Count("pk"))
    assert len(_orders(groups.all)) > 1


def test_the_order_of_the_model_is_kept():
    assert _orders(_codes) == {tuple(_codes())}


def test_an_asked_order_is_kept():
    by_code = _codes().order_by("-code", "pk")
    assert _orders(by_code.all) == {tuple(by_code.all())}


def test_a_fetched_queryset_does_not_change_under_the_reader():
    rows = _codes().order_by()
    assert list(rows) == list(rows)


def test_single_rows_and_counts_are_untouched():
    first = _codes().order_by("pk").first()
    assert ReferenceCode.objects.order_by().get(pk=first.pk) == first
    assert _codes().order_by().first() == first
    assert _codes().order_by().count() == len(_codes())
    assert _codes().order_by().exists()
