"""The fiche's week planned in a minute; a series moved; days closed over what was planned."""

from datetime import timedelta
from time import monotonic

import pytest
from django.utils import timezone

from programmes.models import Session
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.journeys.browser import DESK, expect, login, visit
from tests.journeys.mornings import SITES
from tests.journeys.steps import follow, press

#: Seconds.
A_MINUTE = 60


@pytest.fixture
def garden(world):
    garden = world.here.garden
    for name, short in SITES:
        make.make_site(garden.territory, garden.programme, name=name, short_name=short)
    # The world's own site would be a fourth one.
    garden.site.programmes.remove(garden.programme)
    return garden


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_the_fiche_s_week_takes_a_minute(garden, page):
    """Monday to Thursday, 8–12 and 14–16, on three sites: nothing to type but the nature."""
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/creneaux/")
    began = monotonic()
    follow(page, "Ajouter un créneau")
    page.get_by_label("Nature").select_option(label="Culture maraîchère")
    first = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    page.get_by_label("Premier jour").fill(first.isoformat())
    page.get_by_label("Dernier jour").fill((first + timedelta(days=27)).isoformat())
    page.get_by_label("Aussi les jours fériés").check()
    press(page, "Vérifier")
    expect(page.get_by_role("heading", name="Vérifier avant d’enregistrer")).to_be_visible()
    assert not Session.objects.filter(schedule__starts_on=first).exists()
    press(page, "Créer les 32 séances")
    expect(page.get_by_text("Créneau ajouté avec 32 séances.")).to_be_visible()
    assert monotonic() - began < A_MINUTE
    rows = Session.objects.filter(schedule__starts_on=first)
    assert rows.count() == 32
    assert all(len(row.places) == 3 for row in rows)


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_a_session_or_the_rest_of_its_series_is_moved(garden, page):
    day = timezone.localdate() + timedelta(days=60)
    schedule = plans.make_schedule(garden.programme, garden.site, works_on_holidays=True)
    rows = [
        make.make_session(
            garden.programme, garden.site, on=day + timedelta(days=7 * week), schedule=schedule
        )
        for week in range(3)
    ]
    login(page, garden.workshop_leader)
    visit(page, f"/seances/{rows[1].pk}/")
    follow(page, "Déplacer")
    page.get_by_label("Jour", exact=True).fill((rows[1].on + timedelta(days=1)).isoformat())
    page.get_by_label("Elle et la suivante").check()
    press(page, "Déplacer")
    expect(page.get_by_text("2 séances déplacées.")).to_be_visible()
    on = [Session.objects.get(pk=row.pk).on - row.on for row in rows]
    assert [moved.days for moved in on] == [0, 1, 1]

    visit(page, f"/seances/{rows[2].pk}/")
    follow(page, "Déplacer")
    page.get_by_label("Début").fill("09:00")
    press(page, "Déplacer")
    expect(page.get_by_text("1 séance déplacée.")).to_be_visible()
    hours = [Session.objects.get(pk=row.pk).hours.replace("\u00a0", " ") for row in rows]
    assert hours == ["8 h – 12 h", "8 h – 12 h", "9 h – 12 h"]


@pytest.mark.parametrize("page", [DESK], indirect=True)
def test_closing_days_cancels_what_was_planned(garden, page):
    day = timezone.localdate() + timedelta(days=60)
    session = make.make_session(garden.programme, garden.site, on=day)
    login(page, garden.workshop_leader)
    visit(page, f"/actions/{garden.programme.pk}/creneaux/")
    follow(page, "Fermetures")
    follow(page, "Ajouter une fermeture")
    page.get_by_label("Nom").fill("Travaux")
    page.get_by_label("Premier jour").fill(day.isoformat())
    page.get_by_label("Dernier jour").fill(day.isoformat())
    press(page, "Enregistrer")
    page.get_by_label("Motif d’annulation").select_option(label="Gel")
    press(page, "Fermer et annuler la séance")
    expect(page.get_by_text("1 séance annulée.")).to_be_visible()
    session.refresh_from_db()
    assert session.is_cancelled
