"""A month signed on a phone: prepared, then drawn of a finger in the frame."""

import pytest

from autoprod.core.periods import Kind, Period
from beneficiaries.enums import StatementState
from beneficiaries.models import Statement, StatementFile
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.journeys.browser import PHONE, check, expect, login, visit
from tests.journeys.steps import follow, press


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def karim(garden):
    stay = people.enrolment_of(people.make_person(garden.programme, "Karim", "Diallo"))
    people.make_attendance(stay, garden.held, garden.site)
    return stay


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_leader_has_somebody_sign_on_a_phone(garden, karim, page):
    login(page, garden.workshop_leader)
    month = Period.containing(make.yesterday(), Kind.MONTH)
    visit(page, f"/actions/{garden.programme.pk}/{month.slug}/etats/")
    press(page, "Préparer les états")
    follow(page, "Karim Diallo")
    follow(page, "Faire signer à l’écran")
    frame = page.get_by_role("img", name="Case où signer")
    expect(frame).to_be_visible()
    assert frame.bounding_box()["width"] >= 280
    press(page, "Enregistrer la signature")
    expect(page.get_by_text("La case est vide")).to_be_visible()
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 20 + 15 * step, box["y"] + 40 + 12 * (step % 3))
    page.mouse.up()
    page.get_by_label("L’état a été lu à voix haute").check()
    press(page, "Enregistrer la signature")
    statement = Statement.objects.in_force().of_month(month).get(enrolment=karim)
    assert (statement.state, statement.way) == (StatementState.SIGNED, "screen")
    assert statement.is_read_aloud
    assert StatementFile.objects.get(statement=statement).kind == "drawn"
    expect(page.get_by_text("après lecture à voix haute")).to_be_visible()
    check(page)
