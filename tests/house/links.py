"""What every model of the house keeps: links that go down, exact amounts, named fields."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from autoprod.core.checks import is_ours
from tests.house.tree import FLOORS, Tree

#: From the ground up; the ground floor has floors of its own.
_ORDER = (
    "autoprod.audit",
    "autoprod.core",
    "autoprod.accounts",
    "autoprod.jobs",
    *FLOORS[1:],
)
_MODELS = type[models.Model]


def our_models() -> list[_MODELS]:
    """Return the models of our applications, link tables that Django makes included."""
    return [model for model in apps.get_models(include_auto_created=True) if is_ours(model)]


def _height(module: str) -> int | None:
    for height, package in enumerate(_ORDER):
        if module == package or module.startswith(f"{package}."):
            return height
    return None


def _target_module(field: models.Field) -> str:
    target = field.related_model
    if isinstance(target, str):  # a string that names no model yet
        label = target.partition(".")[0]
        return apps.get_app_config(label).name if label in apps.app_configs else label
    return target.__module__


def upward_links(classes: Iterable[_MODELS]) -> list[str]:
    """Return the links to a model of a higher floor, written as a class or as a string."""
    found = []
    for model in classes:
        own = _height(model.__module__)
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if not field.is_relation or field.related_model is None:
                continue
            target = _height(_target_module(field))
            if own is not None and target is not None and target > own:
                found.append(f"{model._meta.label}.{field.name} → {_target_module(field)}")
    return found


def inexact_numbers(classes: Iterable[_MODELS]) -> list[str]:
    """Return the DecimalField and FloatField: amounts are integers in the base."""
    return [
        f"{model._meta.label}.{field.name}: {type(field).__name__}"
        for model in classes
        for field in model._meta.local_fields
        if isinstance(field, models.DecimalField | models.FloatField)
    ]


def _is_lower(name: str) -> bool:
    """Tell whether a name starts in lower case; an acronym (SIRET) passes."""
    first = name.partition(" ")[0]
    return bool(first) and (first[0].islower() or not first[0].isalpha() or first.isupper())


def capital_names(classes: Iterable[_MODELS]) -> list[str]:
    """Return the verbose names that start with a capital, or that nobody wrote."""
    found = []
    for model in classes:
        if model._meta.auto_created:
            continue
        if "verbose_name" not in model._meta.original_attrs:
            found.append(f"{model._meta.label}: no verbose_name")
        names = {"": model._meta.verbose_name, "(s)": model._meta.verbose_name_plural}
        names |= {
            f".{field.name}": field.verbose_name
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
            if not field.primary_key
        }
        found += [
            f"{model._meta.label}{place}: {name}"
            for place, name in names.items()
            if not _is_lower(str(name))
        ]
    return found


def missing_from_glossary(classes: Iterable[_MODELS], tree: Tree) -> list[str]:
    """Return the models whose class name the glossary does not give a French word for."""
    pages = [source.text for source in tree.sources if source.name == "docs/glossaire.md"]
    text = "".join(pages)
    return [
        model.__name__
        for model in classes
        if not model._meta.auto_created and model.__name__ not in text
    ]
