"""Pages of operations: the year's list, one to add or to do, its photo."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from autoprod.core.formatting import counted, hours
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.models import StaleError
from autoprod.core.periods import Kind
from autoprod.core.returns import ComesBack, keeping_next, next_of
from autoprod.core.scoping import Action
from autoprod.core.uploads import send
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    ListPage,
    UpdatePage,
    get_or_404,
    requires,
)
from beneficiaries.views.taps import MOVED, take_back, tell
from gardens.forms.operations import (
    DoneForm,
    OperationFilter,
    OperationForm,
    OperationPhotoForm,
)
from gardens.models import Operation, OperationPhoto
from gardens.services import operations
from gardens.views.crops import NOTHING_TO_DO, crop_tabs, year_of
from programmes.models import Programme, ReferenceCode
from programmes.views.periods import InPeriod
from programmes.views.programmes import InProgramme

DONE = "fait aujourd’hui"


def list_url(programme: Programme) -> str:
    """Return the operations of this year."""
    return reverse("gardens:operation_list", args=[programme.pk, year_of()])


def line_of(operation: Operation) -> dict:
    """Return what a line says of an operation."""
    quantity = operation.quantity
    effort = [
        operations.quantity_words(operation.kind, quantity) if quantity is not None else "",
        counted(operation.people, "personne", "personnes") if operation.people else "",
        hours(operation.minutes) if operation.minutes else "",
    ]
    where = [str(operation.garden), str(operation.plot or ""), str(operation.planting or "")]
    return {
        "operation": operation,
        "where": " · ".join(filter(None, where)),
        "effort": " · ".join(filter(None, effort)),
        "is_late": not operation.done_on and operation.planned_on < timezone.localdate(),
    }


class OperationList(InPeriod, ListPage):
    """What is to do, then what was done in a year."""

    model = Operation
    action = Action.VIEW_GARDENS
    template_name = "gardens/operations/list.html"
    partial_template_name = "gardens/operations/_rows.html"
    period_kinds = (Kind.YEAR,)
    empty_icon = "leaf"
    empty_title = "Aucun geste cette année"
    empty_text = (
        "Arroser, pailler, relever la cuve, observer\u00a0: notez ce qui est à faire ou ce qui "
        "vient d’être fait."
    )
    create_label = "Noter un geste"

    @property
    def filter_form(self) -> partial:
        """Return the filters, with the gardens of the programme."""
        return partial(OperationFilter, programme=self.parent)

    def get_queryset(self):
        """Return the operations of the year, what is to do first."""
        rows = Operation.objects.for_scope(self.scope, self.action).of(self.parent)
        return self.narrowed(rows.during(self.period).described().to_do_first())

    def get_title(self) -> str:
        """Return « Gestes, année 2026 »."""
        return f"Gestes, {self.period.label}"

    def get_subtitle(self) -> str:
        """Return the programme."""
        return str(self.parent)

    @property
    def can_edit(self) -> bool:
        """Tell whether this user grows here."""
        return self.scope.opens(Action.EDIT_GARDENS, self.parent)

    def get_create_url(self) -> str:
        """Lead to a new operation, for who grows here."""
        return reverse("gardens:operation_create", args=[self.parent.pk]) if self.can_edit else ""

    def get_table(self, rows: list[Operation]):
        """Return what an empty list says: the lines are drawn by the page."""
        return {"empty_state": self.get_empty_state()}

    def get_context_data(self, **kwargs) -> dict:
        """Add the lines."""
        context = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        photos = operations.photographed(self.scope, rows)
        lines = [line_of(row) | {"photo": photos.get(row.pk)} for row in rows]
        tabs = crop_tabs(self.request, self.parent, self.period, "operation_list")
        here = self.request.get_full_path()
        return context | {"lines": lines, "tabs": tabs, "can_edit": self.can_edit, "here": here}


class OfOperation(InProgramme):
    """A page about one operation."""

    model = Operation
    action = Action.EDIT_GARDENS
    select_related = ("programme__territory", "garden__site", "plot", "planting__species", "kind")

    def get_operation(self) -> Operation:
        """Return the operation the page is about."""
        return self.object

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.get_operation().programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the operation."""
        row = self.get_operation()
        return [
            ("Gestes", list_url(row.programme)),
            (row.kind.label, reverse("gardens:operation_detail", args=[row.pk])),
        ]

    def get_success_url(self) -> str:
        """Go to the operation."""
        return reverse("gardens:operation_detail", args=[self.get_operation().pk])


class OperationDetail(OfOperation, DetailPage):
    """An operation: when, where, how much, what was seen."""

    action = Action.VIEW_GARDENS
    template_name = "gardens/operations/detail.html"

    def get_title(self) -> str:
        """Return the kind."""
        return self.object.kind.label

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return super().get_breadcrumbs()[:1]

    def get_context_data(self, **kwargs) -> dict:
        """Add the line and the photo."""
        row = self.object
        return super().get_context_data(
            line=line_of(row),
            photo=operations.photographed(self.scope, [row]).get(row.pk),
            can_edit=self.scope.opens(Action.EDIT_GARDENS, row.programme),
            here=self.request.path,
            **kwargs,
        )


class OperationCreate(ComesBack, OfOperation, CreatePage):
    """Note something to do, or just done."""

    form_class = OperationForm
    parent_model = Programme
    parent_kwarg = "programme"
    template_name = "gardens/operations/form.html"
    title = "Noter un geste"
    success_message = "Geste noté."

    def get_programme(self) -> Programme:
        """Return the programme the URL names."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_initial(self) -> dict:
        """Start from what the address names, done today; a wrong key is no choice of the form."""
        names = {"jardin": "garden", "parcelle": "plot", "culture": "planting"}
        asked = {field: self.request.GET.get(word, "") for word, field in names.items()}
        initial = {
            field: int(key)
            for field, key in asked.items()
            if key.isdecimal() and len(key) <= KEY_DIGITS
        }
        codes = ReferenceCode.objects.for_scope(self.scope, self.action).in_list("operation_kinds")
        if kind := codes.filter(code=self.request.GET.get("geste", "")[:100]).first():
            initial["kind"] = kind.pk
        day = "planned_on" if "prevu" in self.request.GET else "done_on"
        return initial | {day: timezone.localdate()}

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [("Gestes", list_url(self.parent))]

    def get_cancel_url(self) -> str:
        """Return where one came from."""
        return next_of(self.request) or super().get_cancel_url()


class OperationUpdate(ComesBack, OfOperation, UpdatePage):
    """Edit an operation."""

    form_class = OperationForm
    template_name = "gardens/operations/form.html"

    def get_title(self) -> str:
        """Return « Modifier : Arrosage »."""
        return f"Modifier\u00a0: {self.object.kind.label}"

    def get_fixed(self) -> dict:
        """Return the programme, which does not change."""
        return {"programme": self.object.programme}

    def get_delete_url(self) -> str:
        """Lead to the deletion of the operation."""
        return reverse("gardens:operation_delete", args=[self.object.pk])


class OperationDone(ComesBack, OfOperation, UpdatePage):
    """Say how something planned was done: by how many, for how long."""

    form_class = DoneForm
    success_message = "C’est noté."

    def get_title(self) -> str:
        """Return « Fait : Arrosage »."""
        return f"Fait\u00a0: {self.object.kind.label}"

    def get_subtitle(self) -> str:
        """Return where."""
        return line_of(self.object)["where"]

    def get_initial(self) -> dict:
        """Propose today."""
        return {} if self.object.done_on else {"done_on": timezone.localdate()}


class OperationDelete(OfOperation, DeletePage):
    """Delete an operation noted by mistake, and its photo."""

    def get_title(self) -> str:
        """Return « Supprimer ce geste ? »."""
        return f"Supprimer ce geste ({self.object.kind.label.lower()})\u00a0?"

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete it."""
        row = self.get_object()
        programme = row.programme
        operations.remove(scope=self.scope, operation=row)
        messages.success(request, "Supprimé.")
        return redirect(list_url(programme))


class PhotoCreate(OfOperation, CreatePage):
    """Add the photo of an operation, or put another in its place."""

    model = OperationPhoto
    form_class = OperationPhotoForm
    parent_model = Operation
    title = "Photo"
    select_related = ()

    def get_operation(self) -> Operation:
        """Return the operation the URL names."""
        return self.parent

    def get_fixed(self) -> dict:
        """Return the operation the URL names."""
        return {"operation": self.parent}


def operation_or_404(request: HttpRequest, pk: int) -> Operation:
    """Return the operation to write on."""
    rows = Operation.objects.for_scope(request.scope, Action.EDIT_GARDENS)
    return get_or_404(rows.described(), pk=pk)


def _back_of(request: HttpRequest, operation: Operation) -> HttpResponse:
    url = reverse("gardens:operation_detail", args=[operation.pk])
    return redirect(next_of(request) or url)


@require_POST
@requires(Action.EDIT_GARDENS)
def operation_tap(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it was done today."""
    operation = operation_or_404(request, pk)
    try:
        before = operations.mark_done(scope=request.scope, operation=operation)
    except StaleError:
        messages.error(request, MOVED)
        return _back_of(request, operation)
    if not before:
        messages.info(request, NOTHING_TO_DO)
        return _back_of(request, operation)
    undo = keeping_next(request, reverse("gardens:operation_undo", args=[pk]))
    tell(request, operation, DONE, undo, before)
    more = keeping_next(request, reverse("gardens:operation_done", args=[pk]))
    link = format_html('<a href="{}">Dire combien de temps, et à combien</a>', more)
    messages.info(request, link)
    return _back_of(request, operation)


@require_POST
@requires(Action.EDIT_GARDENS)
def operation_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off the day a tap has just written."""
    operation = operation_or_404(request, pk)
    take_back(request, operation, operations.TAPPED)
    return _back_of(request, operation)


@require_safe
@requires(Action.VIEW_GARDENS)
def photo_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send the photo, and write that it was seen."""
    rows = OperationPhoto.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    return send(request, rows.select_related("operation__programme"), pk)


@require_POST
@requires(Action.EDIT_GARDENS)
def photo_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the photo of an operation away."""
    operation = operation_or_404(request, pk)
    operations.take_photo_away(scope=request.scope, operation=operation)
    messages.success(request, "Photo retirée.")
    return _back_of(request, operation)
