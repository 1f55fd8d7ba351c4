"""Pages of statements: the month, one statement, signatures, what is contested, who may do what."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.core.periods import Period
from beneficiaries.enums import StatementFileKind, StatementState
from beneficiaries.models import Statement, StatementFile, StatementObjection
from beneficiaries.services import statements
from beneficiaries.services.statements import Signature
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.prints import text_of
from tests.harness.queries import same_queries

MARCH = Period.month(2016, 3)
DRAWN = "100,100 200,150 300,90;350,120 500,200"


@pytest.fixture
def manager(garden, client_for):
    return client_for(garden.programme_manager)


def came(garden, *stays, day=15):
    """Write a presence of March 2016 for each, in a closed session."""
    session = make.make_session(garden.programme, garden.site, on=date(2016, 3, day))
    for stay in stays:
        people.make_attendance(stay, session, garden.site)
    return make.close(session)


def prepared(garden, stay) -> Statement:
    scope = scope_of(garden.social_worker)
    return statements.prepare(scope=scope, enrolment=stay, month=MARCH)


def signed(garden, stay) -> Statement:
    scope, how = scope_of(garden.social_worker), Signature(on=date(2016, 4, 4), way="paper")
    return statements.sign(scope=scope, statement=prepared(garden, stay), signature=how)


@pytest.fixture
def statement(garden, karim) -> Statement:
    came(garden, karim)
    return prepared(garden, karim)


def url(name: str, *args) -> str:
    return reverse(f"beneficiaries:statement_{name}", args=args)


def month(garden, name="month") -> str:
    return url(name, garden.programme.pk, MARCH)


def row_of(page, stay):
    return next(row for row in page.context["rows"] if row.enrolment == stay)


# --- the month


def test_the_month_says_what_each_one_waits_for(garden, leader, karim):
    late, contests, none = (
        people.enrolment_of(people.make_person(garden.programme)) for _ in range(3)
    )
    came(garden, karim, late, contests, none)
    done = signed(garden, karim)
    prepared(garden, late)
    came(garden, late, day=16)
    plans.make_objection(prepared(garden, contests))
    still_open = make.make_session(garden.programme, garden.site, on=date(2016, 3, 22))
    people.make_attendance(none, still_open, garden.site)
    page = leader.get(month(garden))
    assert row_of(page, karim).missing == ["papier signé à numériser"]
    assert row_of(page, late).missing == ["à mettre à jour\u00a0: les présences ont changé"]
    assert row_of(page, late).days == 2
    assert row_of(page, contests).missing == ["1\u00a0ligne contestée, à régler"]
    (words,) = row_of(page, none).missing
    assert words.endswith("Culture maraîchère du 22\u00a0mars\u00a02016")
    assert (row_of(page, none).state, row_of(page, none).words) == ("", "à préparer")
    assert not any(row.is_ready for row in page.context["rows"])
    html = page.content.decode()
    assert url("detail", done.pk) in html
    assert "Verrouiller" not in html, "the manager locks"


def test_as_many_queries_for_two_persons_as_for_seven(garden, leader, karim, statement):
    path = month(garden)

    def grow():
        stays = [people.enrolment_of(people.make_person(garden.programme)) for _ in range(5)]
        came(garden, *stays)
        for stay in stays:
            plans.make_objection(prepared(garden, stay))

    tab = reverse("beneficiaries:person_attendance", args=[karim.person_id])
    same_queries(lambda: [leader.get(path), leader.get(tab)], grow)


def test_a_month_is_prepared_signed_and_locked_at_once(garden, leader, manager, karim):
    other = people.enrolment_of(people.make_person(garden.programme))
    came(garden, karim, other)
    assert leader.post(month(garden, "prepare_month")).status_code == 302
    rows = Statement.objects.of_month(MARCH)
    path = month(garden, "sign_month")
    form = leader.get(path).context["form"]
    assert set(form["statements"].value()) == {row.pk for row in rows}
    mine = rows.get(enrolment=karim)
    early = leader.post(path, {"on": "2016-03-14", "statements": [mine.pk]}, follow=True)
    assert "La dernière présence est du 15\u00a0mars\u00a02016" in early.content.decode()
    leader.post(path, {"on": "2016-04-04", "statements": [mine.pk]})
    states = dict(rows.values_list("enrolment", "state"))
    assert states == {karim.pk: StatementState.SIGNED, other.pk: StatementState.TO_SIGN}
    assert StatementFile.objects.get(statement=mine).kind == StatementFileKind.PRINTED
    assert leader.post(month(garden, "lock_month")).status_code == 403
    manager.post(month(garden, "lock_month"))
    states = dict(rows.values_list("enrolment", "state"))
    assert states == {karim.pk: StatementState.LOCKED, other.pk: StatementState.TO_SIGN}


def test_presences_lead_to_the_statements(garden, leader, karim, statement):
    sessions = reverse("beneficiaries:attendance_list", args=[garden.programme.pk, MARCH])
    assert month(garden) in leader.get(sessions).content.decode()
    tab = reverse("beneficiaries:person_attendance", args=[karim.person_id])
    assert url("detail", statement.pk) in leader.get(tab).content.decode()


# --- one statement


def test_somebody_signs_on_the_screen(garden, leader, karim, statement):
    path = url("sign", statement.pk)
    for sent in ("", "1,1", "1,1 2,2;alert(1)", "99999,1 2,2 3,3 4,4"):
        page = leader.post(path, {"strokes": sent})
        assert "La case est vide" in page.content.decode()
    alone = leader.post(path, {"strokes": DRAWN, "is_mark": "on"})
    assert "notez qui était présent" in alone.context["form"].errors["witness"][0]
    assert DRAWN in alone.content.decode(), "what was drawn stays"
    leader.post(
        path, {"strokes": DRAWN, "is_mark": "on", "witness": "Alice", "is_read_aloud": "on"}
    )
    statement.refresh_from_db()
    assert (statement.state, statement.way) == (StatementState.SIGNED, "screen")
    assert statement.signed_on == timezone.localdate()
    kept = StatementFile.objects.get(statement=statement)
    assert kept.kind == StatementFileKind.DRAWN
    content = leader.get(url("file", kept.pk)).getvalue()
    assert "DUPONT Karim" in text_of(content)
    assert "Dupont" not in kept.title
    printed = leader.post(url("print", statement.pk), follow=True)
    assert printed.getvalue() == content, "the signed one, for good"
    page = leader.get(url("detail", statement.pk)).content.decode()
    assert "d’une marque, après lecture à voix haute, en présence de Alice" in page
    assert "demandez à votre chef de projet" in page


def test_what_cannot_be_signed_says_why_and_nothing_is_lost(garden, leader, karim, statement):
    came(garden, karim, day=16)
    for name in ("sign", "sign_paper"):
        page = leader.get(url(name, statement.pk))
        assert "Les présences ont changé" in page.content.decode()
    page = leader.post(url("sign_paper", statement.pk), {"on": "2016-04-04", "witness": "Alice"})
    assert page.status_code == 200
    printed = leader.post(url("print", statement.pk), follow=True)
    assert "mettez-le à jour" in printed.content.decode()
    leader.post(url("prepare", statement.pk))
    plans.make_objection(statement)
    sent = {"on": "2016-04-04", "witness": "Alice"}
    page = leader.post(url("sign_paper", statement.pk), sent)
    assert "despite" in page.context["form"].errors
    assert page.context["form"]["witness"].value() == "Alice"
    leader.post(url("sign_paper", statement.pk), sent | {"despite": "on"})
    statement.refresh_from_db()
    assert (statement.state, statement.days) == (StatementState.SIGNED, 2)


def test_a_line_is_contested_then_settled(garden, leader, karim, statement):
    key = statement.lines[0]["attendance"]
    path = f"{url('objection_create', statement.pk)}?ligne={key}"
    assert leader.get(path).context["form"]["on"].value() == date(2016, 3, 15)
    said = {"on": "2016-04-15", "words": "J’étais parti à 11 h", "made_on": "2016-04-01"}
    assert "on" in leader.post(path, said).context["form"].errors
    leader.post(path, said | {"on": "2016-03-15"})
    objection = StatementObjection.objects.get(statement=statement)
    assert objection.attendance_id == key
    answer = url("objection_answer", objection.pk)
    page = leader.post(answer, {"answer": "", "settled_on": "2016-04-02", "version": 1})
    assert "answer" in page.context["form"].errors
    leader.post(answer, {"answer": "Corrigé", "settled_on": "2016-04-02", "version": 1})
    objection.refresh_from_db()
    assert objection.answer == "Corrigé"


def test_a_month_is_closed_unsigned_then_opened_again_by_the_manager(
    garden, leader, manager, statement
):
    reason = make.code("unsigned_reasons", "refuse")
    leader.post(url("close_unsigned", statement.pk), {"reason": reason.pk})
    page = leader.get(url("detail", statement.pk)).content.decode()
    assert "refuse de signer" in page
    assert url("reopen", statement.pk) not in page
    path = url("reopen", statement.pk)
    assert leader.post(path, {"reason": "Il veut bien"}).status_code == 403
    assert "reason" in manager.post(path, {"reason": ""}).context["form"].errors
    page = manager.post(path, {"reason": "Il veut bien"}, follow=True)
    again = page.context["statement"]
    assert (again.number, again.state) == (2, StatementState.TO_SIGN)
    assert "Il veut bien" in page.content.decode(), "the version before is told"
    assert "figé" not in leader.get(url("detail", again.pk)).content.decode()
