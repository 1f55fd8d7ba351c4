"""Sheets to tick and who ticks them; the same lines by bare SQL; what the base holds of them."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.utils import timezone

from autoprod.accounts.models import User
from beneficiaries.enums import Level, Presence
from beneficiaries.models import Attendance, Enrolment, Person
from evaluation.management.bench.worlds import World
from programmes.enums import ProgrammeKind, Role
from programmes.models import Membership, Programme, Session, Site, Territory

#: Leaders of a base that lasts as long as the measure, on loopback.
PASSWORD = "un mot de passe de mesure"  # noqa: S105
FIRST_DAY, LONG_AGO = date(2020, 1, 1), date(2015, 1, 1)


@dataclass(frozen=True)
class Answer:
    """A tap answered « Enregistré »: its line, what it says, its mark, how long it took."""

    session: int
    enrolment: int
    status: str
    mark: UUID
    seconds: float = 0


class TapWorld:
    """A programme with leaders (`emails`), persons (`enrolments`, keys) and one `site`."""

    def __init__(self, *, leaders: int, persons: int) -> None:
        """Write the rows; nobody is ticked yet."""
        territory = Territory.objects.create(
            name="Mesure", controller="Mesure", kind=World.codes("territory_kinds")[0]
        )
        self.programme = Programme.objects.create(
            territory=territory, name="Mesure", kind=ProgrammeKind.GARDEN
        )
        self.site = Site.objects.create(
            territory=territory, name="Mesure", kind=World.codes("site_kinds")[0]
        )
        self.site.programmes.add(self.programme)
        self.emails = self._leaders(leaders)
        self.enrolments = self._enrolments(territory, persons)
        self._next = FIRST_DAY

    def _leaders(self, number: int) -> list[str]:
        secret = make_password(PASSWORD)
        users = User.objects.bulk_create(
            User(email=f"mesure{n}@example.fr", first_name="Nadia", password=secret)
            for n in range(number)
        )
        Membership.objects.bulk_create(
            Membership(
                user=user,
                role=Role.WORKSHOP_LEADER,
                programme=self.programme,
                starts_on=LONG_AGO,
            )
            for user in users
        )
        return [user.email for user in users]

    def _enrolments(self, territory: Territory, number: int) -> list[int]:
        persons = Person.objects.bulk_create(
            Person(
                territory=territory,
                first_name="Prénom",
                last_name=f"Nom {n}",
                sort_key=f"nom {n:05}",
            )
            for n in range(number)
        )
        rows = Enrolment.objects.bulk_create(
            Enrolment(
                person=person,
                programme=self.programme,
                level=Level.PATHWAY,
                entered_on=LONG_AGO,
            )
            for person in persons
        )
        return [row.pk for row in rows]

    def sheets(self, number: int) -> list[int]:
        """Return so many open sessions (keys) of one half-day, on a day without any."""
        on, self._next = self._next, self._next + timedelta(days=1)
        start = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
        kind = World.codes("session_kinds")[0]
        sheets = []
        for _ in range(number):
            session = Session.objects.create(
                programme=self.programme,
                kind=kind,
                starts_at=start,
                ends_at=start + timedelta(hours=4),
            )
            session.sites.add(self.site)
            sheets.append(session.pk)
        return sheets


def lost(answers: Iterable[Answer]) -> list[UUID]:
    """Return the marks of the taps that the base does not hold as they were answered, once each.

    Of several taps on one line, the last answered is what it says.
    """
    last = {(answer.session, answer.enrolment): answer for answer in answers}
    rows = Attendance.objects.filter(session__in={session for session, _ in last})
    held: dict[tuple, list[tuple]] = {}
    for row in rows:
        held.setdefault((row.session_id, row.enrolment_id), []).append(
            (row.client_uuid, row.status)
        )
    return [one.mark for key, one in last.items() if held.get(key) != [(one.mark, one.status)]]


# By hand.


def bare_taps(sheet: int, site: int, enrolments: Sequence[int]) -> list[float]:
    """Write each line then change it, one statement and its commit each; return their seconds.

    What a tap changes in the end, on a connection that does nothing else.
    """
    session = Session.objects.get(pk=sheet)
    lines = [_line(session, site, enrolment) for enrolment in enrolments]
    fields = [field for field in Attendance._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO beneficiaries_attendance ({names}) VALUES ({marks}) RETURNING id"  # noqa: S608
    rows = [[_stored(field, getattr(line, field.attname)) for field in fields] for line in lines]
    spent, keys = [], []
    with connection.cursor() as cursor:
        for row in rows:
            began = time.perf_counter()
            cursor.execute(insert, row)
            keys += cursor.fetchone()
            spent.append(time.perf_counter() - began)
        for key in keys:
            values = (_mark(uuid4()), _moment(), key)
            began = time.perf_counter()
            cursor.execute(_UPDATE, values)
            spent.append(time.perf_counter() - began)
    return spent


_UPDATE = (
    "UPDATE beneficiaries_attendance SET status = 'absent', minutes = 0, client_uuid = %s, "
    "observed_at = %s, version = version + 1 WHERE id = %s AND version = 1"
)


def _line(session: Session, site: int, enrolment: int) -> Attendance:
    return Attendance(
        enrolment_id=enrolment,
        session=session,
        site_id=site,
        status=Presence.PRESENT,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        minutes=session.minutes,
        on=session.on,
        observed_at=timezone.now(),
    )


def _stored(field: models.Field, value: object) -> object:
    return field.get_db_prep_save(value, connection)


def _mark(value: UUID) -> object:
    return _stored(Attendance._meta.get_field("client_uuid"), value)


def _moment() -> object:
    return _stored(Attendance._meta.get_field("observed_at"), timezone.now())
