"""Filters of the caseload: a tab, a programme, a level."""

from collections.abc import Sequence

from django import forms

from autoprod.core.fields import sort_key
from autoprod.core.forms import FilterForm
from beneficiaries.enums import Level, Whose
from beneficiaries.models import Enrolment


class CaseloadFilter(FilterForm):
    """The caseload: whose persons (the tabs), in which programme, how far accompanied."""

    whose = forms.ChoiceField(choices=[("", ""), *Whose.choices], widget=forms.HiddenInput)
    programme = forms.TypedChoiceField(label="Action", coerce=int, empty_value=None)
    level = forms.ChoiceField(label="Accompagnement", choices=[("", "Tout"), *Level.choices])

    hides_optional_mark = True

    def __init__(self, *args, stays: Sequence[Enrolment], **kwargs) -> None:
        """Offer the programmes of the stays to narrow; one alone is no question."""
        super().__init__(*args, **kwargs)
        names = {stay.programme_id: stay.programme.name for stay in stays}
        offered = sorted(names.items(), key=lambda item: (sort_key(item[1]), item[0]))
        self.fields["programme"].choices = [("", "Tout"), *offered]
        if len(names) < 2:
            del self.fields["programme"]

    @property
    def whose_shown(self) -> Whose:
        """Return the tab asked for; one's own persons first."""
        asked = self.data.get("whose")
        return Whose(asked) if asked in Whose.values else Whose.MINE

    def narrow(self, rows: Sequence[Enrolment]) -> list[Enrolment]:
        """Return the stays that match; the tab is the page's affair: it counts them all."""
        programme, level = self.cleaned_data.get("programme"), self.cleaned_data.get("level")
        return [
            stay
            for stay in rows
            if programme in {None, stay.programme_id} and level in {"", None, stay.level}
        ]
