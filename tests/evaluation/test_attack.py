"""A committee member who fetches everything they can, to learn what is hidden from them."""

import csv
import io
import re
from datetime import date
from html import unescape
from itertools import product

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from autoprod.core.periods import Period
from beneficiaries.models import Person
from evaluation.results import definitions
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

pytestmark = [pytest.mark.long, pytest.mark.one_engine]

YEAR = Period.year(2015)
SHORTER = [*YEAR.months(), *(Period.quarter(2015, number) for number in (1, 2, 3, 4))]
#: Two neighbourhoods that may be published, three that may not.
SIZES = {"Chasse Royale": 7, "Fg de Paris": 5, "Briquette": 3, "Cambrai": 2, "Cheminots": 1}
PUBLISHED = {"Chasse Royale": 7, "Fg de Paris": 5}
HIDDEN = ("Briquette", "Cambrai", "Cheminots")


@pytest.fixture
def frame(world):
    """Return the garden, with eighteen persons who came in 2015."""
    garden = world.here.garden
    make.make_edition(garden.programme, 2015, target_persons=20)
    levels = ["N_VI"] * 12 + ["N_V"] * 5 + ["N_IV"]
    for name, size in SIZES.items():
        district = make.make_district(garden.territory, name)
        for index in range(size):
            person = people.make_person(garden.programme)
            people.make_identity(person, "F" if index % 3 else "H", born_on=date(1980, 1, 1))
            people.make_situation(
                person,
                "aah" if index == 0 else "rsa",
                on=date(2015, 1, 1),
                district=district,
                education_level=make.code("education_levels", levels.pop()),
            )
            _comes(garden, person, date(2015, 1 + index, 5))
    return garden


def _comes(garden, person, day) -> None:
    session = make.close(make.make_session(garden.programme, garden.site, on=day))
    people.make_attendance(people.enrolment_of(person), session, garden.site)


def doors(frame, period) -> list[str]:
    """Return the addresses of figures of a programme over a period: all of them for the year.

    And for the first of its parts; those that tell the most for the others.
    """
    key = frame.programme.pk

    def at(name, *more):
        return reverse(f"evaluation:{name}", args=[key, period, *more])

    found = [at("dashboard"), at("report_detail"), at("dashboard_export", "csv")]
    if period in SHORTER[1:]:
        return found
    found += [at("figure_list"), at("dashboard_export", "xlsx")]
    return found + [at("figure_detail", words.code) for words in definitions()]


def told(response) -> str:
    """Return what a page, a file or a document says."""
    kind = response["Content-Type"]
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if "pdf" in kind:
        document = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() for page in document.pages]
        return " ".join([*pages, *map(str, (document.metadata or {}).values())])
    if "sheet" in kind:
        book = load_workbook(io.BytesIO(content))
        cells = (cell for sheet in book for row in sheet.values for cell in row)
        return " | ".join(str(cell) for cell in cells if cell is not None)
    text = content.decode("utf-8-sig")
    return text if "csv" in kind else unescape(re.sub(r"<[^>]+>", " ", text))


def fetched(client, addresses) -> dict[str, str]:
    """Return what each address that opens tells."""
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code in {200, 403, 404}, address
        if response.status_code == 200:
            found[address] = told(response)
    return found


def documents(frame) -> list[str]:
    """Return the bilans of a year, a quarter and a month, in both editions."""
    periods = (YEAR, Period.quarter(2015, 1), Period.month(2015, 3))
    return [
        reverse("evaluation:report_pdf", args=[frame.programme.pk, period, edition])
        for period, edition in product(periods, ("comite", "equipe"))
    ]


@pytest.fixture
def seen(frame, client_for) -> dict[str, str]:
    """Return all that the committee member can fetch of the year and of its parts."""
    addresses = [address for period in (YEAR, *SHORTER) for address in doors(frame, period)]
    return fetched(client_for(frame.committee_member), addresses + documents(frame))


def test_the_year_and_its_parts_give_nothing_back(frame, seen):
    of_the_year = {address for address in seen if "/2015/" in address}
    assert len(of_the_year) > 20, "the attack read nothing"
    assert sum(address.endswith(".pdf") for address in seen) == 3, "the team's edition opened"
    names = [word for p in Person.objects.all() for word in (p.first_name, p.last_name)]
    for address, text in seen.items():
        assert not [name for name in names if re.search(rf"\b{name}\b", text)], address
        assert not [label for label in HIDDEN if label in text], address
        if address not in of_the_year:
            assert not [label for label in PUBLISHED if label in text], address


def test_every_door_gives_the_same_table(frame, seen):
    """Two ways of regrouping the same persons would be subtracted from one another."""
    with_districts = [text for text in seen.values() if "Chasse Royale" in text]
    assert len(with_districts) >= 5
    for text in with_districts:
        assert re.search(r"3\s+quartiers", text), text[:400]
        assert not re.search(r"\b[124-9]\s+quartiers", text)


def test_the_published_table_has_several_explanations(frame, client_for):
    """6 persons over three districts of 1 to 4: each of them may still be 1, 2, 3 or 4."""
    path = reverse("evaluation:dashboard_export", args=[frame.programme.pk, YEAR, "csv"])
    text = told(client_for(frame.committee_member).get(path))
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=";") if row]
    numbers = {row[0]: row for row in rows}
    lines = [" ".join(row) for row in rows]
    assert any("Chasse Royale" in line and "7" in line for line in lines), numbers
    rest = sum(SIZES.values()) - sum(PUBLISHED.values())
    assert any("3 quartiers" in line and str(rest) in line for line in lines)
    explanations = [cells for cells in product(range(1, 5), repeat=3) if sum(cells) == rest]
    for place in range(3):
        assert {cells[place] for cells in explanations} == {1, 2, 3, 4}


def test_no_other_window_of_days_opens(frame, client_for):
    """The difference between two windows of a day would be one person's."""
    client = client_for(frame.committee_member)
    window = Period(date(2015, 1, 1), date(2015, 12, 30))
    assert fetched(client, doors(frame, window)) == {}


def test_no_list_opens(frame, client_for):
    client = client_for(frame.committee_member)
    for words in definitions():
        for name, more in (("figure_rows", ()), ("figure_export", ("csv",))):
            args = [frame.programme.pk, YEAR, words.code, *more]
            response = client.get(reverse(f"evaluation:{name}", args=args))
            if words.list_action != "view_budget":
                assert response.status_code in {403, 404}, words.code
