"""Filters of the journal."""

from django import forms
from django.db.models import QuerySet

from autoprod.audit.enums import Verb
from autoprod.core.forms import FilterForm
from programmes.services.accounts import accounts_in


class JournalFilter(FilterForm):
    """Who, what, to which record; the month is in the address."""

    who = forms.ChoiceField(label="Qui")
    verb = forms.ChoiceField(label="Fait", choices=[("", "tout"), *Verb.choices])
    what = forms.CharField(
        label="Sur quoi", max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args, **kwargs) -> None:
        """Offer the accounts the administrator sees."""
        super().__init__(*args, **kwargs)
        users = [(str(user.pk), str(user)) for user in accounts_in(self.scope)]
        self.fields["who"].choices = [("", "tout le monde"), *users]

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Return the events that match."""
        if who := self.cleaned_data["who"]:
            rows = rows.filter(actor_key=who)
        if verb := self.cleaned_data["verb"]:
            rows = rows.filter(verb=verb)
        if what := self.cleaned_data["what"].strip():
            rows = rows.filter(object_label__icontains=what)
        return rows
