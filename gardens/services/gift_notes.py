"""Gift notes: what an organisation received on a day, numbered, then signed by both."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.files import CheckedUpload, gone_with_rows
from autoprod.core.periods import Period
from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination
from gardens.models import GiftNote, GiftNoteFile, Movement
from programmes.models import Organisation, Programme

NOTHING_GIVEN = "Rien n’a été donné ce jour-là à cette organisation, ou son bon est déjà fait."
FUTURE = "Une signature ne se note pas à l’avance."
BEFORE = "Ce bon est signé le jour du don au plus tôt."


@dataclass(frozen=True)
class ToWrite:
    """A day of gifts to an organisation that has no note yet."""

    organisation: Organisation
    on: date
    grams: Decimal
    lines: int


def _given(scope: Scope, programme: Programme) -> QuerySet[Movement]:
    """Return what went to organisations and was not taken back."""
    rows = Movement.objects.for_scope(scope, Action.VIEW_GARDENS).standing()
    return rows.filter(lot__programme=programme, destination=Destination.ORGANISATION)


def to_write(scope: Scope, programme: Programme, limit: int = 50) -> list[ToWrite]:
    """Return the days of gifts without a note, the last one first."""
    rows = _given(scope, programme).filter(gift_notes=None).order_by()
    days = rows.values("on", "organisation").annotate(kilograms=Sum("grams"), lines=Count("pk"))
    found = list(days.order_by("-on", "organisation")[:limit])
    organisations = Organisation.objects.for_scope(scope, Action.VIEW_FRAME)
    known = organisations.in_bulk([row["organisation"] for row in found])
    return [
        ToWrite(known[row["organisation"]], row["on"], row["kilograms"], row["lines"])
        for row in found
        if row["organisation"] in known
    ]


@transaction.atomic
def issue(*, scope: Scope, programme: Programme, organisation: Organisation, on: date) -> GiftNote:
    """Write the note of what an organisation was given on a day, and return it.

    The caller has read the programme and the organisation through the scope. ValidationError when
    nothing is left to put on it.
    """
    # Two notes written at once never get the same number, nor the same movements.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    rows = _given(scope, programme).filter(organisation=organisation, on=on, gift_notes=None)
    movements = list(rows)
    if not movements:
        raise ValidationError(NOTHING_GIVEN)
    note = GiftNote(programme=programme, organisation=organisation, on=on)
    note.number = _next_number(note)
    note.full_clean()
    note.save()
    note.movements.set(movements)
    record(scope, Verb.CREATE, note)
    return note


def _next_number(note: GiftNote) -> str:
    """Return « 2026-0007 »: the year, and the rank of the note in the programme's year."""
    year = f"{note.on.year}-"
    rows = GiftNote.objects.filter(programme=note.programme_id, number__startswith=year)
    last = rows.aggregate(last=Max("number"))["last"]
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:04d}"


@gone_with_rows()
@transaction.atomic
def sign(
    *, scope: Scope, note: GiftNote, signed_on: date, upload: CheckedUpload | None = None
) -> GiftNote:
    """Note the day both signed, and keep the scan in place of an earlier one; return the note."""
    if signed_on > timezone.localdate():
        raise ValidationError({"signed_on": FUTURE})
    if signed_on < note.on:
        raise ValidationError({"signed_on": BEFORE})
    note.signed_on = signed_on
    note.save()
    if upload:
        for earlier in GiftNoteFile.objects.filter(note=note):
            earlier.delete()
        file = GiftNoteFile.from_upload(upload, by=scope.actor_key, note=note)
        file.save()
    record(scope, Verb.UPDATE, note, changed=["signed_on"])
    return note


def year_of(
    scope: Scope, programme: Programme, organisation: Organisation, period: Period
) -> list[dict]:
    """Return what an organisation was given over a period, by product: kilograms and gifts."""
    rows = _given(scope, programme).in_period(period).filter(organisation=organisation)
    sums = rows.order_by().values("lot__product__name", "lot__product__sort_key")
    told = sums.annotate(kilograms=Sum("grams"), gifts=Count("on", distinct=True))
    return [
        {"product": row["lot__product__name"], "grams": row["kilograms"], "gifts": row["gifts"]}
        for row in told.order_by("lot__product__sort_key")
    ]
