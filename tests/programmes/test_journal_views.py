"""The journal: month by month, of one's territories, without a name."""

from datetime import datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent, record
from autoprod.core.periods import Kind, Period
from autoprod.jobs.models import Job
from programmes.access import scope_of
from programmes.services.journal import events_in
from tests.harness.queries import same_queries

PARIS = ZoneInfo("Europe/Paris")


def month(period=None):
    period = period or Period.containing(timezone.localdate(), Kind.MONTH)
    return reverse("programmes:journal_month", args=[period])


@pytest.fixture
def admin(world, client_for):
    return client_for(world.here.administrator)


@pytest.fixture
def scope(world):
    return scope_of(world.here.administrator)


def note_at(at, actor, site, **fields):
    with mock.patch("django.utils.timezone.now", return_value=at):
        return record(actor, Verb.UPDATE, site, **fields)


def body(response):
    return response.content.decode()


def test_the_journal_opens_on_the_current_month(admin):
    response = admin.get(reverse("programmes:journal"))
    assert response.url == month()
    assert admin.get(response.url).status_code == 200


def test_an_event_is_told_with_labels_and_fields(admin, world, scope):
    site = world.here.garden.site
    record(scope, Verb.UPDATE, site, changed=["postcode", "name"], reason="déménagement")
    html = body(admin.get(month()))
    assert f"Site n° {site.pk}" in html
    assert "code postal, nom" in html or "nom, code postal" in html
    assert "déménagement" in html
    assert world.here.administrator.email in html


def test_events_of_elsewhere_are_not_told(admin, world):
    other = scope_of(world.elsewhere.administrator)
    record(other, Verb.UPDATE, world.elsewhere.garden.site, reason="chez le voisin")
    assert "chez le voisin" not in body(admin.get(month()))


def test_logins_of_ones_colleagues_are_told_and_no_others(world, scope):
    for place in (world.here, world.elsewhere):
        record(scope_of(place.garden.social_worker), Verb.LOGIN)
    record(scope_of(world.here.garden.social_worker), Verb.READ, label="Autre n° 3")
    told = events_in(scope).filter(territory_key="")
    assert [(event.verb, event.actor_label) for event in told] == [
        (Verb.LOGIN, world.here.garden.social_worker.email)
    ]


def test_a_month_starts_and_ends_at_local_midnight(admin, world, scope):
    site = world.here.garden.site
    for at, reason in [
        (datetime(2026, 3, 1, 0, 0, tzinfo=PARIS), "premier"),
        (datetime(2026, 3, 31, 23, 59, tzinfo=PARIS), "dernier"),
        (datetime(2026, 2, 28, 23, 59, tzinfo=PARIS), "avant"),
        (datetime(2026, 4, 1, 0, 0, tzinfo=PARIS), "après"),
    ]:
        note_at(at, scope, site, reason=reason)
    html = body(admin.get(month(Period.month(2026, 3))))
    assert "premier" in html
    assert "dernier" in html
    assert "avant" not in html
    assert "après" not in html


def test_months_lead_to_each_other_and_not_to_the_future(admin):
    html = body(admin.get(month(Period.month(2026, 3))))
    assert month(Period.month(2026, 2)) in html
    assert month(Period.month(2026, 4)) in html
    following = Period.containing(timezone.localdate(), Kind.MONTH).next()
    assert month(following) not in body(admin.get(month()))


@pytest.mark.parametrize("slug", ["2026", "2026-T1", "2026-01-15_2026-02-28", "2026-13"])
def test_only_months_are_read(admin, slug):
    assert admin.get(f"/journal/{slug}/").status_code == 404
    assert admin.post(f"/journal/{slug}/exporter/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"verb": "update"}, {"un"}),
        ({"what": "organisation"}, {"deux"}),
        ({"what": "personne"}, set()),
    ],
)
def test_filters(admin, world, scope, asked, expected):
    record(scope, Verb.UPDATE, world.here.garden.site, reason="motif un")
    record(scope, Verb.DELETE, world.here.operator, reason="motif deux")
    html = body(admin.get(month(), asked))
    assert {word for word in ("un", "deux") if f"motif {word}" in html} == expected
    assert ("Aucun résultat" in html) == (not expected)


def test_the_author_is_a_filter(admin, world, scope):
    author = world.here.garden.programme_manager
    record(scope, Verb.UPDATE, world.here.garden.site, reason="motif un")
    record(scope_of(author), Verb.UPDATE, world.here.garden.site, reason="motif deux")
    html = body(admin.get(month(), {"who": author.pk}))
    assert "motif deux" in html
    assert "motif un" not in html


def test_an_empty_month_says_so(admin):
    assert "Rien n’a été noté" in body(admin.get(month(Period.month(2020, 1))))


def test_a_month_makes_as_many_queries_for_many_events(admin, world, scope):
    def grow():
        for _ in range(5):
            record(scope, Verb.UPDATE, world.here.garden.site, changed=["name"])

    grow()
    same_queries(lambda: admin.get(month()), grow)


def test_the_journal_has_pages(admin, world, scope):
    for _ in range(60):
        record(scope, Verb.UPDATE, world.here.garden.site)
    html = body(admin.get(month(), {"verb": "update"}))
    assert "verb=update&amp;page=2" in html
    assert "1 à 50 sur 60" in html


def test_only_administrators_read_the_journal(world, client_for):
    browser = client_for(world.here.garden.programme_manager)
    assert browser.get(reverse("programmes:journal")).status_code == 403
    assert browser.get(month()).status_code == 403
    export = reverse("programmes:journal_export", args=["2026-03"])
    assert browser.post(export).status_code == 403
    assert not Job.objects.exists()


def test_an_export_is_asked_by_post_and_leads_to_its_job(admin, world):
    export = reverse("programmes:journal_export", args=["2026-03"])
    assert admin.get(export).status_code == 405
    response = admin.post(export)
    job = Job.objects.get()
    assert response.url == reverse("jobs:detail", args=[job.pk])
    assert (job.owner, job.kwargs) == (world.here.administrator, {"period": "2026-03"})
    assert job.label == "Journal, mars\u00a02026"
    assert not AuditEvent.objects.filter(verb=Verb.EXPORT).exists()
