"""Pages for an absence and for a departure."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.accounts.models import User
from programmes.enums import Role
from programmes.models import Membership
from tests.factories.programmes import make_membership


def days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def admin(world, client_for):
    return client_for(world.here.administrator)


@pytest.fixture
def absent(world):
    return world.here.garden.social_worker


@pytest.fixture
def substitute(world):
    return world.here.garden.workshop_leader


def detail(admin, user):
    return admin.get(reverse("programmes:account_detail", args=[user.pk])).content.decode()


def replacing(admin, absent, substitute, **changes):
    asked = {
        "substitute": substitute.pk,
        "starts_on": days(0).isoformat(),
        "ends_on": days(7).isoformat(),
        "reason": "congés",
    }
    url = reverse("programmes:replacement_create", args=[absent.pk])
    return admin.post(url, asked | changes)


def test_a_replacement_is_shown_on_both_accounts_and_cut_short(admin, absent, substitute):
    assert replacing(admin, absent, substitute).status_code == 302
    sentence = f"{substitute} remplace {absent}"
    assert sentence in detail(admin, absent)
    assert sentence in detail(admin, substitute)
    url = reverse("programmes:replacement_end", args=[absent.pk, substitute.pk])
    assert str(absent) in admin.get(url).content.decode()
    asked = {"last_day": days(-1).isoformat(), "reason": "retour"}
    assert admin.post(url, asked).status_code == 302
    assert sentence not in detail(admin, absent)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": days(-1).isoformat()}, "ends_on"),
        ({"starts_on": days(-9).isoformat(), "ends_on": days(-2).isoformat()}, "ends_on"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_replacement_that_makes_no_sense_is_refused(admin, absent, substitute, changes, field):
    response = replacing(admin, absent, substitute, **changes)
    assert response.context["form"].errors[field]
    assert not Membership.objects.exclude(replaces=None).exists()


def test_a_colleague_of_elsewhere_is_not_offered(admin, absent, world):
    response = replacing(admin, absent, world.elsewhere.garden.workshop_leader)
    assert response.context["form"].errors["substitute"]
    assert not Membership.objects.exclude(replaces=None).exists()


def test_nothing_to_replace_is_said_above_the_form(admin, world, substitute):
    response = replacing(admin, world.former, substitute)
    assert "aucun droit" in str(response.context["form"].non_field_errors())


def test_what_happened_long_ago_is_not_cut(admin, absent, substitute):
    replacing(admin, absent, substitute)
    url = reverse("programmes:replacement_end", args=[absent.pk, substitute.pk])
    response = admin.post(url, {"last_day": days(-5).isoformat(), "reason": "retour"})
    assert response.context["form"].errors["last_day"]


def handing(admin, leaver, successor, **changes):
    asked = {"successor": successor.pk, "on": days(0).isoformat(), "reason": "départ"}
    url = reverse("programmes:account_hand_over", args=[leaver.pk])
    return admin.post(url, asked | changes)


def test_a_departure_is_reviewed_then_done(admin, absent, substitute):
    review = handing(admin, absent, substitute)
    html = review.content.decode()
    assert review.context["report"].closed == 1
    assert "1\u00a0droit" in html
    assert 'name="confirm"' in html
    assert User.objects.get(pk=absent.pk).is_active
    assert Membership.objects.get(user=absent).ends_on is None
    done = handing(admin, absent, substitute, confirm="1")
    assert done.status_code == 302
    assert not User.objects.get(pk=absent.pk).is_active
    assert Membership.objects.filter(user=substitute, role=Role.SOCIAL_WORKER).exists()


def test_a_departure_of_somebody_who_serves_elsewhere_says_so(admin, absent, substitute, world):
    make_membership(absent, Role.SOCIAL_WORKER, world.elsewhere.garden.programme)
    html = handing(admin, absent, substitute).content.decode()
    assert "reste ouvert" in html


def test_a_departure_to_come_says_what_remains_to_do(admin, absent, substitute):
    html = handing(admin, absent, substitute, on=days(30).isoformat()).content.decode()
    assert "à désactiver le" in html


def test_one_does_not_leave_by_oneself(admin, world, substitute):
    response = handing(admin, world.here.administrator, substitute, confirm="1")
    assert "votre propre compte" in str(response.context["form"].non_field_errors())
    assert User.objects.get(pk=world.here.administrator.pk).is_active


@pytest.mark.parametrize("name", ["replacement_create", "account_hand_over"])
def test_an_account_of_elsewhere_is_not_found(admin, world, name):
    url = reverse(f"programmes:{name}", args=[world.elsewhere.garden.social_worker.pk])
    assert admin.get(url).status_code == 404
    assert admin.post(url, {}).status_code == 404


def test_a_substitute_of_elsewhere_is_not_found(admin, absent, world):
    other = world.elsewhere.garden.workshop_leader
    url = reverse("programmes:replacement_end", args=[absent.pk, other.pk])
    assert admin.get(url).status_code == 404
