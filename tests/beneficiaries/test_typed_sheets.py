"""A paper sheet typed back: letters, hours and sites read, faults told, nothing written twice."""

from datetime import date

import pytest
from django.urls import reverse

from autoprod.core.periods import instant_at
from beneficiaries.enums import Presence
from beneficiaries.models import Attendance
from beneficiaries.services.attendance import Tap
from beneficiaries.services.typed_sheets import SIGNED, Typed, type_in
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import presence as plans
from tests.factories import programmes as make

MONDAY = date(2026, 3, 16)


@pytest.fixture
def sites(garden):
    names = (("Blaise Pascal", "Bl. Pascal"), ("Le Rôleur", "Rôleur"), ("Le Vignoble", "Vignoble"))
    return [
        make.make_site(garden.territory, garden.programme, name=name, short_name=short)
        for name, short in names
    ]


@pytest.fixture
def session(garden, sites):
    return make.make_session(garden.programme, *sites, on=MONDAY)


@pytest.fixture
def crowd(garden):
    names = ("Abadie", "Bernard", "Colin", "Diallo", "Esposito")
    found = [people.make_person(garden.programme, "Camille", name) for name in names]
    return [people.enrolment_of(person) for person in found]


def page(session):
    return reverse("beneficiaries:attendance_typing", args=[session.pk])


def send(browser, session, *lines):
    """Send lines (enrolment, presence, site) typed over what the page shows."""
    shown = browser.get(page(session)).context["sheet"].lines
    data = {}
    for line in shown:
        data |= {f"presence_{line.key}": line.presence, f"site_{line.key}": line.site}
        data |= {f"was_{line.key}": line.was, f"version_{line.key}": line.version}
    for enrolment, presence, *site in lines:
        data[f"presence_{enrolment.pk}"] = presence
        if site:
            data[f"site_{enrolment.pk}"] = site[0]
    return data, browser.post(page(session), data)


def stored(session):
    rows = Attendance.objects.filter(session=session).select_related("site", "reason")
    return {
        row.enrolment_id: (
            row.status,
            row.site.short_name,
            row.starts_at.astimezone(session.zone).strftime("%H:%M"),
            row.ends_at.astimezone(session.zone).strftime("%H:%M"),
            row.reason.code if row.reason else "",
        )
        for row in rows
    }


def test_a_sheet_is_typed_in_letters_hours_and_initials(leader, session, crowd, sites):
    a, b, c, d, e = crowd
    lines = [(a, "p", "r"), (b, "9h30", "3"), (c, "E 2"), (d, "abs", "le rô"), (e, "0930-11h", "V")]
    data, answer = send(leader, session, *lines)
    assert answer.status_code == 302
    told = {
        a.pk: (Presence.PRESENT, "Rôleur", "08:00", "12:00", ""),
        b.pk: (Presence.PRESENT, "Vignoble", "09:30", "12:00", ""),
        c.pk: (Presence.EXCUSED, "Bl. Pascal", "08:00", "12:00", "administratif"),
        d.pk: (Presence.ABSENT, "Rôleur", "08:00", "12:00", ""),
        e.pk: (Presence.PRESENT, "Vignoble", "09:30", "11:00", ""),
    }
    assert stored(session) == told
    # What is stored is shown as it would be typed, so that it is read the same again.
    shown = leader.get(page(session)).context["sheet"]
    words = {line.key: line.shown for line in shown.lines}
    assert words[str(b.pk)] == ("9h30", "Vignoble")
    assert words[str(c.pk)] == ("E2", "Bl. Pascal")
    assert words[str(e.pk)] == ("9h30-11h", "Vignoble")
    # The same page sent twice: nothing more, nothing else.
    before = list(Attendance.objects.order_by("pk").values_list("pk", "version"))
    assert leader.post(page(session), data).status_code == 302
    assert list(Attendance.objects.order_by("pk").values_list("pk", "version")) == before


def test_a_line_at_fault_stays_typed_while_the_others_are_saved(leader, session, crowd, garden):
    a, b, c, d, e = crowd
    elsewhere = make.make_session(garden.programme, garden.site, on=MONDAY, title="Ruches")
    people.make_attendance(c, elsewhere, garden.site)
    signed = plans.make_statement(e, MONDAY.replace(day=1))
    plans.sign(signed)
    lines = [(a, "p"), (b, "7h"), (c, "p"), (d, "xyz", "Q"), (e, "p")]
    _, answer = send(leader, session, *lines)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "1 ligne enregistrée, 3 lignes à revoir" in text.replace("\u00a0", " ")
    assert set(stored(session)) == {a.pk}
    shown = {line.key: line for line in answer.context["sheet"].lines}
    assert "en dehors" in shown[str(b.pk)].fault
    assert "Ruches" in shown[str(c.pk)].fault
    assert "Aucun site" in shown[str(d.pk)].fault
    assert shown[str(d.pk)].shown == ("xyz", "Q")
    # The signed month offers no field, and a forged one is not heard.
    assert shown[str(e.pk)].is_kept
    assert f'name="presence_{e.pk}"' not in text
    # Corrected and sent again: what was saved is not touched.
    line = Attendance.objects.get(enrolment=a)
    send(leader, session, (b, "8h30"), (d, "a", "B"))
    assert set(stored(session)) == {a.pk, b.pk, d.pk}
    line.refresh_from_db()
    assert line.version == 1


def test_a_month_signed_meanwhile_is_not_written(session, crowd, garden):
    a, b, *_ = crowd
    plans.sign(plans.make_statement(a, MONDAY.replace(day=1)))
    taps = [Tap(Presence.PRESENT, session.sites.first(), version=0) for _ in range(2)]
    outcome = type_in(
        scope=scope_of(garden.workshop_leader),
        session=session,
        lines=[Typed(one.pk, tap, 0) for one, tap in zip((b, a), taps, strict=True)],
    )
    assert outcome.saved == [b.pk]
    assert outcome.faults == {a.pk: SIGNED}


def test_what_another_device_changed_meanwhile_is_told_and_what_is_untouched_stays(
    leader, session, crowd, sites
):
    a, b, *_ = crowd
    people.make_attendance(b, session, sites[0])
    data, _ = send(leader, session)
    people.make_attendance(a, session, sites[1], Presence.ABSENT)
    Attendance.objects.filter(enrolment=b).update(site=sites[1], version=2)
    # Typed over a line that somebody else ticked; the other one nobody typed.
    answer = leader.post(page(session), data | {f"presence_{a.pk}": "p"})
    shown = {line.key: line for line in answer.context["sheet"].lines}
    assert "autre appareil" in shown[str(a.pk)].fault
    assert not shown[str(b.pk)].fault
    assert {key: row[:2] for key, row in stored(session).items()} == {
        a.pk: (Presence.ABSENT, "Rôleur"),
        b.pk: (Presence.PRESENT, "Rôleur"),
    }
    # An emptied line is to be ticked again.
    send(leader, session, (b, ""))
    assert set(stored(session)) == {a.pk}


def test_who_is_not_on_the_list_is_added_by_name(leader, session, sites, garden):
    person = people.make_person(garden.programme, "Ulysse", "Zélande")
    paused = people.enrolment_of(person)
    paths.make_suspension(paused, starts_on=MONDAY, ends_on=MONDAY)
    added = {"name_plus-1": "zelande ulysse", "presence_plus-1": "p", "site_plus-1": "v"}
    wrong = {"name_plus-2": "Zélande U", "presence_plus-2": "p", "presence_plus-3": "a"}
    answer = leader.post(page(session), added | wrong)
    assert stored(session)[paused.pk][:2] == (Presence.PRESENT, "Vignoble")
    shown = {line.key: line for line in answer.context["sheet"].added}
    assert not shown["plus-1"].name
    assert shown["plus-2"].name == "Zélande U"
    assert "inscrivez-la" in shown["plus-2"].fault
    assert "nom" in shown["plus-3"].fault


@pytest.mark.parametrize("typed", ["12h-9h", "25h", "p3", "e9", "9h3", "--"])
def test_what_cannot_be_read_is_refused(leader, session, crowd, typed):
    _, answer = send(leader, session, (crowd[0], typed))
    assert answer.status_code == 200
    assert answer.context["sheet"].lines[0].fault or answer.context["sheet"].faulty
    assert not Attendance.objects.filter(session=session).exists()


def test_hours_of_a_night_are_after_midnight(leader, garden, sites, crowd):
    night = make.make_session(garden.programme, sites[0], on=MONDAY, hours=("22:00", "23:59"))
    night.ends_at = instant_at(date(2026, 3, 17), make.at(MONDAY, "02:00").time(), night.zone)
    night.save()
    send(leader, night, (crowd[0], "23h-1h"))
    line = Attendance.objects.get(session=night)
    assert line.minutes == 120


def test_a_closed_session_is_not_typed(leader, session, crowd):
    make.close(session)
    answer = leader.post(page(session), {f"presence_{crowd[0].pk}": "p"}, follow=True)
    assert "n’est pas ouverte au pointage" in answer.content.decode()
    assert not Attendance.objects.filter(session=session).exists()
