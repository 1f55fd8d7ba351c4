"""Writes on objectives that touch several rows."""

from django.db import transaction
from django.db.models import Max

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Scope
from programmes.models import Edition, Objective


@transaction.atomic
def set_out(*, scope: Scope, edition: Edition) -> Objective:
    """Create an objective after the others of the edition and return it."""
    last = Objective.objects.filter(edition=edition).aggregate(last=Max("position"))["last"] or 0
    objective = Objective.objects.create(edition=edition, position=last + 1)
    record(scope, Verb.CREATE, objective)
    return objective
