"""System checks: every model of the house says who may read it."""

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from autoprod.core.scoping import ScopedQuerySet, scope_paths

#: Packages whose models are ours; accounts and audit have their own rule (see `OWN_RULE`).
FLOORS = ("autoprod", "programmes", "beneficiaries", "gardens", "evaluation")
#: Users and their links are read through memberships, events through territories, a job by its
#: owner: floors below the memberships cannot name a programme.
OWN_RULE = ("autoprod.accounts", "autoprod.audit", "autoprod.jobs")


def is_ours(model: type[models.Model]) -> bool:
    """Tell whether the model is written in one of our packages."""
    return model.__module__.split(".")[0] in FLOORS


def scope_error(model: type[models.Model]) -> CheckMessage | None:
    """Return the error of a model without a usable SCOPE_PATH, None when it is right."""
    if getattr(model, "PUBLIC", False):
        return None
    try:
        scope_paths(model)
    except ImproperlyConfigured as error:
        return Error(str(error), hint="Declare SCOPE_PATH or PUBLIC.", obj=model, id="house.E001")
    if not isinstance(model._default_manager.all(), ScopedQuerySet):
        return Error(
            f"{model._meta.label}.objects has no for_scope",
            hint="Build the manager from a ScopedQuerySet.",
            obj=model,
            id="house.E002",
        )
    return None


@register
def every_model_has_a_scope(app_configs, **kwargs) -> list[CheckMessage]:
    """Return one error per model of ours that anyone could read by mistake."""
    ours = [
        model
        for model in apps.get_models(include_auto_created=False)
        if is_ours(model) and not model.__module__.startswith(OWN_RULE)
    ]
    return [error for model in ours if (error := scope_error(model))]
