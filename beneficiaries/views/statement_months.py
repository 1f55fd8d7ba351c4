"""The statements of a programme's month: where each one is; prepared, printed, signed at once."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from autoprod.core.formatting import counted
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from autoprod.core.views import PageMixin, ScopedMixin
from autoprod.jobs.queue import enqueue_for
from beneficiaries.enums import SigningWay, StatementState
from beneficiaries.forms.statements import ManySignedForm
from beneficiaries.models import Statement
from beneficiaries.services import statement_files, statement_months, statements
from beneficiaries.services.statement_months import MonthRow
from beneficiaries.services.statements import Signature
from beneficiaries.tasks.statements import print_statements
from programmes.models import Programme, Session
from programmes.views.periods import InPeriod

A = Action.TICK_ATTENDANCE


def month_url(programme: int, month: Period) -> str:
    """Return the page of the statements of a programme's (key) month."""
    return reverse("beneficiaries:statement_month", args=[programme, month])


def month_links(scope: Scope, programme: Programme, period: Period) -> list[dict]:
    """Return the link to the statements of a month of a period: this one, otherwise the nearest."""
    if not scope.opens(A, programme):
        return []
    day = min(max(timezone.localdate(), period.start), period.end)
    url = month_url(programme.pk, Period.containing(day, Kind.MONTH))
    return [{"label": "États du mois", "url": url, "icon": "signature"}]


class InMonth(InPeriod, ScopedMixin):
    """A page about the statements of one month of a programme."""

    action = A
    period_kinds = (Kind.MONTH,)

    def get_url(self) -> str:
        """Return the page of the month."""
        return month_url(self.parent.pk, self.period)

    def get_statements(self, *states: StatementState) -> QuerySet[Statement]:
        """Return the month's statements in these states, by name."""
        rows = Statement.objects.for_scope(self.scope, self.action).of_month(self.period)
        rows = rows.filter(enrolment__programme=self.parent, state__in=states)
        rows = rows.select_related("enrolment__person", "enrolment__programme__territory")
        return rows.order_by("enrolment__person__sort_key", "enrolment__person", "pk")

    def get_rows(self) -> list[MonthRow]:
        """Return the month of each person."""
        return statement_months.of_month(self.scope, self.parent, self.period)


class StatementMonth(InMonth, PageMixin, TemplateView):
    """Where the statement of each person is, and what it still waits for."""

    template_name = "beneficiaries/statements/month.html"
    title = "États de présence"

    def get_subtitle(self) -> str:
        """Return which month of which programme."""
        return f"{self.parent} · {self.period.label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the sessions of the month."""
        url = reverse("beneficiaries:attendance_list", args=[self.parent.pk, self.period])
        return [("Présences", url)]

    def get_context_data(self, **_) -> dict:
        """Add the persons, the counts and what may be done at once; the URL's own are known."""
        rows = self.get_rows()
        sessions = Session.objects.for_scope(self.scope, A).of(self.parent).in_period(self.period)
        counts = {state: sum(row.state == state for row in rows) for state in StatementState}
        return super().get_context_data(
            rows=rows,
            tallies=statement_months.tallies(rows),
            to_close=sessions.to_close(timezone.now()).count(),
            to_prepare=sum(row.is_stale or (not row.state and row.days > 0) for row in rows),
            to_print=sum(row.is_ready for row in rows),
            signed=counts[StatementState.SIGNED],
            can_lock=self.scope.opens(Action.LOCK_STATEMENTS, self.parent),
        )


class StatementPrepareMonth(InMonth, View):
    """Create or refresh the statements of everybody who came."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Prepare, and say how many."""
        done = statements.prepare_month(scope=self.scope, programme=self.parent, month=self.period)
        told = (
            (done.created, "état préparé", "états préparés"),
            (done.changed, "état mis à jour", "états mis à jour"),
            (done.same, "état déjà à jour", "états déjà à jour"),
            (done.frozen, "état signé ou clos, inchangé", "états signés ou clos, inchangés"),
        )
        # What there is none of is not told.
        said = ", ".join(counted(number, *words) for number, *words in told if number)
        messages.success(request, f"{said or 'Aucune présence à faire signer'}.")
        return redirect(self.get_url())


class StatementPrintMonth(InMonth, View):
    """Print in one file the statements that may be signed, as a job."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Bring the statements up to date, ask for the file, and go to the page of the job."""
        statements.prepare_month(scope=self.scope, programme=self.parent, month=self.period)
        rows = [row.statement.pk for row in self.get_rows() if row.is_ready]
        if not rows:
            messages.info(request, "Aucun état n’est prêt à signer\u00a0: voyez ce qui manque.")
            return redirect(self.get_url())
        job = enqueue_for(
            request.user,
            print_statements,
            f"États de présence, {self.period.label}",
            programme=self.parent.pk,
            period=self.period.slug,
            statements=rows,
        )
        return redirect(reverse("jobs:detail", args=[job.pk]))


class StatementSignMonth(InMonth, PageMixin, FormView):
    """Note that several statements were signed on paper the same day."""

    form_class = ManySignedForm
    template_name = "core/form.html"
    title = "Noter les états signés sur papier"

    def get_ready(self) -> QuerySet[Statement]:
        """Return the statements that wait for nothing but a signature."""
        keys = [row.statement.pk for row in self.get_rows() if row.is_ready]
        return self.get_statements(StatementState.TO_SIGN).filter(pk__in=keys)

    def get_form_kwargs(self) -> dict:
        """Give the form who is offered."""
        return super().get_form_kwargs() | {"ready": self.get_ready()}

    def get_initial(self) -> dict:
        """Propose today and tick everybody: the stack is there, some sheets may be missing."""
        ready = list(self.get_ready().values_list("pk", flat=True))
        return {"on": timezone.localdate(), "statements": ready}

    def get_subtitle(self) -> str:
        """Return which month of which programme."""
        return f"{self.parent} · {self.period.label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the month."""
        return [(StatementMonth.title, self.get_url())]

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        return super().get_context_data(
            submit_label="Noter les signatures", cancel_url=self.get_url(), delete_url="", **kwargs
        )

    def form_valid(self, form: ManySignedForm) -> HttpResponse:
        """Freeze each one, and say which were refused and why."""
        chosen = list(form.cleaned_data["statements"])
        how = Signature(on=form.cleaned_data["on"], way=SigningWay.PAPER)
        refused = statement_files.sign_many(scope=self.scope, statements=chosen, signature=how)
        _tell(self.request, len(chosen) - len(refused), refused)
        return redirect(self.get_url())


def _tell(request: HttpRequest, count: int, refused: Iterable[tuple[Statement, str]]) -> None:
    if count:
        messages.success(request, f"{counted(count, 'signature notée', 'signatures notées')}.")
    for row, words in refused:
        messages.warning(request, f"{row.enrolment.person}\u00a0: {words}")


class StatementLockMonth(InMonth, View):
    """Lock the signed statements of the month."""

    action = Action.LOCK_STATEMENTS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Lock each one."""
        rows = list(self.get_statements(StatementState.SIGNED))
        for row in rows:
            statements.lock(scope=self.scope, statement=row)
        messages.success(request, f"{counted(len(rows), 'état verrouillé', 'états verrouillés')}.")
        return redirect(self.get_url())
