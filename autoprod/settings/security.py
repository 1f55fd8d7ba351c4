"""What protects accounts, sessions and pages; production values."""

from datetime import timedelta

from csp.constants import NONE, SELF

from autoprod.settings.base import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "core:home"

# CNIL, délibération 2022-100: 80 bits of entropy alone.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "autoprod.accounts.passwords.EntropyValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# The CNIL asks for a salted function that costs time or memory. scrypt costs both, so that a
# stolen base resists graphics cards better than with Django's default (PBKDF2, time only), and it
# is in the standard library, where argon2 and bcrypt would be one more compiled dependency.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Lock-out is counted in the database: it must hold across server processes.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By account alone: a whole service shares one network address, often the proxy's, and five slips
# of colleagues would lock everybody out. The check that asks for the address is answered here.
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
# The wait ends 15 minutes after the fifth failure, whatever is tried meanwhile: otherwise anybody
# could keep a colleague out for the day.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
# Addresses are counted under a keyed hash, and what was typed is not kept.
AXES_USERNAME_CALLABLE = "autoprod.accounts.lockout.attempt_key"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_LOCKOUT_CALLABLE = "autoprod.accounts.lockout.locked_page"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False

OTP_TOTP_ISSUER = "Autoprod"
SECOND_FACTOR_REQUIRED = True

SESSION_ENGINE = "django.contrib.sessions.backends.db"
# A message may name somebody: it waits on the server, not in a cookie of a shared computer.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 2 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# HTTPS unless the operator says that the machine is reached without it (AUTOPROD_HTTPS=no).
HTTPS = env.bool("AUTOPROD_HTTPS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
# The secret of an enrolled device, which its code opens (autoprod.accounts.devices).
DEVICE_COOKIE_NAME = "__Host-appareil" if HTTPS else "appareil"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
