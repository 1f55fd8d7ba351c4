"""Tasks that the tests ask for; a worker process imports them by their path."""

from functools import partial
from pathlib import Path

from django_tasks import task

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from autoprod.jobs.exceptions import JobError
from autoprod.jobs.progress import current_job, progress
from autoprod.jobs.results import Completed, ResultFile
from tests.jobs.waiting import wait_until


def leave_trace(key: str) -> dict:
    """Write one row; nothing forbids a second one, so a job done twice shows."""
    AuditEvent.objects.create(verb=Verb.COMMAND, object_kind="trace", object_key=key)
    return {"Traces": 1}


def pass_gate(gate: str, name: str) -> None:
    """Say to the test that this point is reached, then wait until it lets go."""
    Path(gate, f"{name}.reached").touch()
    wait_until(Path(gate, f"{name}.open").exists, f"{name} to open")


@task()
def add(left: int, right: int) -> int:
    """Return a sum."""
    return left + right


@task(takes_context=True)
def tell_attempt(context) -> int:
    """Return the number of the attempt, from the standard context."""
    return context.attempt


@task()
def tell_owner() -> str:
    """Return the e-mail of who asked."""
    return current_job().owner.email


@task()
def trace(key: str) -> Completed:
    """Write one row in the completing transaction."""
    return Completed(effects=partial(leave_trace, key))


@task()
def trace_then_break(key: str) -> Completed:
    """Write one row, then fail in the same transaction."""

    def effects() -> None:
        leave_trace(key)
        raise ValueError("Madame Durand")

    return Completed(effects=effects)


@task()
def trace_in_body_then_break(key: str) -> None:
    """Write one row outside of the completing transaction, then fail."""
    leave_trace(key)
    raise ValueError


@task()
def gated_trace(key: str, gate: str) -> Completed:
    """Wait in the body, then write one row."""
    progress(1, 3, "Lecture du fichier")
    pass_gate(gate, "body")
    return Completed(effects=partial(leave_trace, key))


@task()
def gated_effects(key: str, gate: str) -> Completed:
    """Wait in the completing transaction, one row already written."""

    def effects() -> None:
        leave_trace(key)
        progress(2, 3, "Écriture des fiches")
        pass_gate(gate, "effects")

    return Completed(effects=effects)


@task()
def break_with_a_name() -> None:
    """Fail with a message that quotes somebody."""
    raise ValueError("Madame Durand est déjà inscrite")


@task()
def refuse() -> None:
    """Fail for good."""
    raise JobError("Ce classeur n’a pas de feuille « Jardins ».")


@task()
def make_file() -> Completed:
    """Return a file."""
    file = ResultFile("sites du jardin.csv", b"nom\nLes Tomates\n")
    return Completed(result={"Sites": 1}, file=file)


@task()
def count_to(total: int) -> None:
    """Report each unit."""
    for done in range(1, total + 1):
        progress(done, total, "Comptage")
