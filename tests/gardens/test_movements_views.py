"""Pages of what leaves: each destination in its words, refusals read, what is shown then agreed."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from gardens.enums import Destination
from gardens.models import Movement
from gardens.services.recalls import recall, trace
from tests.factories.gardens import EVERYTHING, make_lot, make_movement, product
from tests.gardens.larder import left
from tests.harness.clients import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def lot(garden):
    return make_lot(garden.programme, garden.site, "10", on=timezone.localdate())


@pytest.fixture
def browser(garden):
    return log_in(garden.workshop_leader)


@pytest.fixture
def out_url(garden, lot):
    return reverse("gardens:movement_create", args=[garden.programme.pk, lot.pk])


def typed(**fields) -> dict:
    values = {"destination": "growers", "grams": "4", "on": timezone.localdate().isoformat()}
    return values | {"client_uuid": str(uuid4())} | fields


@pytest.mark.parametrize(
    ("destination", "label"),
    [
        ("growers", "Pour combien de jardiniers"),
        ("basket", "Pour combien de paniers"),
        ("table", "Pour combien de portions"),
    ],
)
def test_each_destination_asks_in_its_words(browser, lot, out_url, destination, label):
    form = browser.get(out_url, {"vers": destination}).context["form"]
    assert form["recipients"].label == label
    answer = browser.post(out_url, typed(destination=destination, recipients="30"))
    assert answer.status_code == 302
    movement = Movement.objects.get(lot=lot)
    assert (movement.destination, movement.recipients) == (destination, 30)


def test_an_organisation_is_named(browser, lot, out_url):
    page = browser.post(out_url, typed(destination="organisation"))
    assert list(page.context["form"].errors) == ["organisation"]
    assert left(lot) == 10


def test_who_comes_second_reads_what_is_left_and_keeps_what_was_typed(browser, lot, out_url):
    make_movement(lot, "9")
    page = browser.post(out_url, typed(grams="4,5", note="Pour le midi"))
    text = page.content.decode().replace("\u00a0", " ")
    assert "Il ne reste que 1 kg de ce lot : 4,5 kg demandés." in text
    assert "il en reste 1 kg" in text
    assert page.context["form"]["note"].value() == "Pour le midi"


def test_sent_twice_it_counts_once_and_a_used_mark_is_refused(browser, lot, out_url):
    sent = typed()
    for _ in range(2):
        assert browser.post(out_url, sent).status_code == 302
    assert left(lot) == 6
    assert "déjà servi" in browser.post(out_url, sent | {"grams": "1"}).content.decode()


def test_a_product_leaves_as_shown_once_agreed(browser, garden, lot):
    second = make_lot(garden.programme, garden.site, "5", on=lot.on)
    path = reverse("gardens:movement_product", args=[garden.programme.pk])
    asked = typed(product=product("pain").pk, grams="12", destination="grocery")
    page = browser.post(path, asked)
    assert [line["share"].grams for line in page.context["shares"]] == [10, 2]
    assert (left(lot), left(second)) == (10, 5)
    shown = page.context["form"]["shown"].value()
    make_movement(lot, "1")
    again = browser.post(path, asked | {"shown": shown})
    assert [line["share"].grams for line in again.context["shares"]] == [9, 3]
    assert "voici ce que ce serait maintenant" in again.content.decode()
    agreed = again.context["form"]["shown"].value()
    assert browser.post(path, asked | {"shown": agreed}).status_code == 302
    assert (left(lot), left(second)) == (0, 2)


def test_a_lot_of_the_neighbour_is_never_taken(browser, garden, world):
    """What is sent back as shown names lots: those of others are as if absent."""
    theirs = make_lot(world.here.kitchen.programme, world.here.kitchen.site, "5")
    make_lot(garden.programme, garden.site, "5")
    path = reverse("gardens:movement_product", args=[garden.programme.pk])
    asked = typed(product=product("pain").pk, grams="1", shown=f"{theirs.pk}:1000")
    page = browser.post(path, asked)
    assert page.context["shares"]
    assert left(theirs) == 5


def test_a_count_made_on_an_old_page_is_shown_again(browser, garden, lot):
    path = reverse("gardens:movement_correct", args=[garden.programme.pk, lot.pk])
    told = {"kind": "count", "measured": "8", "reason": "Recompté", "seen": "10"}
    told |= {"on": timezone.localdate().isoformat()}
    heavy = browser.post(path, told | {"measured": "80000"}).context["form"].errors
    assert "virgule" in heavy["measured"][0]
    make_movement(lot, "1")
    page = browser.post(path, told)
    assert "il en reste 9" in page.content.decode().replace("\u00a0", " ").lower()
    seen = page.context["form"]["seen"].value()
    assert browser.post(path, told | {"seen": seen}).status_code == 302
    assert left(lot) == 8


def test_a_movement_taken_back_stays_and_is_told(browser, garden, lot):
    wrong = make_movement(lot, "4", destination=Destination.TABLE)
    path = reverse("gardens:movement_take_back", args=[garden.programme.pk, wrong.pk])
    answer = browser.post(path, {"reason": "Table annulée"})
    page = browser.get(answer.url)
    assert [row["url"] for row in page.context["table"].body] == [None, None]
    assert "Table annulée" in page.content.decode()
    assert left(lot) == 10
    assert "déjà annulé" in browser.post(path, {"reason": "Encore"}).content.decode()


def test_the_export_of_a_period_adds_up_and_names_nobody(browser, garden, lot):
    make_movement(lot, "4", recipients=8)
    wrong = make_movement(lot, "1", recipients=2)
    path = reverse("gardens:movement_take_back", args=[garden.programme.pk, wrong.pk])
    browser.post(path, {"reason": "Erreur"})
    month = f"{lot.on:%Y-%m}"
    path = reverse("gardens:movement_export", args=[garden.programme.pk, month, "csv"])
    text = browser.get(path).content.decode("utf-8-sig")
    lines = [line.split(";") for line in text.splitlines() if not line.startswith("#")]
    head, *rows = lines
    weight, count = head.index("Poids (kg)"), head.index("Pour combien")
    assert sum(Decimal(row[weight].lstrip("'").replace(",", ".")) for row in rows) == 4
    assert sum(int(row[count].lstrip("'")) for row in rows) == 8
    assert garden.workshop_leader.last_name not in text


def test_a_recalled_lot_is_offered_first_where_nobody_eats_it(browser, lot, out_url):
    recall(scope=EVERYTHING, lots=[lot.pk], reason="Alerte")
    page = browser.get(out_url)
    offered = [one["label"] for one in page.context["destinations"]]
    assert offered[:3] == [Destination(code).label for code in ("seeds", "compost", "loss")]
    assert page.context["form"]["destination"].value() == Destination.SEEDS
    # The page was shown before the recall: what was asked is refused, never sent elsewhere.
    assert "Ce lot est rappelé depuis le" in browser.post(out_url, typed()).content.decode()
    assert left(lot) == 10
    assert browser.post(out_url, typed(destination="loss")).status_code == 302
    assert left(lot) == 6


def test_what_was_given_before_a_recall_is_still_noted_at_its_date(browser, garden):
    bread = make_lot(garden.programme, garden.site, "10")
    out = reverse("gardens:movement_create", args=[garden.programme.pk, bread.pk])
    recall(scope=EVERYTHING, lots=[bread.pk], reason="Alerte")
    assert browser.post(out, typed(on=bread.on)).status_code == 302
    assert trace(EVERYTHING, [bread.pk]).totals[0].destination == Destination.GROWERS
    assert left(bread) == 6


def test_what_left_for_good_counts_no_correction(browser, garden, lot):
    make_movement(lot, "4")
    path = reverse("gardens:movement_correct", args=[garden.programme.pk, lot.pk])
    told = {"kind": "count", "measured": "5", "reason": "Recompté", "seen": "6"}
    answer = browser.post(path, told | {"on": timezone.localdate().isoformat()})
    assert answer.status_code == 302
    month = reverse("gardens:movement_list", args=[garden.programme.pk, f"{lot.on:%Y-%m}"])
    context = browser.get(month).context
    assert (len(context["totals"]), context["gone"]) == (2, 4)
