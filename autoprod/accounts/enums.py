"""States the account code branches on."""

from django.db import models


class LinkKind(models.TextChoices):
    """Why a one-time link was made."""

    INVITATION = "invitation", "invitation"
    RESET = "reset", "nouveau mot de passe"
