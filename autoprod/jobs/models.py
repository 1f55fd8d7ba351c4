"""Job: one piece of long work, its owner, where it is, and what it made."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.jobs.enums import FINISHED, JobStatus

FOLDER = "jobs"


def random_path(instance: models.Model, filename: str) -> str:
    """Return where a result is stored: its name says nothing of its content."""
    return f"{FOLDER}/{uuid.uuid4().hex}.bin"


class JobQuerySet(models.QuerySet):
    """Reads of jobs; pages start from `owned_by`."""

    def owned_by(self, user: models.Model) -> "JobQuerySet":
        """Return the jobs this user asked for; a command's job is nobody's."""
        return self.filter(owner=user.pk) if user.pk else self.none()

    def due(self, at: datetime) -> "JobQuerySet":
        """Return the jobs to start: those waiting, and those whose worker gives no sign of life."""
        waiting = Q(status=JobStatus.READY) & (Q(run_after=None) | Q(run_after__lte=at))
        return self.filter(waiting | Q(status=JobStatus.RUNNING, lease_until__lt=at))

    def held(self, job: "Job") -> "JobQuerySet":
        """Return the job's row as long as this very attempt is the one that runs it.

        `attempts` only ever grows: a worker that was taken over never matches again.
        """
        return self.filter(pk=job.pk, attempts=job.attempts, status=JobStatus.RUNNING)

    def expired(self, at: datetime) -> "JobQuerySet":
        """Return the finished jobs kept long enough."""
        return self.filter(status__in=FINISHED, keep_until__lt=at)


class Job(models.Model):
    """A call of a task, as plain data: another process reads it and does it.

    `args` and `kwargs` carry keys, never names. `task` is the path of a `@task()` function.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="demandé par",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    label = models.CharField("travail", max_length=200)
    task = models.CharField("tâche", max_length=200)
    args = models.JSONField("arguments", default=list, blank=True)
    kwargs = models.JSONField("arguments nommés", default=dict, blank=True)
    backend = models.CharField("moteur", max_length=40, default="default")

    status = models.CharField(
        "état", max_length=10, choices=JobStatus.choices, default=JobStatus.READY
    )
    progress_done = models.PositiveIntegerField("fait", default=0)
    progress_total = models.PositiveIntegerField("à faire", null=True, blank=True)
    progress_label = models.CharField("étape", max_length=120, blank=True)

    attempts = models.PositiveIntegerField("essais", default=0)
    attempts_allowed = models.PositiveIntegerField("essais permis")
    worker_ids = models.JSONField("exécutants", default=list, blank=True)
    lease_until = models.DateTimeField("réservé jusqu’au", null=True, blank=True)
    run_after = models.DateTimeField("pas avant", null=True, blank=True)

    enqueued_at = models.DateTimeField("demandé le", auto_now_add=True)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    last_attempted_at = models.DateTimeField("dernier essai le", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    keep_until = models.DateTimeField("à garder jusqu’au", null=True, blank=True)

    error_type = models.CharField("type d’erreur", max_length=200, blank=True)
    error_message = models.CharField("erreur", max_length=500, blank=True)
    error_place = models.CharField("lieu de l’erreur", max_length=200, blank=True)
    result = models.JSONField("résultat", null=True, blank=True)
    result_file = models.FileField("fichier", upload_to=random_path, max_length=100, blank=True)
    result_name = models.CharField("nom du fichier", max_length=150, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ["-enqueued_at", "-pk"]
        indexes = [
            # What a worker asks every second.
            models.Index(fields=["status", "enqueued_at"], name="jobs_status_at"),
            # « Mes travaux ».
            models.Index(fields=["owner", "-enqueued_at"], name="jobs_owner_at"),
        ]
        constraints = [
            models.CheckConstraint(
                name="jobs_job_status_known",
                condition=Q(status__in=JobStatus.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="jobs_job_progress_bounded",
                condition=Q(progress_total=None) | Q(progress_done__lte=F("progress_total")),
                violation_error_message="On ne peut pas avoir fait plus que le total.",
            ),
            models.CheckConstraint(
                name="jobs_job_attempts_bounded",
                condition=Q(attempts__lte=F("attempts_allowed")),
                violation_error_message="Ce travail a été essayé plus souvent que permis.",
            ),
            models.CheckConstraint(
                name="jobs_job_running_leased",
                condition=Q(
                    status=JobStatus.RUNNING,
                    lease_until__isnull=False,
                    started_at__isnull=False,
                    attempts__gte=1,
                )
                | (~Q(status=JobStatus.RUNNING) & Q(lease_until=None)),
                violation_error_message="Un travail en cours est réservé par un exécutant.",
            ),
            models.CheckConstraint(
                name="jobs_job_finished_dated",
                condition=Q(
                    status__in=sorted(FINISHED),
                    finished_at__isnull=False,
                    # A comparison with nothing is neither true nor false: CHECK lets it pass.
                    keep_until__isnull=False,
                    keep_until__gte=F("finished_at"),
                )
                | (~Q(status__in=sorted(FINISHED)) & Q(finished_at=None, keep_until=None)),
                violation_error_message="Un travail a une date de fin quand il est fini.",
            ),
            models.CheckConstraint(
                name="jobs_job_failed_explained",
                condition=~Q(status=JobStatus.FAILED) | ~Q(error_type=""),
                violation_error_message="Un travail en échec dit pourquoi.",
            ),
            models.CheckConstraint(
                name="jobs_job_result_when_successful",
                condition=Q(status=JobStatus.SUCCESSFUL) | Q(result__isnull=True, result_file=""),
                violation_error_message="Seul un travail terminé a un résultat.",
            ),
            models.CheckConstraint(
                name="jobs_job_file_named",
                condition=Q(result_file="", result_name="")
                | (~Q(result_file="") & ~Q(result_name="")),
                violation_error_message="Un fichier a un nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self.status in FINISHED

    @property
    def is_failed(self) -> bool:
        """Tell whether its owner may ask for it again."""
        return self.status == JobStatus.FAILED

    @property
    def result_items(self) -> list[tuple[str, object]]:
        """Return what a result of the form {"Fiches créées": 12} has to say on the page."""
        return list(self.result.items()) if isinstance(self.result, dict) else []
