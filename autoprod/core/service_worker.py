"""The script that lets enrolled devices work without network, and the page it shows then.

Only files that anybody may read are kept in clear: styles, scripts, fonts, icons and that page.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

_BODY = "js/service-worker.js"
#: What the script itself runs.
SCRIPTS = ("js/offline/store.js", "js/offline/vault.js")
_FONTS = "vendor/atkinson-hyperlegible-next-5.3.0/atkinson-hyperlegible-next"
#: What the roll, the scales and the page without network are drawn with.
ASSETS = (
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    *(
        f"css/{name}.css"
        for name in (
            "tokens",
            "layout",
            "components",
            "forms",
            "pathways",
            "sessions",
            "search",
            "touch",
            "print",
            "attendance",
            "harvests",
            "offline",
        )
    ),
    "django_htmx/htmx-2.min.js",
    "js/autoprod.js",
    "js/search.js",
    "js/attendance.js",
    "js/harvests.js",
    *SCRIPTS,
    "js/offline/device.js",
    "js/offline/queue.js",
    "js/offline/rows.js",
    "js/offline/page.js",
    "js/offline/weighings.js",
    "img/favicon.svg",
    "vendor/lucide-1.62.0/sprite.svg",
    f"{_FONTS}-latin-wght-normal.woff2",
    f"{_FONTS}-latin-ext-wght-normal.woff2",
)
_PAGE = "core/offline.html"


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the script, which names what to keep; at the root, as it rules what is below it."""
    lists = {
        "version": _version(),
        "page": reverse("core:offline"),
        "scripts": [static(name) for name in SCRIPTS],
        "assets": [static(name) for name in ASSETS],
    }
    response = HttpResponse(
        f"self.autoprod = {json.dumps(lists)};\n{_text(_BODY)}",
        content_type="text/javascript; charset=utf-8",
    )
    # Asked for again at each visit: a new version replaces the former at once.
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """Show what an enrolled device shows when what was asked for needs the network."""
    return render(request, _PAGE)


@cache
def _version() -> str:
    """Return what changes with any of the files kept, whether or not their names carry a hash."""
    digest = hashlib.sha256()
    for name in (_BODY, *ASSETS):
        digest.update(static(name).encode())
        digest.update(_path(name).read_bytes())
    digest.update(_template().encode())
    return digest.hexdigest()[:16]


def _template() -> str:
    return get_template(_PAGE).template.source


def _text(name: str) -> str:
    return _path(name).read_text(encoding="utf-8")


def _path(name: str) -> Path:
    return Path(finders.find(name))
