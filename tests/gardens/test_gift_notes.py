"""Gift notes: numbered, of what stands that day, signed by both, and the statement of the year."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from gardens.enums import Destination
from gardens.models import GiftNote, GiftNoteFile
from gardens.services.gift_notes import issue, to_write, year_of
from tests.factories.gardens import EVERYTHING, make_lot, make_movement, product
from tests.factories.programmes import LONG_AGO, make_organisation
from tests.gardens.larder import cancel
from tests.harness.clients import log_in
from tests.harness.prints import text_of
from tests.harness.queries import same_queries

pytestmark = pytest.mark.django_db
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def charity(garden):
    return make_organisation(garden.territory, "Secours", city="Valenciennes")


@pytest.fixture
def browser(garden):
    return log_in(garden.workshop_leader)


def give(garden, charity, grams="1", **fields):
    lot = fields.pop("lot", None) or make_lot(garden.programme, garden.site, "20")
    given = {"destination": Destination.ORGANISATION, "organisation": charity}
    return make_movement(lot, grams, **given | fields)


def written(garden, charity, on=LONG_AGO) -> GiftNote:
    values = {"programme": garden.programme, "organisation": charity, "on": on}
    return issue(scope=EVERYTHING, **values)


def test_a_note_holds_what_stands_of_its_day_once(garden, charity):
    kept = [give(garden, charity, "2"), give(garden, charity, "3")]
    cancel(give(garden, charity, "4"))
    give(garden, make_organisation(garden.territory))
    give(garden, charity, on=LONG_AGO + timedelta(days=1))
    note = written(garden, charity)
    assert note.number == "2015-0001"
    assert set(note.movements.all()) == set(kept)
    with pytest.raises(ValidationError, match="Rien n’a été donné"):
        written(garden, charity)
    give(garden, charity, "5")
    assert written(garden, charity).number == "2015-0002"
    left_out = {
        (one.organisation, one.on, one.grams) for one in to_write(EVERYTHING, garden.programme)
    }
    assert (charity, LONG_AGO + timedelta(days=1), 1) in left_out
    assert (charity, LONG_AGO) not in {(one[0], one[1]) for one in left_out}


def test_a_note_is_prepared_printed_signed_and_kept(browser, garden, charity):
    wrong = give(garden, charity, "2.5", note="Cagettes")
    give(garden, charity, "1")
    path = reverse("gardens:gift_note_issue", args=[garden.programme.pk])
    answer = browser.post(path, {"organisation": charity.pk, "on": LONG_AGO.isoformat()})
    note = GiftNote.objects.latest("pk")
    cancel(wrong)
    page = browser.get(answer.url)
    assert "a été annulée depuis" in page.content.decode()
    arguments = [garden.programme.pk, note.pk]
    text = text_of(browser.get(reverse("gardens:gift_note_pdf", args=arguments)).content)
    for words in ("Bon de don n° 2015-0001", "Secours", "Cagettes", "annulé", "En tout 1 kg"):
        assert words in " ".join(text.replace("\u00a0", " ").split())
    sign = reverse("gardens:gift_note_sign", args=arguments)
    today = timezone.localdate()
    for day in (today + timedelta(days=1), LONG_AGO - timedelta(days=1)):
        refused = browser.post(sign, {"signed_on": day.isoformat()})
        assert list(refused.context["form"].errors) == ["signed_on"]
    for _ in range(2):
        scan = SimpleUploadedFile("bon.pdf", _PDF, "application/pdf")
        browser.post(sign, {"signed_on": today.isoformat(), "document": scan})
    note.refresh_from_db()
    assert note.signed_on == today
    assert GiftNoteFile.objects.filter(note=note).count() == 1


def test_the_year_of_an_organisation_is_by_product(browser, garden, charity):
    courgettes = make_lot(garden.programme, garden.site, "9", product=product("courgette"))
    give(garden, charity, "2")
    give(garden, charity, "1.5")
    give(garden, charity, "4", lot=courgettes)
    cancel(give(garden, charity, "3"))
    year = Period.year(LONG_AGO.year)
    rows = year_of(EVERYTHING, garden.programme, charity, year)
    assert [(row["product"], row["grams"], row["gifts"]) for row in rows] == [
        ("Courgette", 4, 1),
        ("Pain", Decimal("3.5"), 1),
    ]
    path = reverse("gardens:gift_statement", args=[garden.programme.pk, year, charity.pk])
    text = text_of(browser.get(path).content).replace("\u00a0", " ")
    assert "7,5 kg" in text


def test_the_list_reads_as_much_for_seven_notes_as_for_two(browser, garden, charity):
    give(garden, charity, on=LONG_AGO + timedelta(days=9))

    def grow():
        for number in range(5):
            on = LONG_AGO + timedelta(days=number)
            other = make_organisation(garden.territory)
            give(garden, other, on=on)
            written(garden, other, on)
            give(garden, charity, on=on)

    same_queries(
        lambda: browser.get(reverse("gardens:gift_note_list", args=[garden.programme.pk])), grow
    )
