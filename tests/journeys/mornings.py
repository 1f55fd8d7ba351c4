"""A morning in the garden, as journeys find it: fourteen expected people, three sites."""

from datetime import timedelta

from django.utils import timezone

from programmes.models import Session
from tests.factories import beneficiaries as people
from tests.factories import programmes as make
from tests.world import Frame

SITES = (("Blaise Pascal", "Bl. Pascal"), ("Le Rôleur", "Rôleur"), ("Le Vignoble", "Vignoble"))


def open_morning(garden: Frame) -> Session:
    """Return a session of yesterday to tick; the fourteen came the day before, on its sites."""
    garden.somebody.enrolment.left_on = timezone.localdate() - timedelta(days=5)
    garden.somebody.enrolment.save()
    sites = [
        make.make_site(garden.territory, garden.programme, name=name, short_name=short)
        for name, short in SITES
    ]
    before = make.make_session(garden.programme, *sites, on=make.yesterday() - timedelta(days=1))
    for number in range(14):
        person = people.make_person(garden.programme, f"Prénom{number:02}", f"Nom{number:02}")
        people.make_attendance(people.enrolment_of(person), before, sites[number % 3])
    make.close(before)
    return make.make_session(garden.programme, *sites, hours=("06:00", "10:00"))
