"""The bilans of a month of several persons: one file, one page each, the rights of the moment."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Kind, Period
from autoprod.jobs import running
from autoprod.jobs.enums import JobStatus
from autoprod.jobs.models import Job
from autoprod.jobs.queue import enqueue_for
from beneficiaries.enums import Part
from beneficiaries.models import Enrolment
from beneficiaries.tasks.reviews import print_reviews
from programmes.enums import Role
from programmes.models import Membership
from tests.beneficiaries.printed import assert_tells_no_secret, plant_secrets, texts_of
from tests.factories import beneficiaries as people
from tests.factories.programmes import make_membership, yesterday

pytestmark = pytest.mark.long

MARCH = Period.month(2026, 3)
TODAY = timezone.localdate()


@pytest.fixture
def stays(garden):
    Enrolment.objects.filter(programme=garden.programme).update(left_on=date(2025, 1, 1))
    return [
        people.enrolment_of(
            people.make_person(garden.programme, name, "Essai", entered_on=date(2026, 1, 5))
        )
        for name in ("Alice", "Brahim", "Chloé")
    ]


@pytest.fixture
def page(garden):
    return reverse("beneficiaries:review_batch", args=[garden.programme.pk, MARCH])


def asked(garden, stays, user=None):
    """Return the job of some bilans, run to its end."""
    job = enqueue_for(
        user or garden.social_worker,
        print_reviews,
        "Bilans",
        programme=garden.programme.pk,
        period=MARCH.slug,
        people=[stay.pk for stay in stays],
    )
    return done(job)


def done(job):
    running.run_now(job.pk, "test")
    job.refresh_from_db()
    return job


def pages_of(job):
    with job.result_file.open() as stream:
        return texts_of(stream.read())


def journaled():
    return AuditEvent.objects.filter(verb=Verb.DOCUMENT).values_list("object_key", flat=True)


@pytest.mark.parametrize(
    ("shown", "month"),
    [
        (MARCH, MARCH),
        (Period.year(2001), Period.month(2001, 12)),
        (Period.year(2998), Period.month(2998, 1)),
        (Period.containing(TODAY, Kind.YEAR), Period.containing(TODAY, Kind.MONTH)),
    ],
)
def test_the_list_of_persons_leads_to_a_month_of_its_period(shown, month, garden, browser, leader):
    address = reverse("beneficiaries:person_list", args=[garden.programme.pk, shown])
    target = f'href="{reverse("beneficiaries:review_batch", args=[garden.programme.pk, month])}"'
    assert target in browser.get(address).content.decode()
    assert "bilans-individuels" not in leader.get(address).content.decode()


def test_the_caseload_leads_to_the_month_of_its_one_programme(world, garden, browser, stays):
    Enrolment.objects.filter(pk__in=[stay.pk for stay in stays]).update(
        referent=garden.social_worker
    )
    month, address = Period.containing(TODAY, Kind.MONTH), reverse("beneficiaries:caseload_list")
    target = reverse("beneficiaries:review_batch", args=[garden.programme.pk, month])
    assert f'href="{target}"' in browser.get(address).content.decode()
    # With persons of two programmes, the filter says of which one.
    kitchen = world.here.kitchen.programme
    make_membership(garden.social_worker, Role.SOCIAL_WORKER, kitchen)
    people.make_person(kitchen, referent=garden.social_worker)
    assert "bilans-individuels" not in browser.get(address).content.decode()
    narrowed = browser.get(address, {"programme": garden.programme.pk}).content.decode()
    assert f'href="{target}"' in narrowed


def test_everybody_who_took_part_in_the_month_is_ticked(browser, garden, stays, page):
    volunteer = people.make_person(garden.programme, part=Part.VOLUNTEER)
    people.make_person(garden.programme, "Partie", left_on=date(2026, 2, 27))
    people.make_person(garden.programme, "Attend", entered_on=None)
    form = browser.get(page).context["form"]
    offered = {row.person_id for row in form.fields["people"].queryset}
    assert offered == {stay.person_id for stay in stays} | {volunteer.pk}
    assert set(form["people"].value()) == {stay.pk for stay in stays}


def test_the_page_asks_for_the_file_of_who_is_ticked(browser, garden, stays, page):
    response = browser.post(page, {"people": [stays[0].pk, stays[2].pk]})
    job = Job.objects.get()
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])
    assert job.owner == garden.social_worker
    pages = pages_of(done(job))
    assert [("Alice" in page, "Chloé" in page) for page in pages] == [(True, False), (False, True)]


def test_nobody_ticked_is_told_beside_the_field(browser, stays, page):
    response = browser.post(page, {})
    assert "Cochez au moins une personne." in response.content.decode()
    assert not Job.objects.exists()


def test_each_has_a_page_and_an_event_and_it_says_how_far_it_has_come(garden, stays):
    job = asked(garden, stays)
    pages = pages_of(job)
    names = ["Alice", "Brahim", "Chloé"]
    assert [[name for name in names if name in page] for page in pages] == [[n] for n in names]
    assert sorted(journaled()) == sorted(str(stay.person_id) for stay in stays)
    assert (job.progress_done, job.progress_total) == (3, 3)
    assert job.result_name == f"bilans-{garden.programme.pk}-2026-03.pdf"


def test_no_number_runs_through_papers_of_several_persons(garden, stays):
    assert "/ 3" not in " ".join(pages_of(asked(garden, stays)))
    assert "1 / 1" in pages_of(asked(garden, stays[:1]))[0]


def test_two_stays_in_the_month_are_one_bilan(garden, stays):
    first = stays[0]
    Enrolment.objects.filter(pk=first.pk).update(left_on=date(2026, 3, 6))
    again = people.make_enrolment(first.person, garden.programme, entered_on=date(2026, 3, 20))
    assert len(pages_of(asked(garden, [first, again]))) == 1


def test_nothing_kept_of_a_person_is_told(garden, stays):
    secrets = plant_secrets(garden, stays[0])
    assert_tells_no_secret(pages_of(asked(garden, stays)), secrets)


def test_who_is_out_of_the_scope_when_it_runs_is_left_out(world, garden, stays):
    neighbour = world.here.kitchen.somebody.enrolment
    pages = pages_of(asked(garden, [stays[0], neighbour]))
    assert len(pages) == 1
    assert list(journaled()) == [str(stays[0].person_id)]


def test_another_programme_of_the_same_reader_is_left_out(world, garden, stays):
    kitchen = world.here.kitchen
    make_membership(garden.social_worker, Role.SOCIAL_WORKER, kitchen.programme)
    pages = pages_of(asked(garden, [stays[0], kitchen.somebody.enrolment]))
    assert len(pages) == 1


def test_a_right_withdrawn_meanwhile_closes_the_file(garden, stays):
    job = enqueue_for(
        garden.social_worker,
        print_reviews,
        "Bilans",
        programme=garden.programme.pk,
        period=MARCH.slug,
        people=[stays[0].pk],
    )
    Membership.objects.filter(user=garden.social_worker).update(ends_on=yesterday())
    done(job)
    assert job.status == JobStatus.FAILED
    assert "plus le droit" in job.error_message
    assert not job.result_file
    assert not journaled().exists()


def test_a_leader_asks_for_nothing(leader, garden, stays, page):
    assert leader.get(page).status_code == 403
    assert asked(garden, stays, garden.workshop_leader).status == JobStatus.FAILED


def test_only_the_owner_reads_the_file(browser, garden, stays, client_for):
    path = reverse("jobs:result", args=[asked(garden, stays).pk])
    assert browser.get(path).getvalue().startswith(b"%PDF")
    assert client_for(garden.programme_manager).get(path).status_code == 404


def test_after_a_crash_the_file_is_made_again_and_journaled_once(garden, stays, monkeypatch):
    def crash(*args, **kwargs):
        raise MemoryError

    job = enqueue_for(
        garden.social_worker,
        print_reviews,
        "Bilans",
        programme=garden.programme.pk,
        period=MARCH.slug,
        people=[stay.pk for stay in stays],
    )
    with monkeypatch.context() as broken:
        broken.setattr("beneficiaries.tasks.reviews.Completed", crash)
        running.run_now(job.pk, "test")
    assert not journaled().exists()
    Job.objects.filter(pk=job.pk).update(run_after=None)
    assert done(job).status == JobStatus.SUCCESSFUL
    assert len(journaled()) == len(stays)
