"""Finding somebody by some letters of their names, sent in the body: on a page, or as one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from autoprod.core.scoping import Action
from autoprod.core.tables import Table, table
from autoprod.core.views import PageMixin, ScopedMixin, requires
from beneficiaries.columns.persons import BORN, FOUND
from beneficiaries.forms.persons import SearchForm
from beneficiaries.services.searches import Found, search, tell_elsewhere

#: A search that finds more is too vague: nobody reads further.
MOST_FOUND = 50
#: As many as stand under a field without hiding the page.
MOST_SUGGESTED = 8


class PersonSearch(ScopedMixin, PageMixin, FormView):
    """Find somebody by some letters of their names."""

    action = Action.VIEW_PERSONS
    form_class = SearchForm
    template_name = "beneficiaries/persons/search.html"
    title = "Rechercher une personne"

    def form_valid(self, form: SearchForm) -> HttpResponse:
        """Show who was found; go straight to the file when it is one person."""
        words = form.cleaned_data["words"]
        found, is_vague = search(self.scope, words, most=MOST_FOUND)
        is_elsewhere = tell_elsewhere(self.scope, words)
        if len(found) == 1 and not is_elsewhere and "all" not in self.request.POST:
            return redirect("beneficiaries:person_detail", pk=found[0].person.pk)
        context = self.get_context_data(
            form=form,
            table=self.get_table(found),
            is_vague=is_vague,
            is_elsewhere=is_elsewhere,
        )
        return self.render_to_response(context)

    def get_table(self, found: list[Found]) -> Table:
        """Return the table of those found; with their year of birth for who reads identities."""
        sees_birth = self.scope.allows(Action.VIEW_IDENTITIES)
        return table(
            (*FOUND, BORN) if sees_birth else FOUND,
            found,
            caption=self.title,
            url=lambda row: reverse("beneficiaries:person_detail", args=[row.person.pk]),
            empty_state={
                "icon": "search",
                "title": "Personne de ce nom",
                "text": "Essayez avec moins de lettres\u00a0: accents et ordre ne comptent pas.",
            },
        )


@require_POST
@requires(Action.VIEW_PERSONS)
def person_suggest(request: HttpRequest) -> HttpResponse:
    """Return the first persons found, as one types; nothing under two letters."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return HttpResponse()
    found, has_more = search(request.scope, form.cleaned_data["words"], most=MOST_SUGGESTED)
    context = {"found": found, "has_more": has_more}
    return render(request, "beneficiaries/persons/_suggestions.html", context)
