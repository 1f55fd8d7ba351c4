"""A developer's or a visitor's machine: the demo base, plain HTTP on loopback."""

import os

os.environ.setdefault("AUTOPROD_HTTPS", "no")

from autoprod.settings.base import *  # noqa: F403
from autoprod.settings.base import BASE_DIR
from autoprod.settings.security import *  # noqa: F403
from autoprod.settings.services import *  # noqa: F403
from autoprod.settings.services import database, env

DEBUG = env.bool("AUTOPROD_DEBUG", default=False)
DATA_DIR = BASE_DIR / "var" / "demo"
DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {
    # Not DATABASE_URL: a service's `.env` must never lead the demo to its records.
    "default": database(
        env("DEMO_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'autoprod.sqlite3'}")
    )
}
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
BACKUP_DIR = DATA_DIR / "backups"
SECRET_KEY = "a key for the demo on this machine only"  # noqa: S105
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
COMPONENT_GALLERY = True
