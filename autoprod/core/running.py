"""One server at a time on a data folder, and none during a restore."""

import fcntl
import os
from pathlib import Path

from django.conf import settings


class RunningError(Exception):
    """Another process holds the data folder."""


def hold() -> int:
    """Take the data folder for this process and those it becomes; return the lock's descriptor.

    The lock ends with the last process that has it open, however it ends: nothing to clean after
    a power cut. Raise RunningError when another process has it.
    """
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise RunningError(str(folder)) from error
    # Kept by the supervisor that takes this process's place.
    os.set_inheritable(handle, True)
    return handle
