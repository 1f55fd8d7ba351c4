"""One server at a time on a data folder, none during a restore, and always the same account."""

import fcntl
import os
import pwd
from pathlib import Path

from django.conf import settings


class RunningError(Exception):
    """The data folder is not for this process now; the message is French, for the operator."""


def check_account() -> None:
    """Raise RunningError for root on data of another account.

    Files written by root would be closed to the service, the database's side files first.
    """
    folder = Path(settings.DATA_DIR)
    if os.geteuid() != 0 or not folder.exists():
        return
    owner = folder.stat().st_uid
    if owner != 0:
        raise RunningError(
            "Les données appartiennent à un autre compte : relancez la commande avec "
            f"« sudo -u {_name_of(owner)} »."
        )


def _name_of(account: int) -> str:
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return f"'#{account}'"


def hold() -> int:
    """Take the data folder for this process and those it becomes; return the lock's descriptor.

    The lock ends with the last process that has it open, however it ends: nothing to clean after
    a power cut. Raise RunningError when another process has it.
    """
    check_account()
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise RunningError(
            f"Autoprod est en marche sur {folder} : arrêtez d’abord le service."
        ) from error
    # Kept by the supervisor that takes this process's place.
    os.set_inheritable(handle, True)
    return handle
