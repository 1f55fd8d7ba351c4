"""Settings shared by every way of running; nothing here is weaker than production needs."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

# Everything that is not code lives in one folder, so that a backup is one folder too.
DATA_DIR = Path(env("AUTOPROD_DATA", default=str(BASE_DIR / "var" / "production")))

DEBUG = False
ALLOWED_HOSTS = env.list("AUTOPROD_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("AUTOPROD_ORIGINS", default=[])

ROOT_URLCONF = "autoprod.urls"
WSGI_APPLICATION = "autoprod.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "import_export",
    "autoprod.audit",
    "autoprod.core",
    "autoprod.operating",
    "autoprod.accounts",
    "autoprod.jobs",
    "programmes",
    "beneficiaries",
    "gardens",
    "evaluation",
]

MIDDLEWARE = [
    "autoprod.core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "autoprod.accounts.middleware.SessionLifeMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "autoprod.accounts.middleware.LoginWallMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "autoprod.accounts.middleware.DeviceMiddleware",
    "programmes.middleware.ScopeMiddleware",
    "beneficiaries.middleware.MergedFileMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "autoprod.core.context.layout",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A month's sheet typed back has a field per person and half-day: 100 persons, 40 half-days.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Where `manage.py backup` writes, and how many archives it keeps.
BACKUP_DIR = Path(env("AUTOPROD_BACKUPS", default=str(DATA_DIR / "backups")))
BACKUP_KEEP = env.int("AUTOPROD_BACKUPS_KEEP", default=14)
