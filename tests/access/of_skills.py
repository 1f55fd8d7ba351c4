"""Who may open the addresses of skills: one line per URL name."""

from autoprod.core.scoping import Action
from beneficiaries.enums import Mastery
from beneficiaries.models import Skill
from tests.access.entries import Entry, fill, press, see
from tests.factories import pathways as paths

A = Action


def _programme(place, frame):
    return frame.programme


def _person(place, frame):
    return frame.somebody.person


def _enrolment(place, frame):
    return frame.somebody.enrolment


def _session(place, frame):
    return frame.held


def _skill(place, frame):
    return frame.somebody.skill


def _unused(place, frame):
    return paths.make_skill(frame.programme, f"Geste {Skill.objects.count()}")


def _level(place, frame):
    return frame.somebody.skill_level


def _of_skill(place, frame):
    return {f"level_{frame.somebody.skill.pk}": Mastery.ALONE}


def _of_person(place, frame):
    return {f"level_{frame.somebody.enrolment.pk}": Mastery.ALONE}


def _up(place, frame):
    return {"step": "up"}


def _another(place, frame):
    return {"family": "Gestes", "label": "Greffer"}


LINES: dict[str, Entry] = {
    "beneficiaries:person_skills": see(A.VIEW_PERSONS, pk=_person),
    "beneficiaries:skill_rate": fill(A.RATE_SKILLS, data=_of_skill, pk=_enrolment),
    "beneficiaries:session_rate": fill(A.RATE_SKILLS, data=_of_person, pk=_session),
    "beneficiaries:skill_level_delete": fill(A.RATE_SKILLS, pk=_level),
    "beneficiaries:skill_undo": press(A.RATE_SKILLS, programme=_programme),
    "beneficiaries:skill_list": see(A.VIEW_PERSONS, programme=_programme),
    "beneficiaries:skill_create": fill(A.EDIT_PROGRAMME, data=_another, programme=_programme),
    "beneficiaries:skill_propose": press(A.EDIT_PROGRAMME, programme=_programme),
    "beneficiaries:skill_update": fill(A.EDIT_PROGRAMME, pk=_skill),
    "beneficiaries:skill_delete": fill(A.EDIT_PROGRAMME, pk=_unused),
    "beneficiaries:skill_move": press(A.EDIT_PROGRAMME, data=_up, pk=_skill),
    "beneficiaries:skill_retire": press(A.EDIT_PROGRAMME, pk=_skill),
    "beneficiaries:skill_restore": press(A.EDIT_PROGRAMME, pk=_skill),
}
