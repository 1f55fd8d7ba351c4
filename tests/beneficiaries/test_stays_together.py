"""Two colleagues at once on one stay: one is told, nothing contradicts itself."""

from datetime import date

import pytest

from beneficiaries.enums import Level, ReferralAnswerKind
from beneficiaries.models import Enrolment, LevelChange, ReferralAnswer, Suspension
from beneficiaries.services import referrals, stays
from programmes.access import scope_of
from tests.beneficiaries.test_attendance_together import together
from tests.factories import beneficiaries as people
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def garden(request):
    return build_world().here.garden


@pytest.fixture
def stay(garden) -> Enrolment:
    return people.enrolment_of(people.make_person(garden.programme))


def test_two_pauses_at_once_never_overlap(stay):
    def pausing(day):
        row = Suspension(enrolment=stay, starts_on=date(2026, 3, day), ends_on=date(2026, 4, 1))

        def act():
            with stays.pausing(row):
                row.save()

        return act

    assert together(pausing(1), pausing(5)) == ["overlap"]
    assert Suspension.objects.filter(enrolment=stay).count() == 1


def test_two_changes_of_level_at_once_are_one(garden, stay):
    scope = scope_of(garden.social_worker)

    def changing(day):
        row = LevelChange(
            enrolment=stay,
            since=date(2026, 3, day),
            level=Level.PARTICIPATION,
            before=Level.PATHWAY,
        )

        def act():
            with stays.changing_level(scope, row):
                row.save()

        return act

    assert together(changing(1), changing(5)) == ["same"]
    assert LevelChange.objects.filter(enrolment=stay).count() == 1


def test_two_answers_at_once_are_one(garden, stay):
    scope, on = scope_of(garden.social_worker), date(2026, 3, 2)

    def act():
        kind = ReferralAnswerKind.STARTED
        referrals.answer(scope=scope, enrolment=stay, kind=kind, on=on)

    assert together(act, act) == ["twice"]
    assert ReferralAnswer.objects.filter(referral__enrolment=stay).count() == 1
