"""Pages of doubles: the files to look at, two side by side, what is told of them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import PageMixin, ScopedMixin, get_or_404, requires
from beneficiaries.forms.doubles import KeptForm, PairForm
from beneficiaries.models import NamesakePair, Person, PersonMerge
from beneficiaries.services import doubles
from beneficiaries.services.merges import merge, unmerge

A = Action.EDIT_PERSONS
#: Pairs and merges on the page: more are not read in one go.
SHOWN = 30


def _file(scope: Scope, key: int) -> Person:
    return get_or_404(Person.objects.for_scope(scope, A), pk=key)


class DoubleList(ScopedMixin, PageMixin, FormView):
    """The files that may be of one person, and those made into one lately."""

    action = A
    form_class = PairForm
    template_name = "beneficiaries/doubles/list.html"
    title = "Doublons possibles"
    subtitle = (
        "Deux fiches pour une même personne faussent les chiffres. Rien n’est réuni sans vous."
    )

    def get_form_kwargs(self) -> dict:
        """Give the form its scope."""
        return super().get_form_kwargs() | {"scope": self.scope}

    def form_valid(self, form: PairForm) -> HttpResponse:
        """Show the two files named by hand."""
        one, other = form.cleaned_data["one"], form.cleaned_data["other"]
        return redirect("beneficiaries:double_compare", first=one.pk, second=other.pk)

    def get_context_data(self, **kwargs) -> dict:
        """Add the pairs with what tells them apart, and the last merges."""
        found = doubles.proposed(self.scope)
        shown = found[:SHOWN]
        files = {row.pk: row for pair in shown for row in (pair.first, pair.second)}
        facts = doubles.facts_of(self.scope, files.values())
        rows = [
            {"pair": pair, "files": [(row, facts[row.pk]) for row in (pair.first, pair.second)]}
            for pair in shown
        ]
        merges = PersonMerge.objects.for_scope(self.scope, A).filter(undone_at=None)
        pairs = NamesakePair.objects.for_scope(self.scope, A)
        return super().get_context_data(
            rows=rows,
            more=len(found) - len(shown),
            merges=merges.select_related("kept", "merged_by")[:SHOWN],
            pairs=pairs.select_related("first", "second").order_by("-pk")[:SHOWN],
            **kwargs,
        )


class DoubleCompare(ScopedMixin, PageMixin, FormView):
    """Two files side by side: choose the one that stays, or say that they are two persons."""

    action = A
    form_class = KeptForm
    template_name = "beneficiaries/doubles/compare.html"
    title = "Réunir deux fiches"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 404 when one of the files is out of the scope, or both are the same."""
        if self.scope.allows(A):
            keys = sorted({kwargs["first"], kwargs["second"]})
            self.files = [_file(self.scope, key) for key in keys]
            if len(self.files) < 2:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs(self) -> list:
        """Return the way back."""
        return [(DoubleList.title, reverse("beneficiaries:double_list"))]

    def get_form_kwargs(self) -> dict:
        """Give the form the two files."""
        return super().get_form_kwargs() | {"files": self.files}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the two files, and note that they were read."""
        for row in self.files:
            record(self.scope, Verb.READ, row)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: KeptForm) -> HttpResponse:
        """Make one file of the two, or say what forbids it."""
        kept, absorbed = sorted(self.files, key=lambda row: row.pk != form.cleaned_data["kept"])
        try:
            merge(scope=self.scope, kept=kept, absorbed=absorbed)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, "Les deux fiches n’en font plus qu’une. Cela se défait.")
        return redirect("beneficiaries:person_detail", pk=kept.pk)

    def get_context_data(self, **kwargs) -> dict:
        """Add what each file says."""
        facts = doubles.facts_of(self.scope, self.files)
        sides = [(row, facts[row.pk]) for row in self.files]
        return super().get_context_data(sides=sides, **kwargs)


@require_POST
@requires(A)
def double_tell_apart(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Say that two files are two persons."""
    one, other = _file(request.scope, first), _file(request.scope, second)
    try:
        doubles.tell_apart(scope=request.scope, one=one, other=other)
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, "Noté\u00a0: ce sont deux personnes. Elles ne seront plus proposées.")
    return redirect("beneficiaries:double_list")


@require_POST
@requires(A)
def double_propose_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was said of two files."""
    pair = get_or_404(NamesakePair.objects.for_scope(request.scope, A), pk=pk)
    doubles.propose_again(scope=request.scope, pair=pair)
    messages.success(request, "Ces deux fiches sont de nouveau proposées.")
    return redirect("beneficiaries:double_list")


@require_POST
@requires(A)
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take two files apart again, or say why they stay together."""
    rows = PersonMerge.objects.for_scope(request.scope, A).select_related("kept")
    trace = get_or_404(rows, pk=pk)
    try:
        back = unmerge(scope=request.scope, trace=trace)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("beneficiaries:double_list")
    messages.success(request, "Les deux fiches sont de nouveau séparées.")
    return redirect("beneficiaries:double_compare", first=trace.kept_id, second=back.pk)
