"""Who follows somebody: two referents at most, their names, and what a handover makes of them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.handovers import Handover
from beneficiaries.models import Enrolment
from beneficiaries.services import enrolments
from programmes.access import scope_of
from programmes.enums import Role
from tests.access.filling import filled
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.harness.queries import same_queries


def url(name: str, key: int) -> str:
    return reverse(f"beneficiaries:{name}", args=[key])


@pytest.fixture
def claire(garden):
    return make.make_member(Role.SOCIAL_WORKER, garden.programme, name="Vasseur")


@pytest.fixture
def shared(garden, claire) -> Enrolment:
    """Return an enrolment followed by the garden's social worker, with Claire."""
    person = people.make_person(garden.programme, referent=garden.social_worker, co_referent=claire)
    return people.enrolment_of(person)


def sent(browser, enrolment: Enrolment, **fields):
    form = browser.get(url("enrolment_update", enrolment.pk)).context["form"]
    return browser.post(url("enrolment_update", enrolment.pk), filled(form) | fields)


# Named in full.


def test_both_names_stand_above_the_tabs(browser, leader, shared, garden, claire):
    for reader in (browser, leader):
        facts = reader.get(url("person_detail", shared.person_id)).context["facts"]
        names = f"{garden.social_worker.get_full_name()} et {claire.get_full_name()}"
        assert facts[-1] == f"référents\u00a0: {names}"


def test_both_names_stand_in_the_list_at_the_same_cost(browser, garden, claire):
    path = reverse("beneficiaries:person_list", args=[garden.programme.pk, "2026"])

    def grow(number=5):
        for _ in range(number):
            referent = make.make_member(Role.SOCIAL_WORKER, garden.programme)
            people.make_person(garden.programme, referent=referent, co_referent=claire)

    grow(2)
    same_queries(lambda: browser.get(path), grow)
    assert f"et {claire.get_full_name()}" in browser.get(path).content.decode()


def test_the_list_of_a_referent_holds_those_they_follow_with_another(browser, shared, claire):
    path = reverse("beneficiaries:person_list", args=[shared.programme_id, "2026"])
    rows = browser.get(path, {"referent": claire.pk}).context["object_list"]
    assert [row.pk for row in rows] == [shared.pk]


def test_who_follows_elsewhere_is_not_for_the_leader(browser, leader, shared):
    """« Référent unique RSA » says of what somebody lives."""
    sent(browser, shared, outside_referent="Mme Petit, référente RSA")
    path = url("person_enrolments", shared.person_id)
    assert "Mme Petit" in browser.get(path).content.decode()
    html = leader.get(path).content.decode()
    assert "Second référent" in html
    assert "Mme Petit" not in html


# Chosen in the form.


@pytest.mark.parametrize(
    ("referent", "co_referent", "told"),
    [
        ("claire", "claire", "quelqu’un d’autre que le premier"),
        ("", "claire", "Choisissez d’abord un référent"),
        ("claire", "leader", "Sélectionnez un choix valide"),
    ],
)
def test_a_second_referent_who_does_not_fit(
    referent, co_referent, told, browser, shared, claire, garden
):
    keys = {"": "", "claire": claire.pk, "leader": garden.workshop_leader.pk}
    fields = {"referent": keys[referent], "co_referent": keys[co_referent]}
    errors = sent(browser, shared, **fields).context["form"].errors
    assert set(errors) == {"co_referent"}
    assert told in str(errors)


def test_a_second_referent_works_in_the_programme_chosen(world, client_for, shared):
    both = client_for(make.make_member(Role.SOCIAL_WORKER, world.here.territory))
    kitchen = world.here.kitchen
    data = {"level": "pathway", "part": "volunteer", "programme": kitchen.programme.pk}
    data |= {"referent": kitchen.social_worker.pk, "co_referent": shared.co_referent_id}
    response = both.post(url("enrolment_create", shared.person_id), data)
    assert set(response.context["form"].errors) == {"co_referent"}


# Handed over.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("L-", "S-"),
        ("LS", "S-"),
        ("SL", "S-"),
        ("LX", "SX"),
        ("XL", "XS"),
    ],
)
def test_a_handover_keeps_two_different_referents_at_most(before, after, world, garden, claire):
    leaver, successor = garden.social_worker, garden.programme_manager
    users = {"L": leaver, "S": successor, "X": claire, "-": None}
    person = people.make_person(
        garden.programme, referent=users[before[0]], co_referent=users[before[1]]
    )
    handover = Handover(
        scope=scope_of(world.here.administrator),
        leaver=leaver,
        successor=successor,
        on=timezone.localdate(),
    )
    # Theirs, and somebody of the world.
    assert enrolments.pass_on(handover) == {"personnes suivies": 2}
    enrolment = people.enrolment_of(person)
    assert (enrolment.referent, enrolment.co_referent) == (users[after[0]], users[after[1]])
    changed = [name for n, name in enumerate(("referent", "co_referent")) if before[n] != after[n]]
    events = AuditEvent.objects.filter(object_label=f"Inscription n° {enrolment.pk}")
    assert events.first().changed == sorted(changed)
