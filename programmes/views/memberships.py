"""Pages of rights: give one, correct it, end it, take it back before it starts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage, get_or_404
from programmes.enums import Role
from programmes.forms.memberships import MembershipEndForm, MembershipForm
from programmes.models import Membership
from programmes.services.accounts import accounts_in
from programmes.services.memberships import withdraw
from programmes.views.accounts import LIST
from programmes.views.rights import RoleFirstMixin, place


class MembershipMixin:
    """Where the pages of a right lead, and the refusal that keeps an administrator."""

    model = Membership
    action = Action.MANAGE_ACCOUNTS
    select_related = ("user", "territory", "programme__territory", "organisation__territory")

    def get_account(self):
        """Return the account the right is for."""
        return self.object.user

    def get_breadcrumbs(self) -> list:
        """Return the way back to the account."""
        return [LIST, (str(self.get_account()), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the account."""
        return reverse("programmes:account_detail", args=[self.get_account().pk])


class MembershipCreate(RoleFirstMixin, MembershipMixin, CreatePage):
    """Give a right to an account."""

    form_class = MembershipForm
    title = "Donner un droit"
    success_message = "Droit donné."

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find the account."""
        if not request.scope.allows(self.action):
            raise PermissionDenied
        self.account = get_or_404(accounts_in(request.scope), pk=kwargs["account"])
        return super().dispatch(request, *args, **kwargs)

    def get_account(self):
        """Return the account of the URL."""
        return self.account

    def get_fixed(self) -> dict:
        """Return the account, and the role chosen first."""
        return {"user": self.account, "role": self.role}

    def get_subtitle(self) -> str:
        """Return who becomes what."""
        return f"{self.account} · {Role(self.role).label}" if self.role else str(self.account)


class MembershipUpdate(MembershipMixin, UpdatePage):
    """Correct a right."""

    form_class = MembershipForm
    title = "Corriger un droit"

    def get_title(self) -> str:
        """Return what is being done."""
        return self.title

    def get_subtitle(self) -> str:
        """Return whose right it is."""
        replaces = self.object.replaces
        suffix = f", remplace {replaces.user}" if replaces else ""
        return f"{self.object.user}{suffix}"


class MembershipEnd(MembershipMixin, UpdatePage):
    """Say which day is the last of a right."""

    form_class = MembershipEndForm
    submit_label = "Mettre fin"
    success_message = "La fin du droit est enregistrée."

    def get_queryset(self) -> QuerySet:
        """Return the rights that have started: the others are taken back."""
        return super().get_queryset().filter(starts_on__lte=timezone.localdate())

    def get_title(self) -> str:
        """Return what is being done."""
        return "Mettre fin à un droit"

    def get_subtitle(self) -> str:
        """Return whose right it is, and what it is."""
        right = self.object
        return f"{right.user} · {right.get_role_display()}, {place(right)}"


class MembershipWithdraw(MembershipMixin, DeletePage):
    """Take back a right that has not started."""

    template_name = "programmes/memberships/withdraw.html"

    def get_queryset(self) -> QuerySet:
        """Return the rights to come."""
        return super().get_queryset().upcoming(timezone.localdate())

    def get_title(self) -> str:
        """Return what is being done."""
        return "Annuler un droit à venir"

    def get_subtitle(self) -> str:
        """Return whose right it is, and what it is."""
        right = self.object
        what = f"{right.get_role_display()}, {place(right)}, à partir du {day(right.starts_on)}"
        return f"{right.user} · {what}"

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Take it back, or say why it cannot be."""
        self.object = self.get_object()
        target = self.get_success_url()
        try:
            withdraw(scope=self.scope, right=self.object)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Droit annulé.")
        return redirect(target)
