"""The engine of figures on a small, readable world."""

from datetime import date
from decimal import Decimal

import pytest

from autoprod.core.periods import Period
from evaluation.enums import Audience
from evaluation.results import Ask, Selection, audience_of, compute, count_of, definitions, listing
from programmes.access import scope_of
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

YEAR = Period.year(2015)


def selection_of(place, role="programme_manager", period=YEAR) -> Selection:
    scope = scope_of(getattr(place.garden, role))
    return Selection(scope, frozenset({place.garden.programme.pk}), period)


def come(frame, *, day=date(2015, 3, 2), hours=("08:00", "12:00"), **person):
    """Return somebody who came once."""
    who = people.make_person(frame.programme, **person)
    session = make.close(make.make_session(frame.programme, frame.site, on=day, hours=hours))
    people.make_attendance(people.enrolment_of(who), session, frame.site)
    return who


def ask(selection, *asks, audience=Audience.INTERNAL, threshold=5):
    return compute(selection, asks, audience=audience, threshold=threshold)


def test_a_person_at_two_sessions_is_one_person_and_two_sessions(world):
    frame = world.here.garden
    who = come(frame)
    again = make.close(make.make_session(frame.programme, frame.site, on=date(2015, 3, 3)))
    people.make_attendance(people.enrolment_of(who), again, frame.site)
    found = ask(selection_of(world.here), Ask("persons_reached"), Ask("hours"), Ask("attendances"))
    assert found["persons_reached"].value == 1
    assert found["attendances"].value == 2
    assert found["hours"].value == 480
    assert found["hours"].text == "8\u00a0h"


def test_breakdowns_add_up_and_name_the_unknown(world):
    frame = world.here.garden
    for sex in ("F", "H", ""):
        people.make_identity(come(frame), sex)
    (found,) = ask(selection_of(world.here), Ask("persons_reached", ("sex", "age"))).values()
    assert [(part.value, part.is_unknown) for part in found.parts["sex"]] == [
        (1, False),
        (1, False),
        (1, True),
    ]
    assert [part.share for part in found.parts["sex"]] == [Decimal("33.3")] * 3
    assert [part.label for part in found.parts["age"]] == ["Non renseigné"]


@pytest.mark.parametrize(
    ("period", "births", "bands"),
    [
        # The day of the thirtieth birthday, and the day after the last of 2015.
        (YEAR, [date(1985, 12, 31), date(1986, 1, 1)], {30: 1, 26: 1}),
        # Born on 29 February, one turns on 1 March (completed years).
        (Period.month(2010, 2), [date(1992, 2, 29), date(1992, 2, 28)], {0: 1, 18: 1}),
        (Period.month(2010, 3), [date(1992, 2, 29), date(1992, 3, 31)], {18: 2}),
        (Period.month(2012, 2), [date(1994, 2, 28), date(1994, 3, 1)], {18: 1, 0: 1}),
    ],
)
def test_a_band_begins_on_the_birthday(period, births, bands, world):
    frame = world.here.garden
    for born_on in births:
        who = come(frame, day=period.start, entered_on=date(2009, 1, 1))
        people.make_identity(who, born_on=born_on)
    selection = selection_of(world.here, period=period)
    (found,) = ask(selection, Ask("persons_reached", ("age",))).values()
    assert {part.keys[0]: part.value for part in found.parts["age"]} == bands


def test_a_move_the_year_after_does_not_rewrite_the_year(world):
    frame = world.here.garden
    who, there = come(frame), make.make_district(frame.territory, "Dutemple")
    people.make_situation(who, on=date(2015, 1, 1), district=world.here.district)
    people.make_situation(who, on=date(2016, 1, 1), district=there)
    (found,) = ask(selection_of(world.here), Ask("persons_reached", ("district",))).values()
    assert [part.label for part in found.parts["district"]] == [world.here.district.name]


def test_months_and_sites_of_hours(world):
    frame = world.here.garden
    come(frame, day=date(2015, 1, 5))
    come(frame, day=date(2015, 3, 2), hours=("08:00", "09:30"))
    (found,) = ask(selection_of(world.here), Ask("hours", ("month", "site"))).values()
    assert [(p.label, p.value) for p in found.parts["month"]] == [
        ("janvier\u00a02015", 240),
        ("mars\u00a02015", 90),
    ]
    assert [(p.label, p.value) for p in found.parts["site"]] == [(frame.site.name, 330)]


def test_every_figure_is_the_count_of_its_list(world):
    """On the world of the tests, whose rows are of yesterday."""
    period = Period.year(make.yesterday().year)
    selection = selection_of(world.here, period=period)
    for words in definitions():
        found = ask(selection, Ask("persons_reached"), Ask(words.code))[words.code]
        assert found.value == count_of(listing(selection, words.code)), words.code


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        ("social_worker", Audience.INTERNAL),
        ("programme_manager", Audience.INTERNAL),
        ("workshop_leader", Audience.DIFFUSION),
        ("committee_member", Audience.DIFFUSION),
        ("network_coordinator", Audience.DIFFUSION),
    ],
)
def test_the_edition_follows_the_rights(role, audience, world):
    frame = world.here.garden
    assert audience_of(scope_of(getattr(frame, role)), {frame.programme.pk}) == audience


def test_who_may_not_read_budgets_gets_no_amount(world):
    found = ask(selection_of(world.here, "social_worker"), Ask("budget_products", ("payer",)))
    assert found == {}


def test_small_districts_are_regrouped_for_the_committee(world):
    frame = world.here.garden
    for size in (6, 5, 3, 2):
        district = make.make_district(frame.territory)
        for _ in range(size):
            people.make_situation(come(frame), on=date(2015, 1, 1), district=district)
    selection = selection_of(world.here, "committee_member")
    by = Ask("persons_reached", ("district",))
    (found,) = ask(selection, by, audience=Audience.DIFFUSION).values()
    assert [part.value for part in found.parts["district"]] == [6, 5, 5]
    assert found.parts["district"][-1].label == "2 quartiers de moins de 5 pers."


def test_few_who_are_not_in_a_figure_are_hidden_like_few_who_are(world):
    """Ten of twelve at the health meeting: two were not, and the twelve are published."""
    frame = world.here.garden
    crew = [people.enrolment_of(come(frame)) for _ in range(12)]
    meeting = make.make_session(frame.programme, frame.site, on=date(2015, 2, 9))
    workshop = make.make_workshop(make.close(meeting), "sante")
    for enrolment in crew[:10]:
        people.make_participation(enrolment, workshop)
    asks = [Ask("persons_reached"), Ask("health_informed")]
    selection = selection_of(world.here, "committee_member")
    published = ask(selection, *asks, audience=Audience.DIFFUSION)["health_informed"]
    assert (published.value, published.text) == (None, "non diffusé")
    assert ask(selection_of(world.here), *asks)["health_informed"].value == 10


def test_the_rsa_is_counted_whichever_its_kind(world):
    frame = world.here.garden
    for incomes in (["rsa"], ["rsa_majore"], ["rsa_non_majore", "aah"], ["ass"], []):
        people.make_situation(come(frame), *incomes, on=date(2015, 1, 1))
    found = ask(selection_of(world.here), Ask("persons_reached"), Ask("persons_on_rsa"))
    assert found["persons_on_rsa"].value == 3
