"""One log line per request: what was served and in how long, never to whom or about whom."""

import logging
import time
from collections.abc import Callable
from traceback import walk_tb

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

logger = logging.getLogger("autoprod.requests")


class RequestLogMiddleware:
    """Logs the method, the route (not the path), the status and the time.

    The route is the URL pattern: keys, query strings and bodies never reach the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve and log; an error's traceback is logged without the request's data."""
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "-"
        milliseconds = round((time.monotonic() - started) * 1000)
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        logger.log(
            level, "%s /%s %s %s ms", request.method, route, response.status_code, milliseconds
        )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log where it broke, not what was typed: messages may hold a value."""
        if isinstance(exception, (Http404, PermissionDenied)):
            return  # an answer, not a fault: the line of the request tells its status
        where = "?"
        for frame, line in walk_tb(exception.__traceback__):
            if "site-packages" not in frame.f_code.co_filename:
                where = f"{frame.f_code.co_filename}:{line}"
        logger.error("%s at %s", type(exception).__name__, where)
