"""What a task may raise, and what the machinery says."""


class JobError(Exception):
    """A task cannot be done, and trying again would not help.

    The message is a French sentence shown to the owner: what to do, and no personal data.
    """


class WorkerLostError(Exception):
    """Every worker that tried the job died before its end."""


class LeaseLost(Exception):  # noqa: N818 - an event, not a mistake
    """Another worker took the job over, or it was deleted: stop, nothing of this run is kept."""
