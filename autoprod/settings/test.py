"""Tests: production rules, fast hashes, throw-away storage."""

import os
import tempfile
from pathlib import Path

os.environ["AUTOPROD_HTTPS"] = "no"

from autoprod.settings.base import *  # noqa: F403
from autoprod.settings.base import env
from autoprod.settings.security import *  # noqa: F403
from autoprod.settings.services import *  # noqa: F403
from autoprod.settings.services import database

# A folder of its own per run: two runs side by side never share a file.
DATA_DIR = Path(tempfile.mkdtemp(prefix="autoprod-test-"))
DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'base'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: WAL and locking are part of what is tested. FULL is tested on its own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

MEDIA_ROOT = DATA_DIR / "files"
STATIC_ROOT = DATA_DIR / "static"
BACKUP_DIR = DATA_DIR / "backups"
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECRET_KEY = "a key for tests only"  # noqa: S105
COMPONENT_GALLERY = True
