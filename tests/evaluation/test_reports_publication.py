"""Published bilans: frozen bytes, numbered versions, what changed since."""

import io
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from autoprod.core.fingerprints import fingerprint
from evaluation.documents.reports import Subject, draft_of
from evaluation.enums import Audience
from evaluation.models import Report
from evaluation.services import reports as services
from evaluation.services.reports import differences, is_intact, publish
from programmes.access import scope_of
from programmes.models import Budget
from tests.evaluation.bilans import MARCH, YEAR, build_year, words_of
from tests.factories import beneficiaries as people
from tests.factories import evaluation as bilans
from tests.factories import programmes as make

pytestmark = pytest.mark.long


@pytest.fixture
def manager(frame, client_for):
    return client_for(frame.programme_manager)


def publish_now(frame, period=MARCH, number=1, reason=""):
    """Return the bilans (team, committee) that the manager publishes."""
    return publish(
        scope=scope_of(frame.programme_manager),
        programme=frame.programme,
        period=period,
        number=number,
        reason=reason,
    )


def draft(frame, audience=Audience.INTERNAL, role="programme_manager", period=MARCH):
    scope = scope_of(getattr(frame, role))
    return draft_of(Subject(scope, frame.programme, period, audience))


def page(frame, period=MARCH) -> str:
    return reverse("evaluation:report_detail", args=[frame.programme.pk, period])


def send(browser, path, **data):
    """Send the publication form of a page, with the version it shows."""
    form = browser.get(path).context["form"]
    return browser.post(path, {"number": form.version, **data})


def download(browser, report):
    return browser.get(f"/bilans/{report.pk}/")


def status_of(user, report, client_for) -> int:
    """Return what the document answers somebody, read to its end."""
    answer = download(client_for(user), report)
    if answer.streaming:
        assert bytes_of(answer)
    return answer.status_code


def bytes_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_both_editions_are_published_at_once(frame, march, manager):
    bilans.make_note(frame.programme, MARCH, "Les semis.")
    answer = send(manager, f"{page(frame)}publier/")
    assert answer.url == page(frame)
    team, committee = Report.objects.filter(starts_on=MARCH.start).order_by("-audience")
    assert (team.audience, committee.audience) == (Audience.INTERNAL, Audience.DIFFUSION)
    for report in (team, committee):
        assert (report.number, report.note, report.reason) == (1, "Les semis.", "")
        assert report.fingerprint == fingerprint(report.figures)
        assert is_intact(report)
    assert team.figures["figures"]["period"]["hours"]["text"] == "28\u00a0h"
    with team.file.open("rb") as stored:
        text = words_of(stored.read())
    assert "Édition équipe, usage interne. Figé le " in text
    assert f"{team.fingerprint[:4]} {team.fingerprint[4:]}" in text
    events = AuditEvent.objects.filter(object_kind="evaluation.report", verb="document")
    assert events.count() == 2


def test_what_was_published_is_served_byte_for_byte_whatever_comes_after(
    frame, march, manager, client_for
):
    _, committee = publish_now(frame)
    browser = client_for(frame.committee_member)
    before = bytes_of(download(browser, committee))
    make.close(march["late"])
    bilans.make_note(frame.programme, MARCH, "Écrit plus tard.")
    answer = download(browser, committee)
    assert bytes_of(answer) == before
    assert words_of(before).count("28 h")
    assert "bilan-jardin-de-valenciennes-2016-03-comite.pdf" in answer["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="read", object_key=str(committee.pk)).count() == 2


def test_the_page_says_what_changed_since(frame, march, manager):
    publish_now(frame)
    text = manager.get(page(frame)).content.decode()
    assert "depuis, aucun chiffre n’a changé." in text
    make.close(march["late"])
    text = manager.get(page(frame)).content.decode()
    found = [(d.label, d.old, d.new) for d in manager.get(page(frame)).context["changes"]]
    assert found == [
        ("Heures de présence", "28\u00a0h", "32\u00a0h"),
        (f"Heures de présence · {march['site'].name}", "24\u00a0h", "28\u00a0h"),
        ("Séances tenues", "2", "3"),
        ("Ateliers tenus", "1", "2"),
        ("Séances prévues à clôturer", "1", "0"),
    ]
    assert "depuis, 5\u00a0chiffres ont changé." in text


def test_a_changed_text_is_told_too(frame, march, manager):
    publish_now(frame)
    assert not manager.get(page(frame)).context["is_note_changed"]
    bilans.make_note(frame.programme, MARCH)
    assert "Le texte a été modifié depuis." in manager.get(page(frame)).content.decode()


def test_the_committee_compares_its_own_edition(frame, march, client_for):
    """Six present, then five, then four: for the committee, six, five, and « moins de 5 »."""
    publish_now(frame)
    browser = client_for(frame.committee_member)
    assert "Édition équipe" not in browser.get(page(frame)).content.decode()
    for stay in march["stays"][2:4]:
        stay.part = "volunteer"
        stay.save()
    found = {(d.label, d.old, d.new) for d in browser.get(page(frame)).context["changes"]}
    assert ("Personnes touchées", "6", "moins de 5") in found


def test_amounts_frozen_in_a_bilan_stay_with_who_reads_budgets(frame, client_for):
    build_year(frame)
    team, committee = publish_now(frame, YEAR)
    make.make_line(Budget.objects.get(edition__label="2015"), "74_etat", 50)
    for role, report, status in [
        ("programme_manager", team, 200),
        ("committee_member", committee, 200),
        ("committee_member", team, 404),
        ("social_worker", team, 404),
        ("workshop_leader", committee, 404),
        ("workshop_leader", team, 404),
    ]:
        assert status_of(getattr(frame, role), report, client_for) == status, role
    answer = client_for(frame.social_worker).get(page(frame, YEAR))
    assert answer.status_code == 200
    assert "€" not in answer.content.decode()
    assert client_for(frame.committee_member).get(page(frame, YEAR)).context["changes"]


def test_a_month_is_open_to_each_reader_of_its_edition(frame, march, client_for):
    team, committee = publish_now(frame)
    assert status_of(frame.social_worker, team, client_for) == 200
    assert status_of(frame.workshop_leader, team, client_for) == 404
    assert status_of(frame.workshop_leader, committee, client_for) == 200
    assert status_of(frame.network_coordinator, committee, client_for) == 200


def test_a_second_version_has_a_reason_and_leaves_the_first(frame, march, manager):
    first = publish_now(frame)[0]
    make.close(march["late"])
    path = f"{page(frame)}publier/"
    answer = send(manager, path, reason=" ")
    assert answer.context["form"].errors["reason"]
    send(manager, path, reason="Séance du 22 clôturée en retard")
    numbers = [r.number for r in Report.objects.filter(audience="equipe", starts_on=MARCH.start)]
    assert numbers == [2, 1]
    assert manager.get(page(frame)).context["changes"] == []
    assert bytes_of(download(manager, first)).startswith(b"%PDF")
    listed = manager.get(reverse("evaluation:report_list", args=[frame.programme.pk]))
    assert [r.number for r in listed.context["object_list"] if r.starts_on == MARCH.start] == [2, 2]
    second = Report.objects.get(number=2, audience="comite")
    assert second.title == "bilan-jardin-de-valenciennes-2016-03-comite-v2"
    with second.file.open("rb") as stored:
        assert "édition comité · version 2" in words_of(stored.read())


def test_publishing_what_somebody_just_published_asks_again(frame, march, manager):
    path = f"{page(frame)}publier/"
    shown = manager.get(path).context["form"].version
    publish_now(frame)
    answer = manager.post(path, {"number": shown})
    assert answer.status_code == 200
    assert "vient d’être publié par quelqu’un d’autre" in answer.content.decode()
    assert answer.context["form"]["number"].value() == 2
    assert Report.objects.filter(starts_on=MARCH.start).count() == 2


def test_two_publications_at_the_same_instant_make_one(frame, march, manager, monkeypatch):
    def twice(**arguments):
        publish(**arguments)
        return publish(**arguments)

    monkeypatch.setattr(services, "publish", twice)
    answer = send(manager, f"{page(frame)}publier/")
    assert "vient d’être publié par quelqu’un d’autre" in answer.content.decode()
    assert Report.objects.filter(starts_on=MARCH.start).count() == 2


def files() -> set[str]:
    found = set()
    folders = ["evaluation.report"]
    while folders:
        here = folders.pop()
        if default_storage.exists(here):
            inside, names = default_storage.listdir(here)
            folders += [f"{here}/{name}" for name in inside]
            found |= {f"{here}/{name}" for name in names}
    return found


def test_a_publication_that_fails_leaves_nothing(frame, march):
    publish_now(frame)
    kept, rows = files(), Report.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        publish_now(frame, number=1)
    assert files() == kept
    assert Report.objects.count() == rows


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_base_refuses_to_change_a_published_bilan(act, frame, march):
    report = publish_now(frame)[0]
    rows = Report.objects.filter(pk=report.pk)
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
        rows.update(note="autre") if act == "update" else rows.delete()
    assert rows.get().note == ""


def test_the_base_refuses_to_empty_the_bilans(frame, march):
    publish_now(frame)
    table = Report._meta.db_table
    sql = f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table}"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Report.objects.filter(starts_on=MARCH.start).count() == 2


def test_an_altered_document_is_not_served(frame, march, manager):
    report = publish_now(frame)[0]
    name = report.file.name
    with report.file.open("rb") as stored:
        content = stored.read()
    default_storage.delete(name)
    default_storage.save(name, io.BytesIO(content.replace(b"%PDF", b"%pdf", 1)))
    assert not is_intact(report)
    answer = manager.get(f"/bilans/{report.pk}/", follow=True)
    assert "n’est plus celui qui a été publié" in answer.content.decode()
    default_storage.delete(name)
    assert not is_intact(report)


def test_a_definition_revised_since_is_told(frame, march):
    report = publish_now(frame)[0]
    report.figures["figures"]["period"]["hours"]["version"] = 0
    (found,) = differences(report, draft(frame))
    assert found.label == "Heures de présence (définition revue)"


def test_a_new_presence_of_last_month_shows_in_the_comparison(frame, march):
    report = publish_now(frame)[0]
    session = make.close(make.make_session(frame.programme, march["site"], on=date(2016, 2, 2)))
    people.make_attendance(march["stays"][0], session, march["site"])
    labels = [d.label for d in differences(report, draft(frame))]
    assert labels == ["Heures de présence de la période précédente"]


def test_only_the_reader_s_figures_are_compared(frame):
    """A budget in the frozen bilan says nothing to who may not read budgets."""
    build_year(frame)
    team = publish_now(frame, YEAR)[0]
    make.make_line(Budget.objects.get(edition__label="2015"), "74_etat", 50)
    assert differences(team, draft(frame, period=YEAR))
    assert differences(team, draft(frame, role="social_worker", period=YEAR)) == []
