"""Who may open the addresses of pathways: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, press, see
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _edition(place, frame):
    return frame.edition


def _person(place, frame):
    return frame.somebody.person


def _step(place, frame):
    return frame.somebody.step


def _barrier(place, frame):
    return frame.somebody.barrier


def _housing(place, frame):
    """A barrier that nobody noted yet."""
    return make.code("barriers", "27")


def _lift(place, frame):
    return "lever"


def _objective(place, frame):
    return frame.somebody.objective


def _reach(place, frame):
    return "atteindre"


def _outcome(place, frame):
    return frame.somebody.outcome


def _outcome_without_proof(place, frame):
    return people.make_outcome(frame.somebody.enrolment)


def _proof(place, frame):
    return frame.somebody.proof


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _csv(place, frame):
    return "csv"


def _papers(place, frame):
    return {"label": "Carte de transport", "strand": make.code("pathway_strands", "mobilite").pk}


def _words(place, frame):
    return {"words": "Retrouver un logement"}


def _everybody(place, frame):
    return {"people": [frame.somebody.enrolment.pk]}


_LIST = {"programme": _programme, "period": _month}

LINES: dict[str, Entry] = {
    # Barriers
    "beneficiaries:barrier_create": fill(A.EDIT_PATHWAYS, person=_person, kind=_housing),
    "beneficiaries:barrier_identify": press(A.EDIT_PATHWAYS, person=_person, kind=_housing),
    "beneficiaries:barrier_update": fill(A.EDIT_PATHWAYS, pk=_barrier),
    "beneficiaries:barrier_delete": fill(A.EDIT_PATHWAYS, pk=_barrier),
    "beneficiaries:barrier_tap": press(A.EDIT_PATHWAYS, pk=_barrier, gesture=_lift),
    "beneficiaries:barrier_undo": press(A.EDIT_PATHWAYS, pk=_barrier),
    # Objectives
    "beneficiaries:objective_create": fill(A.EDIT_PATHWAYS, data=_words, person=_person),
    "beneficiaries:objective_update": fill(A.EDIT_PATHWAYS, pk=_objective),
    "beneficiaries:objective_delete": fill(A.EDIT_PATHWAYS, pk=_objective),
    "beneficiaries:objective_tap": press(A.EDIT_PATHWAYS, pk=_objective, gesture=_reach),
    "beneficiaries:objective_undo": press(A.EDIT_PATHWAYS, pk=_objective),
    # Steps of a person
    "beneficiaries:step_create": fill(A.EDIT_PATHWAYS, data=_papers, person=_person),
    "beneficiaries:step_update": fill(A.EDIT_PATHWAYS, pk=_step),
    "beneficiaries:step_delete": fill(A.EDIT_PATHWAYS, pk=_step),
    "beneficiaries:step_start": press(A.EDIT_PATHWAYS, pk=_step),
    "beneficiaries:step_finish": press(A.EDIT_PATHWAYS, pk=_step),
    "beneficiaries:step_undo": press(A.EDIT_PATHWAYS, pk=_step),
    # Steps of a programme
    "beneficiaries:step_create_many": fill(A.EDIT_PATHWAYS, data=_everybody, programme=_programme),
    "beneficiaries:step_undo_many": press(A.EDIT_PATHWAYS, programme=_programme),
    "beneficiaries:step_list": see(A.VIEW_PATHWAYS, **_LIST),
    "beneficiaries:step_export": see(A.VIEW_PATHWAYS, **_LIST, kind=_csv),
    # Outcomes, their proofs and their survey
    "beneficiaries:outcome_create": fill(A.EDIT_PATHWAYS, person=_person),
    "beneficiaries:outcome_update": fill(A.EDIT_PATHWAYS, pk=_outcome),
    "beneficiaries:outcome_delete": fill(A.EDIT_PATHWAYS, pk=_outcome_without_proof),
    "beneficiaries:proof_create": fill(A.EDIT_PATHWAYS, outcome=_outcome),
    "beneficiaries:proof_download": see(A.VIEW_PATHWAYS, pk=_proof),
    "beneficiaries:proof_delete": fill(A.EDIT_PATHWAYS, pk=_proof),
    "beneficiaries:outcome_list": see(A.VIEW_PATHWAYS, **_LIST),
    "beneficiaries:outcome_export": see(A.VIEW_PATHWAYS, **_LIST, kind=_csv),
    "beneficiaries:survey_update": fill(A.EDIT_PATHWAYS, edition=_edition),
}
