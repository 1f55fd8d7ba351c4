"""Skills: how far somebody has come, seen and said; and the list that a programme keeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Action, Scope
from beneficiaries.enums import Observer
from beneficiaries.models import Attendance, Enrolment, Skill, SkillLevel
from programmes.models import Programme, ReferenceCode, Session


@dataclass
class Known:
    """A skill, the last thing seen and said of it, and all that was, the last first."""

    skill: Skill
    levels: list[SkillLevel] = field(default_factory=list)

    def _last(self, observer: Observer) -> SkillLevel | None:
        return next((level for level in self.levels if level.observer == observer), None)

    @property
    def seen(self) -> SkillLevel | None:
        """Return the last level a leader saw."""
        return self._last(Observer.LEADER)

    @property
    def said(self) -> SkillLevel | None:
        """Return the last level the person said."""
        return self._last(Observer.ONESELF)


def of_stays(scope: Scope, stays: Sequence[Enrolment]) -> dict[int, list[tuple[str, list[Known]]]]:
    """Return {enrolment: [(family, its skills)]}: those of the list, and those with a level.

    Two queries, however many stays.
    """
    keys = {stay.programme_id for stay in stays}
    skills = list(Skill.objects.for_scope(scope, Action.VIEW_PERSONS).filter(programme__in=keys))
    rows = SkillLevel.objects.for_scope(scope, Action.VIEW_PERSONS).filter(enrolment__in=stays)
    levels: dict[tuple[int, int], list[SkillLevel]] = {}
    for row in rows.select_related("noted_by").order_by("-on", "-pk"):
        levels.setdefault((row.enrolment_id, row.skill_id), []).append(row)
    today = timezone.localdate()
    shown = {}
    for stay in stays:
        known = [
            Known(skill, levels.get((stay.pk, skill.pk), []))
            for skill in skills
            if skill.programme_id == stay.programme_id
        ]
        kept = [one for one in known if one.levels or _is_listed(one.skill, today)]
        shown[stay.pk] = by_family(kept, lambda one: one.skill)
    return shown


def _is_listed(skill: Skill, today: date) -> bool:
    return skill.closed_on is None or skill.closed_on > today


def by_family(rows: Iterable, skill_of=lambda row: row) -> list[tuple[str, list]]:
    """Return the rows by family: the families in the order of their first skill."""
    families: dict[str, list] = {}
    for row in rows:
        families.setdefault(skill_of(row).family, []).append(row)
    return list(families.items())


@dataclass(frozen=True)
class Rating:
    """What one gesture notes: the day, who says it, who writes it."""

    on: date
    observer: Observer
    noted_by: User | None = None


@transaction.atomic
def rate(
    *, scope: Scope, rating: Rating, levels: Mapping[tuple[Enrolment, Skill], int]
) -> list[SkillLevel]:
    """Note levels on one day; the same skill noted again that day is mended. Return those added."""
    added = []
    stays = {stay.pk for stay, _ in levels}
    # Locked in one order: two gestures of one day wait for each other.
    list(Enrolment.objects.filter(pk__in=stays).order_by("pk").select_for_update())
    rows = SkillLevel.objects.filter(enrolment__in=stays, on=rating.on, observer=rating.observer)
    known = {(row.enrolment_id, row.skill_id): row for row in rows}
    for (stay, skill), level in levels.items():
        row = known.get((stay.pk, skill.pk))
        if row is None:
            row = SkillLevel(enrolment=stay, skill=skill, on=rating.on, observer=rating.observer)
            added.append(row)
        elif row.level == level:
            continue
        verb = Verb.CREATE if row._state.adding else Verb.UPDATE
        row.level, row.noted_by = level, rating.noted_by
        row.save()
        record(scope, verb, row, territory=str(stay.programme.territory_id))
    return added


@transaction.atomic
def take_back(*, scope: Scope, levels: Iterable[SkillLevel]) -> int:
    """Delete the levels just noted that nobody has mended since; return how many."""
    untouched = [level for level in levels if level.version == 1]
    for level in untouched:
        record(scope, Verb.DELETE, level)
        level.delete()
    return len(untouched)


@transaction.atomic
def propose(*, scope: Scope, programme: Programme) -> int:
    """Fill an empty list from the reference list; return how many skills, none if it has any."""
    list(Programme.objects.filter(pk=programme.pk).select_for_update())
    if Skill.objects.filter(programme=programme).exists():
        return 0
    codes = ReferenceCode.objects.for_scope(scope, Action.EDIT_PROGRAMME).in_list("skills")
    codes = codes.valid(timezone.localdate())
    for position, code in enumerate(codes, start=1):
        skill = Skill.objects.create(
            programme=programme,
            family=code.meta.get("family", "Autres"),
            label=code.label,
            position=position,
        )
        record(scope, Verb.CREATE, skill, territory=str(programme.territory_id))
    return len(codes)


def next_position(programme: Programme, family: str) -> int:
    """Return where a new skill stands: after the last of its family, else after all."""
    rows = Skill.objects.filter(programme=programme)
    ours = rows.filter(family=family).aggregate(last=Max("position"))["last"]
    return ours if ours is not None else (rows.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def move(*, scope: Scope, skill: Skill, step: int) -> bool:
    """Move a skill up (-1) or down (1) among the listed ones of its family; tell whether it moved.

    The first of a family that goes up, the last that goes down, take the family along.
    """
    rows = list(Skill.objects.filter(programme=skill.programme_id).select_for_update())
    families = [members for _, members in by_family(rows)]
    place = next(number for number, members in enumerate(families) if skill in members)
    family = families[place]
    listed = [row for row in family if _is_listed(row, timezone.localdate()) or row == skill]
    there = listed.index(skill) + step
    if 0 <= there < len(listed):
        _swap(family, family.index(skill), family.index(listed[there]))
    elif 0 <= place + step < len(families):
        _swap(families, place, place + step)
    else:
        return False
    ordered = [row for members in families for row in members]
    for position, row in enumerate(ordered, start=1):
        # The version is for what people type: an order is not.
        Skill.objects.filter(pk=row.pk).exclude(position=position).update(position=position)
    record(scope, Verb.UPDATE, skill, changed=["position"])
    return True


def _swap(rows: list, first: int, second: int) -> None:
    rows[first], rows[second] = rows[second], rows[first]


@transaction.atomic
def retire(*, scope: Scope, skill: Skill, on: date | None) -> None:
    """Take a skill off the list from a day on, or put it back (None); its levels stay."""
    skill.closed_on = on
    skill.save()
    record(scope, Verb.UPDATE, skill, changed=["closed_on"])


def of_programmes(scope: Scope, programmes: Sequence[Programme]) -> dict[int, dict]:
    """Return, for each programme whose persons are open, how many skills its list has."""
    rows = Skill.objects.for_scope(scope, Action.VIEW_PERSONS).in_use(timezone.localdate())
    counts = rows.filter(programme__in=programmes).values("programme").order_by("programme")
    known = {row["programme"]: row["number"] for row in counts.annotate(number=Count("pk"))}
    return {
        programme.pk: {
            "programme": programme,
            "number": known.get(programme.pk, 0),
            "can_edit": scope.opens(Action.EDIT_PROGRAMME, programme),
        }
        for programme in programmes
        if scope.opens(Action.VIEW_PERSONS, programme)
    }


def of_sessions(scope: Scope, sessions: Sequence[Session]) -> dict[int, dict]:
    """Return, for each session somebody came to, where their skills are observed."""
    keys = [row.pk for row in sessions if scope.opens(Action.RATE_SKILLS, row.programme)]
    listed = Skill.objects.for_scope(scope, Action.RATE_SKILLS).in_use(timezone.localdate())
    with_list = set(listed.values_list("programme", flat=True).order_by("programme").distinct())
    present = Attendance.objects.for_scope(scope, Action.RATE_SKILLS).present()
    held = set(present.filter(session__in=keys).values_list("session", flat=True))
    return {
        row.pk: {"session": row}
        for row in sessions
        if row.pk in held and row.programme_id in with_list
    }
