"""The demo's list of skills, and how far each has come, seen by the leader or said by them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from autoprod.accounts.models import User
from beneficiaries.enums import Mastery, Observer, Part, Presence
from beneficiaries.management.demo.cohorts import Someone, Stay
from beneficiaries.management.demo.enrolments import Stays
from beneficiaries.management.demo.lots import lot
from beneficiaries.management.demo.persons import codes
from beneficiaries.management.demo.roll import marks
from beneficiaries.models import Skill, SkillLevel
from programmes.enums import Role
from programmes.models import Membership, Programme

#: The leader looks again every so many presences of somebody; they say it themselves half as often.
_EVERY = 12
#: How many of the skills are looked at each time.
_LOOKED_AT = 0.4
_BATCH = 200


def load(
    *, programme: Programme, people: Iterable[Someone], stays: Stays, years: list[int], on: date
) -> None:
    """Create the list once, and the levels noted by a day."""
    skills = _skills(programme)
    leader = _leader(programme)
    rows = SkillLevel.objects.filter(enrolment__programme=programme).order_by("pk")
    there = set(rows.values_list("enrolment", "skill", "on", "observer"))
    came = _presences(years, on)
    new = []
    for someone in people:
        for stay in someone.stays if someone.row["part"] == Part.PARTICIPANT else ():
            enrolment = stays.get((someone.key, stay.known_on))
            days = came.get((someone.key, stay.known_on), [])
            for skill, day, level, observer in _levels(someone, days, skills) if enrolment else ():
                if (enrolment.pk, skill.pk, day, observer) not in there:
                    by = leader if observer == Observer.LEADER else enrolment.referent
                    level_of = {"enrolment": enrolment, "skill": skill, "on": day, "level": level}
                    new.append(SkillLevel(**level_of, observer=observer, noted_by=by))
    SkillLevel.objects.bulk_create(new, batch_size=_BATCH)


def _skills(programme: Programme) -> list[Skill]:
    rows = Skill.objects.filter(programme=programme).order_by("position", "pk")
    if not rows.exists():
        Skill.objects.bulk_create(
            Skill(
                programme=programme,
                family=code.meta["family"],
                label=code.label,
                position=position,
            )
            for position, code in enumerate(codes("skills").values(), start=1)
        )
    listed = {code.label for code in codes("skills").values()}
    return [row for row in rows.all() if row.label in listed]


def _leader(programme: Programme) -> User | None:
    rows = Membership.objects.filter(programme=programme, role=Role.WORKSHOP_LEADER)
    found = rows.select_related("user").order_by("pk").first()
    return found.user if found else None


def _presences(years: list[int], on: date) -> dict[tuple[tuple[int, int], date], list[date]]:
    """Return the days each came before a day, by stay (whose, since when)."""
    found = defaultdict(list)
    for mark in (mark for year in years for mark in marks(year)):
        if mark.status == Presence.PRESENT and mark.session.day < on:
            stay: Stay = mark.who.stay_on(mark.session.day)
            found[mark.who.key, stay.known_on].append(mark.session.day)
    return found


def _levels(
    someone: Someone, days: list[date], skills: list[Skill]
) -> Iterator[tuple[Skill, date, Mastery, Observer]]:
    """Yield what is noted on some of the days they came: nobody goes backwards."""
    for turn, day in enumerate(days[4::_EVERY]):
        for skill in skills:
            if lot("looked at", turn, skill.label, *someone.key) >= _LOOKED_AT:
                continue
            ease = lot("ease", skill.label, *someone.key)
            level = Mastery(min(4, 1 + int(ease * 2 + turn * (0.4 + ease / 2))))
            yield skill, day, level, Observer.LEADER
            if turn % 2:
                modest = Mastery(max(1, level - (lot("modest", skill.label, *someone.key) < 0.4)))
                yield skill, day, modest, Observer.ONESELF
