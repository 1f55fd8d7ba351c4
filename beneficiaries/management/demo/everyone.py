"""The demo's people and all that is known of them on a day, in the order it depends on."""

from datetime import date, datetime

from beneficiaries.management.demo import (
    attendance,
    barriers,
    contracts,
    enrolments,
    expected,
    fse,
    households,
    interviews,
    papers,
    pathways,
    persons,
    referrals,
    skills,
    statements,
    stays,
)
from beneficiaries.management.demo.cohorts import Someone, people_of
from programmes.models import Programme, Session


def load(
    *,
    programme: Programme,
    sessions: dict[datetime, Session],
    years: list[int],
    on: date,
    until: datetime,
) -> None:
    """Create what is missing of the people of these years, up to the day of the demo.

    `until` is the instant of that day the visitor arrives at: nobody is ticked after it.
    """
    everyone = {someone.key: someone for year in years for someone in people_of(year)}.values()
    there = persons.load(territory=programme.territory, people=everyone, on=on)
    known = [someone for someone in everyone if someone.key in there]
    theirs = enrolments.load(programme=programme, persons=there, people=known, on=on)
    attendance.load(
        programme=programme, sessions=sessions, stays=theirs, years=years, on=on, until=until
    )
    pathways.load(programme=programme, people=known, stays=theirs, years=years, on=on)
    _load_stories(programme, people=known, enrolled=theirs, years=years, on=on)
    fse.load(programme=programme, on=on)
    expected.load(programme=programme, on=on)
    statements.load(programme=programme, on=on)
    households.load(territory=programme.territory, persons=there, people=known, on=on)


def _load_stories(
    programme: Programme,
    *,
    people: list[Someone],
    enrolled: enrolments.Stays,
    years: list[int],
    on: date,
) -> None:
    """Create what is told of each stay."""
    shared = {"programme": programme, "people": people, "stays": enrolled, "on": on}
    for subject in (stays, barriers, referrals, contracts):
        subject.load(**shared)
    for subject in (interviews, skills, papers):
        subject.load(**shared, years=years)
