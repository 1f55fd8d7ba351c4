"""Who is expected at the sessions of a schedule: several people, from a day to another."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.forms import DateInput, RowsField, guard
from autoprod.core.scoping import Scope
from beneficiaries.enums import Part
from beneficiaries.models import Enrolment, ScheduleMember
from beneficiaries.services.rolls import short_names
from beneficiaries.services.schedule_members import (
    BACKWARDS,
    NOBODY,
    may_be_expected,
    words_of,
)
from programmes.models import Schedule


class MembersField(RowsField):
    """People, each told with the days they are expected on."""

    names: dict[int, str] = {}
    days: dict[int, str] = {}

    def label_from_instance(self, obj: Enrolment) -> str:
        """Return « Karim D. (bénévole) : attendu depuis le 1er mars »."""
        part = "" if obj.part == Part.PARTICIPANT else f" ({obj.get_part_display().lower()})"
        days = self.days.get(obj.pk, "")
        return f"{self.names.get(obj.pk, obj.person)}{part}{days and ' · '}{days}"


class MembersForm(forms.Form):
    """People to expect, or to expect no more, and the days."""

    enrolments = MembersField(
        Enrolment.objects.none(),
        label="Personnes de l’action",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NOBODY},
    )
    starts_on = forms.DateField(label="Du", widget=DateInput)
    ends_on = forms.DateField(
        label="Au",
        widget=DateInput,
        required=False,
        help_text="Laissez vide tant que la personne vient.",
    )

    def __init__(
        self,
        *args,
        scope: Scope,
        schedule: Schedule,
        members: Iterable[ScheduleMember],
        **kwargs,
    ) -> None:
        """Offer the people of the programme, each with the days of the `members` rows."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
        people, field = may_be_expected(scope, schedule), self.fields["enrolments"]
        field.queryset = people
        field.names, field.days = short_names(list(people)), {}
        for member in members:
            before = field.days.get(member.enrolment_id)
            field.days[member.enrolment_id] = ", ".join(filter(None, [before, words_of(member)]))
        today = timezone.localdate()
        self.initial.setdefault("starts_on", max(today, schedule.starts_on))

    def clean(self) -> dict:
        """Refuse a last day that precedes the first one."""
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", ValidationError(BACKWARDS))
        return cleaned
