"""Pages of gift notes: the days without one, the list, the note to sign, the yearly statement."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from autoprod.core.formatting import day, kilograms
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.pdf import response
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from autoprod.core.tables import Column
from autoprod.core.uploads import send
from autoprod.core.views import DetailPage, ListPage, get_or_404, requires
from gardens.documents.gift_notes import gift_note, gift_statement, lines_of
from gardens.forms.gift_notes import SignatureForm
from gardens.models import GiftNote, GiftNoteFile, Movement
from gardens.services.gift_notes import issue, sign, to_write, year_of
from gardens.views.lots import movements_of
from gardens.views.stock import ActPage, InStock
from programmes.models import Organisation, Programme

COLUMNS = (
    Column("Bon n°", lambda row: row.number),
    Column("Jour", lambda row: row.on, day),
    Column("Organisation", lambda row: row.organisation.name),
    Column("Poids", lambda row: row.kilograms, kilograms, align="end"),
    Column("Signé le", lambda row: row.signed_on, day),
)
#: Days of gifts without a note, told at once: the last ones.
_SHOWN = 50


def list_url(programme: int) -> str:
    """Return the gift notes of a programme (its key)."""
    return reverse("gardens:gift_note_list", args=[programme])


def note_url(note: GiftNote) -> str:
    """Return the page of a note."""
    return reverse("gardens:gift_note_detail", args=[note.programme_id, note.pk])


def movements_on(scope: Scope, note: GiftNote) -> list[Movement]:
    """Return what a note says was given, with what became of it since."""
    rows = movements_of(scope).filter(gift_notes=note).select_related("lot__variety")
    return list(rows.order_by("lot__product__sort_key", "pk"))


class GiftNoteList(InStock, ListPage):
    """The notes of a programme, and the gifts that have none yet."""

    model = GiftNote
    title = "Bons de don"
    columns = COLUMNS
    template_name = "gardens/gift_notes/list.html"
    select_related = ("organisation",)
    empty_icon = "handshake"
    empty_title = "Aucun bon de don"
    empty_text = "Sortez du stock vers une association\u00a0: son bon se prépare ici."

    def get_queryset(self) -> ScopedQuerySet:
        """Return the notes with what they weigh."""
        rows = super().get_queryset().order_by("-on", "-pk")
        return rows.annotate(kilograms=Sum("movements__grams"))

    def get_subtitle(self) -> str:
        """Return whose they are."""
        return str(self.parent)

    def row_url(self, row: GiftNote) -> str:
        """Lead to the note."""
        return note_url(row)

    def get_context_data(self, **kwargs) -> dict:
        """Add the gifts without a note."""
        days = to_write(self.scope, self.parent, limit=_SHOWN + 1)
        return super().get_context_data(
            programme=self.parent,
            to_write=days[:_SHOWN],
            has_more=len(days) > _SHOWN,
            can_edit=self.can_edit(),
            **kwargs,
        )


@require_POST
@requires(Action.EDIT_GARDENS)
def gift_note_issue(request: HttpRequest, programme: int) -> HttpResponse:
    """Write the note of a day of gifts to an organisation."""
    programmes = Programme.objects.for_scope(request.scope, Action.EDIT_GARDENS)
    parent = get_or_404(programmes, pk=programme)
    key = request.POST.get("organisation", "")
    if not (key.isascii() and key.isdigit() and len(key) <= KEY_DIGITS):
        raise Http404
    organisations = Organisation.objects.for_scope(request.scope, Action.EDIT_GARDENS)
    organisation = get_or_404(organisations.filter(territory=parent.territory_id), pk=int(key))
    on = _day(request.POST.get("on", ""))
    try:
        note = issue(scope=request.scope, programme=parent, organisation=organisation, on=on)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(list_url(parent.pk))
    messages.success(request, f"Bon n°\u00a0{note.number} préparé\u00a0: il reste à le signer.")
    return redirect(note_url(note))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


class GiftNoteDetail(InStock, DetailPage):
    """One note: what was given, whether both signed."""

    model = GiftNote
    template_name = "gardens/gift_notes/detail.html"
    select_related = ("organisation", "programme")

    def get_title(self) -> str:
        """Return « Bon de don n° 2026-0007 »."""
        return f"Bon de don n°\u00a0{self.object.number}"

    def get_subtitle(self) -> str:
        """Return to whom, and when."""
        return f"{self.object.organisation} · {day(self.object.on)}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the notes."""
        return [*super().get_breadcrumbs(), (GiftNoteList.title, list_url(self.parent.pk))]

    def get_context_data(self, **kwargs) -> dict:
        """Add the lines and the file."""
        note = self.object
        lines = lines_of(movements_on(self.scope, note))
        files = GiftNoteFile.objects.for_scope(self.scope, Action.VIEW_GARDENS).of(note)
        return super().get_context_data(
            programme=self.parent,
            note=note,
            lines=lines,
            total=sum(line["grams"] for line in lines),
            has_reversed=any(line["is_reversed"] for line in lines),
            file=files.first(),
            year=Period.containing(note.on, Kind.YEAR),
            can_edit=self.can_edit(),
            **kwargs,
        )


@require_safe
@requires(Action.VIEW_GARDENS)
def gift_note_pdf(request: HttpRequest, programme: int, pk: int) -> HttpResponse:
    """Send the note to sign."""
    rows = GiftNote.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    rows = rows.select_related("programme__territory", "organisation")
    note = get_or_404(rows.filter(programme=programme), pk=pk)
    return response(*gift_note(request.scope, note, movements_on(request.scope, note)))


@require_safe
@requires(Action.VIEW_GARDENS)
def gift_note_file(request: HttpRequest, programme: int, pk: int) -> FileResponse:
    """Send the signed note as it was scanned."""
    files = GiftNoteFile.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    return send(request, files.filter(note__programme=programme), pk)


class GiftNoteSign(ActPage):
    """Note that both signed."""

    form_class = SignatureForm
    title = "Bon signé"

    @property
    def note(self) -> GiftNote:
        """Return the note of the URL; 404 outside the scope."""
        rows = GiftNote.objects.for_scope(self.scope, self.action).of(self.parent)
        return get_or_404(rows.select_related("organisation", "programme"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 404 before anything for a note outside the scope."""
        _ = self.note
        return super().get(request, *args, **kwargs)

    def get_subtitle(self) -> str:
        """Return which note."""
        note = self.note
        return f"Bon n°\u00a0{note.number}, {note.organisation}, {day(note.on)}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the note."""
        note = self.note
        notes = (GiftNoteList.title, list_url(self.parent.pk))
        return [*super().get_breadcrumbs(), notes, (str(note), note_url(note))]

    def get_initial(self) -> dict:
        """Propose the day already noted."""
        return {"signed_on": self.note.signed_on or timezone.localdate()}

    def act(self, form: SignatureForm) -> HttpResponse:
        """Note the day, keep the scan."""
        told = form.cleaned_data
        note = sign(
            scope=self.scope,
            note=self.note,
            signed_on=told["signed_on"],
            upload=told["document"],
        )
        messages.success(self.request, f"Bon n°\u00a0{note.number} signé.")
        return redirect(note_url(note))


@require_safe
@requires(Action.VIEW_GARDENS)
def gift_statement_pdf(
    request: HttpRequest, programme: int, period: Period, organisation: int
) -> HttpResponse:
    """Send what an organisation was given over a period, by product."""
    programmes = Programme.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    parent = get_or_404(programmes.select_related("territory"), pk=programme)
    organisations = Organisation.objects.for_scope(request.scope, Action.VIEW_GARDENS)
    whom = get_or_404(organisations.filter(territory=parent.territory_id), pk=organisation)
    rows = year_of(request.scope, parent, whom, period)
    return response(*gift_statement(request.scope, parent, whom, period, rows))
