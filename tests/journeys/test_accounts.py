"""An account's life: invited, opened, protected, locked, unlocked, looked after by its owner."""

import base64

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from autoprod.accounts.models import User, UserSession
from programmes.models import Membership
from tests.factories.accounts import PASSWORD
from tests.journeys.browser import DESK, Page, check, expect, login, visit
from tests.journeys.steps import follow, press, type_login

CHOSEN = "sept courges dorment sous le vieux poirier du voisin"


@pytest.fixture
def administrator(page, world):
    """Return the tab of the territory's administrator."""
    login(page, world.here.administrator)
    return page


def log_out(page: Page) -> None:
    """Leave by the menu under the initials."""
    page.locator("summary.avatar").click()
    press(page, "Se déconnecter")
    expect(page.get_by_text("Votre session est fermée.")).to_be_visible()


def expect_home(page: Page, world) -> None:
    """Expect the home page of somebody of the garden."""
    name = world.here.garden.programme.name
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def code_of(secret: bytes) -> str:
    """Return the six digits an application shows now."""
    return f"{totp(secret):06d}"


def let_time_pass() -> None:
    """Forget the code already used, as the next half-minute would."""
    assert TOTPDevice.objects.update(last_t=-1, drift=0)


def invite(page: Page, world) -> str:
    """Invite a programme manager and return the address of the one-time link."""
    visit(page, "/comptes/")
    follow(page, "Inviter une personne")
    follow(page, "Chef de projet")
    page.get_by_label("Adresse e-mail").fill("Rosa.Lenoir@exemple.fr")
    page.get_by_label("Prénom").fill("Rosa")
    page.get_by_label("Nom", exact=True).fill("Lenoir")
    page.get_by_label("Pour").select_option(label=world.here.garden.programme.name)
    press(page, "Inviter")
    expect(page.get_by_text("Ce lien n’est montré qu’une fois.")).to_be_visible()
    return page.locator("#lien").inner_text()


def choose_password(page: Page, link: str) -> None:
    """Open the link; a weak password is refused kindly, a phrase is kept."""
    visit(page, link)
    expect(page.get_by_text("Rosa Lenoir, rosa.lenoir@exemple.fr")).to_be_visible()
    for field in ("Nouveau mot de passe", "Le même, une deuxième fois"):
        page.get_by_label(field).fill("jardin2026")
    press(page, "Enregistrer le mot de passe")
    expect(page.get_by_text("Ce mot de passe est trop facile à deviner.")).to_be_visible()
    for field in ("Nouveau mot de passe", "Le même, une deuxième fois"):
        page.get_by_label(field).fill(CHOSEN)
    press(page, "Enregistrer le mot de passe")
    expect(page.get_by_text("Votre mot de passe est enregistré.")).to_be_visible()


def install_application(page: Page) -> tuple[bytes, str]:
    """Install the second factor as an application would; return its secret and a recovery code."""
    expect(page.get_by_text("Votre rôle ouvre des données protégées")).to_be_visible()
    page.get_by_text("Je ne peux pas lire le code QR").click()
    secret = base64.b32decode(page.locator("#cle").inner_text().replace(" ", ""))
    page.get_by_label("Code affiché par l’application").fill(code_of(secret))
    press(page, "Activer")
    codes = page.locator("#codes").inner_text().split()
    assert len(set(codes)) == 10
    follow(page, "C’est noté, continuer")
    return secret, codes[0]


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_colleague_is_invited_and_comes_in(administrator, world, open_tab):
    link = invite(administrator, world)
    follow(administrator, "Aller au compte")
    expect(administrator.get_by_text("jamais connecté").first).to_be_visible()
    expect(administrator.locator("#lien")).to_have_count(0)

    colleague = open_tab()
    choose_password(colleague, link)
    type_login(colleague, "rosa.lenoir@exemple.fr", CHOSEN)
    check(colleague)
    secret, recovery = install_application(colleague)
    expect_home(colleague, world)

    log_out(colleague)
    type_login(colleague, "rosa.lenoir@exemple.fr", CHOSEN)
    check(colleague)
    # An application's code is good once: the one of the installation would be refused.
    let_time_pass()
    colleague.get_by_label("Code", exact=True).fill(code_of(secret))
    press(colleague, "Vérifier")
    expect_home(colleague, world)

    log_out(colleague)
    type_login(colleague, "rosa.lenoir@exemple.fr", CHOSEN)
    colleague.get_by_label("Code", exact=True).fill(recovery)
    press(colleague, "Vérifier")
    visit(colleague, "/mon-compte/")
    expect(colleague.get_by_text("Il vous reste 9 codes de secours.")).to_be_visible()

    visit(open_tab(), link, status=410)
    assert Membership.objects.get(user__email="rosa.lenoir@exemple.fr").role == "programme_manager"


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_locked_account_is_unlocked(administrator, world, open_tab):
    colleague, user = open_tab(), world.here.garden.social_worker
    visit(colleague, "/connexion/")
    for _ in range(4):
        type_login(colleague, user.email, "un oubli")
        check(colleague)
        expect(colleague.get_by_text("Adresse e-mail ou mot de passe incorrect.")).to_be_visible()
    type_login(colleague, user.email, "un oubli")
    # The browser itself reports the status it was given.
    colleague.problems[:] = [text for text in colleague.problems if "status of 429" not in text]
    check(colleague)
    expect(colleague.get_by_role("heading", name="Connexion bloquée")).to_be_visible()

    visit(administrator, f"/comptes/{user.pk}/")
    expect(administrator.get_by_text("bloqué après des essais refusés")).to_be_visible()
    follow(administrator, "Débloquer")
    administrator.get_by_label("Motif").fill("Reconnue au téléphone")
    press(administrator, "Débloquer")
    expect(administrator.get_by_text("Compte débloqué.")).to_be_visible()

    follow(colleague, "Revenir à la connexion")
    type_login(colleague, user.email, PASSWORD)
    check(colleague)
    expect_home(colleague, world)


def come_in(page: Page, user: User) -> None:
    """Log in with the password of the tests' users."""
    visit(page, "/connexion/")
    type_login(page, user.email, PASSWORD)
    check(page)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_ones_own_account(world, page, open_tab):
    user, other = world.here.garden.social_worker, open_tab()
    come_in(other, user)
    come_in(page, user)

    visit(page, "/mon-compte/")
    assert UserSession.objects.of(user).count() == 2
    press(page, "Fermer toutes les autres")
    expect(page.get_by_text("Vos autres appareils sont déconnectés.")).to_be_visible()
    visit(other, "/mon-compte/")
    expect(other.get_by_role("heading", name="Connexion")).to_be_visible()

    come_in(other, user)
    visit(page, "/mon-compte/")
    with page.expect_navigation():
        page.get_by_role("button", name="Fermer Chrome").click()
    check(page)
    expect(page.get_by_text("Cet appareil est déconnecté.")).to_be_visible()

    follow(page, "Changer de mot de passe")
    page.get_by_label("Mot de passe actuel").fill("pas le mien")
    page.get_by_label("Nouveau mot de passe").fill(CHOSEN)
    page.get_by_label("Le même, une deuxième fois").fill(CHOSEN)
    press(page, "Changer le mot de passe")
    expect(page.get_by_text("Ce mot de passe n’est pas le vôtre.")).to_be_visible()
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_label("Nouveau mot de passe").fill(CHOSEN)
    page.get_by_label("Le même, une deuxième fois").fill(CHOSEN)
    press(page, "Changer le mot de passe")
    expect(page.get_by_text("Votre mot de passe est changé.")).to_be_visible()
    user.refresh_from_db()
    assert user.check_password(CHOSEN)
