"""Made-up programmes of a given size, for measures only: nobody looks at who is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from autoprod.core.periods import Period
from beneficiaries.enums import (
    InterviewState,
    Level,
    Part,
    Presence,
    SigningWay,
    StatementState,
)
from beneficiaries.models import (
    Attendance,
    Barrier,
    Enrolment,
    Interview,
    Outcome,
    Person,
    PersonIdentity,
    Situation,
    Statement,
    Step,
    WorkshopParticipation,
)
from evaluation.management.bench import gardens
from programmes.enums import LineTemplate, Module, ProgrammeKind
from programmes.models import (
    Budget,
    BudgetLine,
    District,
    Edition,
    Organisation,
    Outreach,
    Programme,
    ReferenceCode,
    Session,
    Site,
    Territory,
    Workshop,
)

YEARS = (2013, 2014, 2015)
_CHUNK = 5_000


@dataclass(frozen=True)
class Size:
    """How much of each; a session in a hundred is cancelled, and has no line."""

    programmes: int
    persons: int
    sessions: int
    present: int

    @property
    def attendances(self) -> int:
        """Return how many lines of roll call it makes."""
        held = self.sessions - self.sessions // 100
        return self.programmes * len(YEARS) * held * self.present


SIZES = {
    "S": Size(programmes=1, persons=60, sessions=203, present=25),
    "M": Size(programmes=10, persons=600, sessions=405, present=84),
}


class World:
    """Writes the rows; `programmes` are those written."""

    def __init__(self, size: Size) -> None:
        """Write a territory and its programmes."""
        self.size = size
        self.territory = Territory.objects.create(
            name="Mesure", controller="Mesure", kind=self.codes("territory_kinds")[0]
        )
        self.districts = [
            District.objects.create(territory=self.territory, name=f"Quartier {n}")
            for n in range(13)
        ]
        self.payers = [
            Organisation.objects.create(
                territory=self.territory,
                name=f"Financeur {n}",
                kind=self.codes("organisation_kinds")[0],
            )
            for n in range(4)
        ]
        self.programmes = [self._programme(n) for n in range(size.programmes)]

    @staticmethod
    def codes(name: str) -> list[ReferenceCode]:
        """Return a reference list."""
        return list(ReferenceCode.objects.in_list(name))

    def _programme(self, number: int) -> Programme:
        programme = Programme.objects.create(
            territory=self.territory,
            name=f"Action {number}",
            kind=ProgrammeKind.GARDEN,
            modules=[Module.GARDEN],
        )
        site_kinds = {kind.code: kind for kind in self.codes("site_kinds")}
        sites = [
            Site.objects.create(
                territory=self.territory,
                name=f"Site {number} {n}",
                short_name=f"Site {n}",
                kind=site_kinds["salle" if n == 2 else "jardin"],
                district=self.districts[n],
            )
            for n in range(3)
        ]
        for site in sites:
            site.programmes.add(programme)
        for year in YEARS:
            self._edition(programme, year)
        enrolments = self._people(programme)
        sessions = self._sessions(programme)
        gardens.plant(programme, sites, sessions, self.payers)
        gardens.house(enrolments)
        self._participations(programme, enrolments)
        link = Session.sites.through
        places = ((session, sites[n % 2 * 2]) for n, session in enumerate(sessions))
        _save(link, (link(session=session, site=site) for session, site in places))
        _save(Attendance, self._attendances(enrolments, sessions, sites))
        _save(Statement, _statements(enrolments, number))
        return programme

    def _edition(self, programme: Programme, year: int) -> None:
        edition = Edition.objects.create(
            programme=programme,
            label=str(year),
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            target_persons=self.size.persons,
        )
        budget = Budget.objects.create(edition=edition, template=LineTemplate.PSL_2016)
        lines = {line.code: line for line in self.codes(LineTemplate.PSL_2016)}
        for account, amount in (("60_fournitures", 4_000), ("64_remunerations", 45_700)):
            if account in lines:
                BudgetLine.objects.create(budget=budget, account=lines[account], amount=amount)
        for payer in self.payers:
            BudgetLine.objects.create(
                budget=budget, account=lines["74_etat"], amount=12_425, payer=payer
            )

    def _people(self, programme: Programme) -> list[Enrolment]:
        sexes, levels = self.codes("sex"), self.codes("education_levels")
        incomes = self.codes("minimum_income")
        persons = [
            Person(
                territory=self.territory,
                first_name="Prénom",
                last_name=f"Nom {programme.pk} {n}",
                sort_key=f"nom {programme.pk} {n:05}",
            )
            for n in range(self.size.persons)
        ]
        _save(Person, persons)
        _save(
            PersonIdentity,
            (
                PersonIdentity(
                    person=person,
                    sex=sexes[n % len(sexes)],
                    born_on=date(1950 + n % 47, 1 + n % 12, 1 + n % 28),
                )
                for n, person in enumerate(persons)
            ),
        )
        situations = [
            Situation(
                person=person,
                observed_on=date(year, 1, 1 + n % 28),
                district=self.districts[(n + year) % 13],
                education_level=levels[n % len(levels)],
            )
            for n, person in enumerate(persons)
            for year in YEARS
        ]
        _save(Situation, situations)
        has = Situation.minimum_incomes.through
        _save(
            has,
            (
                has(situation=situation, referencecode=incomes[n % len(incomes)])
                for n, situation in enumerate(situations)
                if n % 5
            ),
        )
        enrolments = [
            Enrolment(
                person=person,
                programme=programme,
                level=Level.PATHWAY,
                part=Part.VOLUNTEER if n % 12 == 0 else Part.PARTICIPANT,
                entered_on=date(YEARS[n % 3], 1 + n % 12, 1),
            )
            for n, person in enumerate(persons)
        ]
        _save(Enrolment, enrolments)
        self._pathways(enrolments)
        _save(Interview, _interviews(enrolments))
        _save(Barrier, _barriers(enrolments, self.codes("barriers")))
        return enrolments

    def _pathways(self, enrolments: list[Enrolment]) -> None:
        strands = {strand.code: strand for strand in self.codes("pathway_strands")}
        kinds = self.codes("step_kinds")
        _save(
            Step,
            (
                Step(
                    enrolment=enrolment,
                    kind=kind,
                    strand=strands[kind.meta["strand"]],
                    started_on=date(YEARS[(n + k) % 3], 1 + k, 1 + n % 28),
                    done_on=date(YEARS[(n + k) % 3], 12, 1) if (n + k) % 2 else None,
                )
                for n, enrolment in enumerate(enrolments)
                for k, kind in enumerate(kinds[:6])
            ),
        )
        outcomes = self.codes("outcome_kinds")
        _save(
            Outcome,
            (
                Outcome(
                    enrolment=enrolment,
                    kind=outcomes[n % len(outcomes)],
                    starts_on=date(YEARS[n % 3], 1 + n % 12, 1),
                )
                for n, enrolment in enumerate(enrolments)
                if n % 4 == 0
            ),
        )

    def _sessions(self, programme: Programme) -> list[Session]:
        kinds, themes = self.codes("session_kinds"), self.codes("workshop_themes")
        reasons = self.codes("cancellation_reasons")
        sessions = []
        for year in YEARS:
            for n in range(self.size.sessions):
                on = date(year, 1, 1) + timedelta(days=n * 363 // self.size.sessions)
                hour = 8 if n % 2 else 14
                start = datetime.combine(on, time(hour), tzinfo=UTC)
                end = start + timedelta(hours=4)
                sessions.append(
                    Session(
                        programme=programme,
                        kind=kinds[n // 3 % len(kinds)],
                        starts_at=start,
                        ends_at=end,
                        on=on,
                        minutes=240,
                        headcount=n % 7,
                        **_ended(n, end, reasons),
                    )
                )
        _save(Session, sessions)
        _save(
            Outreach,
            (
                Outreach(session=session, met=9, oriented=4 + n % 3, entered=n % 3)
                for n, session in enumerate(sessions)
                if session.kind.meta.get("outreach")
            ),
        )
        _save(
            Workshop,
            (
                Workshop(
                    session=session,
                    theme=themes[n % len(themes)],
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                )
                for n, session in enumerate(sessions)
                if n % 3 == 0
            ),
        )
        return sessions

    def _participations(self, programme: Programme, enrolments: list[Enrolment]) -> None:
        workshops = Workshop.objects.filter(session__programme=programme)
        _save(
            WorkshopParticipation,
            (
                WorkshopParticipation(workshop=workshop, enrolment=enrolment)
                for n, workshop in enumerate(workshops)
                for enrolment in enrolments[n % 7 :: 7]
            ),
        )

    def _attendances(
        self, enrolments: list[Enrolment], sessions: list[Session], sites: list[Site]
    ) -> Iterator[Attendance]:
        # One in ten is met by their referent, and does not come.
        enrolments = [enrolment for n, enrolment in enumerate(enrolments) if n % 10 != 9]
        for n, session in enumerate(sessions):
            for k in range(0 if session.is_cancelled else self.size.present):
                enrolment = enrolments[(n * 7 + k) % len(enrolments)]
                status = Presence.ABSENT if (n + k) % 9 == 0 else Presence.PRESENT
                minutes = 240 if status == Presence.PRESENT else 0
                yield Attendance(
                    enrolment=enrolment,
                    session=session,
                    site=sites[(n + k) % 3],
                    status=status,
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                    minutes=minutes,
                    on=session.on,
                    client_uuid=UUID(int=(session.pk << 64) + enrolment.pk),
                    observed_at=session.starts_at,
                )


def _statements(enrolments: list[Enrolment], programme: int) -> Iterator[Statement]:
    """Return one a month for each, two of three signed."""
    for n, enrolment in enumerate(enrolments):
        for year in YEARS:
            for number in range(1, 13):
                month = Period.month(year, number)
                is_signed = (n + number) % 3 > 0
                signed = {
                    "state": StatementState.LOCKED,
                    "signed_on": month.end,
                    "way": SigningWay.PAPER,
                    "fingerprint": "0" * 64,
                }
                yield Statement(
                    enrolment=enrolment,
                    month=month.start,
                    last_day=month.end,
                    code=f"{programme:02}{n:05}{year % 100}{number:02}",
                    **(signed if is_signed else {}),
                )


def _interviews(enrolments: list[Enrolment]) -> Iterator[Interview]:
    """Return one a month from the entry on; a quarter of them are missed."""
    for n, enrolment in enumerate(enrolments):
        for year in YEARS:
            for month in range(1, 13):
                on = date(year, month, 1 + n % 28)
                state = InterviewState.HELD if (n + month) % 4 else InterviewState.MISSED
                if on >= enrolment.entered_on:
                    yield Interview(enrolment=enrolment, on=on, state=state)


def _barriers(enrolments: list[Enrolment], kinds: list[ReferenceCode]) -> Iterator[Barrier]:
    """Return two for each, told at the entry; one in four is lifted."""
    for n, enrolment in enumerate(enrolments):
        for k in range(2):
            since = enrolment.entered_on
            lifted_on = since + timedelta(days=200) if (n + k) % 4 == 0 else None
            kind = kinds[(n + k) % len(kinds)]
            yield Barrier(enrolment=enrolment, kind=kind, identified_on=since, lifted_on=lifted_on)


def _ended(number: int, end: datetime, reasons: list[ReferenceCode]) -> dict:
    """Return how a session ended: most are closed, some cancelled, some still to close."""
    if number % 100 == 99:
        return {"cancelled_on": end.date(), "cancel_reason": reasons[number % len(reasons)]}
    return {"closed_at": end if number % 50 else None}


def _save(model: type, rows) -> None:
    """Write rows a few thousand at a time."""
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        model._base_manager.bulk_create(chunk)
