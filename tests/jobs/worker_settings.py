"""Settings of the worker processes that the tests start: their own base, short leases."""

from autoprod.settings.base import *  # noqa: F403
from autoprod.settings.base import env
from autoprod.settings.security import *  # noqa: F403
from autoprod.settings.services import *  # noqa: F403

SECRET_KEY = "a key for tests only"
JOB_LEASE_SECONDS = env.float("TEST_JOB_LEASE_SECONDS")
JOB_RETRY_SECONDS = 0
JOB_POLL_SECONDS = 0.05
