"""Hives: visited in a few taps, treated, honey that waits; declared in the autumn."""

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from gardens.enums import Destination, Origin
from gardens.models import ApiaryDeclaration, Colony, HiveTreatment, HiveVisit, HoneyHarvest
from gardens.services import hives
from gardens.services.movements import Correction, correct
from programmes.access import scope_of
from tests.factories import gardens as grow
from tests.factories.gardens import EVERYTHING
from tests.harness.prints import texts_of
from tests.harness.queries import same_queries


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def leader(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def apiary(garden):
    return grow.make_apiary(garden.programme, garden.site, name="Rucher du Vignoble")


@pytest.fixture
def three(apiary):
    return grow.make_colony(apiary, number="3")


@pytest.fixture
def ten(apiary):
    return grow.make_colony(apiary, number="10")


def url(name, *keys):
    return reverse(f"gardens:{name}", args=keys)


def page_of(browser, path):
    response = browser.get(path)
    assert response.status_code == 200
    return unescape(response.content.decode()).replace("\u00a0", " ")


def take(browser, apiary, *colonies, **fields):
    sent = {"grams": "12,5", "hives": [row.pk for row in colonies], "on": timezone.localdate()}
    return browser.post(url("honey_create", apiary.pk), sent | fields)


def treating(colony, ends_on=None, waiting_days=0):
    """Return a treatment given a month ago."""
    given = timezone.localdate() - timedelta(days=30)
    return grow.make_treatment(colony, starts_on=given, ends_on=ends_on, waiting_days=waiting_days)


def test_a_visit_is_a_few_taps(leader, garden, apiary, three):
    form = leader.get(url("visit_create", three.pk)).context["form"]
    assert form["on"].value() == timezone.localdate()
    sent = {"strength": 4, "queen_seen": "on", "next_in": "14", "on": timezone.localdate()}
    response = leader.post(url("visit_create", three.pk), sent)
    assert response.url == f"{url('apiary_detail', apiary.pk)}#ruche-{three.pk}"
    visit = HiveVisit.objects.get(colony=three)
    assert (visit.strength, visit.queen_seen, visit.eggs_seen) == (4, True, False)
    assert visit.next_on == timezone.localdate() + timedelta(days=14)
    assert visit.noted_by == garden.workshop_leader
    assert "force 4 sur 5" in page_of(leader, response.url)


def test_a_visit_is_not_before_the_hive_nor_to_come(leader, three):
    for on in (three.installed_on - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        page = leader.post(url("visit_create", three.pk), {"strength": 2, "on": on})
        assert "on" in page.context["form"].errors
        assert page.context["form"]["strength"].value() == "2"


def test_the_apiary_tells_each_hive_in_order_and_what_is_due(leader, apiary, ten, three):
    today = timezone.localdate()
    grow.make_visit(three, on=today - timedelta(days=9), strength=2, next_on=today)
    grow.make_visit(ten, on=today - timedelta(days=9), strength=5)
    treating(ten)
    cards = leader.get(url("apiary_detail", apiary.pk)).context["cards"]
    assert [card.colony for card in cards] == [three, ten]
    assert [card.is_due for card in cards] == [True, False]
    assert [bool(card.honey_words) for card in cards] == [False, True]
    assert "1 ruche à visiter" in page_of(leader, "/")


def test_the_apiary_asks_as_much_for_seven_hives_as_for_two(leader, apiary, three, ten):
    def grow_more():
        for _ in range(5):
            colony = grow.make_colony(apiary)
            grow.make_visit(colony, strength=3)
            treating(colony)

    grow.make_visit(three, strength=3)
    same_queries(lambda: leader.get(url("apiary_detail", apiary.pk)), grow_more)


def test_honey_is_a_lot_of_the_ledger(leader, garden, apiary, three, ten):
    response = take(leader, apiary, three, ten, humidity="17,4")
    assert response.url == url("apiary_detail", apiary.pk)
    honey = HoneyHarvest.objects.get(apiary=apiary)
    lot = honey.lot
    assert (lot.origin, lot.product.code, lot.grams) == (Origin.HONEY, "miel", Decimal("12.5"))
    assert (lot.site, lot.balance.left) == (garden.site, Decimal("12.5"))
    assert set(honey.colonies.all()) == {three, ten}
    assert lot.number in page_of(leader, response.url)


def test_honey_sent_twice_is_one_lot_and_what_was_typed_is_kept(leader, apiary, three, ten):
    assert take(leader, apiary, three, ten).status_code == 302
    again = take(leader, apiary, three, ten)
    lot = HoneyHarvest.objects.get(apiary=apiary).lot
    assert lot.number in again.context["form"].errors["grams"][0]
    assert again.context["form"]["grams"].value() == "12,5"
    assert take(leader, apiary, three).status_code == 302, "another hive may weigh as much"


def test_honey_waits_until_the_waiting_time_of_each_hive_is_over(leader, apiary, three, ten):
    today = timezone.localdate()
    treating(ten, ends_on=today - timedelta(days=5), waiting_days=6)
    page = take(leader, apiary, three, ten)
    said = page.context["form"].errors["override_reason"][0]
    assert "ruche\u00a010, pas de miel avant le" in said
    assert page.context["form"]["grams"].value() == "12,5"
    assert not HoneyHarvest.objects.filter(apiary=apiary).exists()
    assert take(leader, apiary, three, override_reason="Inutile").status_code == 302
    assert not HoneyHarvest.objects.get(apiary=apiary).override_reason
    assert take(leader, apiary, ten, override_reason="Miel pour les abeilles").status_code == 302
    kept = HoneyHarvest.objects.filter(apiary=apiary).latest("pk")
    assert kept.override_reason == "Miel pour les abeilles"


def test_the_day_the_waiting_time_ends_honey_may_be_taken():
    dates = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 10)}
    treatment = HiveTreatment(waiting_days=5, **dates)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 14), date(2026, 3, 15)]
    assert [treatment.bars(day) for day in days] == [False, True, True, False]
    treatment.ends_on = None
    assert treatment.bars(date(2027, 1, 1))


def test_a_medicine_is_given_to_several_hives_and_taken_out_at_once(leader, apiary, three, ten):
    form = leader.get(url("treatment_create", apiary.pk)).context["form"]
    assert set(form["hives"].value()) == {three.pk, ten.pk}
    given = timezone.localdate() - timedelta(days=3)
    sent = {"medicine": "Acide formique", "dose": "20 ml", "starts_on": given, "waiting_days": 7}
    sent |= {"hives": [three.pk, ten.pk]}
    assert leader.post(url("treatment_create", apiary.pk), sent).status_code == 302
    rows = HiveTreatment.objects.filter(colony__apiary=apiary)
    assert {row.colony for row in rows} == {three, ten}
    early = {"treatments": [row.pk for row in rows], "on": given - timedelta(days=1)}
    assert "on" in leader.post(url("treatment_end", apiary.pk), early).context["form"].errors
    assert leader.post(url("treatment_end", apiary.pk), early | {"on": given}).status_code == 302
    assert {row.ends_on for row in rows.all()} == {given}


def test_a_treatment_noted_late_tells_of_the_honey_taken_meanwhile(leader, apiary, three, ten):
    today = timezone.localdate()
    for colony in (three, ten):
        take(leader, apiary, colony)
    lots = [row.lot.number for row in HoneyHarvest.objects.filter(apiary=apiary).order_by("pk")]
    sent = {"medicine": "Acide formique", "dose": "20 ml", "waiting_days": 3, "hives": [three.pk]}
    sent |= {"starts_on": today - timedelta(days=2), "ends_on": today - timedelta(days=1)}
    page = leader.post(url("treatment_create", apiary.pk), sent, follow=True).content.decode()
    assert f"rappeler le lot {lots[0]}." in page
    sent |= {"hives": [ten.pk], "waiting_days": 1}
    page = leader.post(url("treatment_create", apiary.pk), sent, follow=True).content.decode()
    assert "rappeler le lot" not in page


def test_a_colony_ends_with_a_reason_and_its_hive_is_free(leader, apiary, three):
    version = {"version": three.version}
    page = leader.post(url("colony_end", three.pk), version)
    assert set(page.context["form"].errors) == {"ended_on", "end"}
    sent = {"ended_on": timezone.localdate(), "end": "dead"} | version
    assert leader.post(url("colony_end", three.pk), sent).status_code == 302
    again = {"number": "3", "installed_on": timezone.localdate()}
    assert leader.post(url("colony_create", apiary.pk), again).status_code == 302
    page = leader.post(url("colony_create", apiary.pk), again)
    assert "Une colonie occupe déjà cette ruche." in page.context["form"].errors["number"]


def test_a_colony_with_a_history_stays_in_the_register(leader, three):
    grow.make_visit(three)
    leader.post(url("colony_delete", three.pk))
    assert Colony.objects.filter(pk=three.pk).exists()


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 31), 2026),
        (date(2027, 2, 1), None),
    ],
)
def test_the_autumn_asks_for_the_declaration(apiary, three, on, year):
    assert hives.declared_year(on) == year
    assert (apiary in hives.undeclared(EVERYTHING, on)) == (year is not None)
    if year:
        grow.make_declaration(apiary, year=year, declared_on=date(year, 10, 1))
        assert apiary not in hives.undeclared(EVERYTHING, on)


def test_the_home_page_reminds_with_the_count_until_declared(
    leader, apiary, three, ten, monkeypatch
):
    monkeypatch.setattr(hives.timezone, "localdate", lambda: date(2030, 11, 23))
    page = page_of(leader, "/")
    assert "Déclarer les ruches : Rucher du Vignoble" in page
    assert "2 colonies vivantes" in page
    assert "J-38" in page
    form = leader.get(url("declaration_create", apiary.pk)).context["form"]
    assert (form["year"].value(), form["colony_count"].value()) == (2030, 2)
    sent = {"year": 2030, "declared_on": "2030-08-31", "colony_count": 2}
    page = leader.post(url("declaration_create", apiary.pk), sent)
    assert "s’ouvre le" in page.context["form"].errors["declared_on"][0]
    sent["declared_on"] = "2030-11-23"
    assert leader.post(url("declaration_create", apiary.pk), sent).status_code == 302
    assert ApiaryDeclaration.objects.get(apiary=apiary).colony_count == 2
    assert "Rucher du Vignoble" not in page_of(leader, "/")


def test_the_register_prints_five_years(leader, garden, apiary, three, ten):
    today = timezone.localdate()
    grow.make_visit(three, on=today, strength=4, noted_by=garden.workshop_leader)
    grow.make_visit(ten, on=today - timedelta(days=7 * 366), note="Trop ancienne")
    for colony in (three, ten):
        grow.make_treatment(
            colony, starts_on=today, prescription="Ordonnance 12", ends_on=None, waiting_days=9
        )
    hives.harvest_honey(
        scope=scope_of(garden.workshop_leader),
        taking=hives.Taking(apiary, today, Decimal("8.4"), [three], reason="Pour analyse"),
    )
    text = " ".join(texts_of(leader.get(url("apiary_register", apiary.pk)).content))
    for words in ("Ordonnance 12", "3, 10", "8,4", "Pour analyse", "force 4", "Entrée le"):
        assert words in text.replace("\u00a0", " ")
    assert "Trop ancienne" not in text


def test_honey_weighed_again_counts_for_its_true_weight(leader, garden, apiary, three):
    take(leader, apiary, three)
    honey = HoneyHarvest.objects.get(apiary=apiary)
    again = Correction(
        kind=Destination.WEIGHING,
        measured=Decimal(11),
        seen=Decimal("12.5"),
        on=timezone.localdate(),
        reason="Balance mal réglée",
    )
    correct(scope=scope_of(garden.workshop_leader), lot=honey.lot_id, correction=again)
    assert "11 kg (pesé 12,5 kg)" in page_of(leader, url("apiary_detail", apiary.pk))
    text = " ".join(texts_of(leader.get(url("apiary_register", apiary.pk)).content))
    assert "11 kg (pesé 12,5 kg)" in " ".join(text.replace("\u00a0", " ").split())
