"""Production: what `make serve` and the operator's commands use."""

import os

from autoprod.settings.base import *  # noqa: F403
from autoprod.settings.base import DATA_DIR, env
from autoprod.settings.secret import secret_key
from autoprod.settings.security import *  # noqa: F403
from autoprod.settings.services import *  # noqa: F403

# The base, the files and the key belong to the service's account alone.
os.umask(0o077)

SECRET_KEY = env("SECRET_KEY", default="") or secret_key(DATA_DIR / "secret_key")
