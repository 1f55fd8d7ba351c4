"""Asks an address as a browser does."""

from django.http import HttpResponse
from django.test import Client


def ask(browser: Client, method: str, path: str, data: dict | None = None, **how) -> HttpResponse:
    """Return the answer; a file is read to its end, so that it is closed."""
    response = getattr(browser, method.lower())(path, data or {}, **how)
    if response.streaming:
        b"".join(response.streaming_content)
    return response
