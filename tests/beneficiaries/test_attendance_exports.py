"""The exports of presences: a line each, and the table of a month; declared and signed apart."""

import csv
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Presence
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

MONDAY, TUESDAY, AFTER = date(2016, 3, 14), date(2016, 3, 15), date(2016, 4, 4)


def read(browser, garden, name, period="2016-03", kind="csv"):
    """Return the rows of a file, each by the names of its columns."""
    path = reverse(f"beneficiaries:{name}", args=[garden.programme.pk, period, kind])
    response = browser.get(path)
    assert response.status_code == 200
    assert "Dupont" not in response.headers["Content-Disposition"]
    lines = response.content.decode("utf-8-sig").splitlines()
    told = [line for line in lines if not line.startswith(("#", '"#'))]
    return list(csv.DictReader(told, delimiter=";"))


@pytest.fixture
def month(garden, world):
    """A month of Karim, signed, and of Léa, who has not signed; somebody of another programme."""
    greenhouse = make.make_site(garden.territory, garden.programme, name="La serre")
    karim = people.enrolment_of(people.make_person(garden.programme, "Karim", "Dupont"))
    lea = people.enrolment_of(people.make_person(garden.programme, "Léa", "=Martin"))
    monday, tuesday, april = (
        make.make_session(garden.programme, garden.site, greenhouse, on=day)
        for day in (MONDAY, TUESDAY, AFTER)
    )
    people.make_attendance(karim, monday, garden.site)
    people.make_attendance(lea, monday, greenhouse, starts_at=make.at(MONDAY, "11:40"))
    people.make_attendance(karim, tuesday, greenhouse)
    reason = make.code("absence_reasons", "transport")
    people.make_attendance(lea, tuesday, garden.site, Presence.EXCUSED, reason=reason)
    people.make_attendance(karim, april, garden.site)
    make.close(monday)
    make.close(april)
    plans.sign(plans.make_statement(karim, MONDAY.replace(day=1)), AFTER)
    kitchen = world.here.kitchen
    there = people.enrolment_of(people.make_person(kitchen.programme, "Autre", "Ailleurs"))
    session = make.make_session(kitchen.programme, kitchen.site, on=MONDAY)
    people.make_attendance(there, session, kitchen.site)
    return karim, lea


def test_each_line_says_who_when_where_how_long_and_whether_it_is_signed(leader, garden, month):
    rows = read(leader, garden, "attendance_export")
    # The month, the programme: neither April nor the kitchen.
    assert len(rows) == 4
    karim, lea, later, excused = rows
    told = ("Nom", "Jour", "Nature", "Site", "De", "À", "Minutes", "Présence", "Motif")
    assert [karim[name] for name in told] == [
        *("Dupont", "2016-03-14", "Culture maraîchère", garden.site.name),
        *("08:00", "12:00", "240", "Présent", ""),
    ]
    assert (karim["Séance clôturée"], karim["État signé"]) == ("oui", "oui")
    assert (lea["Nom"], lea["De"], lea["Minutes"]) == ("'=Martin", "11:40", "20")
    assert (lea["Séance clôturée"], lea["État signé"]) == ("oui", "non")
    assert later["Séance clôturée"] == "non"
    told = ("Présence", "Motif", "De", "Minutes")
    assert [excused[name] for name in told] == ["Excusé", "Transport", "", "0"]
    event = AuditEvent.objects.get(verb=Verb.EXPORT)
    assert event.object_label.replace("\u00a0", " ") == "Présences : 4 lignes"


def test_the_table_of_a_month_has_days_sites_declared_and_signed_hours(leader, garden, month):
    rows = read(leader, garden, "attendance_month_export")
    karim, lea = rows
    # Tuesday is not closed yet: its column is there, empty.
    assert (karim["14/03/2016"], karim["15/03/2016"]) == ("4,00", "")
    assert (karim[garden.site.name], karim["La serre"]) == ("4,00", "")
    assert (karim["Heures déclarées"], karim["Heures signées"]) == ("4,00", "4,00")
    assert (lea["La serre"], lea["Heures déclarées"], lea["Heures signées"]) == (
        *("0,33", "0,33"),
        "0,00",
    )
    assert (lea["Absences excusées"], lea["Absences"]) == ("1", "0")
    assert AuditEvent.objects.filter(verb=Verb.EXPORT).count() == 1


def test_the_table_opens_in_a_spreadsheet_and_a_year_has_none(leader, garden, month):
    path = reverse(
        "beneficiaries:attendance_month_export", args=[garden.programme.pk, "2016-03", "xlsx"]
    )
    sheet = load_workbook(BytesIO(leader.get(path).content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in rows if row[0] == "Inscription")
    assert header[-4:] == ["Heures déclarées", "Heures signées", "Absences excusées", "Absences"]
    assert rows[-2][header.index("Heures déclarées")] == 4
    assert leader.get(path.replace("2016-03", "2016")).status_code == 404
    assert leader.get(path.replace("xlsx", "ods")).status_code == 404


def test_the_page_of_presences_leads_to_the_sheets_and_the_files(leader, garden, month):
    page = leader.get(
        reverse("beneficiaries:attendance_list", args=[garden.programme.pk, "2016-03"])
    ).content.decode()
    for name, end in (
        ("attendance_table", []),
        ("attendance_export", ["csv"]),
        ("attendance_month_export", ["xlsx"]),
    ):
        address = reverse(f"beneficiaries:{name}", args=[garden.programme.pk, "2016-03", *end])
        assert f'href="{address}"' in page
