"""Budgets: the balance, the lock of a validated one, the payers' shares."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from programmes.access import scope_of
from programmes.models import Budget, BudgetLine
from programmes.services import budgets
from programmes.services.funding import chart_of_payers, sides_of
from tests.factories import programmes as make
from tests.harness.queries import same_queries

#: The action's own budget in the fiche of Les Jardins du cœur: 97 200 € on each side.
FICHE = (
    ("60_combustibles", 1000),
    ("60_fluides", 400),
    ("60_fournitures", 4000),
    ("61_entretien", 400),
    ("61_assurances", 2500),
    ("62_divers", 4300),
    ("64_remunerations", 45_700),
    ("64_charges_sociales", 18_900),
    ("65_gestion", 20_000),
    ("74_etat", 25_000),
    ("74_departement", 31_500),
    ("74_commune", 20_700),
    ("74_fonds_europeens", 20_000),
)


@pytest.fixture
def fiche(world) -> Budget:
    edition = make.make_edition(world.here.garden.programme, 2015)
    return make.make_budget(edition, *FICHE)


@pytest.fixture
def scope(world):
    return scope_of(world.here.garden.programme_manager)


@pytest.fixture
def browser(world, client_for):
    return client_for(world.here.garden.programme_manager)


def lines_of(budget):
    return list(BudgetLine.objects.filter(budget=budget).select_related("account", "payer"))


def test_the_fiche_is_even_and_its_headings_add_up(fiche):
    balance = budgets.balance_of(fiche)
    assert (balance.charges, balance.products) == (Decimal(97_200), Decimal(97_200))
    assert balance.is_even
    charges, products = sides_of(lines_of(fiche), fiche.template)
    assert [heading.total for heading in charges.headings] == [5400, 2900, 4300, 64_600, 20_000]
    assert [heading.total for heading in products.headings] == [97_200]


def test_the_shares_of_the_payers_are_those_of_the_fiche(fiche):
    rows = chart_of_payers(lines_of(fiche)).table.rows
    assert [row.cells[1:] for row in rows] == [
        ("31\u202f500\u00a0€", "32,4\u00a0%"),
        ("25\u202f000\u00a0€", "25,7\u00a0%"),
        ("20\u202f700\u00a0€", "21,3\u00a0%"),
        ("20\u202f000\u00a0€", "20,6\u00a0%"),
    ]


def test_what_is_given_in_kind_is_balanced_apart(fiche):
    make.make_line(fiche, "86_benevoles", 3000)
    balance = budgets.balance_of(fiche)
    assert (balance.gap, balance.gap_in_kind) == (0, 3000)
    assert balance.faults == [
        "Les contributions volontaires (86 et 87) diffèrent de 3\u202f000\u00a0€."
    ]
    make.make_line(fiche, "87_benevolat", 3000)
    assert budgets.balance_of(fiche).is_even


@pytest.mark.parametrize(
    ("value", "words"),
    [("60_fournitures", "Les charges dépassent de 0,01"), ("75_autres", "Les produits dépassent")],
)
def test_a_draft_says_by_how_much_it_is_out(fiche, scope, value, words):
    make.make_line(fiche, value, Decimal("0.01"))
    with pytest.raises(ValidationError, match=words):
        budgets.validate(scope=scope, budget=fiche)
    assert Budget.objects.get(pk=fiche.pk).validated_on is None


def test_an_empty_budget_is_not_validated(world, scope):
    empty = make.make_budget(make.make_edition(world.here.garden.programme, 2015))
    with pytest.raises(ValidationError, match="pas encore de ligne"):
        budgets.validate(scope=scope, budget=empty)


def test_a_validated_budget_refuses_any_change_of_its_lines(fiche, browser):
    browser.post(reverse("programmes:budget_validate", args=[fiche.pk]))
    assert Budget.objects.get(pk=fiche.pk).validated_on
    line = make.first_line(fiche)
    account = line.account_id
    for name, pk, data in (
        ("budget_line_create", fiche.pk, {"account": account, "amount": "5"}),
        ("budget_line_update", line.pk, {"account": account, "amount": "5", "version": "1"}),
        ("budget_line_delete", line.pk, {}),
    ):
        answer = browser.post(reverse(f"programmes:{name}", args=[pk]), data, follow=True)
        assert "Ce budget est validé" in answer.content.decode()
    assert [row.amount for row in lines_of(fiche)] == [amount for _, amount in FICHE]


def test_reopening_needs_a_reason_that_the_journal_keeps(fiche, browser, scope):
    budgets.validate(scope=scope, budget=fiche)
    url = reverse("programmes:budget_reopen", args=[fiche.pk])
    assert "quelques mots" in browser.post(url, {"reason": " - "}).content.decode()
    browser.post(url, {"reason": "avenant du Département"})
    assert Budget.objects.get(pk=fiche.pk).validated_on is None
    assert AuditEvent.objects.first().reason == "avenant du Département"


def test_a_charge_has_no_payer(fiche, browser, world):
    url = reverse("programmes:budget_line_create", args=[fiche.pk])
    account = make.code(fiche.template, "61_locations").pk
    data = {"account": account, "amount": "1 200,50", "payer": world.here.garden.funder.pk}
    html = browser.post(url, data).content.decode()
    assert "id_payer_error" in html
    assert "1 200,50" in html
    del data["payer"]
    browser.post(url, data)
    assert BudgetLine.objects.get(account=account).amount == Decimal("1200.50")


def test_a_line_of_another_plan_or_a_heading_is_not_offered(fiche, browser):
    url = reverse("programmes:budget_line_create", args=[fiche.pk])
    for account in (make.code(fiche.template, "60"), make.code("budget_lines_cerfa", "604")):
        html = browser.post(url, {"account": account.pk, "amount": "1"}).content.decode()
        assert "id_account_error" in html


def test_an_edition_has_one_budget(fiche, browser):
    url = reverse("programmes:budget_create", args=[fiche.edition_id])
    html = browser.post(url, {"template": fiche.template}).content.decode()
    assert "a déjà son budget" in html
    assert Budget.objects.filter(edition=fiche.edition_id).count() == 1


def test_the_committee_reads_and_exports_but_never_writes(fiche, world, client_for):
    reader = client_for(world.here.garden.committee_member)
    html = reader.get(reverse("programmes:budget_detail", args=[fiche.pk])).content.decode()
    assert "97\u202f200\u00a0€" in html
    assert "Ajouter une ligne" not in html
    export = reader.get(reverse("programmes:budget_export", args=[fiche.pk, "csv"]))
    assert "Rémunérations du personnel" in export.content.decode("utf-8-sig")


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(world, browser):
    programme = world.here.garden.programme
    budget = world.here.garden.budget

    def grow():
        for year in range(2001, 2006):
            make.make_budget(make.make_edition(programme, year), *FICHE)
            make.make_line(budget, "74_departement", 5, payer=world.here.garden.funder)

    def pages():
        for url in ("/budgets/", f"/budgets/{budget.pk}/", f"/editions/{budget.edition_id}/"):
            assert browser.get(url).status_code == 200

    make.make_budget(make.make_edition(programme, 2000), *FICHE)
    same_queries(pages, grow)
