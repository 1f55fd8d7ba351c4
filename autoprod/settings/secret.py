"""The installation's secret key, made once and kept beside its data."""

import os
import secrets
from pathlib import Path


def secret_key(path: Path) -> str:
    """Return the key stored in `path`, creating it (mode 600) when there is none.

    Two processes may start together: the file is created exclusively, the loser reads it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key := secrets.token_urlsafe(60))
    return key
