"""Pages: what every list, detail, form and deletion of the house does, scope included."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.generic import CreateView, DetailView, ListView, UpdateView

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.htmx import PartialMixin
from autoprod.core.models import StaleError
from autoprod.core.scoping import Action, ScopedQuerySet
from autoprod.core.tables import Column, Table, table


def get_or_404(queryset: ScopedQuerySet, **lookup: Any) -> models.Model:
    """Return the one row of a scoped queryset, or raise Http404: outside is as if absent."""
    if not isinstance(queryset, models.QuerySet):
        raise TypeError("get_or_404 takes a scoped queryset, never a model")
    try:
        return queryset.get(**lookup)
    except queryset.model.DoesNotExist as error:
        raise Http404 from error


def requires(action: Action) -> Callable:
    """Decorate a function view: 403 unless the scope holds the action somewhere."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.scope.allows(action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.action = action
        return guarded

    return decorate


class ScopedMixin:
    """A view that states its action; its rows are those the scope opens to that action."""

    action: Action
    parent_model: type[models.Model] | None = None
    #: What to open the parent for, when it is less than what is done to the child.
    parent_action: Action | None = None
    parent_kwarg = "parent"
    select_related: tuple[str, ...] = ()

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        """Keep the scope at hand."""
        super().setup(request, *args, **kwargs)
        self.scope = request.scope
        self.parent = None

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer 403 without the action, 404 when the parent is outside the scope."""
        if not self.scope.allows(self.action):
            raise PermissionDenied
        if self.parent_model:
            parents = self.parent_model.objects.for_scope(
                self.scope, self.parent_action or self.action
            )
            self.parent = get_or_404(parents, pk=kwargs[self.parent_kwarg])
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> ScopedQuerySet:
        """Return the rows of the scope, under the parent when the URL names one."""
        rows = self.model.objects.for_scope(self.scope, self.action)
        if self.select_related:
            rows = rows.select_related(*self.select_related)
        return rows.of(self.parent) if self.parent else rows


class PageMixin:
    """Title, subtitle and breadcrumbs of a page."""

    title = ""
    subtitle = ""
    width = "wide"

    def get_title(self) -> str:
        """Return the page's title."""
        return self.title

    def get_subtitle(self) -> str:
        """Return the sentence under the title."""
        return self.subtitle

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        """Return (label, url) from the top down, the page itself left out."""
        return []

    def get_context_data(self, **kwargs) -> dict:
        """Add what the layout draws above the content."""
        return super().get_context_data(
            title=self.get_title(),
            subtitle=self.get_subtitle(),
            breadcrumbs=[{"label": label, "url": url} for label, url in self.get_breadcrumbs()],
            **kwargs,
        )


class ListPage(ScopedMixin, PageMixin, PartialMixin, ListView):
    """A list: a filter form in the URL, one table, pages of 50."""

    template_name = "core/list.html"
    partial_template_name = "core/_rows.html"
    paginate_by = 50
    columns: tuple[Column, ...] = ()
    filter_form: type | None = None
    empty_icon = "list"
    empty_title = "Rien pour l’instant"
    empty_text = ""
    create_url = ""
    create_label = ""
    create_action: Action | None = None

    def get_queryset(self) -> ScopedQuerySet:
        """Return the rows the page shows."""
        return self.narrowed(super().get_queryset())

    def get_asked(self) -> QueryDict:
        """Return where the filters are read."""
        return self.request.GET

    def narrowed(self, rows: models.QuerySet) -> models.QuerySet:
        """Return those of the rows that the filter form asks for."""
        self.filter = None
        if self.filter_form:
            self.filter = self.filter_form(self.get_asked() or None, scope=self.scope)
            if self.filter.is_bound and self.filter.is_valid():
                return self.filter.narrow(rows)
        return rows

    def row_url(self, row: models.Model) -> str | None:
        """Return where the row's first cell leads."""
        return None

    def get_create_url(self) -> str:
        """Return where « Ajouter » leads, empty when this user may not."""
        allowed = self.create_action and self.scope.allows(self.create_action)
        return self.create_url if allowed else ""

    def get_links(self) -> list[dict]:
        """Return the secondary links at the top (exports…): label, url, icon."""
        return []

    def get_empty_state(self) -> dict:
        """Return what an empty list says, and what to do next."""
        if self.filter is not None and self.filter.is_bound:
            return {
                "icon": "search",
                "title": "Aucun résultat",
                "text": "Essayez avec moins de mots, ou effacez les filtres.",
            }
        state = {"icon": self.empty_icon, "title": self.empty_title, "text": self.empty_text}
        if url := self.get_create_url():
            state |= {"action_url": url, "action_label": self.create_label}
        return state

    def get_table(self, rows: list[models.Model]) -> Table:
        """Return the table drawn."""
        return table(
            self.columns,
            rows,
            caption=self.get_title(),
            url=self.row_url,
            empty_state=self.get_empty_state(),
        )

    def get_context_data(self, **kwargs) -> dict:
        """Add the table, the filter and the links."""
        context = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "table": self.get_table(context["object_list"]),
            "filter_form": self.filter,
            "query": query.urlencode(),
            "create_url": self.get_create_url(),
            "create_label": self.create_label,
            "links": self.get_links(),
        }


class DetailPage(ScopedMixin, PageMixin, DetailView):
    """One record."""

    def get_title(self) -> str:
        """Return the record's name."""
        return str(self.object)


class FormPage(ScopedMixin, PageMixin):
    """What creating and editing share: the scope in the form, stale, double and refused writes."""

    template_name = "core/form.html"
    success_message = "Enregistré."
    submit_label = "Enregistrer"
    cancel_url = ""

    def get_fixed(self) -> dict:
        """Return the values the URL decides (the parent), which the form does not ask."""
        return {}

    def get_form_kwargs(self) -> dict:
        """Give the form its scope and what the URL decides."""
        return super().get_form_kwargs() | {
            "scope": self.scope,
            "action": self.action,
            "fixed": self.get_fixed(),
        }

    def form_valid(self, form) -> HttpResponse:
        """Save; keep what was typed when a locked rule refuses it or somebody was faster."""
        try:
            with transaction.atomic():
                self.object = form.save()
        except ValidationError as error:
            form.add_error(form.refused_field, error)
            return self.form_invalid(form)
        except (StaleError, IntegrityError):
            self.object = self.get_object() if self.object and self.object.pk else None
            again = self.get_form()
            if again.is_valid():
                raise
            return self.form_invalid(again)
        messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())

    def get_delete_url(self) -> str:
        """Return where « Supprimer » leads; empty for a record deleted from its own page."""
        return ""

    def get_cancel_url(self) -> str:
        """Return where « Annuler » leads."""
        crumbs = self.get_breadcrumbs()
        return self.cancel_url or (crumbs[-1][1] if crumbs else "/")

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        return super().get_context_data(
            submit_label=self.submit_label,
            cancel_url=self.get_cancel_url(),
            delete_url=self.get_delete_url(),
            **kwargs,
        )


class CreatePage(FormPage, CreateView):
    """Create a record."""

    object = None


class UpdatePage(FormPage, UpdateView):
    """Edit a record."""

    def get_title(self) -> str:
        """Return « Modifier … »."""
        return f"Modifier {self.object}"


class DeletePage(ScopedMixin, PageMixin, DetailView):
    """Delete a record after asking, when nothing depends on it."""

    template_name = "core/confirm_delete.html"
    kept_message = (
        "Impossible de supprimer\u00a0: d’autres fiches s’y rattachent ({names}). "
        "Indiquez plutôt une date de fin."
    )

    def get_title(self) -> str:
        """Return « Supprimer … »."""
        return f"Supprimer {self.object}\u00a0?"

    def get_success_url(self) -> str:
        """Return where to go once it is deleted."""
        raise NotImplementedError

    def get_context_data(self, **kwargs) -> dict:
        """Add where « Annuler » leads."""
        crumbs = self.get_breadcrumbs()
        return super().get_context_data(cancel_url=crumbs[-1][1] if crumbs else "/", **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Delete, or say what holds the record."""
        self.object = self.get_object()
        try:
            with transaction.atomic():
                record(self.scope, Verb.DELETE, self.object)
                self.object.delete()
        except (ProtectedError, RestrictedError) as error:
            held = getattr(error, "protected_objects", None) or error.restricted_objects
            names = ", ".join(sorted({str(obj._meta.verbose_name) for obj in held}))
            messages.error(request, self.kept_message.format(names=names))
            return redirect(self.get_context_data()["cancel_url"])
        messages.success(request, "Supprimé.")
        return redirect(self.get_success_url())
