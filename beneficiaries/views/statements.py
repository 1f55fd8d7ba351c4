"""One statement: its lines and versions; signed, locked, closed unsigned, opened again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from autoprod.core.scoping import Action
from autoprod.core.uploads import send
from autoprod.core.views import DetailPage, PageMixin, ScopedMixin, get_or_404, requires
from beneficiaries.documents.statement_codes import in_groups
from beneficiaries.documents.statements import title_of, told
from beneficiaries.forms.attendance import ReopenForm
from beneficiaries.forms.statements import (
    PaperSignatureForm,
    ScreenSignatureForm,
    SignatureForm,
    UnsignedForm,
)
from beneficiaries.models import Person, Statement, StatementFile, StatementObjection
from beneficiaries.services import statement_files, statements
from beneficiaries.services.statement_months import TONES
from beneficiaries.services.statements import month_of
from beneficiaries.views.person_files import ReadsFile
from beneficiaries.views.statement_months import month_url
from programmes.models import Programme
from programmes.views.programmes import InProgramme

A = Action.TICK_ATTENDANCE
LINKS = ("enrolment__person", "enrolment__programme__territory", "recorded_by", "unsigned_reason")


def statement_of(request: HttpRequest, pk: int, action: Action = A) -> Statement:
    """Return a statement of the scope, its programme told to the top bar; Http404 outside."""
    rows = Statement.objects.for_scope(request.scope, action).select_related(*LINKS)
    row = get_or_404(rows, pk=pk)
    request.shown_programme = row.enrolment.programme_id
    return row


def url_of(row: Statement) -> str:
    """Return the page of a statement."""
    return reverse("beneficiaries:statement_detail", args=[row.pk])


def crumbs_of(row: Statement) -> list[tuple]:
    """Return the way back to the month, then to the statement."""
    month = month_url(row.enrolment.programme_id, month_of(row))
    return [("États de présence", month), (str(row.enrolment.person), url_of(row))]


class StatementDetail(ReadsFile, InProgramme, DetailPage):
    """What a statement says, what is contested, its papers and versions, what may be done."""

    model = Statement
    action = A
    select_related = LINKS
    template_name = "beneficiaries/statements/detail.html"

    def get_person(self) -> Person:
        """Return whose statement it is."""
        return self.object.enrolment.person

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.enrolment.programme

    def get_title(self) -> str:
        """Return « État de présence de mars 2016 »."""
        return title_of(self.object)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the month."""
        return crumbs_of(self.object)[:1]

    def get_context_data(self, **kwargs) -> dict:
        """Add its lines, what is contested, its papers, its other versions."""
        row, scope = self.object, self.scope
        objections = StatementObjection.objects.for_scope(scope, A)
        versions = Statement.objects.for_scope(scope, A).of(row.enrolment)
        versions = versions.filter(month=row.month).exclude(pk=row.pk)
        sessions = statements.open_sessions([row.enrolment_id], month_of(row))
        files = StatementFile.objects.for_scope(scope, A).of(row)
        return super().get_context_data(
            person=self.get_person(),
            lines=[told(line) | {"key": line["attendance"]} for line in row.lines],
            code=in_groups(row.code),
            tone=TONES[row.state],
            is_stale=statements.is_stale(row),
            open_sessions=sessions.get(row.enrolment_id, []),
            objections=objections.filter(
                statement__enrolment=row.enrolment_id, statement__month=row.month
            ).select_related("statement"),
            versions=versions.order_by("-number"),
            files=files.order_by("-uploaded_at", "-pk"),
            can_manage=scope.opens(Action.LOCK_STATEMENTS, self.get_programme()),
            **kwargs,
        )


@require_POST
@requires(A)
def statement_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the paper of what a statement says, printed and kept the first time.

    A paper that the presences contradict already is not printed.
    """
    row = statement_of(request, pk)
    if not row.lines:
        raise Http404
    if statements.is_stale(row):
        messages.warning(request, statements.STALE)
        return redirect(url_of(row))
    return redirect("beneficiaries:statement_file", statement_files.printed(request.scope, row).pk)


@require_safe
@requires(A)
def statement_file(request: HttpRequest, pk: int) -> FileResponse:
    """Send a paper kept with a statement."""
    return send(request, StatementFile.objects.for_scope(request.scope, A), pk)


@require_POST
@requires(A)
def statement_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a statement to sign up to date with the presences."""
    row = statement_of(request, pk)
    try:
        statements.prepare(scope=request.scope, enrolment=row.enrolment, month=month_of(row))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "L’état est à jour.")
    return redirect(url_of(row))


@require_POST
@requires(Action.LOCK_STATEMENTS)
def statement_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock a signed statement."""
    row = statement_of(request, pk, Action.LOCK_STATEMENTS)
    try:
        statements.lock(scope=request.scope, statement=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "État verrouillé.")
    return redirect(url_of(row))


class StatementAct(ScopedMixin, PageMixin, FormView):
    """Something done to one statement after a question; what is refused is told in the form."""

    action = A
    template_name = "core/form.html"
    submit_label = "Enregistrer"
    success_message = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Read the statement, once the right is checked; 404 outside the scope."""
        if self.scope.allows(self.action):
            self.statement = statement_of(request, kwargs["pk"], self.action)
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: BaseForm) -> Statement:
        """Do it and return the statement to show."""
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Do it, or say what forbids it."""
        try:
            row = self.act(form)
        except ValidationError as error:
            for name, errors in getattr(error, "error_dict", {None: [error]}).items():
                form.add_error(name if name in form.fields else None, errors)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(url_of(row))

    def get_subtitle(self) -> str:
        """Return whose statement, and of which month."""
        return f"{self.statement.enrolment.person} · {month_of(self.statement).label}"

    def get_breadcrumbs(self) -> list:
        """Return the way back."""
        return crumbs_of(self.statement)

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        return super().get_context_data(
            statement=self.statement,
            submit_label=self.submit_label,
            cancel_url=url_of(self.statement),
            delete_url="",
            **kwargs,
        )


class StatementSign(StatementAct):
    """Sign on the screen, of the finger or with the mouse; on paper otherwise."""

    form_class = ScreenSignatureForm
    template_name = "beneficiaries/statements/sign.html"
    title = "Faire signer à l’écran"
    submit_label = "Enregistrer la signature"
    success_message = "Signature enregistrée\u00a0: le mois est figé."

    def get_form_kwargs(self) -> dict:
        """Tell the form whether a line is contested."""
        is_contested = statements.unsettled([self.statement]).exists()
        return super().get_form_kwargs() | {"is_contested": is_contested}

    def act(self, form: SignatureForm) -> Statement:
        """Sign, and keep the statement with what was drawn."""
        return statement_files.sign_on_screen(
            scope=self.scope,
            statement=self.statement,
            signature=form.signature(),
            strokes=form.cleaned_data["strokes"],
        )

    def get_context_data(self, **kwargs) -> dict:
        """Add what is signed."""
        return super().get_context_data(
            lines=[told(line) for line in self.statement.lines],
            fault=self._fault(),
            **kwargs,
        )

    def _fault(self) -> str:
        """Return why it cannot be signed as it is; empty when it can."""
        try:
            statements.check_ready(self.statement)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""


class StatementSignPaper(StatementSign):
    """Note that the paper was signed, and when."""

    form_class = PaperSignatureForm
    template_name = "beneficiaries/statements/paper.html"
    title = "Noter une signature sur papier"
    submit_label = "Noter la signature"

    def get_initial(self) -> dict:
        """Propose today."""
        return {"on": timezone.localdate()}

    def act(self, form: SignatureForm) -> Statement:
        """Sign, and keep what the paper said."""
        return statement_files.sign_on_paper(
            scope=self.scope, statement=self.statement, signature=form.signature()
        )


class StatementCloseUnsigned(StatementAct):
    """Close a month that its person will not sign."""

    form_class = UnsignedForm
    title = "Clore sans signature"
    submit_label = "Clore sans signature"
    success_message = "État clos\u00a0: ses heures restent non signées, hors du FSE+."

    def get_form_kwargs(self) -> dict:
        """Give the form its scope."""
        return super().get_form_kwargs() | {"scope": self.scope}

    def act(self, form: UnsignedForm) -> Statement:
        """Freeze it."""
        return statements.close_unsigned(
            scope=self.scope, statement=self.statement, reason=form.cleaned_data["reason"]
        )


class StatementReopen(StatementAct):
    """Open a frozen month again, with a reason."""

    form_class = ReopenForm
    action = Action.LOCK_STATEMENTS
    title = "Rouvrir le mois"
    submit_label = "Rouvrir"

    def act(self, form: ReopenForm) -> Statement:
        """Return the next version, which is to sign."""
        row = statements.reopen(
            scope=self.scope, statement=self.statement, reason=form.cleaned_data["reason"]
        )
        self.success_message = (
            f"Mois rouvert\u00a0: la version {row.number} est à signer, la précédente est gardée."
        )
        return row
