"""One page of a stack: looked at, filed by hand, set aside, taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core import downloads
from autoprod.core.scans import BrokenStackError, Stack, as_png
from autoprod.core.views import get_or_404, requires
from beneficiaries.enums import PageState
from beneficiaries.forms.statement_scans import FilePageForm, SetAsideForm
from beneficiaries.models import StatementScanPage
from beneficiaries.services import statement_scans as services
from beneficiaries.services.statement_scans import ACTION, REOPENING
from beneficiaries.services.statements import month_of
from beneficiaries.views.statement_scans import crumbs_of, month_shown

#: A page is read on the screen at this size, in pixels of its longest side.
SHOWN = 1400


def _page(request: HttpRequest, pk: int) -> StatementScanPage:
    rows = StatementScanPage.objects.for_scope(request.scope, ACTION)
    related = ("scan__programme__territory", "file__statement__enrolment__person", "handled_by")
    page = get_or_404(rows.select_related(*related), pk=pk)
    request.shown_programme = page.scan.programme_id
    return page


def _url(page: StatementScanPage) -> str:
    return reverse("beneficiaries:statement_page_detail", args=[page.pk])


def _next(request: HttpRequest, page: StatementScanPage) -> HttpResponse:
    """Lead to the next page to look at, then to the stack."""
    rows = StatementScanPage.objects.for_scope(request.scope, ACTION)
    left = rows.filter(scan=page.scan_id, state=PageState.DOUBTFUL).order_by("number")
    following = left.filter(number__gt=page.number).first() or left.first()
    if following:
        return redirect(_url(following))
    return redirect(reverse("beneficiaries:statement_scan_detail", args=[page.scan_id]))


def _shown(request: HttpRequest, page: StatementScanPage, **forms) -> HttpResponse:
    """Draw a page with what may be done of it."""
    scan = page.scan
    stack = (
        f"Pile n°\u00a0{scan.pk}",
        reverse("beneficiaries:statement_scan_detail", args=[scan.pk]),
    )
    crumbs = [*crumbs_of(scan.programme, month_shown(scan)), stack]
    choice = FilePageForm(waiting=services.waiting(request.scope, page))
    context = {
        "title": f"Page {page.number}",
        "subtitle": page.get_state_display().capitalize(),
        "breadcrumbs": [{"label": label, "url": url} for label, url in crumbs],
        "page": page,
        "statement": page.file and page.file.statement,
        "month": page.file and month_of(page.file.statement),
        "form": forms.get("choice", choice),
        "words": forms.get("words", SetAsideForm()),
        "can_take_back": page.handled_by_id
        and (not page.has_signed or request.scope.opens(REOPENING, scan.programme)),
        "detail_url": _url(page),
        "aside_url": reverse("beneficiaries:statement_page_aside", args=[page.pk]),
    }
    return render(request, "beneficiaries/statement_scans/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ACTION)
def statement_page_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a page; file it to the statement somebody chose."""
    page = _page(request, pk)
    if request.method != "POST":
        return _shown(request, page)
    form = FilePageForm(request.POST, waiting=services.waiting(request.scope, page))
    if not form.is_valid():
        return _shown(request, page, choice=form)
    try:
        services.file_by_hand(
            scope=request.scope, page=page, statement=form.cleaned_data["statement"]
        )
    except ValidationError as error:
        form.add_error("statement", error.messages)
        return _shown(request, page, choice=form)
    messages.success(request, f"Page {page.number} classée.")
    return _next(request, page)


@require_POST
@requires(ACTION)
def statement_page_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a page aside with a word."""
    page, form = _page(request, pk), SetAsideForm(request.POST)
    if not form.is_valid():
        return _shown(request, page, words=form)
    try:
        services.set_aside(scope=request.scope, page=page, words=form.cleaned_data["words"])
    except ValidationError as error:
        form.add_error("words", error.messages)
        return _shown(request, page, words=form)
    messages.success(request, f"Page {page.number} mise de côté.")
    return _next(request, page)


@require_POST
@requires(ACTION)
def statement_page_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what somebody did of a page: it is to look at again."""
    page = _page(request, pk)
    try:
        services.take_back(scope=request.scope, page=page)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Page {page.number} à regarder de nouveau.")
    return redirect(_url(page))


@require_safe
@requires(ACTION)
def statement_page_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a page of a stack as a picture, drawn now and kept nowhere."""
    page = _page(request, pk)
    try:
        with page.scan.file.open("rb") as file, Stack(file) as stack:
            content = as_png(stack.picture(page.number, SHOWN))
    except (BrokenStackError, IndexError) as error:
        raise Http404 from error
    record(request.scope, Verb.READ, page)
    name = f"page-{page.scan_id}-{page.number}.png"
    return downloads.made(content, filename=name, content_type="image/png")
