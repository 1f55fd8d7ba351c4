"""States the code branches on; the rest is ReferenceCode rows."""

from django.db import models


class Level(models.TextChoices):
    """How far somebody is accompanied."""

    PARTICIPATION = "participation", "Participation simple"
    PATHWAY = "pathway", "Parcours accompagné"


class Part(models.TextChoices):
    """What somebody is in a programme; figures of persons count the participants."""

    PARTICIPANT = "participant", "Participant"
    VOLUNTEER = "volunteer", "Bénévole"
    MEMBER = "member", "Adhérent"
    TRAINEE = "trainee", "Stagiaire"


class Presence(models.TextChoices):
    """What the roll call says of somebody."""

    PRESENT = "present", "Présent"
    EXCUSED = "excused", "Excusé"
    ABSENT = "absent", "Absent"


class StepState(models.TextChoices):
    """Where a step is; its dates say it."""

    PLANNED = "planned", "à lancer"
    STARTED = "started", "en cours"
    DONE = "done", "aboutie"
    ABANDONED = "abandoned", "abandonnée"


class Whereabouts(models.TextChoices):
    """Where somebody is in a programme over a period; a request closed without entry has left."""

    PRESENT = "present", "Dans l’action"
    WAITING = "waiting", "En attente"
    LEFT = "left", "Sortis"
