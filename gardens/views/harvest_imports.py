"""Harvests from a spreadsheet: the file, what it would do line by line, then the writing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import counted
from autoprod.core.periods import Kind, Period
from autoprod.core.spreadsheets import Sheet, download, kind_or_404, links
from autoprod.core.views import requires
from gardens.enums import Origin
from gardens.forms.harvest_imports import Cells, HarvestFileForm, opened, sealed
from gardens.forms.harvests import A
from gardens.imports.harvests import TITLES, Line, Reader, tell_known, write
from gardens.services.weighings import DESTINATIONS
from gardens.views.harvests import crumbs_of, programme_of
from programmes.models import Programme

FAULTY = "Rien n’est importé\u00a0: corrigez le fichier, ou laissez de côté les lignes marquées."
#: Lines that are right and shown as examples: the faulty ones are all shown.
_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires(A)
def harvest_import(request: HttpRequest, programme: int) -> HttpResponse:
    """Ask for a file, show what it would weigh, write it once somebody agreed."""
    parent = programme_of(request, programme)
    if request.method != "POST":
        return _page(request, parent, HarvestFileForm())
    if "lines" in request.POST:
        return _write(request, parent)
    form = HarvestFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, parent, form)
    return _preview(request, parent, form.lines, warnings=form.warnings)


def _read(request: HttpRequest, programme: Programme, lines: list[Cells]) -> list[Line]:
    reader = Reader(request.scope, programme)
    read = [reader.read(number, cells) for number, cells in lines]
    tell_known(request.scope, read)
    return read


def _write(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Write the lines that the preview showed."""
    try:
        lines = opened(programme.pk, request.POST["lines"])
        read = _read(request, programme, lines)
        if any(line.faults for line in read) and "without_faulty" not in request.POST:
            return _preview(request, programme, lines, fault=FAULTY)
        number = write(request.scope, read)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gardens:harvest_import", programme.pk)
    said = counted(number, "récolte importée", "récoltes importées")
    record(request.scope, Verb.CREATE, programme, label=f"Import\u00a0: {said}")
    messages.success(request, f"{said}.")
    days = [line.weighing.on for line in read if line.weighing]
    month = Period.containing(max(days, default=timezone.localdate()), Kind.MONTH)
    return redirect("gardens:harvest_list", programme.pk, month)


def _preview(
    request: HttpRequest,
    programme: Programme,
    lines: list[Cells],
    *,
    warnings: tuple[str, ...] = (),
    fault: str = "",
) -> HttpResponse:
    read = _read(request, programme, lines)
    faulty = [line for line in read if line.faults]
    known = [line for line in read if line.is_known]
    right = [line for line in read if line.weighing and not line.is_known]
    context = {
        "faulty": faulty,
        "known": known,
        "right": right,
        "shown": right[:_SHOWN],
        "more": max(len(right) - _SHOWN, 0),
        "total": sum(line.weighing.grams for line in right),
        "lines": sealed(programme.pk, lines),
        "warnings": warnings,
        "fault": fault,
    }
    return _page(request, programme, HarvestFileForm(), **context)


def _page(request: HttpRequest, programme: Programme, form: HarvestFileForm, **more):
    files = links(lambda kind: f"modele/{kind}/")
    context = {
        "programme": programme,
        "form": form,
        "models": files,
        "columns": [titles[0] for titles in TITLES.values()],
        "destinations": [destination.label for destination in DESTINATIONS],
        "title": "Importer des récoltes",
        "subtitle": str(programme),
        "breadcrumbs": crumbs_of(programme, timezone.localdate()),
    }
    return render(request, "gardens/harvests/import.html", context | more)


@require_safe
@requires(A)
def harvest_model(request: HttpRequest, programme: int, kind: str) -> HttpResponse:
    """Send a file with the titles of an import, and no line."""
    kind, parent = kind_or_404(kind), programme_of(request, programme)
    columns = tuple(titles[0] for titles in TITLES.values())
    sheet = Sheet(title=Origin.HARVEST.label, columns=columns, rows=())
    return download(sheet, kind, f"modele-recoltes-{parent.pk}")
