"""Grants: four amounts, no draw beyond the award, a mistake taken back by a reverse line."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.models import StaleError
from autoprod.core.periods import Period
from programmes.access import scope_of
from programmes.enums import GrantState
from programmes.models import Grant, GrantDraw, GrantPayment
from programmes.services import grants
from tests.factories import grants as funds
from tests.factories import programmes as make
from tests.world import build_world

ON = date(2015, 6, 1)


@pytest.fixture
def edition(world):
    return make.make_edition(world.here.garden.programme, 2015)


@pytest.fixture
def grant(world, edition) -> Grant:
    return funds.make_grant(edition, world.here.garden.funder)


@pytest.fixture
def scope(world):
    return scope_of(world.here.garden.programme_manager)


def pay(scope, grant, amount):
    payment = GrantPayment(grant=grant, amount=amount, paid_on=ON)
    return grants.record_payment(scope=scope, payment=payment)


def draw(scope, grant, amount, **fields):
    return grants.draw(scope=scope, grant=grant, amount=amount, on=ON, label="Plants", **fields)


def take_back(scope, line, source=grants.BY_HAND):
    return grants.reverse_draw(scope=scope, line=line, source=source, reason="facture annulée")


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Expect a refusal that says these words."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert words in " ".join(caught.value.messages)


def events_of(row):
    return AuditEvent.objects.filter(object_kind=row._meta.label_lower, object_key=str(row.pk))


# What the base itself refuses.


@pytest.mark.parametrize(
    "fields",
    [
        {"awarded": None},
        {"awarded_on": None},
        {"awarded_on": date(2014, 12, 31)},
        {"refused_on": ON},
        {"awarded": None, "awarded_on": None, "refused_on": date(2014, 12, 31)},
        {"requested": -1},
    ],
    ids=["no-amount", "no-day", "before-the-request", "both", "refused-before", "negative"],
)
def test_a_grant_that_contradicts_itself_is_refused(edition, world, fields):
    values = {"awarded": Decimal(10), "awarded_on": ON} | fields
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        funds.make_grant(edition, world.here.garden.funder, **values)


def test_the_same_grant_is_noted_once(grant):
    again = {"title": grant.title, "number": grant.number}
    with pytest.raises(IntegrityError), transaction.atomic():
        funds.make_grant(grant.edition, grant.funder, **again)
    funds.make_grant(grant.edition, grant.funder, title=grant.title, number="2015-02")


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_is_paid_or_drawn_for_nothing(grant, amount):
    for add in (funds.make_payment, funds.make_draw):
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            add(grant, amount)


@pytest.mark.parametrize(
    "fields", [{"amount": 300}, {"reason": ""}], ids=["not-negative", "no-reason"]
)
def test_a_reverse_line_is_negative_and_says_why(grant, fields):
    line = funds.make_draw(grant, 300)
    values = {"amount": -300, "reverses": line, "reason": "doublon"} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        funds.make_draw(grant, **values)


def test_a_draw_is_neither_changed_nor_deleted(grant):
    line = funds.make_draw(grant)
    line.amount = 1
    for act in (line.save, line.delete):
        with pytest.raises(TypeError, match="reverse it"):
            act()
    assert GrantDraw.objects.get(pk=line.pk).amount == 300


# The four amounts and where the grant is.


def test_the_four_amounts_do_not_multiply_each_other(grant):
    for amount in (100, 200):
        funds.make_payment(grant, amount)
    for amount in (10, 20, Decimal("0.05")):
        funds.make_draw(grant, amount)
    read = funds.read(grant)
    assert (read.paid, read.drawn) == (300, Decimal("30.05"))
    assert (read.to_pay, read.to_use) == (700, Decimal("969.95"))
    assert grants.totals_of(Grant.objects.filter(pk=grant.pk).with_amounts()) == grants.Totals(
        requested=Decimal(1000), awarded=Decimal(1000), paid=Decimal(300), drawn=Decimal("30.05")
    )


def test_the_totals_of_nothing_are_zero(db):
    totals = grants.totals_of(Grant.objects.none().with_amounts())
    assert (totals, totals.to_use) == (grants.Totals(), 0)


def test_the_state_follows_the_dates_and_the_amounts(grant, scope):
    asked = funds.make_grant(grant.edition, grant.funder, awarded=None)
    assert funds.read(asked).state == GrantState.REQUESTED
    assert (funds.read(asked).to_pay, funds.read(asked).to_use) == (None, None)
    grants.refuse(scope=scope, grant=asked, on=ON)
    assert funds.read(asked).state == GrantState.REFUSED

    assert funds.read(grant).state == GrantState.AWARDED
    pay(scope, grant, 1000)
    assert funds.read(grant).state == GrantState.AWARDED
    draw(scope, grant, 1000)
    assert funds.read(grant).state == GrantState.SETTLED


def test_a_period_has_the_grants_of_the_editions_it_touches(grant):
    for slug, count in (("2014", 0), ("2015-12", 1), ("2015-12-31_2016-01-31", 1), ("2016", 0)):
        found = Grant.objects.filter(pk=grant.pk).in_period(Period.parse(slug))
        assert found.count() == count, slug


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, False),
        ({"report_due_on": ON}, True),
        ({"report_due_on": date(2015, 6, 2)}, False),
        ({"report_due_on": ON, "reported_on": ON}, False),
        ({"report_due_on": ON, "awarded": None}, False),
    ],
)
def test_an_account_is_due_for_an_award_until_it_is_handed_in(edition, world, fields, due):
    grant = funds.make_grant(edition, world.here.garden.funder, **fields)
    assert Grant.objects.filter(pk=grant.pk).report_due(ON).exists() is due


# The award.


def test_an_award_takes_a_refusal_back(grant, scope):
    grants.refuse(scope=scope, grant=grant, on=ON)
    grants.award(scope=scope, grant=grant, amount=Decimal(800), on=ON)
    read = funds.read(grant)
    assert (read.awarded, read.awarded_on, read.refused_on) == (800, ON, None)
    assert events_of(grant).filter(verb=Verb.UPDATE).count() == 2


@pytest.mark.parametrize(("act", "word"), [(pay, "versés"), (draw, "justifiés")])
def test_an_award_is_never_less_than_what_is_paid_or_drawn(grant, scope, act, word):
    act(scope, grant, 600)
    with refused(f"600\u00a0€ sont déjà {word}"):
        grants.award(scope=scope, grant=grant, amount=Decimal("599.99"), on=ON)
    with refused("n’est plus refusé"):
        grants.refuse(scope=scope, grant=grant, on=ON)
    assert funds.read(grant).awarded == 1000
    grants.award(scope=scope, grant=funds.read(grant), amount=Decimal(600), on=ON)
    assert funds.read(grant).awarded == 600


def test_an_award_made_on_an_old_reading_is_stale(grant, scope):
    stale = funds.read(grant)
    grants.award(scope=scope, grant=grant, amount=Decimal(900), on=ON)
    with pytest.raises(StaleError):
        grants.award(scope=scope, grant=stale, amount=Decimal(800), on=ON)
    assert funds.read(grant).awarded == 900


# Payments and draws.


@pytest.mark.parametrize("act", [pay, draw])
def test_beyond_the_award_what_is_left_is_named(grant, scope, act):
    act(scope, grant, Decimal("399.50"))
    with refused("il reste 600,50\u00a0€"):
        act(scope, grant, Decimal("600.51"))
    act(scope, grant, Decimal("600.50"))
    with refused("il reste 0\u00a0€"):
        act(scope, grant, Decimal("0.01"))
    read = funds.read(grant)
    assert read.paid + read.drawn == 1000


@pytest.mark.parametrize("act", [pay, draw])
def test_before_the_award_nothing_is_paid_nor_drawn(grant, scope, act):
    asked = funds.make_grant(grant.edition, grant.funder, awarded=None)
    with refused("n’est pas attribué"):
        act(scope, asked, 1)


def test_a_payment_is_corrected_within_the_award(grant, scope):
    payment = pay(scope, grant, 1000)
    payment.amount = 1001
    with refused("il reste 1\u202f000\u00a0€"):
        grants.record_payment(scope=scope, payment=payment)
    payment.amount = 999
    grants.record_payment(scope=scope, payment=payment)
    assert funds.read(grant).paid == 999
    assert {event.verb for event in events_of(payment)} == {Verb.CREATE, Verb.UPDATE}


def test_a_draw_says_where_it_comes_from(grant, scope, world):
    by_hand = draw(scope, grant, 10)
    assert by_hand.source == "saisie"
    above = draw(scope, grant, 10, source=grants.Source("panier", "1042"))
    assert above.source == "panier 1042"
    assert events_of(above).get().territory_key == str(world.here.territory.pk)
    with refused("vient d’ailleurs (panier 1042)"):
        take_back(scope, above)
    with refused("vient d’ailleurs (saisie)"):
        take_back(scope, by_hand, grants.Source("panier"))
    assert take_back(scope, above, grants.Source("panier")).source == "panier 1042"


def test_a_draw_is_taken_back_once_and_its_money_is_free_again(grant, scope):
    line = draw(scope, grant, 1000)
    back = take_back(scope, line)
    assert (back.amount, back.on, back.reverses) == (-1000, timezone.localdate(), line)
    assert events_of(back).get().reason == "facture annulée"
    for taken in (line, back):
        with refused("déjà retirée"):
            take_back(scope, taken)
    draw(scope, grant, 1000)
    assert funds.read(grant).drawn == 1000


# Two people at once.


@pytest.mark.django_db(transaction=True)
def test_two_people_who_draw_the_last_euros_at_once(monkeypatch):
    frame = build_world().here.garden
    grant = funds.make_grant(frame.edition, frame.funder, awarded_on=ON)
    scope, reading, refused = scope_of(frame.programme_manager), Barrier(2), []
    read_sum = grants._drawn

    def read_and_wait(held):
        found = read_sum(held)
        # Without a lock both get here before either has written.
        with suppress(BrokenBarrierError):
            reading.wait(timeout=1)
        return found

    def spend():
        try:
            draw(scope, grant, 600)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(grants, "_drawn", read_and_wait)
    threads = [Thread(target=spend) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(refused) == 1
    assert funds.read(grant).drawn == 600
