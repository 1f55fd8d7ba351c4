"""Pages of accounts: the list, one account, an invitation, and what is done to an account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from autoprod.accounts import lockout
from autoprod.accounts.enums import LinkKind
from autoprod.accounts.links import make_link, send_link
from autoprod.accounts.models import AccessLink, User
from autoprod.core.formatting import day, moment
from autoprod.core.scoping import Action
from autoprod.core.tables import Column, Table, table
from autoprod.core.views import CreatePage, ListPage, PageMixin, get_or_404
from programmes.enums import Role
from programmes.exports.journal import JOURNAL
from programmes.forms.accounts import AccountFilter, ReasonForm
from programmes.forms.memberships import InvitationForm
from programmes.models import Membership
from programmes.services import accounts
from programmes.services.journal import events_about
from programmes.views.rights import RoleFirstMixin, replacements_of, rights_tables

LIST = ("Comptes", reverse_lazy("programmes:account_list"))


def last_login(user: User) -> str:
    """Return « 3 mars 2026, 8 h 05 », « jamais » for who never came."""
    return moment(user.last_login) if user.last_login else "jamais"


ACCOUNTS = (
    Column("Nom", lambda row: str(row.user)),
    Column("Adresse e-mail", lambda row: row.user.email),
    Column("Rôles", lambda row: row.roles),
    Column("Dernière connexion", lambda row: last_login(row.user)),
    Column("Double vérification", lambda row: "oui" if row.has_second_factor else "non"),
    Column("État", lambda row: row.state),
)


class AccountList(ListPage):
    """The people who have a right in the administrator's territories."""

    model = User
    action = Action.MANAGE_ACCOUNTS
    title = "Comptes"
    subtitle = "Les personnes qui ont, ont eu ou auront un droit sur votre territoire"
    columns = ACCOUNTS
    filter_form = AccountFilter
    empty_icon = "users"
    empty_title = "Aucun compte"
    create_url = reverse_lazy("programmes:account_invite")
    create_label = "Inviter une personne"
    create_action = Action.MANAGE_ACCOUNTS

    def get_queryset(self) -> QuerySet:
        """Return the accounts: users are read through their rights."""
        return self.narrowed(accounts.accounts_in(self.scope))

    def get_table(self, rows: list[User]) -> Table:
        """Return the table, with what the page's accounts may do."""
        return super().get_table(accounts.described(self.scope, list(rows)))

    def row_url(self, row: accounts.AccountRow) -> str:
        """Lead to the account."""
        return reverse("programmes:account_detail", args=[row.user.pk])


class AccountMixin(PageMixin):
    """A page about one account of the scope: 404 for the others."""

    action = Action.MANAGE_ACCOUNTS

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find the account."""
        self.scope = request.scope
        if not self.scope.allows(self.action):
            raise PermissionDenied
        self.account = get_or_404(accounts.accounts_in(self.scope), pk=kwargs["account"])
        return super().dispatch(request, *args, **kwargs)

    def get_subtitle(self) -> str:
        """Return who it is about."""
        return f"{self.account} · {self.account.email}"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the account."""
        return [LIST, (str(self.account), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the account."""
        return reverse("programmes:account_detail", args=[self.account.pk])


class AccountDetail(AccountMixin, TemplateView):
    """One account: rights, sessions, journal, and what can be done."""

    template_name = "programmes/memberships/account.html"

    def get_title(self) -> str:
        """Return the person's name."""
        return str(self.account)

    def get_subtitle(self) -> str:
        """Return the address."""
        return self.account.email

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts, the rights, the acts and the last events."""
        row = accounts.described(self.scope, [self.account])[0]
        is_locked = lockout.is_locked(self.account)
        refusal = accounts.refusal(self.scope, self.account)
        events = events_about(self.scope, self.account)[:15]
        added = {
            "account": self.account,
            "facts": self._facts(row, is_locked=is_locked),
            "rights": rights_tables(self.scope, self.account),
            "replacements": replacements_of(self.scope, self.account),
            "refusal": refusal,
            "acts": [] if refusal else self._acts(row, is_locked=is_locked),
            "events": table(JOURNAL, events, caption="Journal du compte"),
        }
        return super().get_context_data(**kwargs | added)

    def _facts(self, row: accounts.AccountRow, *, is_locked: bool) -> list[tuple[str, str]]:
        pending = accounts.pending_link(self.account)
        return [
            ("État", f"{row.state}, bloqué après des essais refusés" if is_locked else row.state),
            ("Dernière connexion", last_login(self.account)),
            ("Double vérification", "oui" if row.has_second_factor else "non"),
            ("Sessions ouvertes", accounts.open_sessions(self.account)),
            ("Lien en attente", pending and f"jusqu’au {moment(pending.expires_at)}"),
            ("Compte créé le", day(timezone.localtime(self.account.created_at))),
        ]

    def _acts(self, row: accounts.AccountRow, *, is_locked: bool) -> list[dict]:
        """Return what can be done to the account in its state."""
        if not self.account.is_active:
            return [self._act("Réactiver", "reactivate", "undo-2")]
        again = "Nouveau mot de passe" if self.account.last_login else "Nouvelle invitation"
        acts = [
            self._act("Corriger l’identité", "identity", "pencil"),
            self._act(again, "link", "link"),
            self._act("Fermer les sessions", "sessions", "log-out"),
        ]
        if row.has_second_factor:
            acts.append(self._act("Retirer la double vérification", "second_factor", "smartphone"))
        if is_locked:
            acts.append(self._act("Débloquer", "unlock", "key-round"))
        return [*acts, self._act("Désactiver", "deactivate", "lock")]

    def _act(self, label: str, name: str, icon: str) -> dict:
        url = reverse(f"programmes:account_{name}", args=[self.account.pk])
        return {"label": label, "url": url, "icon": icon}


def link_page(request: HttpRequest, user: User, kind: LinkKind, path: str) -> HttpResponse:
    """Send the link, or show it this once: it cannot be found again."""
    url = request.build_absolute_uri(path)
    context = {
        "title": "Lien à remettre",
        "breadcrumbs": [
            {"label": LIST[0], "url": LIST[1]},
            {"label": str(user), "url": reverse("programmes:account_detail", args=[user.pk])},
        ],
        "account": user,
        "url": url,
        "is_invitation": kind == LinkKind.INVITATION,
        "expires_at": timezone.now() + AccessLink.lifetime(kind),
    }
    if send_link(user, kind, url):
        context |= {"title": "Lien envoyé", "url": ""}
    response = TemplateResponse(request, "programmes/memberships/link.html", context)
    response.headers["Cache-Control"] = "no-store, private"
    return response


class AccountInvite(RoleFirstMixin, CreatePage):
    """Invite a person: the account and its first right, then the link to hand over."""

    model = Membership
    form_class = InvitationForm
    action = Action.MANAGE_ACCOUNTS
    submit_label = "Inviter"
    success_message = "Droit enregistré."

    def get_title(self) -> str:
        """Return what is being done."""
        return "Inviter une personne"

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        return [LIST]

    def get_fixed(self) -> dict:
        """Return the role chosen first."""
        return {"role": self.role}

    def get_subtitle(self) -> str:
        """Return the role."""
        return Role(self.role).label if self.role else ""

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        """Show the link, or say that the person already has an account."""
        response = super().form_valid(form)
        if not self.object:
            return response
        user = self.object.user
        if form.link_kind:
            path = make_link(user, form.link_kind, scope=self.scope)
            return link_page(self.request, user, form.link_kind, path)
        messages.info(
            self.request,
            "Cette personne a déjà un compte\u00a0: prévenez-la, son mot de passe ne change pas.",
        )
        return response

    def get_success_url(self) -> str:
        """Go to the account."""
        return reverse("programmes:account_detail", args=[self.object.user_id])


class ActPage(AccountMixin, FormView):
    """A form about an account, on a page that says what it will do."""

    template_name = "programmes/memberships/act.html"
    explanation = ""
    submit_label = ""

    def get_explanation(self) -> str:
        """Return what will happen."""
        return self.explanation

    def get_context_data(self, **kwargs) -> dict:
        """Add what will happen, and the buttons."""
        return super().get_context_data(
            explanation=self.get_explanation(),
            submit_label=self.submit_label,
            cancel_url=self.get_success_url(),
            **kwargs,
        )

    def refuse(self, form: Form, error: ValidationError) -> HttpResponse:
        """Show what the service refused, beside its field when it names one."""
        form.add_error(None, error)
        return self.form_invalid(form)


class AccountAct(ActPage):
    """An act on an account, with its reason."""

    form_class = ReasonForm
    done = ""
    is_reason_required = True

    def act(self, reason: str) -> None:
        """Do it; a ValidationError is shown above the form."""
        raise NotImplementedError

    def get_title(self) -> str:
        """Return what the button says."""
        return self.submit_label

    def get_form_kwargs(self) -> dict:
        """Say whether a reason is asked."""
        return super().get_form_kwargs() | {"is_required": self.is_reason_required}

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        """Do it, or say why it cannot be."""
        try:
            answer = self.act(form.cleaned_data["reason"])
        except ValidationError as error:
            return self.refuse(form, error)
        if answer is not None:
            return answer
        messages.success(self.request, self.done)
        return redirect(self.get_success_url())
