"""Tools: found, lent, given back, late, mended; who has them is told under its right."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.scoping import Action
from gardens.enums import ToolState
from gardens.models import Loan, Repair, Tool
from gardens.services import loans, tools
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import gardens as grow
from tests.factories import programmes as make
from tests.harness.queries import same_queries

WEEK = timedelta(days=7)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def leader(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def manager(garden, client_for):
    return client_for(garden.programme_manager)


@pytest.fixture
def karim(garden):
    return people.enrolment_of(people.make_person(garden.programme, "Karim", "Diallo"))


@pytest.fixture
def spade(garden):
    return grow.make_tool(garden.programme, "Bêche", accessories="étui, rallonge")


def url(name, *keys):
    return reverse(f"gardens:{name}", args=keys)


def text_of(browser, path):
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def lend(browser, tool, borrower, **fields):
    today = timezone.localdate()
    sent = {"borrower": borrower, "lent_on": today, "due_on": today + WEEK, **fields}
    sent.setdefault("accessories", ["étui", "rallonge"])
    return browser.post(url("loan_create", tool.pk), sent)


def fault(response, name="borrower"):
    assert response.status_code == 200
    return " ".join(response.context["form"].errors[name]).replace("\u00a0", " ")


def test_a_tool_goes_out_for_a_week_and_says_who_has_it(leader, garden, spade, karim):
    form = leader.get(url("loan_create", spade.pk)).context["form"]
    assert form["due_on"].value() == timezone.localdate() + WEEK
    response = lend(leader, spade, f"personne-{karim.pk}", accessories=["étui"])
    assert response.url == url("tool_list", garden.programme.pk)
    loan = Loan.objects.get(tool=spade)
    assert (loan.enrolment, loan.state_out) == (karim, "sans\u00a0: rallonge")
    assert loan.lent_by == garden.workshop_leader
    assert "À Karim Diallo, retour prévu" in text_of(leader, response.url)


@pytest.mark.parametrize("kind", ["personne", "seance", "lieu", "organisation"])
def test_whoever_takes_a_tool_is_one_choice(leader, garden, spade, karim, kind):
    rows = {
        "personne": karim,
        "seance": garden.open_session,
        "lieu": garden.site,
        "organisation": garden.network,
    }
    assert lend(leader, spade, f"{kind}-{rows[kind].pk}").status_code == 302
    loan = Loan.objects.get(tool=spade)
    found = [loan.enrolment, loan.session, loan.site, loan.organisation]
    assert [row for row in found if row] == [rows[kind]]
    elsewhere = make.make_site(make.make_territory("Ailleurs"), name="Ailleurs")
    assert "borrower" in lend(leader, spade, f"lieu-{elsewhere.pk}").context["form"].errors


def test_a_tool_that_is_out_says_who_has_it_and_keeps_what_was_typed(leader, spade, karim, garden):
    lend(leader, spade, f"personne-{karim.pk}")
    response = lend(leader, spade, f"lieu-{garden.site.pk}", state_out="manche neuf")
    assert "déjà prêté à Karim Diallo" in fault(response)
    assert response.context["form"]["state_out"].value() == "manche neuf"
    assert Loan.objects.filter(tool=spade).count() == 1


def test_a_forgotten_loan_is_noted_with_its_day_but_not_over_another(leader, spade, garden):
    today = timezone.localdate()
    site = f"lieu-{garden.site.pk}"
    grow.make_loan(
        spade,
        garden.site,
        lent_on=today - timedelta(days=20),
        due_on=today,
        returned_on=today - timedelta(days=10),
    )
    inside = lend(leader, spade, site, lent_on=today - timedelta(days=15))
    assert "Cet outil était prêté pour" in fault(inside, "lent_on")
    assert "pas à l’avance" in fault(lend(leader, spade, site, lent_on=make.tomorrow()), "lent_on")
    assert lend(leader, spade, site, lent_on=today - timedelta(days=10)).status_code == 302


def test_in_repair_only_a_manager_lends_and_says_why(leader, manager, spade, garden):
    grow.make_repair(spade)
    site = f"lieu-{garden.site.pk}"
    refused = fault(lend(leader, spade, site, override_reason="Je veux"))
    assert "en réparation" in refused
    assert "chef de projet" in refused
    assert "dites pourquoi" in fault(lend(manager, spade, site))
    assert lend(manager, spade, site, override_reason="La lame tient").status_code == 302
    assert Loan.objects.get(tool=spade).override_reason == "La lame tient"


def test_who_is_late_with_a_tool_gets_no_other(leader, manager, garden, spade, karim):
    late = grow.make_loan(grow.make_tool(garden.programme, "Râteau"), garden.site, enrolment=karim)
    assert str(late.tool) in fault(lend(leader, spade, f"personne-{karim.pk}"))
    sent = {"override_reason": "Il le rapporte demain"}
    assert lend(manager, spade, f"personne-{karim.pk}", **sent).status_code == 302
    other = grow.make_tool(garden.programme)
    lend(manager, other, f"lieu-{garden.site.pk}", override_reason="Sans objet")
    assert not Loan.objects.get(tool=other).override_reason


def test_lost_or_retired_it_is_not_lent(leader, spade, garden):
    Tool.objects.filter(pk=spade.pk).update(state=ToolState.LOST)
    assert "perdu" in fault(lend(leader, spade, f"lieu-{garden.site.pk}"))


def test_it_comes_back_with_what_is_missing_and_goes_to_repair(leader, spade, garden):
    loan = grow.make_loan(spade, garden.site)
    path = url("loan_return", loan.pk)
    sent = {"returned_on": timezone.localdate(), "state_in": "terreux", "version": loan.version}
    sent |= {"accessories": ["rallonge"], "problem": "Manche fendu"}
    assert leader.post(path, sent).status_code == 302
    loan.refresh_from_db()
    assert (loan.returned_on, loan.state_in) == (
        timezone.localdate(),
        "terreux\u00a0; il manque\u00a0: étui",
    )
    assert Repair.objects.get(tool=spade).problem == "Manche fendu"
    assert "déjà rendu" in leader.get(path, follow=True).content.decode()
    assert "En réparation" in text_of(leader, url("tool_detail", spade.pk))


def test_a_tap_gives_it_back_and_another_renews_it(leader, spade, garden):
    loan = grow.make_loan(spade, garden.site)
    form = leader.get(url("loan_renew", loan.pk)).context["form"]
    renewed = {"due_on": form["due_on"].value(), "version": loan.version}
    assert leader.post(url("loan_renew", loan.pk), renewed).status_code == 302
    loan.refresh_from_db()
    assert loan.due_on == timezone.localdate() + WEEK
    stale = {"returned_on": timezone.localdate(), "version": 1, "accessories": ["étui"]}
    page = leader.post(url("loan_return", loan.pk), stale)
    assert "modifiée pendant que vous l’aviez ouverte" in page.content.decode()
    proposed = leader.get(url("loan_return", loan.pk)).context["form"]
    sent = {"returned_on": proposed["returned_on"].value(), "version": loan.version}
    sent["accessories"] = ["étui", "rallonge"]
    assert leader.post(url("loan_return", loan.pk), sent).status_code == 302
    assert Loan.objects.get(pk=loan.pk).returned_on == timezone.localdate()


def test_who_is_late_is_called_from_the_list(leader, garden):
    person = garden.somebody.person
    person.phone = "0612345678"
    person.save()
    page = text_of(leader, url("loan_late", garden.programme.pk))
    assert str(person) in page
    assert "06 12 34 56 78" in page
    assert str(garden.grown.tool) in text_of(leader, "/")


def test_without_the_right_to_see_persons_nobody_is_named(garden):
    scope = scope_of(garden.workshop_leader)
    blind = replace(
        scope, programmes={a: k for a, k in scope.programmes.items() if a != Action.VIEW_PERSONS}
    )
    loan = garden.grown.loan
    assert tools.holders(scope, [loan])[loan.pk].label == str(garden.somebody.person)
    told = tools.holders(blind, [loan])[loan.pk]
    assert (told.label, told.phone, told.person) == (tools.SOMEBODY, "", None)
    assert tools.cards(blind, [garden.grown.tool])[0].words.endswith(tools.SOMEBODY)


def test_the_list_is_searched_by_number_and_name_and_state(leader, garden):
    programme = garden.programme
    grow.make_tool(programme, "Sécateur", number="A-77")
    path = url("tool_list", programme.pk)

    def names(**asked):
        return {card.tool.name for card in leader.get(path, asked).context["cards"]}

    assert names(words="secateur") == names(words="77") == {"Sécateur"}
    assert names(standing="late") == {garden.grown.tool.name}
    assert names(standing="mended") == {"Tondeuse"}
    assert names(standing="available") == {"Sécateur"}
    assert names(standing="lent") == names(standing="lost") == set()
    late = {card.tool.name: card.words for card in leader.get(path).context["cards"]}
    assert late["Tondeuse"] == "en réparation"
    assert late[garden.grown.tool.name].startswith("en retard")


def test_the_list_asks_as_much_for_seven_tools_as_for_two(leader, garden):
    def grow_more():
        for number in range(5):
            person = people.make_person(garden.programme, "Prénom", f"Nom {number}")
            tool = grow.make_tool(garden.programme)
            grow.make_loan(tool, garden.site, enrolment=people.enrolment_of(person))

    same_queries(lambda: leader.get(url("tool_list", garden.programme.pk)), grow_more)


def test_a_loan_of_a_person_is_on_their_page_and_the_history_on_the_tool_s(leader, garden):
    person, tool = garden.somebody.person, garden.grown.tool
    path = reverse("beneficiaries:person_attendance", args=[person.pk])
    assert "Outils prêtés" in text_of(leader, path)
    assert str(person) in text_of(leader, url("tool_detail", tool.pk))
    session = garden.held
    grow.make_loan(grow.make_tool(garden.programme, "Arrosoir"), garden.site, session=session)
    page = text_of(leader, reverse("programmes:session_detail", args=[session.pk]))
    assert "Arrosoir" in page


def test_loans_and_tools_are_exported_and_labels_printed(leader, garden):
    programme, person = garden.programme, garden.somebody.person
    year = str(timezone.localdate().year)
    loaned = leader.get(url("loan_export", programme.pk, year, "csv")).content.decode("utf-8-sig")
    assert str(person) in loaned
    kept = leader.get(url("tool_export", programme.pk, "csv")).content.decode("utf-8-sig")
    assert "en réparation" in kept
    assert leader.get(url("tool_labels", programme.pk)).content.startswith(b"%PDF")


def test_the_base_itself_refuses_a_second_loan(garden, spade):
    grow.make_loan(spade, garden.site)
    with pytest.raises(Exception, match=r"UNIQUE|gardens_loan_one"):
        grow.make_loan(spade, garden.site)


def test_a_repair_waits_for_the_return(leader, spade, garden):
    loan = grow.make_loan(spade, garden.site)
    sent = {"problem": "Manche", "starts_on": timezone.localdate()}
    assert "sorti" in fault(leader.post(url("repair_create", spade.pk), sent), "problem")
    Loan.objects.filter(pk=loan.pk).update(returned_on=loan.lent_on)
    assert leader.post(url("repair_create", spade.pk), sent).status_code == 302
    repair = Repair.objects.get(tool=spade)
    over = {"ends_on": timezone.localdate(), "cost": "12,50", "version": repair.version}
    assert leader.post(url("repair_end", repair.pk), over).status_code == 302
    assert tools.cards(scope_of(garden.workshop_leader), [spade])[0].standing == "available"
    assert loans.may_override(scope_of(garden.programme_manager), spade)
