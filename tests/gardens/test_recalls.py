"""A lot found wrong: all that became of it, however cooked, and nothing more of it goes out."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypdf import PdfReader

from autoprod.audit.models import AuditEvent
from gardens.documents.recalls import recall_pdf
from gardens.enums import Destination
from gardens.models import Lot
from gardens.services.recalls import lift, recall, trace
from gardens.services.transformations import Made, Move, transfer, transform
from tests.factories.gardens import EVERYTHING, make_lot, make_movement, product
from tests.factories.programmes import (
    LONG_AGO,
    make_organisation,
    make_programme,
    make_session,
    make_site,
    make_territory,
)
from tests.gardens.larder import cancel, left
from tests.harness.queries import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme(make_territory())


@pytest.fixture
def site(programme):
    return make_site(programme.territory, programme, name="Le Rôleur")


@pytest.fixture
def lot(programme, site):
    """Ten kilograms, of which some is soup, some of the soup is in the freezer elsewhere."""
    return make_lot(programme, site, "10", supplier_lot="L-77")


def cook(lot: Lot, grams: str = "2") -> Lot:
    made = Made(lot.programme, lot.site, product("soupe"), Decimal(grams), LONG_AGO)
    return transform(scope=EVERYTHING, made=made, ingredients={lot.pk: Decimal(grams)})


@pytest.fixture
def soup(lot):
    return cook(lot)


@pytest.fixture
def frozen(soup, programme):
    freezer = make_site(programme.territory, programme, name="Congélateur")
    return transfer(scope=EVERYTHING, lot=soup.pk, move=Move(freezer, Decimal(1), LONG_AGO))


def test_a_trace_lists_all_that_became_of_a_lot(programme, site, lot, soup, frozen):
    charity = make_organisation(programme.territory, "Secours")
    table = make_session(programme, site, on=LONG_AGO)
    make_movement(lot, "3", recipients=8)
    make_movement(lot, "1", destination=Destination.ORGANISATION, organisation=charity)
    make_movement(soup, "0.5", destination=Destination.TABLE, session=table, recipients=25)
    make_movement(frozen, "1", destination=Destination.ORGANISATION, organisation=charity)
    cancel(make_movement(lot, "2", destination=Destination.BASKET, recipients=4))
    cancelled = cook(lot, "1")
    cancel(cancelled.sources.get())
    make_lot(programme, site, "5")

    told = trace(EVERYTHING, [lot.pk])
    assert told.lots == [lot, soup, frozen]
    assert {(one.destination.value, one.grams, one.recipients) for one in told.totals} == {
        ("growers", 3, 8),
        ("organisation", 2, None),
        ("table", Decimal("0.5"), 25),
    }
    assert [(one.organisation, one.grams) for one in told.organisations] == [(charity, 2)]
    assert [(one.session, one.recipients) for one in told.sessions] == [(table, 25)]
    assert [(place.name, place.grams) for place in told.places] == [
        ("Le Rôleur", 4 + Decimal("0.5"))
    ]
    # Every line is there, those that cancel included.
    assert told.movements.count() == 10


def test_products_shared_at_once_serve_the_same_people(programme, site, lot):
    other, shared = make_lot(programme, site, "5"), make_session(programme, site, on=LONG_AGO)
    for one in (lot, other):
        make_movement(one, "1", session=shared, recipients=8)
    make_movement(other, "1", session=make_session(programme, site, on=LONG_AGO), recipients=5)
    told = trace(EVERYTHING, [lot.pk, other.pk])
    assert sorted(one.recipients for one in told.sessions) == [5, 8]
    assert [(one.grams, one.recipients) for one in told.totals] == [(3, 13)]


def test_the_list_of_lots_that_are_not_recalled_does_not_recall_them(programme, lot):
    def printed() -> str:
        told = trace(EVERYTHING, [lot.pk])
        _, content = recall_pdf(EVERYTHING, programme, told, told.movements)
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)

    assert "appel" not in printed()
    recall(scope=EVERYTHING, lots=[lot.pk], reason="Alerte")
    assert "nous rappelons" in printed()


def test_the_parts_of_a_trace_add_up_to_what_came_in(lot, soup):
    make_movement(lot, "3")
    make_movement(soup, "1", destination=Destination.TABLE)
    told = trace(EVERYTHING, [lot.pk])
    assert sum(one.grams for one in told.totals) + told.left == lot.grams


def test_a_recall_blocks_the_lot_and_all_it_became(lot, soup, frozen):
    blocked = recall(scope=EVERYTHING, lots=[lot.pk], reason="Éclats de verre")
    assert blocked == [lot, soup, frozen]
    for one in blocked:
        for destination in (Destination.GROWERS, Destination.TABLE, Destination.GROCERY):
            with pytest.raises(ValidationError, match="rappelé"):
                make_movement(one, "0.1", destination=destination, on=timezone.localdate())
    with pytest.raises(ValidationError, match="rappelé"):
        cook(lot)
    make_movement(frozen, "1", destination=Destination.LOSS)
    assert left(frozen) == 0
    with pytest.raises(ValidationError, match="déjà"):
        recall(scope=EVERYTHING, lots=[lot.pk], reason="Encore")


def test_a_recall_is_lifted_with_what_it_blocked_and_no_more(lot, soup, frozen, programme, site):
    other = make_lot(programme, site, "5")
    mixed = transform(
        scope=EVERYTHING,
        made=Made(programme, site, product("soupe"), Decimal(1), LONG_AGO),
        ingredients={lot.pk: Decimal(1), other.pk: Decimal(1)},
    )
    recall(scope=EVERYTHING, lots=[frozen.pk], reason="Rupture du froid")
    recall(scope=EVERYTHING, lots=[lot.pk], reason="Alerte")
    recall(scope=EVERYTHING, lots=[other.pk], reason="Autre alerte")
    with pytest.raises(ValidationError, match=lot.number):
        lift(scope=EVERYTHING, lot=soup.pk, reason="Fausse alerte")
    freed = lift(scope=EVERYTHING, lot=lot.pk, reason="Fausse alerte du fournisseur")
    assert freed == [lot, soup]
    assert set(Lot.objects.exclude(recalled_on=None)) == {frozen, mixed, other}
    assert AuditEvent.objects.filter(reason="Fausse alerte du fournisseur").count() == 2
    assert lift(scope=EVERYTHING, lot=other.pk, reason="Fausse alerte") == [other, mixed]


def test_a_trace_of_many_lots_reads_no_more_than_of_one(programme, site, lot, soup):
    def follow():
        told = trace(EVERYTHING, Lot.objects.values_list("pk", flat=True))
        return [str(one.supplier) for one in told.lots], list(told.movements)

    def grow():
        for _ in range(5):
            make_movement(cook(make_lot(programme, site, "5")), "1")

    same_queries(follow, grow)
