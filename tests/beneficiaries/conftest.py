"""Fixtures of persons: a garden, its social worker and its leader at work, somebody enrolled."""

import pytest

from beneficiaries.models import Enrolment
from programmes.enums import Role
from tests.factories import beneficiaries as people
from tests.factories import programmes as make


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


@pytest.fixture
def colleague(garden):
    return make.make_member(Role.SOCIAL_WORKER, garden.programme, name="Collègue")


@pytest.fixture
def other(colleague, client_for):
    return client_for(colleague)
