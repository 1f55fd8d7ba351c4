"""What the health page says of background work: is anybody doing it?"""

from datetime import timedelta

from django.utils import timezone

from autoprod.jobs.models import Job
from autoprod.operating.health import OK, WARNING, Finding

#: A worker asks for work every second; a job due for this long means that none is there.
LATE = timedelta(minutes=5)


def waiting() -> Finding:
    """Look at the jobs nobody has taken; the value counts those due for five minutes."""
    late = Job.objects.due(timezone.now()).filter(enqueued_at__lt=timezone.now() - LATE).count()
    if late:
        return Finding(WARNING, "Des travaux de fond attendent\u00a0: relancez le service.", late)
    return Finding(OK, "Les travaux de fond sont à jour.", 0)
