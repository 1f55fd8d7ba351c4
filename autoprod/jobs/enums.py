"""States of a job."""

from django.db import models


class JobStatus(models.TextChoices):
    """The words of the Tasks interface (`TaskResultStatus`), hence the capitals."""

    READY = "READY", "en attente"
    RUNNING = "RUNNING", "en cours"
    SUCCESSFUL = "SUCCESSFUL", "terminé"
    FAILED = "FAILED", "en échec"


FINISHED = frozenset({JobStatus.SUCCESSFUL, JobStatus.FAILED})
