"""States the account code branches on."""

from django.db import models


class LinkKind(models.TextChoices):
    """Why a one-time link was made."""

    INVITATION = "invitation", "invitation"
    RESET = "reset", "nouveau mot de passe"


class SessionEnd(models.TextChoices):
    """Why a session is over; the label is what its user reads."""

    IDLE = "idle", "Par sécurité, votre session s’est fermée après une longue inactivité."
    LONG = "long", "Par sécurité, une session ne dure qu’une journée de travail."
    CLOSED = "closed", "Votre session a été fermée."
