"""Somebody of two territories, or of another funder: rows and words that are not theirs."""

import pytest
from django.urls import reverse

from programmes.enums import PartnerRole, Role
from programmes.models import Session
from tests.factories import programmes as make


@pytest.fixture
def garden(world):
    return world.here.garden


def test_a_session_is_not_cancelled_for_a_reason_of_another_territory(world, garden, client_for):
    elsewhere = world.elsewhere
    user = make.make_member(Role.WORKSHOP_LEADER, garden.programme)
    make.make_membership(user, Role.WORKSHOP_LEADER, elsewhere.garden.programme)
    reason = make.make_code(elsewhere.territory, "cancellation_reasons", label="Avalanche")
    session = make.make_session(garden.programme, garden.site)
    path = reverse("programmes:session_cancel", args=[session.pk])
    browser = client_for(user)
    assert "Avalanche" not in browser.get(path).content.decode()
    answer = browser.post(path, {"reason": reason.pk})
    assert "reason" in answer.context["form"].errors
    assert not Session.objects.get(pk=session.pk).is_cancelled


def test_a_territory_cancels_for_its_own_reasons(garden, client_for):
    reason = make.make_code(garden.territory, "cancellation_reasons", label="Fête du village")
    session = make.make_session(garden.programme, garden.site)
    path = reverse("programmes:session_cancel", args=[session.pk])
    assert client_for(garden.workshop_leader).post(path, {"reason": reason.pk}).status_code == 302
    assert Session.objects.get(pk=session.pk).cancel_reason == reason


def test_what_is_remarked_of_a_grant_is_not_for_the_other_funders(garden, client_for):
    grant = garden.grant
    grant.note = "Dossier fragile"
    grant.save()
    other = make.make_organisation(garden.territory, "Autre financeur")
    make.make_partnership(garden.programme, other, PartnerRole.FUNDER)
    path = reverse("programmes:grant_detail", args=[grant.pk])
    readers = (
        garden.programme_manager,
        garden.committee_member,
        make.make_member(Role.COMMITTEE_MEMBER, other),
    )
    pages = [client_for(user).get(path).content.decode() for user in readers]
    assert ["Dossier fragile" in page for page in pages] == [True, True, False]
