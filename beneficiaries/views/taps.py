"""What a tap answers: what it wrote, with one tap to take it back."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from autoprod.core.models import StaleError, VersionedModel
from beneficiaries.models import Person
from beneficiaries.services import taps

MOVED = "Cette fiche vient d’être modifiée. Vérifiez ses dates."


def back_to(person: Person | int, anchor: str = "") -> HttpResponse:
    """Return to the page of a person."""
    key = person if isinstance(person, int) else person.pk
    return redirect(reverse("beneficiaries:person_detail", args=[key]) + anchor)


def tell(
    request: HttpRequest, row: VersionedModel, said: str, undo_url: str, before: taps.Before
) -> None:
    """Say what was written, beside the button that takes it back."""
    undo = {"url": undo_url, "version": row.version, "before": before}
    text = render_to_string("beneficiaries/pathways/_undo.html", undo, request)
    messages.success(request, format_html("{}\u00a0: {}. {}", row, said, text))


def take_back(request: HttpRequest, row: VersionedModel, names: Iterable[str]) -> None:
    """Put back what the last tap replaced in a row, or say that it has moved since."""
    sent = (pair.partition("=") for pair in request.POST.getlist("before"))
    before = {name: value for name, _, value in sent}
    version = request.POST.get("version", "")
    try:
        is_undone = taps.untap(
            scope=request.scope, row=row, version=version, before=before, names=names
        )
    except StaleError:
        is_undone = False
    if is_undone:
        messages.success(request, f"{row}\u00a0: geste annulé.")
    else:
        messages.info(request, MOVED)
