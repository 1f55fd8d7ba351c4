"""Pages of grants: what they show and to whom, what they refuse and how they say it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core import panels
from programmes.access import scope_of
from programmes.enums import PartnerRole, Role
from programmes.models import Grant, GrantDraw, GrantPayment
from tests.factories import grants as funds
from tests.factories import programmes as make
from tests.harness.queries import same_queries


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def edition(garden):
    return make.make_edition(garden.programme, 2015)


@pytest.fixture
def grant(garden, edition) -> Grant:
    return funds.make_grant(edition, garden.funder)


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.programme_manager)


def url(name, *args):
    return reverse(f"programmes:grant_{name}", args=args)


def page(browser, name, *args) -> str:
    answer = browser.get(url(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def refused(browser, path, **data) -> str:
    """Post what must be refused, and return the page: it has kept all that was typed."""
    answer = browser.post(path, data)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert all(f'value="{typed}"' in html for typed in data.values() if typed)
    return html


def accepted(browser, path, **data) -> None:
    answer = browser.post(path, data)
    faults = answer.context["form"].errors if answer.context else {}
    assert (answer.status_code, faults) == (302, {})


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


# The list.


def test_the_list_is_of_the_period_with_its_totals(browser, garden, grant):
    funds.make_payment(grant, "250.50")
    asked = funds.make_grant(grant.edition, garden.funder, awarded=None, requested=500)
    html = page(browser, "list", garden.programme.pk, "2015-12")
    assert grant.title in html
    assert asked.title in html
    for total in ("1\u202f500\u00a0€", "1\u202f000\u00a0€", "250,50\u00a0€"):
        assert f"<strong>{total}</strong>" in html
    nothing = page(browser, "list", garden.programme.pk, "2014")
    assert "Aucun financement" in nothing
    assert "<strong>Total</strong>" not in nothing


def test_the_other_programme_has_its_own_list(browser, world, garden):
    other = world.here.kitchen.grant
    html = page(browser, "list", garden.programme.pk, str(other.edition.starts_on.year))
    assert other.title not in html


def test_adding_leads_to_the_edition_of_the_period(browser, garden, grant, client_for):
    path = url("create", grant.edition.pk)
    assert path in page(browser, "list", garden.programme.pk, "2015")
    assert "nouveau" not in page(browser, "list", garden.programme.pk, "2014")
    reader = client_for(garden.committee_member)
    assert path not in page(reader, "list", garden.programme.pk, "2015")


@pytest.mark.parametrize(
    ("days", "said"), [(16, "J-16"), (0, "aujourd’hui"), (-1, "en retard"), (61, "")]
)
def test_a_near_deadline_is_counted_down(browser, garden, grant, days, said):
    grant.report_due_on = in_days(days)
    grant.save()
    html = page(browser, "list", garden.programme.pk, "2015")
    assert ('class="tag' in html) == bool(said)
    assert said in html


def test_the_list_is_exported(browser, garden, grant):
    funds.make_draw(grant, "12.05")
    answer = browser.get(url("export", garden.programme.pk, "2015", "csv"))
    text = answer.content.decode("utf-8-sig")
    assert f";{grant.title};" in text
    assert "12.05" in text
    assert f";{garden.grant.title};" not in text
    assert browser.get(url("export", garden.programme.pk, "2015", "pdf")).status_code == 404


# One grant.


def test_a_grant_shows_its_four_amounts(browser, grant):
    funds.make_payment(grant, 400)
    funds.make_draw(grant, 300)
    html = page(browser, "detail", grant.pk)
    assert "40,0\u00a0% · reste 600\u00a0€ à verser" in html
    assert "30,0\u00a0% · reste 700\u00a0€ à justifier" in html


def test_before_the_answer_nothing_is_added(browser, garden, grant):
    asked = funds.make_grant(grant.edition, garden.funder, awarded=None)
    html = page(browser, "detail", asked.pk)
    assert "réponse attendue" in html
    assert "Noter l’attribution" in html
    assert "Ajouter un" not in html
    html = page(browser, "detail", grant.pk)
    assert "Ajouter une dépense" in html
    assert "Noter le refus" not in html


def test_another_funder_reads_the_amounts_but_not_the_movements(garden, grant, client_for):
    funds.make_draw(grant, 300, label="Bottes de jardin")
    other = make.make_organisation(garden.territory, "Autre financeur")
    make.make_partnership(garden.programme, other, PartnerRole.FUNDER)
    readers = {
        garden.programme_manager: True,
        garden.committee_member: True,
        garden.network_coordinator: False,
        make.make_member(Role.COMMITTEE_MEMBER, other): False,
    }
    for reader, sees in readers.items():
        html = page(client_for(reader), "detail", grant.pk)
        assert "reste 700\u00a0€ à justifier" in html
        assert ("Bottes de jardin" in html) is sees, reader


def test_a_grant_is_noted_then_awarded(browser, garden, edition):
    path = url("create", edition.pk)
    assert 'value="2016-06-30"' in browser.get(path).content.decode()
    data = {"funder": garden.funder.pk, "title": "Ville", "requested_on": "2015-01-10"}
    accepted(browser, path, requested="25 000,50", **data)
    grant = funds.read(Grant.objects.get(title="Ville"))
    assert str(grant.requested) == "25000.50"
    assert "déjà noté" in browser.post(path, data | {"requested": "1"}).content.decode()

    award = url("award", grant.pk)
    typed = {"awarded": "20 000", "awarded_on": "2015-01-09", "version": "1"}
    html = refused(browser, award, **typed)
    assert "id_awarded_on_error" in html
    assert "L’attribution précède la demande." in html
    accepted(browser, award, **typed | {"awarded_on": "2015-02-01"})
    assert funds.read(grant).awarded == 20_000


@pytest.mark.parametrize(
    ("amount", "on", "field"),
    [
        ("", "2015-02-01", "awarded"),
        ("10,005", "2015-02-01", "awarded"),
        ("-5", "2015-02-01", "awarded"),
        ("10", "", "awarded_on"),
        ("10", str(in_days(1)), "awarded_on"),
    ],
)
def test_a_wrong_award_is_told_beside_its_field(browser, grant, amount, on, field):
    data = {"awarded": amount, "awarded_on": on, "version": "1"}
    assert f"id_{field}_error" in refused(browser, url("award", grant.pk), **data)
    assert funds.read(grant).awarded == 1000


def test_an_award_below_what_was_spent_is_told_beside_its_field(browser, grant):
    funds.make_draw(grant, 300)
    data = {"awarded": "299", "awarded_on": "2015-03-10", "version": "1"}
    html = refused(browser, url("award", grant.pk), **data)
    assert "id_awarded_error" in html
    assert "300\u00a0€ sont déjà justifiés" in html


def test_a_refusal_takes_the_award_back_until_money_moves(browser, grant):
    path = url("refuse", grant.pk)
    assert "id_refused_on_error" in refused(browser, path, refused_on="2014-12-31", version="1")
    accepted(browser, path, refused_on="2015-04-01", version="1")
    assert "refusé" in page(browser, "detail", grant.pk)
    assert funds.read(grant).awarded is None

    accepted(browser, url("award", grant.pk), awarded="900", awarded_on="2015-05-01", version="2")
    funds.make_payment(grant, 100)
    html = refused(browser, path, refused_on="2015-06-01", version="3")
    assert "n’est plus refusé" in html


def test_a_stale_award_shows_both_texts(browser, grant):
    path = url("award", grant.pk)
    accepted(browser, path, awarded="900", awarded_on="2015-03-10", version="1")
    html = refused(browser, path, awarded="800", awarded_on="2015-03-10")
    assert "modifiée pendant que vous l’aviez ouverte" in html
    assert "«\u00a0900\u00a0»" in html
    assert funds.read(grant).awarded == 900


def test_a_request_dated_after_its_answer_is_told_beside_its_field(browser, grant):
    data = {"funder": grant.funder_id, "title": grant.title, "requested": "1000", "version": "1"}
    answer = browser.post(url("update", grant.pk), data | {"requested_on": "2015-03-11"})
    assert "id_requested_on_error" in answer.content.decode()
    data["reported_on"] = str(in_days(1))
    answer = browser.post(url("update", grant.pk), data | {"requested_on": "2015-03-10"})
    assert set(answer.context["form"].errors) == {"reported_on"}


def test_a_grant_whose_money_moved_is_not_deleted(browser, grant):
    funds.make_payment(grant)
    answer = browser.post(url("delete", grant.pk), follow=True)
    assert "l’argent a bougé (versement)" in answer.content.decode()
    browser.post(url("payment_delete", funds.first_payment(grant).pk))
    browser.post(url("delete", grant.pk))
    assert not Grant.objects.filter(pk=grant.pk).exists()


# Payments and draws.


@pytest.mark.parametrize("name", ["payment_create", "draw_create"])
@pytest.mark.parametrize(
    ("amount", "on", "field", "words"),
    [
        ("0", "2015-05-01", "amount", "nul"),
        ("-5", "2015-05-01", "amount", "positif"),
        ("dix", "2015-05-01", "amount", "Écrivez un nombre"),
        ("1 000,01", "2015-05-01", "amount", "il reste 1\u202f000\u00a0€"),
        ("5", str(in_days(1)), "on", "pas encore venu"),
    ],
    ids=["nothing", "negative", "no-number", "too-much", "tomorrow"],
)
def test_a_wrong_movement_is_told_beside_its_field(browser, grant, name, amount, on, field, words):
    day = "paid_on" if name == "payment_create" else "on"
    data = {"amount": amount, day: on, "label": "Essai"}
    html = refused(browser, url(name, grant.pk), **data)
    assert f"id_{day if field == 'on' else field}_error" in html
    assert words in html
    assert not GrantPayment.objects.filter(grant=grant).exists()
    assert not GrantDraw.objects.filter(grant=grant).exists()


def test_a_payment_is_added_then_corrected(browser, grant):
    accepted(browser, url("payment_create", grant.pk), amount="400", paid_on="2015-05-01")
    payment = funds.first_payment(grant)
    path = url("payment_update", payment.pk)
    typed = {"amount": "1001", "paid_on": "2015-05-01", "version": "1"}
    assert "il reste 1\u202f000\u00a0€" in refused(browser, path, **typed)
    accepted(browser, path, **typed | {"amount": "1000"})
    assert funds.read(grant).paid == 1000


def test_a_movement_of_an_unanswered_request_is_refused(browser, garden, grant):
    asked = funds.make_grant(grant.edition, garden.funder, awarded=None)
    html = refused(browser, url("draw_create", asked.pk), amount="5", on="2015-05-01", label="x")
    assert "n’est pas attribué" in html


def test_a_spending_is_taken_back_with_a_reason(browser, grant):
    accepted(browser, url("draw_create", grant.pk), amount="300", on="2015-05-01", label="Bêches")
    line = funds.first_draw(grant)
    path = url("draw_reverse", line.pk)
    assert path in page(browser, "detail", grant.pk)
    assert "quelques mots" in browser.post(path, {"reason": " - "}).content.decode()
    accepted(browser, path, reason="comptée deux fois")
    html = page(browser, "detail", grant.pk)
    assert "comptée deux fois" in html
    assert "−300\u00a0€" in html
    assert path not in html
    again = browser.post(path, {"reason": "encore une fois"}, follow=True)
    assert "déjà retirée" in again.content.decode()
    assert funds.read(grant).drawn == 0


def test_a_spending_of_another_page_is_corrected_there(browser, grant):
    line = funds.make_draw(grant, source_type="panier", source_key="12")
    assert url("draw_reverse", line.pk) not in page(browser, "detail", grant.pk)
    answer = browser.post(url("draw_reverse", line.pk), {"reason": "erreur"}, follow=True)
    assert "vient d’ailleurs (panier 12)" in answer.content.decode()
    assert funds.read(grant).drawn == 300


# What other pages show.


def test_the_home_page_tells_the_accounts_due_to_who_reads_budgets(garden, grant, client_for):
    funds.make_draw(grant, 250)
    grant.report_due_on = in_days(16)
    grant.save()
    html = client_for(garden.programme_manager).get("/").content.decode()
    assert "J-16" in html
    assert f"Compte rendu financier — {garden.funder.name}" in html
    assert "1\u202f000\u00a0€ attribués, 250\u00a0€ justifiés" in html
    leader = client_for(garden.workshop_leader).get("/").content.decode()
    assert "Compte rendu financier" not in leader


def test_an_edition_tells_its_grants_to_who_reads_budgets(world, garden, grant):
    editions = [grant.edition, world.here.kitchen.edition]

    def shown_to(user):
        shown = panels.shown("edition_detail", scope_of(user), editions)
        told = [p["context"] for k in shown for p in shown[k] if "grants" in p["context"]]
        return [(context["grants"], context["can_edit"]) for context in told]

    assert shown_to(garden.programme_manager) == [([grant], True)]
    assert shown_to(garden.committee_member) == [([grant], False)]
    assert shown_to(garden.workshop_leader) == []


def test_the_pages_make_the_same_queries_for_two_rows_and_seven(garden, edition, browser):
    def add():
        funds.make_moving_grant(edition, garden.funder, report_due_on=in_days(5))
        funds.make_payment(shown, 1)
        taken_back = funds.make_draw(shown, 1)
        funds.make_draw(shown, -1, reverses=taken_back, reason="essai")

    def grow():
        for _ in range(5):
            add()

    def pages():
        page(browser, "list", garden.programme.pk, "2015")
        page(browser, "detail", shown.pk)
        for path in ("/", f"/editions/{edition.pk}/"):
            assert browser.get(path).status_code == 200

    shown = funds.make_moving_grant(edition, garden.funder)
    add()
    same_queries(pages, grow)
