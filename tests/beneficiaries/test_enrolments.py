"""Enrolments: referral, entry, exit, coming back; who follows; what the day's page says."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.handovers import Handover
from beneficiaries.enums import Level, Part
from beneficiaries.models import Enrolment
from beneficiaries.services import enrolments
from programmes.access import scope_of
from programmes.enums import Role
from programmes.services.handovers import hand_over
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.factories.programmes import code


@pytest.fixture
def stay(garden) -> Enrolment:
    """Return a stay of 2016, over."""
    dates = {"entered_on": date(2016, 1, 4), "left_on": date(2016, 6, 30)}
    return people.enrolment_of(people.make_person(garden.programme, "Karim", "Diallo", **dates))


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


def typed(**fields) -> dict:
    return {"level": Level.PATHWAY, "part": Part.PARTICIPANT} | fields


def edited(browser, enrolment: Enrolment, name: str = "enrolment_update", **fields):
    """Send the form of an enrolment as it is shown, with some fields changed."""
    form = browser.get(url(name, enrolment.pk)).context["form"]
    return browser.post(url(name, enrolment.pk), filled(form) | fields)


# Entering.


def test_somebody_who_waits_is_welcomed(browser, garden):
    person = people.make_person(garden.programme, entered_on=None, referred_on=date(2016, 1, 4))
    enrolment = people.enrolment_of(person)
    assert "Accueillir" in browser.get(url("person_detail", person.pk)).content.decode()
    edited(browser, enrolment, accepted_on="2016-01-05", entered_on="2016-01-06")
    enrolment.refresh_from_db()
    assert (enrolment.accepted_on, enrolment.entered_on) == (date(2016, 1, 5), date(2016, 1, 6))
    assert "Accueillir" not in browser.get(url("person_detail", person.pk)).content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"entered_on": "2015-12-01", "accepted_on": "2015-12-02"}, "entered_on"),
        ({"referred_on": "2016-02-01"}, "entered_on"),
        ({"entered_on": "2016-07-01"}, "entered_on"),
        ({"referent": "999999"}, "referent"),
        ({"part": "king"}, "part"),
    ],
)
def test_a_fault_is_told_beside_its_field(fields, field, browser, stay):
    response = edited(browser, stay, **fields)
    assert set(response.context["form"].errors) == {field}
    stay.refresh_from_db()
    assert stay.entered_on == date(2016, 1, 4)


def test_a_part_already_taken_is_told_beside_the_part(browser, garden):
    person = people.make_person(garden.programme)
    volunteer = people.make_enrolment(person, garden.programme, part=Part.VOLUNTEER)
    response = edited(browser, volunteer, part=Part.PARTICIPANT)
    assert set(response.context["form"].errors) == {"part"}


def test_a_referent_who_left_stays_named_and_is_not_offered_to_others(browser, garden, world, stay):
    stay.referent = world.former
    stay.save()
    form = browser.get(url("enrolment_update", stay.pk)).context["form"]
    assert world.former in form.fields["referent"].queryset
    other = people.enrolment_of(people.make_person(garden.programme))
    form = browser.get(url("enrolment_update", other.pk)).context["form"]
    assert world.former not in form.fields["referent"].queryset


def test_a_stale_enrolment_shows_both_texts(browser, stay):
    form = browser.get(url("enrolment_update", stay.pk)).context["form"]
    sent = filled(form) | {"level": Level.PARTICIPATION, "accepted_on": "2016-01-02"}
    colleague = Enrolment.objects.get(pk=stay.pk)
    colleague.accepted_on = date(2016, 1, 3)
    colleague.save()
    html = browser.post(url("enrolment_update", stay.pk), sent).content.decode()
    assert "Rien n’est perdu" in html
    assert Enrolment.objects.get(pk=stay.pk).level == Level.PATHWAY


# Coming back.


@pytest.mark.parametrize(
    ("entered_on", "is_refused"),
    [("2016-06-30", True), ("2016-01-01", True), ("2016-07-01", False)],
)
def test_stays_that_share_a_day_are_refused(entered_on, is_refused, browser, stay):
    target = url("enrolment_create", stay.person_id)
    response = browser.post(target, typed(entered_on=entered_on))
    if is_refused:
        assert "couvre ces jours" in str(response.context["form"].errors["entered_on"])
    assert Enrolment.objects.filter(person=stay.person_id).count() == 1 + (not is_refused)


@pytest.mark.parametrize("fields", [{"part": Part.VOLUNTEER}, {"entered_on": ""}])
def test_another_part_or_a_request_shares_days(fields, browser, stay):
    sent = typed(entered_on="2016-03-01") | fields
    response = browser.post(url("enrolment_create", stay.person_id), sent)
    assert response.status_code == 302


def test_an_open_enrolment_is_not_doubled(browser, garden):
    person = people.make_person(garden.programme)
    response = browser.post(url("enrolment_create", person.pk), typed())
    assert "déjà inscrite" in str(response.context["form"].errors)


def test_an_entry_moved_over_another_stay_is_refused(browser, stay, garden):
    later = people.make_enrolment(stay.person, garden.programme, entered_on=date(2016, 9, 1))
    response = edited(browser, later, entered_on="2016-06-01")
    assert set(response.context["form"].errors) == {"entered_on"}


def test_the_programme_is_asked_when_there_are_several(world, client_for, stay):
    garden, kitchen = world.here.garden, world.here.kitchen
    both = make.make_member(Role.SOCIAL_WORKER, world.here.territory)
    browser, target = client_for(both), url("enrolment_create", stay.person_id)
    form = browser.get(target).context["form"]
    assert set(form.fields["programme"].queryset) == {garden.programme, kitchen.programme}
    sent = typed(programme=kitchen.programme.pk, referent=garden.social_worker.pk)
    assert "referent" in browser.post(target, sent).context["form"].errors
    browser.post(target, sent | {"referent": kitchen.social_worker.pk})
    assert Enrolment.objects.filter(person=stay.person, programme=kitchen.programme).exists()


def test_no_enrolment_names_the_neighbour(world, client_for, stay):
    """Rights in two territories: a file of here is not enrolled there."""
    both = make.make_member(Role.SOCIAL_WORKER, world.here.territory)
    make.make_membership(both, Role.SOCIAL_WORKER, world.elsewhere.territory)
    theirs = world.elsewhere.garden
    sent = typed(programme=theirs.programme.pk, referred_by=world.elsewhere.operator.pk)
    response = client_for(both).post(url("enrolment_create", stay.person_id), sent)
    assert {"programme", "referred_by"} <= set(response.context["form"].errors)


# Leaving.


def test_an_exit_is_noted_then_undone(browser, garden):
    enrolment = people.enrolment_of(people.make_person(garden.programme))
    motive = code("exit_motives", "terme").pk
    edited(browser, enrolment, "enrolment_exit", left_on="2016-06-30", exit_motive=motive)
    enrolment.refresh_from_db()
    assert (enrolment.left_on, enrolment.exit_motive_id) == (date(2016, 6, 30), motive)
    browser.post(url("enrolment_reopen", enrolment.pk))
    enrolment.refresh_from_db()
    assert (enrolment.left_on, enrolment.exit_motive_id) == (None, None)
    changed = AuditEvent.objects.filter(verb="update").values_list("changed", flat=True)
    assert list(changed) == [
        ["exit_motive", "exit_outcome", "exit_reason", "left_on"],
        ["exit_motive", "left_on"],
    ]


def test_today_is_proposed_as_the_last_day(browser, garden):
    enrolment = people.enrolment_of(people.make_person(garden.programme))
    edited(browser, enrolment, "enrolment_exit")
    enrolment.refresh_from_db()
    assert enrolment.left_on == timezone.localdate()


def test_an_exit_before_the_entry_is_told_beside_its_day(browser, garden):
    enrolment = people.enrolment_of(people.make_person(garden.programme))
    response = edited(browser, enrolment, "enrolment_exit", left_on="2014-12-31")
    assert response.context["form"].errors == {"left_on": ["La sortie précède l’entrée."]}


def test_an_exit_points_to_an_outcome_of_this_enrolment_only(browser, garden):
    enrolment = people.enrolment_of(people.make_person(garden.programme))
    ours = people.make_outcome(enrolment)
    theirs = garden.somebody.outcome
    response = edited(browser, enrolment, "enrolment_exit", exit_outcome=theirs.pk)
    assert set(response.context["form"].errors) == {"exit_outcome"}
    edited(browser, enrolment, "enrolment_exit", exit_outcome=ours.pk)
    enrolment.refresh_from_db()
    assert enrolment.exit_outcome == ours


def test_an_exit_moved_over_the_next_stay_is_refused(browser, stay, garden):
    people.make_enrolment(stay.person, garden.programme, entered_on=date(2016, 9, 1))
    response = edited(browser, stay, "enrolment_exit", left_on="2016-09-01")
    assert set(response.context["form"].errors) == {"left_on"}


@pytest.mark.parametrize(
    ("name", "field", "moved"),
    [
        ("enrolment_exit", "left_on", "2016-03-01"),
        ("enrolment_update", "entered_on", "2016-03-03"),
    ],
)
def test_a_stay_covers_the_days_somebody_was_there(name, field, moved, browser, stay, garden):
    held = make.make_session(garden.programme, garden.site, on=date(2016, 3, 2))
    people.make_attendance(stay, make.close(held), garden.site)
    response = edited(browser, stay, name, **{field: moved})
    assert response.context["form"].errors == {
        field: [
            "Une présence est notée le 2\u00a0mars\u00a02016\u00a0: le séjour doit couvrir ce jour."
        ]
    }
    assert edited(browser, stay, name, **{field: "2016-03-02"}).status_code == 302


@pytest.mark.parametrize("entered_on", [date(2016, 9, 1), None])
def test_an_exit_is_not_undone_under_another_enrolment(entered_on, stay, garden):
    people.make_enrolment(stay.person, garden.programme, entered_on=entered_on)
    with pytest.raises(ValidationError):
        enrolments.undo_exit(scope=scope_of(garden.social_worker), enrolment=stay)
    assert Enrolment.objects.get(pk=stay.pk).left_on == date(2016, 6, 30)


# Written by mistake.


def test_an_enrolment_written_by_mistake_is_deleted(browser, stay, garden):
    mistake = people.make_enrolment(stay.person, garden.programme, part=Part.VOLUNTEER)
    response = browser.post(url("enrolment_delete", mistake.pk))
    assert response.url == url("person_enrolments", stay.person_id)
    assert list(Enrolment.objects.filter(person=stay.person)) == [stay]
    assert AuditEvent.objects.first().object_label == f"Inscription n° {mistake.pk}"


def test_the_only_enrolment_is_not_deleted(browser, stay):
    html = browser.post(url("enrolment_delete", stay.pk), follow=True).content.decode()
    assert "supprimez plutôt sa fiche" in html
    assert Enrolment.objects.filter(pk=stay.pk).exists()


def test_an_enrolment_that_a_presence_needs_is_not_deleted(browser, stay, garden):
    people.make_enrolment(stay.person, garden.programme, part=Part.VOLUNTEER)
    people.make_attendance(stay, garden.held, garden.site)
    html = browser.post(url("enrolment_delete", stay.pk), follow=True).content.decode()
    assert "Notez plutôt la sortie" in html
    assert Enrolment.objects.filter(pk=stay.pk).exists()
    assert not AuditEvent.objects.filter(verb="delete").exists()


# Who follows.


def test_a_handover_passes_the_persons_on(world, garden, stay):
    """Somebody of the world and the one made here; two enrolments of one are one person."""
    administrator = scope_of(world.here.administrator)
    followed = people.make_person(garden.programme, referent=garden.social_worker)
    people.make_enrolment(
        followed, garden.programme, part=Part.VOLUNTEER, referent=garden.social_worker
    )
    theirs = people.make_person(world.elsewhere.garden.programme, referent=garden.social_worker)
    stay.referent = garden.social_worker
    stay.save()
    report = hand_over(
        scope=administrator,
        leaver=garden.social_worker,
        successor=garden.programme_manager,
        on=timezone.localdate(),
        reason="départ",
    )
    assert report.moved["personnes suivies"] == 2
    moved = Enrolment.objects.filter(person=followed).values_list("referent", flat=True)
    assert set(moved) == {garden.programme_manager.pk}
    for untouched in (stay, people.enrolment_of(theirs)):
        untouched.refresh_from_db()
        assert untouched.referent == garden.social_worker


def test_a_handover_is_journaled_and_finds_nothing_twice(world, garden):
    people.make_person(garden.programme, referent=garden.social_worker)
    handover = Handover(
        scope=scope_of(world.here.administrator),
        leaver=garden.social_worker,
        successor=garden.programme_manager,
        on=timezone.localdate(),
    )
    assert enrolments.pass_on(handover) == {"personnes suivies": 2}
    assert AuditEvent.objects.first().changed == ["referent"]
    assert enrolments.pass_on(handover) == {"personnes suivies": 0}


# The page of the day.


def test_the_day_tells_who_waits_the_longest_first(browser, garden, world):
    today = timezone.localdate()
    for name, days in (("Récente", 3), ("Ancienne", 20)):
        on = today - timedelta(days=days)
        people.make_person(garden.programme, "Aïcha", name, entered_on=None, referred_on=on)
    people.make_person(garden.programme, "Aïcha", "Arrivée", entered_on=today - timedelta(days=2))
    people.make_person(world.here.kitchen.programme, "Aïcha", "Voisine", entered_on=None)
    html = browser.get("/").content.decode()
    assert html.index("Ancienne") < html.index("Récente") < html.index("Arrivée")
    assert "depuis 20\u00a0jours" in html
    assert "Voisine" not in html


def test_the_day_says_nothing_when_nobody_waits(browser, garden, client_for):
    assert "demandes en attente" not in browser.get("/").content.decode()
    people.make_person(garden.programme, entered_on=None)
    assert "demandes en attente" in browser.get("/").content.decode()
    assert "demandes en attente" not in client_for(garden.workshop_leader).get("/").content.decode()


def test_the_committee_opens_no_page_of_persons(garden, client_for):
    committee = client_for(garden.committee_member)
    person = garden.somebody.person
    for name in ("person_detail", "person_enrolments", "person_situation", "enrolment_create"):
        assert committee.get(url(name, person.pk)).status_code == 403
