"""Pages of rights: given, corrected, ended, taken back, always within one's territory."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from programmes.enums import Role
from programmes.models import Membership
from tests.factories.programmes import make_member, make_membership


def url(name, *args):
    return reverse(f"programmes:membership_{name}", args=args)


def days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def admin(world, client_for):
    return client_for(world.here.administrator)


@pytest.fixture
def colleague(world):
    return world.here.garden.social_worker


@pytest.fixture
def right(colleague):
    return Membership.objects.get(user=colleague)


def give(admin, user, role, place, **dates):
    asked = {"place": place, "starts_on": days(0).isoformat(), "ends_on": ""}
    return admin.post(f"{url('create', user.pk)}?role={role}", asked | dates)


def correction(right, **changes):
    return {
        "role": right.role,
        "place": f"programme-{right.programme_id}",
        "starts_on": right.starts_on.isoformat(),
        "ends_on": "",
        "version": right.version,
    } | changes


@pytest.mark.parametrize("anchor", ["territory", "programme", "organisation"])
def test_a_right_is_given_on_each_kind_of_place(admin, world, colleague, anchor):
    places = {
        "territory": world.here.territory,
        "programme": world.here.kitchen.programme,
        "organisation": world.here.operator,
    }
    response = give(admin, colleague, Role.WORKSHOP_LEADER, f"{anchor}-{places[anchor].pk}")
    assert response.status_code == 302
    right = Membership.objects.get(user=colleague, role=Role.WORKSHOP_LEADER)
    assert right.anchor == places[anchor]
    event = AuditEvent.objects.get(object_key=str(right.pk), object_label__startswith="Droit")
    assert event.territory_key == str(world.here.territory.pk)


@pytest.mark.parametrize("anchor", ["territory", "programme", "organisation"])
def test_no_right_is_given_where_one_is_not_administrator(admin, world, colleague, anchor):
    places = {
        "territory": world.elsewhere.territory,
        "programme": world.elsewhere.kitchen.programme,
        "organisation": world.elsewhere.operator,
    }
    before = Membership.objects.count()
    response = give(admin, colleague, Role.WORKSHOP_LEADER, f"{anchor}-{places[anchor].pk}")
    assert response.context["form"].errors["place"]
    assert Membership.objects.count() == before


def test_the_places_of_a_neighbour_are_not_offered(admin, world, colleague):
    page = admin.get(url("create", colleague.pk), {"role": Role.SOCIAL_WORKER})
    groups = page.context["form"].fields["place"].choices[1:]
    labels = {label for _, choices in groups for _, label in choices}
    assert world.here.garden.programme.name in labels
    assert not any("Briançon" in label for label in labels)


def test_a_role_alone_gives_nothing(admin, colleague):
    before = Membership.objects.count()
    response = admin.post(url("create", colleague.pk), {"place": "territory-1"})
    assert response.context["roles"]
    assert Membership.objects.count() == before


def test_dates_in_the_wrong_order_are_said_beside_the_end(admin, world, colleague):
    place = f"programme-{world.here.kitchen.programme.pk}"
    response = give(admin, colleague, Role.WORKSHOP_LEADER, place, ends_on=days(-1).isoformat())
    assert "avant d’avoir commencé" in str(response.context["form"].errors["ends_on"])


def test_the_same_right_is_not_given_twice(admin, world, colleague):
    place = f"programme-{world.here.garden.programme.pk}"
    response = give(admin, colleague, Role.SOCIAL_WORKER, place)
    assert "déjà ce droit" in str(response.context["form"].errors["place"])


def test_a_right_is_corrected(admin, world, right):
    target = world.here.kitchen.programme
    asked = correction(right, role=Role.WORKSHOP_LEADER, place=f"programme-{target.pk}")
    assert admin.post(url("update", right.pk), asked).status_code == 302
    right.refresh_from_db()
    assert (right.role, right.programme) == (Role.WORKSHOP_LEADER, target)
    event = AuditEvent.objects.filter(object_key=str(right.pk)).latest("pk")
    assert event.changed == ["place", "role"]


def test_a_right_over_a_programme_cannot_become_an_administrators(admin, right):
    response = admin.post(url("update", right.pk), correction(right, role=Role.ADMINISTRATOR))
    assert "pour tout un territoire" in str(response.context["form"].errors)


def test_a_correction_on_an_older_version_shows_both_places(admin, world, right):
    asked = correction(right, place=f"programme-{world.here.kitchen.programme.pk}")
    right.ends_on = days(9)
    right.save()
    response = admin.post(url("update", right.pk), asked)
    errors = str(response.context["form"].errors["place"])
    assert world.here.garden.programme.name in errors


def test_a_right_ends_on_a_day(admin, right):
    asked = {"ends_on": days(3).isoformat(), "version": right.version}
    assert admin.post(url("end", right.pk), asked).status_code == 302
    right.refresh_from_db()
    assert right.ends_on == days(3)


def test_the_day_proposed_is_saved_like_any_other(admin, right):
    page = admin.get(url("end", right.pk))
    proposed = page.context["form"]["ends_on"].value()
    asked = {"ends_on": proposed.isoformat(), "version": right.version}
    admin.post(url("end", right.pk), asked)
    right.refresh_from_db()
    assert right.ends_on == proposed == days(0)


def test_a_right_does_not_end_before_it_started(admin, right):
    asked = {"ends_on": "2014-12-31", "version": right.version}
    response = admin.post(url("end", right.pk), asked)
    assert "avant d’avoir commencé" in str(response.context["form"].errors["ends_on"])


def test_the_last_administrator_is_kept_and_another_one_frees_them(admin, world):
    right = Membership.objects.get(user=world.here.administrator)
    asked = {"ends_on": days(0).isoformat(), "version": right.version}
    response = admin.post(url("end", right.pk), asked)
    assert "plus d’administrateur" in str(response.context["form"].errors["ends_on"])
    assert not list(response.context["messages"])
    right.refresh_from_db()
    assert right.ends_on is None
    make_member(Role.ADMINISTRATOR, world.here.territory)
    assert admin.post(url("end", right.pk), asked).status_code == 302


def test_the_last_administrator_is_not_corrected_away(admin, world):
    right = Membership.objects.get(user=world.here.administrator)
    place = f"territory-{world.here.territory.pk}"
    asked = correction(right, role=Role.WORKSHOP_LEADER, place=place)
    response = admin.post(url("update", right.pk), asked)
    assert "plus d’administrateur" in str(response.context["form"].errors)
    right.refresh_from_db()
    assert right.role == Role.ADMINISTRATOR


def test_a_right_to_come_is_taken_back(admin, world):
    right = Membership.objects.get(user=world.upcoming)
    assert "pas commencé" in admin.get(url("withdraw", right.pk)).content.decode()
    assert admin.post(url("withdraw", right.pk)).status_code == 302
    assert not Membership.objects.filter(pk=right.pk).exists()


def test_a_right_that_served_has_no_page_to_take_it_back(admin, right):
    assert admin.post(url("withdraw", right.pk)).status_code == 404
    assert Membership.objects.filter(pk=right.pk).exists()


@pytest.mark.parametrize("name", ["update", "end", "withdraw"])
def test_rights_of_elsewhere_are_not_found(admin, world, colleague, name):
    """Even those of a colleague who also serves here."""
    starts_on = days(1) if name == "withdraw" else days(-1)
    right = make_membership(
        colleague, Role.SOCIAL_WORKER, world.elsewhere.garden.programme, starts_on=starts_on
    )
    assert admin.get(url(name, right.pk)).status_code == 404
    assert admin.post(url(name, right.pk), {"ends_on": "2030-01-01"}).status_code == 404
    assert Membership.objects.filter(pk=right.pk).exists()
