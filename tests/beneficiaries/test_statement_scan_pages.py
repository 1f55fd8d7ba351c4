"""Pages of scanned stacks: uploaded, followed, and their doubtful pages decided by hand."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from autoprod.core.periods import Period
from autoprod.core.scans import Stack
from autoprod.jobs import running
from autoprod.jobs.models import Job
from beneficiaries.enums import PageState
from beneficiaries.forms import statement_scans as forms
from beneficiaries.models import StatementFile, StatementScan, StatementScanPage
from beneficiaries.services.statement_codes import new_code
from tests.beneficiaries import scanned
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.harness.queries import same_queries

pytestmark = pytest.mark.django_db
MARCH = Period.month(2016, 3)


@pytest.fixture
def upload_url(garden):
    return reverse("beneficiaries:statement_scan_create", args=[garden.programme.pk, MARCH])


def signed(garden):
    """Return a statement noted signed before its scan came."""
    person = people.make_person(garden.programme, "Karim", "Diallo")
    statement = plans.make_statement(people.enrolment_of(person), MARCH.start, code=new_code())
    return plans.sign(statement, date(2016, 4, 4))


def url(name: str, row) -> str:
    return reverse(f"beneficiaries:{name}", args=[row.pk])


def photo(picture, kind: str = "JPEG") -> SimpleUploadedFile:
    output = BytesIO()
    picture.save(output, kind)
    return SimpleUploadedFile(f"photo.{kind.lower()}", output.getvalue())


def test_a_stack_is_uploaded_followed_and_its_doubtful_page_filed_by_hand(
    garden, browser, upload_url
):
    read, damaged = signed(garden), signed(garden)
    content = scanned.stacked([scanned.printed(read.code), scanned.blank()])
    posted = {"document": scanned.sent(content), "signed_on": "2016-04-04"}
    answer = browser.post(upload_url, posted)
    scan = StatementScan.objects.get(programme=garden.programme, page_count=2)
    assert answer.url == url("statement_scan_detail", scan)
    with scan.file.open("rb") as file:
        assert file.read() == content

    page = browser.get(answer.url).content.decode()
    assert 'hx-trigger="every 2s"' in page
    running.run_now(Job.objects.get(kwargs={"scan": scan.pk}).pk, "test")
    page = browser.get(answer.url).content.decode()
    assert "every 2s" not in page
    assert "Karim Diallo" in page
    assert "Aucun code lisible" in page

    blank = StatementScanPage.objects.get(scan=scan, state=PageState.DOUBTFUL)
    picture = browser.get(url("statement_page_picture", blank))
    assert picture["Cache-Control"] == "private, no-store"
    assert max(Image.open(BytesIO(picture.content)).size) == 1400
    choices = browser.get(url("statement_page_detail", blank)).context["form"].fields["statement"]
    assert damaged in choices.queryset
    assert read not in choices.queryset

    refused = browser.post(url("statement_page_detail", blank), {"statement": read.pk})
    assert refused.context["form"].errors.keys() == {"statement"}
    answer = browser.post(url("statement_page_detail", blank), {"statement": damaged.pk})
    assert answer.url == url("statement_scan_detail", scan)
    assert StatementFile.objects.filter(statement=damaged, kind="scanned").count() == 1
    browser.post(url("statement_page_back", blank))
    assert not StatementFile.objects.filter(statement=damaged, kind="scanned").exists()

    refused = browser.post(url("statement_page_aside", blank), {"words": ""})
    assert refused.context["words"].errors
    browser.post(url("statement_page_aside", blank), {"words": "Page de garde"})
    blank.refresh_from_db()
    assert (blank.state, blank.found) == (PageState.SET_ASIDE, "Page de garde")


def test_photographs_and_pdfs_come_one_behind_the_other(garden, browser, upload_url):
    row = signed(garden)
    sheets = [photo(scanned.blank(), "PNG"), scanned.sent(), photo(scanned.printed(row.code))]
    browser.post(upload_url, {"document": sheets, "signed_on": "2016-04-04"})
    scan = StatementScan.objects.get(programme=garden.programme, page_count=3)
    running.run_now(Job.objects.get(kwargs={"scan": scan.pk}).pk, "test")
    filed = StatementScanPage.objects.get(scan=scan, state=PageState.FILED)
    assert (filed.number, filed.file.statement_id) == (3, row.pk)
    with filed.file.file.open("rb") as file, Stack(file) as stack:
        assert len(stack) == 1


def test_what_is_no_stack_is_refused_beside_its_field(browser, upload_url, monkeypatch):
    monkeypatch.setattr(forms, "MAX_PAGES", 1)
    monkeypatch.setattr(forms, "MAX_PHOTOS", 1)
    two = scanned.stacked([scanned.blank()] * 2)
    refused = {
        "Choisissez un PDF": SimpleUploadedFile("notes.txt", b"bonjour"),
        "abîmé": scanned.sent(b"%PDF-1.7\n%%EOF\n"),
        "dépasse 1 pages": scanned.sent(two),
        "1 photos au plus": [photo(scanned.blank()), photo(scanned.blank())],
    }
    for words, document in refused.items():
        form = browser.post(upload_url, {"document": document}).context["form"]
        assert words in str(form.errors["document"]), words
    monkeypatch.setattr(forms, "MAX_SIZE", 100)
    form = browser.post(
        upload_url, {"document": scanned.sent(), "signed_on": "2100-01-01"}
    ).context["form"]
    assert "dépasse 60" in str(form.errors["document"])
    assert "à venir" in str(form.errors["signed_on"])
    missing = browser.post(upload_url, {}).context["form"].errors["document"]
    assert "photos de la pile" in str(missing)


def test_stacks_and_their_pages_are_read_in_as_many_queries_whatever_their_number(garden, browser):
    def grow() -> None:
        for number in range(2, 7):
            plans.make_scan(garden.programme)
            page(number)

    def page(number: int) -> None:
        row = signed(garden)
        kept = plans.make_statement_file(row)
        StatementScanPage.objects.create(scan=garden.scan, number=number, state="filed", file=kept)

    page(8)
    arguments = [garden.programme.pk, MARCH]
    stacks = reverse("beneficiaries:statement_scan_list", args=arguments)
    stack = url("statement_scan_detail", garden.scan)
    same_queries(lambda: (browser.get(stacks), browser.get(stack)), grow)


def test_a_stack_whose_reading_stopped_is_read_again_by_anybody_of_the_team(garden, leader):
    row = signed(garden)
    scan = scanned.kept(garden.programme, scanned.stacked([scanned.printed(row.code)]))
    assert "Lire la pile" in leader.get(url("statement_scan_detail", scan)).content.decode()
    leader.post(url("statement_scan_read", scan))
    running.run_now(Job.objects.get(kwargs={"scan": scan.pk}).pk, "test")
    assert StatementScanPage.objects.get(scan=scan).state == PageState.FILED
