"""Durations of the jobs, from the settings."""

from datetime import timedelta

from django.conf import settings


def lease() -> timedelta:
    """Return how long a worker holds a job without giving a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def max_attempts() -> int:
    """Return how many times a job is tried before it is given up."""
    return settings.JOB_MAX_ATTEMPTS


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after a failed attempt: longer each time."""
    return timedelta(seconds=settings.JOB_RETRY_SECONDS * attempts)


def poll_seconds() -> float:
    """Return how long an idle worker waits before it looks again."""
    return settings.JOB_POLL_SECONDS


def keep() -> timedelta:
    """Return how long a finished job and its file stay."""
    return timedelta(days=settings.JOB_KEEP_DAYS)
