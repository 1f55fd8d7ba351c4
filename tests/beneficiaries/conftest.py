"""Fixtures of persons: a garden, its social worker and its leader at work, somebody enrolled."""

import pytest

from beneficiaries.models import Enrolment
from tests.factories import beneficiaries as people


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.social_worker)


@pytest.fixture
def leader(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def karim(garden) -> Enrolment:
    return people.enrolment_of(people.make_person(garden.programme, "Karim", "Dupont"))


@pytest.fixture
def stay(garden) -> Enrolment:
    return people.enrolment_of(people.make_person(garden.programme, "Karim", "Diallo"))
