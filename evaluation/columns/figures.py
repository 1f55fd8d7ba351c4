"""Columns of figures: the list of all of them, and a breakdown in a spreadsheet."""

from autoprod.core.tables import Column
from evaluation.results import Result


def said(result: Result) -> str:
    """Return the value in words, « au moins » when it is a minimum."""
    return f"au moins {result.text}" if result.is_minimum else result.text


FIGURES = (
    Column("Chiffre", lambda result: result.definition.label),
    Column("Valeur", said, align="end"),
    Column("Unité", lambda result: result.definition.unit.label),
    Column("Part", lambda result: result.rate, align="end"),
    Column("Calcul", lambda result: result.definition.formula),
)

BREAKDOWN = ("Tableau", "Libellé", "Nombre", "Unité", "Part en %", "Remarque")
