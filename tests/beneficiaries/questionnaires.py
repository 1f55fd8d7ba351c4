"""Somebody who answered everything, for the tests of what is still to ask."""

from datetime import date

from beneficiaries.models import FseAnswers, Person
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.factories.programmes import code


def told_all(person: Person, *, declining: bool = False) -> Person:
    """Answer everything, by declining wherever the lists let one."""

    def answer(list_name: str, value: str):
        return code(list_name, "ne_souhaite_pas_repondre" if declining else value)

    Person.objects.filter(pk=person.pk).update(phone="0612345678")
    people.make_identity(person, "F", born_on=date(1990, 2, 1))
    income = "ne_souhaite_pas_repondre" if declining else "aucun"
    situation = people.make_situation(
        person,
        income,
        no_fixed_address=True,
        diploma=code("diplomas", "cap_bep"),
        education_level=code("education_levels", "N_V"),
        employment_status=code("employment_status_entry", "inactif"),
        housing_status=answer("housing_status", "stable"),
        accommodation=None if declining else code("accommodation_mss", "parc_social"),
        household_type=answer("household_types", "seul"),
        dependent_children=None if declining else 0,
        driving_licence=answer("driving_licences", "aucun"),
        transport=answer("transport_means", "a_pied"),
        health_cover=answer("health_covers", "aucune"),
        regular_doctor=answer("yes_no_declined", "non"),
    )
    situation.resources.set([answer("resources", "aucune")])
    return person


def asked(person: Person, edition) -> FseAnswers:
    """Answer the questionnaire of the entry, by declining."""
    declined = code("yes_no_declined", "ne_souhaite_pas_repondre")
    return paths.make_fse_answers(
        person,
        edition,
        informed_on=make.LONG_AGO,
        collected_on=make.LONG_AGO,
        disability=declined,
        parent_born_abroad=declined,
        minority=declined,
        nationality=code("nationality_groups", "ne_souhaite_pas_repondre"),
    )
