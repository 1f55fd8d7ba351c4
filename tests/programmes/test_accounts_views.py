"""Pages of accounts: who is seen, invited, and acted upon."""

import re

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from autoprod.accounts import lockout
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.links import make_link
from autoprod.accounts.models import AccessLink, User, UserSession
from autoprod.audit.models import AuditEvent
from programmes.access import scope_of
from programmes.enums import Role
from programmes.models import Membership
from tests.factories.accounts import make_user
from tests.factories.programmes import make_member, make_membership
from tests.harness.queries import same_queries

LINK = re.compile(r'id="lien">(http[^<]+/lien/[^<]+)<')


def url(name, *args):
    return reverse(f"programmes:account_{name}", args=args)


@pytest.fixture
def admin(world, client_for):
    return client_for(world.here.administrator)


@pytest.fixture
def colleague(world):
    return world.here.garden.social_worker


# --- list and detail


def test_the_list_shows_mine_and_not_the_neighbours(admin, world):
    html = admin.get(url("list")).content.decode()
    assert world.here.garden.social_worker.email in html
    assert world.former.email in html
    assert world.upcoming.email in html
    assert world.elsewhere.garden.social_worker.email not in html
    assert world.nobody.email not in html


def test_the_list_says_roles_and_second_factor(admin, world):
    user = make_member(Role.SOCIAL_WORKER, world.here.garden.programme, name="Zoé")
    make_membership(user, Role.WORKSHOP_LEADER, world.here.kitchen.programme)
    make_membership(user, Role.PROGRAMME_MANAGER, world.elsewhere.garden.programme)
    TOTPDevice.objects.create(user=user, name="application", confirmed=True)
    html = admin.get(url("list"), {"text": "zoe"}).content.decode()
    assert "Travailleur social, encadrant technique" in html
    assert "chef de projet" not in html.split("<tbody")[1].lower()
    assert ">oui<" in html


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"text": "futur"}, {"upcoming"}),
        ({"text": "ANCIENNE"}, {"former"}),
        ({"state": "closed"}, {"former"}),
        ({"role": "committee_member", "text": "rôles"}, {"two_roles"}),
        ({"state": "new", "text": "future"}, {"upcoming"}),
    ],
)
def test_filters(admin, world, asked, expected):
    User.objects.filter(pk=world.former.pk).update(is_active=False, last_login=timezone.now())
    html = admin.get(url("list"), asked).content.decode()
    shown = {
        name for name in ("former", "upcoming", "two_roles") if getattr(world, name).email in html
    }
    assert shown == expected


def test_an_account_shows_its_rights_by_time(admin, world, colleague):
    make_membership(
        colleague, Role.WORKSHOP_LEADER, world.here.kitchen.programme, ends_on=timezone.localdate()
    )
    html = admin.get(url("detail", colleague.pk)).content.decode()
    assert "Droits en cours" in html
    assert "Droits passés" not in html
    assert "Droits passés" in admin.get(url("detail", world.former.pk)).content.decode()
    assert "Droits à venir" in admin.get(url("detail", world.upcoming.pk)).content.decode()


def test_rights_given_by_a_neighbour_are_not_told(admin, world, colleague):
    make_membership(colleague, Role.COMMITTEE_MEMBER, world.elsewhere.garden.funder)
    html = admin.get(url("detail", colleague.pk)).content.decode()
    assert "Briançon" not in html


def test_the_journal_of_an_account_is_told(admin, colleague):
    admin.post(url("sessions", colleague.pk), {"reason": "téléphone perdu"})
    html = admin.get(url("detail", colleague.pk)).content.decode()
    assert "téléphone perdu" in html


@pytest.mark.parametrize("name", ["list", "detail"])
def test_pages_make_as_many_queries_for_many_accounts_and_rights(admin, world, colleague, name):
    place = world.here.kitchen.programme

    def grow():
        for _ in range(5):
            admin.post(url("unlock", colleague.pk), {"reason": "essai"})
            user = make_member(Role.SOCIAL_WORKER, place)
            make_membership(colleague, Role.SOCIAL_WORKER, place)
            right = make_membership(user, Role.WORKSHOP_LEADER, world.here.garden.programme)
            make_membership(colleague, Role.WORKSHOP_LEADER, place, replaces=right)
        admin.get("/")  # shows what these acts said: the page measured has no message to take off

    page = url("list") if name == "list" else url("detail", colleague.pk)
    grow()
    same_queries(lambda: admin.get(page), grow)


# --- invitation


def invitation(world, **changes):
    return {
        "email": "Nouvelle@Exemple.fr",
        "first_name": "Nadia",
        "last_name": "Benali",
        "place": f"programme-{world.here.garden.programme.pk}",
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": "",
    } | changes


def invite(admin, world, role=Role.SOCIAL_WORKER, **changes):
    return admin.post(f"{url('invite')}?role={role}", invitation(world, **changes))


def test_the_role_is_asked_first(admin):
    html = admin.get(url("invite")).content.decode()
    assert all(f"?role={role.value}" in html for role in Role)
    assert "<form method" not in html.split("<main")[1]
    assert admin.get(url("invite"), {"role": "king"}).context["roles"]


def test_inviting_makes_the_account_and_its_right_and_shows_the_link_once(admin, client, world):
    response = invite(admin, world)
    user = User.objects.get(email="nouvelle@exemple.fr")
    assert Membership.objects.get(user=user).role == Role.SOCIAL_WORKER
    (link,) = LINK.findall(response.content.decode())
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(link, follow=True).status_code == 200
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert token not in admin.get(url("detail", user.pk)).content.decode()


def test_with_e_mail_the_link_is_sent_and_not_shown(admin, world, settings):
    settings.EMAIL_ENABLED = True
    response = invite(admin, world)
    assert LINK.findall(response.content.decode()) == []
    assert "Envoyé par courriel" in response.content.decode()
    assert "/lien/" in mail.outbox[0].body


def test_a_right_refused_makes_no_account(admin, world):
    elsewhere = f"programme-{world.elsewhere.garden.programme.pk}"
    response = invite(admin, world, place=elsewhere)
    assert response.context["form"].errors["place"]
    assert not User.objects.filter(email="nouvelle@exemple.fr").exists()


def test_an_administrator_is_one_of_a_territory_only(admin, world):
    response = invite(admin, world, role=Role.ADMINISTRATOR)
    assert response.context["form"].errors["place"]
    page = admin.get(url("invite"), {"role": Role.ADMINISTRATOR})
    values = [v for group in page.context["form"].fields["place"].choices[1:] for v, _ in group[1]]
    assert values == [f"territory-{world.here.territory.pk}"]


def test_a_known_address_gets_the_right_and_no_link(admin, world):
    known = world.elsewhere.garden.social_worker
    response = invite(admin, world, email=known.email)
    assert response.status_code == 302
    assert Membership.objects.filter(user=known, programme=world.here.garden.programme).exists()
    known.refresh_from_db()
    assert known.first_name == "Claire"
    assert not AccessLink.objects.filter(user=known).exists()
    html = admin.get(response.url).content.decode()
    assert "Briançon" not in html


def test_the_same_right_twice_is_said_beside_the_place(admin, world, colleague):
    response = invite(admin, world, email=colleague.email)
    assert "déjà ce droit" in str(response.context["form"].errors["place"])


def test_a_closed_account_of_nobody_else_opens_again(admin, world):
    user = make_user(is_active=False, last_login=timezone.now())
    response = invite(admin, world, email=user.email)
    assert LINK.findall(response.content.decode())
    user.refresh_from_db()
    assert user.is_active


# --- acts


def test_a_new_link_closes_the_former(admin, world, colleague):
    make_link(colleague, LinkKind.INVITATION, scope=scope_of(world.here.administrator))
    response = admin.post(url("link", colleague.pk), {"reason": ""})
    assert LINK.findall(response.content.decode())
    assert AccessLink.objects.usable().filter(user=colleague).count() == 1


def test_deactivation_closes_sessions_and_is_journaled(admin, colleague, client_for):
    browser = client_for(colleague)
    browser.get("/mon-compte/")
    response = admin.post(url("deactivate", colleague.pk), {"reason": "départ"})
    assert response.status_code == 302
    colleague.refresh_from_db()
    assert not colleague.is_active
    assert browser.get("/mon-compte/").status_code == 302
    assert AuditEvent.objects.filter(
        object_key=str(colleague.pk), changed=["is_active"], reason="départ"
    ).exists()
    admin.post(url("reactivate", colleague.pk), {"reason": "retour"})
    colleague.refresh_from_db()
    assert colleague.is_active


def test_a_reason_is_asked_to_take_a_second_factor_away(admin, colleague):
    TOTPDevice.objects.create(user=colleague, name="application", confirmed=True)
    response = admin.post(url("second_factor", colleague.pk), {"reason": ""})
    assert response.context["form"].errors["reason"]
    assert TOTPDevice.objects.filter(user=colleague).exists()
    admin.post(url("second_factor", colleague.pk), {"reason": "téléphone perdu"})
    assert not TOTPDevice.objects.filter(user=colleague).exists()


def test_sessions_are_closed(admin, colleague, client_for):
    client_for(colleague).get("/mon-compte/")
    assert UserSession.objects.of(colleague).count() == 1
    admin.post(url("sessions", colleague.pk), {"reason": ""})
    assert UserSession.objects.of(colleague).count() == 0


def test_a_locked_account_is_told_and_unlocked(admin, colleague, settings):
    page = url("detail", colleague.pk)
    assert "Débloquer" not in admin.get(page).content.decode()
    AccessAttempt.objects.create(
        username=lockout.key_of(colleague.email),
        failures_since_start=settings.AXES_FAILURE_LIMIT,
        attempt_time=timezone.now(),
    )
    html = admin.get(page).content.decode()
    assert "bloqué" in html
    assert "Débloquer" in html
    admin.post(url("unlock", colleague.pk), {"reason": ""})
    assert "Débloquer" not in admin.get(page).content.decode()


ACTS = ["link", "sessions", "second_factor", "unlock", "deactivate", "reactivate"]


@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_on_their_own_account(admin, world, name):
    response = admin.post(url(name, world.here.administrator.pk), {"reason": "essai"})
    assert "votre propre compte" in str(response.context["form"].errors)
    assert User.objects.get(pk=world.here.administrator.pk).is_active
    assert not AccessLink.objects.exists()


@pytest.mark.parametrize("name", ACTS)
def test_an_account_that_serves_elsewhere_is_not_acted_upon(admin, world, colleague, name):
    """A new password would open the neighbour's files to whoever asked for it."""
    make_membership(colleague, Role.SOCIAL_WORKER, world.elsewhere.garden.programme)
    TOTPDevice.objects.create(user=colleague, name="application", confirmed=True)
    response = admin.post(url(name, colleague.pk), {"reason": "essai"})
    assert "ne dépend pas que de vous" in str(response.context["form"].errors)
    assert User.objects.get(pk=colleague.pk).is_active
    assert TOTPDevice.objects.filter(user=colleague).exists()
    assert not AccessLink.objects.exists()
    assert url(name, colleague.pk) not in admin.get(url("detail", colleague.pk)).content.decode()


@pytest.mark.parametrize("name", ["detail", *ACTS])
def test_an_account_of_elsewhere_is_not_found(admin, world, name):
    user = world.elsewhere.garden.social_worker
    assert admin.get(url(name, user.pk)).status_code == 404
    assert admin.post(url(name, user.pk), {"reason": "essai"}).status_code in {404, 405}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_see_accounts(world, client_for, role):
    browser = client_for(world.here.member(role))
    assert browser.get(url("list")).status_code == 403
    assert browser.get(url("invite")).status_code == 403
    assert browser.get(url("detail", world.here.garden.social_worker.pk)).status_code == 403


def test_a_name_is_corrected_and_journalled_without_it(world, client_for):
    account = world.here.garden.social_worker
    url = reverse("programmes:account_identity", args=[account.pk])
    data = {"first_name": "Élodie", "last_name": "Œuvrard", "email": "Elodie@exemple.fr"}
    answer = client_for(world.here.administrator).post(url, data)
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.last_name, account.email) == ("Œuvrard", "elodie@exemple.fr")
    assert account.sort_key == "oeuvrard elodie"
    event = AuditEvent.objects.filter(verb="account").first()
    assert event.changed == ["email", "first_name", "last_name"]
    assert "uvrard" not in str(vars(event))


def test_an_email_already_used_is_told_beside_it(world, client_for):
    account, other = world.here.garden.social_worker, world.elsewhere.administrator
    url = reverse("programmes:account_identity", args=[account.pk])
    data = {"first_name": "A", "last_name": "B", "email": other.email.upper()}
    html = client_for(world.here.administrator).post(url, data).content.decode()
    assert "id_email_error" in html
    account.refresh_from_db()
    assert account.email != other.email
