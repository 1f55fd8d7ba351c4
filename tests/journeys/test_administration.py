"""An administrator's week: rights, an absence, a departure, a list to complete, the journal."""

from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from autoprod.accounts.models import User
from autoprod.core.formatting import day
from autoprod.jobs.worker import Worker
from programmes.models import Membership, ReferenceCode
from tests.factories.programmes import right_of
from tests.journeys.browser import DESK, Page, check, expect, login, visit
from tests.journeys.steps import follow, press, tab_to


@pytest.fixture
def tab(page, world) -> Page:
    """Return the tab of the territory's administrator."""
    login(page, world.here.administrator)
    return page


def open_account(tab: Page, user: User) -> None:
    """Find somebody by name in the list, as one does, and open their account."""
    visit(tab, "/comptes/")
    tab.get_by_label("Nom ou adresse").fill(user.email)
    press(tab, "Filtrer")
    follow(tab, str(user))


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_right_is_given_and_a_name_corrected(tab, world):
    user, kitchen = world.here.garden.social_worker, world.here.kitchen.programme
    open_account(tab, user)
    follow(tab, "Donner un droit")
    follow(tab, "Encadrant technique")
    press(tab, "Enregistrer")
    expect(tab.get_by_text("Ce champ est obligatoire.").first).to_be_visible()
    tab.get_by_label("Pour").select_option(label=kitchen.name)
    press(tab, "Enregistrer")
    expect(tab.get_by_text("Droit donné.")).to_be_visible()
    expect(tab.get_by_role("cell", name=kitchen.name)).to_be_visible()
    assert Membership.objects.filter(user=user).count() == 2

    follow(tab, "Corriger l’identité")
    tab.get_by_label("Nom", exact=True).fill("Vasseur-Petit")
    press(tab, "Corriger l’identité")
    expect(tab.get_by_role("heading", name="Claire Vasseur-Petit")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_an_absence_then_a_departure(tab, world):
    absent, colleague = world.here.garden.social_worker, world.here.kitchen.social_worker
    today = timezone.localdate()
    open_account(tab, absent)
    follow(tab, "Remplacer pendant une absence")
    tab.get_by_label("Remplacé par").select_option(value=str(colleague.pk))
    tab.get_by_label("Du", exact=True).fill(f"{today}")
    tab.get_by_label("Au", exact=True).fill(f"{today - timedelta(days=1)}")
    tab.get_by_label("Motif").fill("Congé")
    press(tab, "Enregistrer le remplacement")
    expect(tab.get_by_text("Le remplacement finit avant d’avoir commencé.")).to_be_visible()
    tab.get_by_label("Au", exact=True).fill(f"{today + timedelta(days=20)}")
    press(tab, "Enregistrer le remplacement")
    expect(tab.get_by_role("link", name="Écourter")).to_be_visible()

    follow(tab, "Écourter")
    tab.get_by_label("Motif").fill("Retour anticipé")
    press(tab, "Écourter")
    expect(tab.get_by_text("Le remplacement finit le")).to_be_visible()

    follow(tab, "Confier et fermer")
    tab.get_by_label("Confier à").select_option(value=str(colleague.pk))
    tab.get_by_label("À partir du").fill(f"{today}")
    tab.get_by_label("Motif").fill("Départ du service")
    press(tab, "Vérifier")
    expect(tab.get_by_role("heading", name="Vérifier avant de confier")).to_be_visible()
    assert right_of(absent).ends_on is None
    press(tab, "Confier")
    expect(tab.get_by_text(f"Tout est confié à {colleague}.")).to_be_visible()
    absent.refresh_from_db()
    assert not absent.is_active
    assert right_of(absent).ends_on == today - timedelta(days=1)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_list_is_completed_and_used(tab, world, open_tab):
    visit(tab, "/listes/")
    follow(tab, "Natures de site")
    follow(tab, "Ajouter une valeur")
    tab.get_by_label("Libellé").fill("Rucher")
    press(tab, "Enregistrer")
    expect(tab.get_by_text("Cette liste a déjà une valeur de ce nom.")).to_be_visible()
    tab.get_by_label("Libellé").fill("Jardin sur un toit")
    press(tab, "Enregistrer")
    expect(tab.get_by_text("Valeur ajoutée.")).to_be_visible()
    assert ReferenceCode.objects.get(label="Jardin sur un toit").code == "jardin-sur-un-toit"

    manager = open_tab()
    login(manager, world.here.garden.programme_manager)
    visit(manager, "/sites/nouveau/")
    manager.get_by_label("Nature").select_option(label="Jardin sur un toit")

    follow(tab, "Jardin sur un toit")
    tab.get_by_label("Libellé").fill("Toit cultivé")
    press(tab, "Enregistrer")
    expect(tab.get_by_role("link", name="Toit cultivé")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_the_journal_is_read_and_exported(tab, world):
    site = world.here.garden.site
    manager = world.here.garden.programme_manager
    open_account(tab, manager)
    follow(tab, "Corriger l’identité")
    tab.get_by_label("Prénom").fill("Hélène")
    press(tab, "Corriger l’identité")

    visit(tab, "/journal/")
    tab.get_by_label("Sur quoi").fill(f"Site n° {site.pk}")
    press(tab, "Filtrer")
    expect(tab.get_by_text("Aucun résultat")).to_be_visible()
    follow(tab, "Tout afficher")
    expect(tab.get_by_role("cell", name=f"Compte n° {manager.pk}").first).to_be_visible()
    expect(tab.get_by_role("table")).not_to_contain_text(manager.last_name)

    press(tab, "Exporter le mois")
    expect(tab.get_by_role("heading", level=1, name="Journal,")).to_be_visible()
    expect(tab.get_by_text("Ce travail commencera dès que possible.")).to_be_visible()
    Worker().run_burst()
    # The page asks by itself whether the work is done.
    expect(tab.get_by_role("link", name="Télécharger le fichier")).to_be_visible()
    check(tab)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Télécharger le fichier").click()
    with download.value.path().open("rb") as file:
        sheet = load_workbook(file).active
    assert f"Compte n° {manager.pk}" in {row[3] for row in sheet.iter_rows(values_only=True)}
    visit(tab, "/travaux/")
    expect(tab.get_by_role("link", name="Journal,")).to_be_visible()


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_right_is_ended_by_keyboard_alone(tab, world):
    user = world.here.garden.workshop_leader
    visit(tab, f"/comptes/{user.pk}/")
    tab_to(tab, "Aller au contenu")
    tab.keyboard.press("Enter")
    for words in ("Donner un droit", "Corriger l’identité", "Mettre fin"):
        tab_to(tab, words)
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    check(tab)
    tab_to(tab, "Mettre fin")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    check(tab)
    expect(tab.get_by_text("La fin du droit est enregistrée.")).to_be_visible()
    assert day(right_of(user).ends_on) == day(timezone.localdate())
