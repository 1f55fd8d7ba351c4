"""Harvests from a spreadsheet or a paper sheet: told line by line, written once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gardens.enums import Destination
from gardens.models import Harvest, Movement
from tests.factories.gardens import product

HEADER = "Jour;Jardin;Produit;Variété;Poids (kg);Pièces;Vers;Association\n"


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def page(garden):
    return reverse("gardens:harvest_import", args=[garden.programme.pk])


def send(browser, garden, *lines, header=HEADER):
    content = (header + "\n".join(lines)).encode()
    return browser.post(page(garden), {"document": SimpleUploadedFile("recoltes.csv", content)})


def agree(browser, garden, preview, **more):
    return browser.post(page(garden), {"lines": preview.context["lines"], **more})


def weighed(garden):
    return Harvest.objects.filter(programme=garden.programme, on__gte=date(2016, 1, 1))


def test_a_file_is_shown_then_written_and_twice_is_once(garden, browser):
    site = garden.site.name
    lines = (
        f"14/03/2016;{site};courgettes ;;12,4;;Partage entre jardiniers;",
        f"14/03/2016;{site};courgette;;5;;;",
        # Two crates of the same weight are two weighings.
        f"2016-03-14;{garden.site.short_name};Courgette;;5;;;",
        f"15/03/2016;{site};Tomate;;;20;A;{garden.funder.name}",
    )
    preview = send(browser, garden, *lines)
    assert (len(preview.context["right"]), preview.context["faulty"]) == (4, [])
    assert not weighed(garden).exists()
    assert agree(browser, garden, preview).status_code == 302
    assert weighed(garden).count() == 4
    gift = Movement.objects.get(lot__harvest__in=weighed(garden), organisation=garden.funder)
    assert (gift.destination, gift.grams) == (Destination.ORGANISATION, Decimal(3))
    again = send(browser, garden, *lines)
    assert len(again.context["known"]) == 4
    assert "rien à faire" in again.content.decode()
    agree(browser, garden, preview)
    assert weighed(garden).count() == 4


def test_faults_are_told_by_line_and_nothing_is_written_meanwhile(garden, browser):
    site = garden.site.name
    preview = send(
        browser,
        garden,
        f"14/03/2016;{site};Courgette;;2;;;",
        "31/02/2016;Ailleurs;Ananas;;;;;",
        f"14/03/2016;{site};Tomate;Inconnue;2;;;",
        f"14/03/2016;{site};Tomate;;deux;;;",
        f"14/03/2016;{site};Persil;;;3;;",
        f"14/03/2016;{site};Tomate;;2;;Marché;",
        f"14/03/2016;{site};Tomate;;2;;Association;Personne",
        f"14/03/2116;{site};Tomate;;2;;;",
    )
    faults = {line.number: " ".join(line.faults) for line in preview.context["faulty"]}
    assert list(faults) == [3, 4, 5, 6, 7, 8, 9]
    for number, words in (
        (3, "Écrivez le jour"),
        (3, "n’est pas un jardin"),
        (3, "n’est pas un produit"),
        (4, "n’est pas une variété"),
        (5, "Écrivez un nombre"),
        (6, "n’a pas de poids connu"),
        (7, "n’est pas une destination"),
        (8, "n’est pas une organisation"),
        (9, "à l’avance"),
    ):
        assert words in faults[number]
    assert "corrigez le fichier" in agree(browser, garden, preview).content.decode()
    assert not weighed(garden).exists()
    agree(browser, garden, preview, without_faulty="1")
    assert weighed(garden).count() == 1


def test_a_file_without_its_columns_or_a_forged_preview_is_refused(garden, browser):
    answer = send(browser, garden, "14/03/2016;Courgette", header="Jour;Produit\n")
    assert "Il manque une colonne" in answer.content.decode()
    answer = browser.post(page(garden), {"lines": "forgé"}, follow=True)
    assert "Cet aperçu a expiré" in answer.content.decode()
    model = reverse("gardens:harvest_model", args=[garden.programme.pk, "csv"])
    titles = browser.get(model).content.decode("utf-8-sig").strip().splitlines()[-1]
    assert titles == HEADER.strip()


def test_a_paper_sheet_is_typed_back_all_or_nothing(garden, browser):
    url = reverse("gardens:harvest_typing", args=[garden.programme.pk])
    url = f"{url}?jardin={garden.site.pk}&jour=2016-03-14"
    marks = {f"mark_{line.number}": line.mark for line in browser.get(url).context["sheet"].lines}
    sent = marks | {"product_1": "courgette", "weight_1": "2,5", "where_1": "j"}
    sent |= {"product_3": "tomates", "weight_3": "1", "where_3": "É"}
    shown = browser.post(url, sent | {"product_5": "Ananas", "weight_5": "4"})
    assert "n’est pas un produit connu" in shown.content.decode()
    assert 'value="2,5"' in shown.content.decode()
    assert not weighed(garden).exists()
    for _ in range(2):
        assert browser.post(url, sent).status_code == 302
    rows = weighed(garden).order_by("pk")
    assert [(row.product, row.grams) for row in rows] == [
        (product("courgette"), Decimal("2.5")),
        (product("tomate"), Decimal(1)),
    ]
    found = Movement.objects.filter(lot__harvest__in=rows).values_list("destination", flat=True)
    assert set(found) == {Destination.GROWERS, Destination.GROCERY}


def test_a_weight_or_a_year_that_cannot_be_is_told_beside_its_line(garden, browser):
    site = garden.site.name
    preview = send(
        browser,
        garden,
        f"14/03/2016;{site};Courgette;;12400;;;",
        f"1916-03-14;{site};Poireeau;;2;;;",
    )
    said = [" ".join(line.faults) for line in preview.context["faulty"]]
    assert ["virgule" in said[0], "année" in said[1]] == [True, True]
    assert "Vouliez-vous dire «\u00a0Poireau\u00a0»" in said[1]
