"""States of evaluation the code branches on."""

from django.db import models

#: The first age of each band, then of none: union of the thresholds of the FSE+ (18, 30, 55) and
#: of the IAE (26, 50), as in the reference list `age_bands`.
AGE_STARTS = (0, 18, 26, 30, 50, 55, 65)


class Audience(models.TextChoices):
    """Who a page or a document is for; written on it."""

    INTERNAL = "equipe", "édition équipe"
    DIFFUSION = "comite", "édition comité"

    @property
    def footer(self) -> str:
        """Return what the footer says of it."""
        if self == Audience.INTERNAL:
            return "Édition équipe, usage interne"
        return "Édition comité, petits effectifs regroupés"


class Unit(models.TextChoices):
    """What a figure counts."""

    PERSONS = "persons", "personnes"
    MINUTES = "minutes", "heures"
    SESSIONS = "sessions", "séances"
    WORKSHOPS = "workshops", "ateliers"
    STEPS = "steps", "démarches"
    OUTCOMES = "outcomes", "orientations"
    THEMES = "themes", "thèmes"
    #: People counted without a name, as many times as they come.
    PASSAGES = "passages", "personnes, sans nom"
    MONTHS = "months", "mois de présence"
    INTERVIEWS = "interviews", "entretiens"
    FOLLOW_UPS = "follow_ups", "suivis mensuels"
    BARRIERS = "barriers", "freins"
    EXITS = "exits", "sorties"
    HOUSEHOLDS = "households", "foyers"
    KILOGRAMS = "kilograms", "kilogrammes"
    LITRES = "litres", "litres"
    VARIETIES = "varieties", "variétés"
    ORGANISATIONS = "organisations", "organisations"
    PORTIONS = "portions", "portions"
    BASKETS = "baskets", "paniers"
    COLONIES = "colonies", "colonies"
    LOANS = "loans", "prêts"
    EUROS = "euros", "euros"

    @property
    def is_sign(self) -> bool:
        """Tell whether the unit is written with the number, as a sign."""
        return self in {Unit.MINUTES, Unit.KILOGRAMS, Unit.LITRES, Unit.EUROS}

    @property
    def is_of_things(self) -> bool:
        """Tell whether a small number says nothing of anybody: things are counted, not people."""
        return self in {Unit.KILOGRAMS, Unit.LITRES, Unit.VARIETIES, Unit.EUROS}
