"""Worlds for the tests of bilans, small enough to be counted by hand."""

import io
from datetime import date

from pypdf import PdfReader

from autoprod.core.periods import Period
from beneficiaries.models import Person
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

MARCH = Period.month(2016, 3)
YEAR = Period.year(2015)
_SITE_B = "Le Rôleur"


def build_march(frame) -> dict:
    """Return six persons over February and March 2016: 20 h, then 28 h.

    Of the six, one enters in March and one leaves. Two sessions are held in March, one is
    cancelled, one is left open; a workshop is held in a closed session, another in the open one.
    """
    programme, site = frame.programme, frame.site
    edition = make.make_edition(programme, 2016)
    other = make.make_site(frame.territory, programme, name=_SITE_B)
    crew = [people.make_person(programme) for _ in range(4)]
    crew.append(people.make_person(programme, entered_on=date(2016, 3, 7)))
    crew.append(people.make_person(programme, left_on=date(2016, 3, 31)))
    stays = [people.enrolment_of(person) for person in crew]

    def hold(day, hours, place, present):
        session = make.close(make.make_session(programme, place, on=day, hours=hours))
        for stay in present:
            people.make_attendance(stay, session, place)
        return session

    hold(date(2016, 2, 9), ("08:00", "12:00"), site, [*stays[:4], stays[5]])
    first = hold(date(2016, 3, 1), ("08:00", "12:00"), site, stays)
    hold(date(2016, 3, 8), ("14:00", "16:00"), other, stays[:2])
    make.make_workshop(first)
    frozen = make.code("cancellation_reasons", "gel")
    day = date(2016, 3, 15)
    make.make_session(programme, site, on=day, cancelled_on=day, cancel_reason=frozen)
    late = make.make_session(programme, site, on=date(2016, 3, 22))
    people.make_attendance(stays[0], late, site)
    make.make_workshop(late)
    started = {"started_on": date(2016, 3, 2), "done_on": date(2016, 3, 20)}
    people.make_step(stays[0], "bilan_sante", **started)
    people.make_step(stays[1], "logement_social", started_on=date(2016, 2, 1))
    people.make_outcome(stays[0], "cddi", starts_on=date(2016, 3, 10))
    people.make_outcome(stays[1], "cdd", starts_on=date(2016, 1, 15))
    return {"edition": edition, "stays": stays, "late": late, "site": site}


def build_year(frame) -> None:
    """Return sixteen persons in 2015: districts of 6, 5, 3 and 2; 12 on RSA; a budget of 1 000 €.

    Levels: one IV, six V, nine VI.
    """
    programme, site = frame.programme, frame.site
    edition = make.make_edition(programme, 2015, target_persons=20)
    session = make.close(make.make_session(programme, site, on=date(2015, 5, 4)))
    sizes = {"Dutemple": 6, "Chasse Royale": 5, "Accacias": 3, "La Briquette": 2}
    districts = [d for d, size in sizes.items() for _ in range(size)]
    made = {name: make.make_district(frame.territory, name) for name in sizes}
    levels = ["N_IV", *["N_V"] * 6, *["N_VI"] * 9]
    for rank, (district, level) in enumerate(zip(districts, levels, strict=True)):
        person = people.make_person(programme)
        people.make_identity(person, "F" if rank < 10 else "H", born_on=date(1980, 1, 1))
        people.make_situation(
            person,
            *(["rsa"] if rank < 12 else ["aucun"]),
            district=made[district],
            education_level=make.code("education_levels", level),
        )
        people.make_attendance(people.enrolment_of(person), session, site)
    budget = make.make_budget(edition, ("60_fournitures", 1000))
    make.make_line(budget, "74_departement", 600, payer=frame.funder)
    make.make_line(budget, "74_etat", 400)


def words_of(content: bytes) -> str:
    """Return the text of a PDF, page after page, with plain spaces."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def names() -> set[str]:
    """Return every first and last name of the base."""
    return {
        name for person in Person.objects.all() for name in (person.first_name, person.last_name)
    }
