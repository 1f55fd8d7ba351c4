"""Back to where one came from: a page says its own address in `next`, and is led back to."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def next_of(request: HttpRequest) -> str:
    """Return the page one came from, of this house only; empty when the request says none."""
    url = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(url, hosts, require_https=request.is_secure())
    return url if is_ours and url.startswith("/") else ""


def keeping_next(request: HttpRequest, url: str) -> str:
    """Return the address of one more page, that leads back to the same one."""
    came_from = next_of(request)
    return f"{url}?{urlencode({'next': came_from})}" if came_from else url


class ComesBack:
    """A page that is left, saved or not, for the one it was opened from."""

    def get_success_url(self) -> str:
        """Return where one came from, the page's own choice when nothing says it."""
        return next_of(self.request) or super().get_success_url()
