"""Pages of what moves on a grant: payments that came, spendings it pays for."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from autoprod.core.formatting import day, euros
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, PageMixin, ScopedMixin, UpdatePage
from programmes.forms.grants import DrawForm, PaymentForm, ReverseForm
from programmes.models import Grant, GrantDraw, GrantPayment
from programmes.services import grants
from programmes.views.grants import OfGrant, url_of


class MovementMixin(OfGrant):
    """A page about a payment or a draw: beyond the award, it says what is left."""

    action = Action.EDIT_BUDGET

    def get_grant(self) -> Grant:
        """Return the grant of the movement."""
        return self.parent or self.object.grant

    def get_fixed(self) -> dict:
        """Return the grant of the movement."""
        return {"grant": self.get_grant()}


class PaymentCreate(MovementMixin, CreatePage):
    """Note money that came."""

    model = GrantPayment
    form_class = PaymentForm
    parent_model = Grant
    title = "Ajouter un versement"


class PaymentUpdate(MovementMixin, UpdatePage):
    """Correct a payment."""

    model = GrantPayment
    form_class = PaymentForm
    select_related = ("grant__edition__programme", "grant__funder")

    def get_delete_url(self) -> str:
        """Lead to the deletion of the payment."""
        return reverse("programmes:grant_payment_delete", args=[self.object.pk])


class PaymentDelete(MovementMixin, DeletePage):
    """Delete a payment noted by mistake."""

    model = GrantPayment
    select_related = ("grant__edition__programme", "grant__funder")


class DrawCreate(MovementMixin, CreatePage):
    """Note a spending that the grant pays for."""

    model = GrantDraw
    form_class = DrawForm
    parent_model = Grant
    title = "Ajouter une dépense"


class DrawReverse(OfGrant, ScopedMixin, PageMixin, FormView):
    """Take a spending back, with a reason; the line stays, and its reverse joins it."""

    form_class = ReverseForm
    action = Action.EDIT_BUDGET
    parent_model = GrantDraw
    parent_kwarg = "pk"
    template_name = "core/form.html"
    title = "Retirer une dépense"

    def get_grant(self) -> Grant:
        """Return the grant of the line."""
        return self.parent.grant

    def get_subtitle(self) -> str:
        """Return what is taken back."""
        line = self.parent
        said = f"{line.label}, {euros(line.amount)}, le {day(line.on)}."
        return f"{said} La ligne reste\u00a0; une ligne inverse, datée d’aujourd’hui, s’y ajoute."

    def get_context_data(self, **kwargs) -> dict:
        """Add the buttons."""
        return super().get_context_data(
            submit_label="Retirer la dépense",
            cancel_url=url_of(self.get_grant()),
            delete_url="",
            **kwargs,
        )

    def form_valid(self, form: ReverseForm) -> HttpResponse:
        """Take it back, or say why it cannot be."""
        try:
            grants.reverse_draw(
                scope=self.scope,
                line=self.parent,
                source=grants.BY_HAND,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, "Dépense retirée.")
        return redirect(self.get_success_url())
