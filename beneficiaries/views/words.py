"""A list searched by words of a name, which never stand in an address nor in a log."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from autoprod.core.htmx import wants_part
from beneficiaries.forms.persons import WordsForm
from beneficiaries.models import Person


class SearchedByWords:
    """A `ListPage` whose words are sent in the body, and the other filters with them.

    Without words, the filters stand in the address. `tab_filter` is the filter the tabs say.
    """

    tab_filter = ""

    def get_asked(self) -> QueryDict:
        """Return the filters sent with the words; a tab that is pressed then says its own."""
        if self.request.method != "POST":
            return super().get_asked()
        asked = self.request.POST.copy()
        for name in ("csrfmiddlewaretoken", "words"):
            asked.pop(name, None)
        if tab := asked.pop("tab", None):
            asked[self.tab_filter] = tab[-1]
        return asked

    def get_named(self) -> QuerySet | None:
        """Return the persons who have the words sent in their names, None when none is sent."""
        self.form = WordsForm(self.request.POST or None)
        if not (self.form.is_bound and self.form.is_valid()):
            return None
        persons = Person.objects.for_scope(self.scope, self.action)
        return persons.matching(self.form.cleaned_data["words"])

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the list narrowed to the words sent; without any, its address says the rest."""
        if request.POST.get("words", "").strip() or wants_part(request):
            return self.get(request, *args, **kwargs)
        kept = {name: value for name, value in self.get_asked().items() if value}
        return redirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)

    def get_paginate_by(self, queryset: QuerySet) -> int | None:
        """Keep what a search found on one page: the next one would have lost the words."""
        return None if self.form.is_bound else self.paginate_by
