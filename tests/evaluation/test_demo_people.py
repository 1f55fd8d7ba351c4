"""The demo's pathways: interviews, barriers, papers… that hold together on the day it is lived."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from autoprod.core.periods import Period
from autoprod.core.scoping import Scope
from beneficiaries.enums import Part
from beneficiaries.models import (
    Attendance,
    Barrier,
    EngagementContract,
    Enrolment,
    FollowUp,
    FseAnswers,
    HouseholdMember,
    Interview,
    InterviewNote,
    LevelChange,
    Objective,
    Paper,
    Person,
    PersonAddress,
    PersonIdentity,
    Referral,
    ReferralAnswer,
    Situation,
    Skill,
    SkillLevel,
    Step,
    Suspension,
)
from beneficiaries.services import completeness, education
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, compute, definitions
from programmes.management.demo.calendars import holidays
from programmes.models import Edition, Membership, Programme
from tests.evaluation import naive, naive_gardens
from tests.evaluation.demos import demo_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.one_engine]

#: The year in which somebody is called Karim D.
ON = date(2026, 11, 23)


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demo_of(ON, django_db_blocker):
        yield


def named(role: str):
    return Membership.objects.get(role=role).user


def test_interviews_are_for_who_came_in_the_year():
    """So that the persons touched are those who came: 56 in 2015."""
    came = {
        (row.enrolment_id, row.on.year)
        for row in Attendance.objects.filter(status="present").select_related("session")
        if row.session.closed_at
    }
    held = Interview.objects.filter(state="held")
    assert held.count() > 300
    assert {(row.enrolment_id, row.on.year) for row in held} <= came


def test_an_interview_falls_in_a_stay_and_not_in_a_pause():
    pauses = list(Suspension.objects.all())
    assert len(pauses) >= 3
    for row in Interview.objects.select_related("enrolment"):
        stay = row.enrolment
        assert stay.entered_on <= row.on <= (stay.left_on or date.max)
        assert row.on.isoweekday() <= 5
        assert not any(
            pause.enrolment_id == stay.pk
            and pause.starts_on <= row.on
            and (pause.ends_on is None or row.on <= pause.ends_on)
            for pause in pauses
        )


def test_nobody_is_received_twice_at_the_same_time():
    days = {row.on for row in Interview.objects.all()}
    assert not [day for day in days if day in holidays(day.year)]
    times = Counter((row.led_by_id, row.on, row.at) for row in Interview.objects.all())
    assert max(times.values()) == 1


def test_appointments_are_around_today():
    claire, planned = named("social_worker"), Interview.objects.filter(state="planned")
    assert all(ON <= row.on <= ON + timedelta(days=45) for row in planned)
    assert 8 <= planned.count() <= 25
    assert {row.led_by for row in planned.select_related("led_by")} == {claire}
    assert Interview.objects.filter(state="missed", on__gte=ON - timedelta(days=60)).exists()


def test_notes_have_three_levels_and_an_author():
    levels = Counter(row.level for row in InterviewNote.objects.all())
    assert min(levels[level] for level in ("logistic", "social", "private")) > 20
    notes = InterviewNote.objects.select_related("interview", "author")
    assert {row.interview.state for row in notes} == {"held"}
    assert {row.author for row in notes} <= {named("social_worker"), named("programme_manager")}


def test_who_is_not_accompanied_is_not_late():
    stays = Enrolment.objects.filter(level="participation", left_on=None)
    changed = set(LevelChange.objects.values_list("enrolment", flat=True))
    rows = Interview.objects.filter(enrolment__in=stays.exclude(pk__in=changed))
    assert stays.exists()
    assert not rows.exists()


def test_the_rest_of_a_pathway_is_there():
    for model, least in {
        Barrier: 30,
        Objective: 20,
        Referral: 50,
        ReferralAnswer: 100,
        FollowUp: 10,
        Paper: 100,
        SkillLevel: 300,
        HouseholdMember: 60,
    }.items():
        assert model.objects.count() >= least, model.__name__
    assert Skill.objects.count() == 14
    assert Barrier.objects.exclude(lifted_on=None).exists()
    reassess = {row.state_on(ON) for row in Barrier.objects.filter(enrolment__left_on=None)}
    assert reassess == {"identified", "worked_on", "lifted", "to_reassess"}
    assert LevelChange.objects.filter(since__year=2026).count() == 2
    assert {row.observer for row in SkillLevel.objects.all()} == {"leader", "oneself"}


def test_each_part_of_a_file_has_somebody_here():
    stays = Enrolment.objects.ongoing(ON)
    here = Person.objects.filter(enrolments__in=stays)
    assert here.exclude(activity_notes="").exists()
    assert here.filter(phone="").exclude(contact_name="").exclude(contact_phone="").exists()
    assert stays.exclude(co_referent=None).exists()
    assert stays.exclude(outside_referent="").exists()
    identities = PersonIdentity.objects.filter(person__in=here)
    (by_year,) = identities.filter(is_birth_year_only=True)
    assert (by_year.born_on.day, by_year.born_on.month) == (1, 1)
    domiciled = identities.exclude(domiciled_by=None)
    assert domiciled.filter(domiciled_until__range=(ON, ON + timedelta(days=30))).count() == 1
    # Hidden, yet open to somebody: who follows them.
    (hidden,) = PersonAddress.objects.filter(is_hidden=True, person__in=here)
    assert stays.filter(person=hidden.person, referent=named("social_worker")).exists()


def test_classes_and_diplomas_give_the_level_of_each_situation():
    """What 2015 counts by level is what its people answered, one by one."""
    known = education.levels()
    rows = Situation.objects.select_related("education_level", "last_class", "diploma")
    told = [row for row in rows if row.education_level]
    assert len(told) > 100
    for row in told:
        assert None not in (row.last_class, row.diploma), row.pk
        assert education.level_of(row, known) == row.education_level, row.pk


def test_second_moments_agree_with_the_first():
    participants = Enrolment.objects.filter(part=Part.PARTICIPANT).values("person")
    rows = Situation.objects.filter(person__in=participants)
    lone = rows.filter(household_type__code="seul")
    assert set(lone.values_list("dependent_children", flat=True)) == {0}
    parents = rows.filter(household_type__code="monoparental")
    assert min(parents.values_list("dependent_children", flat=True)) >= 1
    assert not rows.filter(transport__code="voiture").exclude(driving_licence__code="b").exists()
    seekers = rows.filter(employment_status__code="chomage")
    assert not seekers.filter(unemployment_duration=None).exists()
    asked = rows.exclude(transport=None).count()
    assert rows.count() / 2 < asked < rows.count()


def test_most_questionnaires_are_complete_and_some_are_to_ask(monkeypatch):
    noon = datetime.combine(ON, time(12), tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    scope = Scope.everything(reason="essai")
    for edition in Edition.objects.filter(label__in=("2015", "2026")):
        rows = completeness.of_edition(scope, edition)
        incomplete = [row for row in rows if row.completeness.missing]
        assert 3 <= len(incomplete) < len(rows) / 2, edition.label
    declined = "ne_souhaite_pas_repondre"
    for code in ("oui", "non", declined):
        assert FseAnswers.objects.filter(disability__code=code).exists(), code


def test_two_persons_agreed_to_fifteen_hours_with_their_referent():
    rows = EngagementContract.objects.filter(weekly_minutes=15 * 60, ends_on=None)
    stays = [row.enrolment for row in rows.select_related("enrolment__referent")]
    assert [stay.referent for stay in stays] == [named("social_worker")] * 2


def test_exits_are_told_and_some_are_not():
    left = Enrolment.objects.filter(entered_on__isnull=False, left_on__isnull=False)
    told = left.exclude(exit_reason=None, exit_outcome=None).count()
    assert left.count() / 2 < told < left.count()


def test_karim_is_as_on_the_picture():
    (karim,) = Person.objects.filter(first_name="Karim", last_name__startswith="D")
    stay = Enrolment.objects.get(person=karim)
    assert (karim.short_name, stay.referent) == ("Karim D.", named("social_worker"))
    assert stay.referred_by.name == "ADOMA"
    steps = {step.kind.code: step for step in Step.objects.filter(enrolment=stay)}
    states = {code: str(step.state) for code, step in steps.items()}
    assert {code: states[code] for code in states if code in _PICTURED} == _PICTURED
    texts = InterviewNote.objects.filter(interview__enrolment=stay, interview__on=date(2026, 3, 2))
    assert "Permis\u00a0: dossier de microcrédit à monter." in " ".join(n.text for n in texts)
    levels = InterviewNote.objects.filter(interview__on=date(2026, 2, 2), interview__enrolment=stay)
    assert [note.level for note in levels] == ["private"]
    assert Interview.objects.filter(enrolment=stay, state="planned", on__gt=ON).exists()
    assert Objective.objects.filter(enrolment=stay).count() == 4


_PICTURED = {
    "bilan_sante": "done",
    "residence_sociale": "started",
    "remise_niveau": "planned",
    "candidature_cddi": "started",
}


#: The gardens host the tables; the fiche says nothing of whom its permanences met. The ledger holds
#: two seasons, priced but for a few, and no basket yet.
_NEVER = {"tables_in_districts", "sessions_planned", "exits_withdrawn", "baskets_served"}
_UNASKED = {"outreach_met", "outreach_oriented", "outreach_entered"}
_EMPTY = {
    2015: _NEVER | _UNASKED | naive_gardens.LOOPS.keys(),
    2026: _NEVER | {"growers_unpriced", "varieties_given_otherwise"},
}


def test_no_figure_of_the_two_years_is_empty_and_those_of_the_last_are_their_plain_loops():
    programme = Programme.objects.get(name="Les Jardins du cœur")
    scope, keys = Scope.everything(reason="essai"), {programme.pk}
    asks = [Ask(words.code) for words in definitions()]
    for year in (2015, 2026):
        selection = Selection(scope, frozenset(keys), Period.year(year))
        found = compute(selection, asks, audience=Audience.INTERNAL, threshold=5)
        empty = {code for code in naive.NAIVE if not found[code].value}
        assert empty <= _EMPTY[year], year
    # A plain loop takes its time: one year of them.
    for code, loop in naive.NAIVE.items():
        assert found[code].value == loop(keys, Period.year(2026))[0], code
